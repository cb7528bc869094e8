/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_SEARCH_H
#define SEARCH_SEARCH_H

#include "barista/family.h"

struct barista_candidate {
	struct barista_point point;
	double score; /* what it was kept for, the more the better, in its metric's unit */
	double metric[BARISTA_NMETRICS];
	/* [nclasses] op/s/W, and s per image; NULL until the search is confirmed. Candidates of one
	 * design share them. */
	const double *class_ppw, *class_time;
};

/* Candidates, best first. Ties are broken by fewer DSPs, then fewer block RAMs, then the smaller
 * knobs in order. */
struct barista_ranking {
	size_t n, cap;
	struct barista_candidate *item;
};

/* Points of which none is at least as good as another in all metrics of the front; of equal ones
 * the first in ranking order. They are sorted by the first metric. */
struct barista_front {
	size_t nmetrics;
	enum barista_metric metric[BARISTA_NMETRICS];
	size_t n, cap;
	struct barista_candidate *item; /* without class_ppw and class_time */
	size_t value_cap;
	double *value; /* [n][nmetrics] of the items, less is better: what is compared */
};

/* The fastest design for each value of the family's scaling_knob, by ascending value; empty when
 * it has none. */
struct barista_scaling_curve {
	size_t n, cap;
	struct barista_candidate *item;
};

struct barista_search {
	const struct barista_model *model;
	enum barista_rank objective;
	double deadline;        /* s per image that the best design keeps; infinity without one */
	const double *baseline; /* [nlayers of the lowered network] op/s/W, NaN unknown; or NULL */
	double points;          /* of the space */
	double feasible;        /* of the evaluated; of the space after an exhaustive sweep */
	bool exhaustive, partial;   /* partial: stopped before the end, the best so far */
	bool truncated;             /* stopped: layers keep their best design only */
	struct barista_err unsaved; /* why the checkpoint could not be written; status 0: it was */
	struct barista_certificate certificate;
	size_t nranked; /* layer classes that are ranked by themselves: all, or none where the
			   family has no kernels per layer or the network only is asked for */
	struct barista_ranking *class_ranking; /* [nranked], by that layer class's objective */
	struct barista_ranking ranking[BARISTA_NRANKINGS]; /* by enum barista_rank */
	struct barista_front front;
	struct barista_scaling_curve curve;
	double *scratch;   /* [2 * nclasses] */
	size_t *admitting; /* [nranked] layer classes */
	struct barista_arena *arena;
};

/* The ranking by the objective, of which a search that succeeds has at least one design. */
static inline const struct barista_ranking *barista_search_top(const struct barista_search *search)
{
	return &search->ranking[search->objective];
}

#endif
