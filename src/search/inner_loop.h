/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_INNER_LOOP_H
#define SEARCH_INNER_LOOP_H

#include "search/incumbents.h"

/* Walks the values of the inner knob, all other knobs fixed: finds those that are feasible, cuts
 * them where the resources change, evaluates each piece as a run, and keeps the best. */
struct barista_inner_loop {
	const struct barista_model *model;
	struct barista_search *keep;
	size_t n; /* values of the inner knob, ascending */
	double *value, *table;
	bool owns_table;            /* of value and table */
	size_t last_break[64], end; /* where the resources changed, piece by piece, and were used
				       up, the last time */
	struct barista_inner_batch run; /* with its buffers */
	int (*each)(void *user, const struct barista_batch *batch, struct barista_err *err);
	void *each_user;
	double over, evaluated; /* points, counted up */
};

/* Evaluations at once. */
enum { BARISTA_INNER_BATCH = 1024 };

/* The values are copied. A failed count of the table is an internal error. */
int barista_inner_loop_make(struct barista_inner_loop **out, const struct barista_model *model,
			    struct barista_search *keep, const double *value, size_t n,
			    struct barista_err *err);
void barista_inner_loop_free(struct barista_inner_loop *inner);

/* A walk with buffers of its own over the same values and table, for another thread. The first one
 * must outlive it. */
int barista_inner_loop_share(struct barista_inner_loop **out,
			     const struct barista_inner_loop *inner, struct barista_search *keep,
			     struct barista_err *err);

/* Walks. Returns false in *any when not even the smallest value is within the upper budgets. */
int barista_inner_loop_run(struct barista_inner_loop *inner, const struct barista_point *outer,
			   bool *any, struct barista_err *err);

/* How many values would be evaluated; -1 when not even the smallest is within the upper budgets. */
double barista_inner_loop_count(struct barista_inner_loop *inner,
				const struct barista_point *outer);

/* Budgets exceeded by one point; its resource metrics into metric[]. */
unsigned barista_budgets_exceeded(const struct barista_model *model,
				  const struct barista_point *point, double *metric);

/* Those that grow with the knobs: beyond one of them every larger point is too. */
unsigned barista_upper_budgets(void);

#endif
