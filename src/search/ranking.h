/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_RANKING_H
#define SEARCH_RANKING_H

#include "base/arena.h"
#include "barista.h"
#include "search/search.h"

/* A point, or what a box of points cannot be better than: then the point is the box's smallest
 * one, and metrics and times are bounds. */
struct barista_scored {
	struct barista_point point;
	double metric[BARISTA_NMETRICS];
	const double *class_time; /* [nclasses], stride apart: s per image */
	size_t stride;
	double *ppw; /* [nclasses] op/s/W, once the totals are filled in */
};

/* Room for cap candidates with nclasses figures each; false without memory. */
bool barista_ranking_init(struct barista_ranking *top, struct barista_arena *arena, size_t cap,
			  size_t nclasses);

/* Does this rank among the best? A box for which it does not holds no point for which it does. */
bool barista_ranking_admits(const struct barista_ranking *top, const struct barista_model *model,
			    const struct barista_scored *scored, double score);

/* Keeps the point under this score if it ranks among the best and is not there yet. */
void barista_ranking_insert(struct barista_ranking *top, const struct barista_model *model,
			    const struct barista_scored *scored, double score);

/* The ranking of equal scores: fewer DSPs, fewer block RAMs, smaller knobs in their order.
 * Negative when a comes first, 0 for the same point. */
int barista_tie_order(const struct barista_family *family, const double *metric_a,
		      const struct barista_point *a, const double *metric_b,
		      const struct barista_point *b);

#endif
