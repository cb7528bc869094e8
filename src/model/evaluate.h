/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_EVALUATE_H
#define MODEL_EVALUATE_H

#include "model/metric.h"

/* Resource metrics and budgets of every point. Returns the number feasible. */
size_t barista_resources(const struct barista_model *model, struct barista_batch *batch);

/* Times and all other metrics. Fails with BARISTA_E_SYSTEM when a point breaks
 * conservation (MACs before padding, or fewer bytes than compulsory traffic). */
int barista_evaluate(const struct barista_model *model, struct barista_batch *batch,
		     struct barista_err *err);

/* The metrics that follow from the times of the layer classes (stride apart) and
 * metric[BARISTA_POWER]; the PPW of each layer class into ppw[nclasses], unless that is NULL. */
void barista_totals(const struct barista_lowered *lowered, const double *class_time, size_t stride,
		    double *metric, double *ppw);

/* PPW of one layer class, op/s/W; 0 when it multiplies nothing. Source: [Barista] V; equation
 * derived. */
double barista_class_ppw(const struct barista_layer_class *layer_class, double time_s,
			 double power_w);

/* One point at a time: the same code with a batch of one. */
struct barista_result {
	double metric[BARISTA_NMETRICS];
	unsigned over;
	double *class_time; /* [nclasses], owned by the caller */
};

int barista_evaluate_point(const struct barista_model *model, const struct barista_point *point,
			   struct barista_result *out, struct barista_err *err);

/* Which budgets the result exceeds, by how much, and what lifts them: one clause each. */
void barista_explain_infeasible(const struct barista_model *model,
				const struct barista_result *result, char *buf, size_t size);

#endif
