/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the exact search share: branch_bound_level.c bounds the values of one knob,
 * branch_bound_seed.c finds something to compare bounds with, branch_bound.c searches. */
#ifndef SEARCH_BRANCH_BOUND_PARTS_H
#define SEARCH_BRANCH_BOUND_PARTS_H

#include "search/branch_bound.h"
#include "search/inner_loop.h"

enum { BATCH = 256 }; /* boxes bounded at once */

/* A level holds the values of its knob under the point that is set above it; their boxes are
 * bounded a batch at a time. */
struct level_state {
	size_t n; /* values */
	double *value;
	/* Of a batch of n values, at most BATCH: */
	double *metric, *time;         /* [NMETRICS][n], [nclasses][n] */
	struct barista_scored *scored; /* [n] */
	double *ppw;                   /* [n][nclasses] */
	size_t order[BATCH];           /* of visiting: the most promising first */
	size_t tied[BATCH];            /* could only equal what is kept */
	bool dropped[BATCH];
	unsigned char *keep;
	bool listed; /* value[] is that of these values of the knobs it needs: */
	struct barista_point listed_lo, listed_hi;
	bool growing; /* resources grow with this knob and all below */
};

/* This value of a level promises a ranking most, by this bound; both are NaN when no value does.
 */
struct best_child {
	double upper_bound, value;
};

/* Inner loops are kept for each setting of the knobs that their undominated values depend on. */
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

static inline bool barista_branch_bound_stopped(const struct branch_bound *x)
{
	return x->options->stop && *x->options->stop;
}

bool barista_branch_bound_make(struct branch_bound *x);
void barista_branch_bound_free(struct branch_bound *x);

/* Lists the values of a level that are not dominated. */
void barista_branch_bound_list(struct branch_bound *x, size_t d);
/* Makes the knobs from a level on free again. */
void barista_branch_bound_open(struct branch_bound *x, size_t d);
/* Fixes the knob of a level; those of inner levels stay free. */
void barista_branch_bound_set(struct branch_bound *x, size_t d, double value);
/* Counts the values of a level that are within the upper budgets when all inner knobs are at
 * their smallest. Resources grow with the values, so these are the first ones. */
size_t barista_branch_bound_within(struct branch_bound *x, size_t d);
/* Bounds the boxes of n values of a level. Those that may be feasible are scored in p->scored,
 * and their numbers put into p->order; returns how many they are. */
size_t barista_branch_bound_batch(struct branch_bound *x, size_t d, struct level_state *p,
				  const double *value, size_t n, double dsp_limit);
/* Runs the inner loop of the point that is set, and adds to the three counts what became of its
 * values. */
int barista_branch_bound_inner(struct branch_bound *x, double *over, double *evaluated,
			       double *dominated);

/* Evaluates, for each ranking, where the bounds promise it most, to have incumbents to begin
 * with. */
int barista_branch_bound_seed(struct branch_bound *x);

#endif
