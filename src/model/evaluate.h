/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_EVALUATE_H
#define MODEL_EVALUATE_H

#include "model/metric.h"

/* Of n designs, or boxes of them: a budget of which an architecture writes nothing is met, and a
 * design takes one board. */
void barista_resource_defaults(double *const *metric, size_t n);

/* Writes the resource metrics of every point, and which budgets it exceeds. Returns how many points
 * are feasible. */
size_t barista_resources(const struct barista_model *model, struct barista_batch *batch);

/* Writes the times and all other metrics, after barista_resources(). Fails with BARISTA_E_SYSTEM
 * when a point breaks conservation: of MACs before padding, or with less traffic than is
 * compulsory. */
int barista_evaluate(const struct barista_model *model, struct barista_batch *batch,
		     struct barista_err *err);

/* Writes the metrics that follow from the times of the layer classes (stride apart) and
 * metric[BARISTA_POWER], and the PPW of each class into ppw[nclasses], unless that is NULL. */
void barista_totals(const struct barista_lowered *lowered, const double *class_time, size_t stride,
		    double *metric, double *ppw);

/* Returns the PPW of one layer class, op/s/W; 0 when it multiplies nothing. Source: [Barista] V;
 * equation derived. */
double barista_class_ppw(const struct barista_layer_class *layer_class, double time_s,
			 double power_w);
/* The same of all layer classes, into ppw [nclasses]. */
void barista_class_ppws(const struct barista_lowered *lowered, const double *class_time,
			double power_w, double *ppw);

/* What barista_evaluate_point() writes. */
struct barista_result {
	double metric[BARISTA_NMETRICS];
	unsigned over;      /* bit b set: budget b is exceeded */
	double *class_time; /* [nclasses], owned by the caller */
};

/* Evaluates one point, by the same code with a batch of one. */
int barista_evaluate_point(const struct barista_model *model, const struct barista_point *point,
			   struct barista_result *out, struct barista_err *err);

/* Writes which budgets the result exceeds, by how much, and what lifts them: one clause each. */
void barista_explain_infeasible(const struct barista_model *model,
				const struct barista_result *result, char *buf, size_t size);

#endif
