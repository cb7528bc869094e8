/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the exact search share: branch_bound_level.c bounds the values of one knob,
 * branch_bound_seed.c finds something to compare bounds with, branch_bound.c searches. */
#ifndef SEARCH_BRANCH_BOUND_PARTS_H
#define SEARCH_BRANCH_BOUND_PARTS_H

#include "search/branch_bound.h"
#include "search/inner_loop.h"

enum { BATCH = 256 }; /* boxes bounded at once */

/* The values of one level under the point that is set above it, bounded a batch at a time. */
struct level_state {
	size_t n; /* values */
	double *value;
	double *metric, *time;         /* of a batch: [NMETRICS][n of it], [nclasses][n of it] */
	struct barista_scored *scored; /* [BATCH] */
	double *ppw;                   /* [BATCH][nclasses] */
	size_t order[BATCH];           /* of visiting: the most promising first */
	size_t tied[BATCH];            /* could only equal what is kept */
	bool dropped[BATCH];
	unsigned char *keep;
	bool listed; /* value[] is that of these values of the knobs it needs: */
	struct barista_point listed_lo, listed_hi;
	bool growing; /* resources grow with this knob and all below */
};

/* The value of a level that promises a ranking most; NaN when none does. */
struct best_child {
	double upper_bound, value;
};

/* Walks of the inner knob, by what its undominated values depend on. */
struct inner_cache {
	struct barista_point point; /* the knobs that the inner one needs */
	struct barista_inner_loop *inner;
	struct inner_cache *next;
};

struct branch_bound {
	struct barista_search *out;
	const struct barista_model *model;
	const struct barista_levels *levels;
	const struct barista_search_options *options;
	bool skip_dominated; /* dominated values are left out */
	struct level_state level_state[BARISTA_MAX_KNOBS];
	struct level_state retry;        /* for a second look at some of a batch */
	struct best_child *best_child;   /* [levels][rankings] */
	struct inner_cache *inner_cache; /* the list of those made so far, the last used first */
	struct barista_point lo, hi;     /* the box */
	double reported;
	struct barista_err *err;
};

bool barista_branch_bound_make(struct branch_bound *x);
void barista_branch_bound_free(struct branch_bound *x);

/* Lists the values of a level that are not dominated. */
void barista_branch_bound_list(struct branch_bound *x, size_t d);
/* The knobs from a level on are free again. */
void barista_branch_bound_open(struct branch_bound *x, size_t d);
/* Fixes a knob, those inside being free. */
void barista_branch_bound_set(struct branch_bound *x, size_t d, double value);
/* How many values of a level are not over an upper budget with all that is inside at its smallest.
 */
size_t barista_branch_bound_within(struct branch_bound *x, size_t d);
/* Bounds n values of a level; glances of those that may be feasible go to p->glance, their numbers
 * to p->order. Returns how many. */
size_t barista_branch_bound_batch(struct branch_bound *x, size_t d, struct level_state *p,
				  const double *value, size_t n, double dsp_limit);
/* Walks the inner knob of the point that is set; what becomes of its values is added to the three.
 */
int barista_branch_bound_inner(struct branch_bound *x, double *over, double *evaluated,
			       double *dominated);

/* For each ranking, goes down to where the bounds promise most, and evaluates there. */
int barista_branch_bound_seed(struct branch_bound *x);

#endif
