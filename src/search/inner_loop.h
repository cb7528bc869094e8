/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_INNER_LOOP_H
#define SEARCH_INNER_LOOP_H

#include "search/incumbents.h"

/* The inner loop goes through the values of the inner knob while all other knobs are fixed. It
 * finds the feasible ones, cuts them where the resources change, evaluates each piece as one
 * batch, and inserts it into the incumbents. */
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

/* A batch holds at most so many points. */
enum { BARISTA_INNER_BATCH = 1024 };

/* Makes an inner loop over a copy of the values. A count in the table that breaks conservation is
 * an internal error. */
int barista_inner_loop_make(struct barista_inner_loop **out, const struct barista_model *model,
			    struct barista_search *keep, const double *value, size_t n,
			    struct barista_err *err);
void barista_inner_loop_free(struct barista_inner_loop *inner);

/* Makes an inner loop with buffers of its own over the same values and table, for another thread.
 * The first one must outlive it. */
int barista_inner_loop_share(struct barista_inner_loop **out,
			     const struct barista_inner_loop *inner, struct barista_search *keep,
			     struct barista_err *err);

/* Runs the loop under the outer knobs of a point. *any becomes false when not even the smallest
 * value is within the upper budgets. */
int barista_inner_loop_run(struct barista_inner_loop *inner, const struct barista_point *outer,
			   bool *any, struct barista_err *err);

/* Counts the values that would be evaluated; -1 when not even the smallest is within the upper
 * budgets. */
double barista_inner_loop_count(struct barista_inner_loop *inner,
				const struct barista_point *outer);

/* Returns the budgets that one point exceeds, a bit each, and writes its resource metrics into
 * metric[]. */
unsigned barista_budgets_exceeded(const struct barista_model *model,
				  const struct barista_point *point, double *metric);

/* Returns the upper budgets, a bit each: where one of them is exceeded, every larger point
 * exceeds it too. */
unsigned barista_upper_budgets(void);

#endif
