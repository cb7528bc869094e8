/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_RANKING_H
#define SEARCH_RANKING_H

#include "base/arena.h"
#include "barista.h"
#include "search/search.h"

/* A scored point. Of a box of points it is the smallest one, and its metrics and times are bounds
 * that no point of the box beats. */
struct barista_scored {
	struct barista_point point;
	double metric[BARISTA_NMETRICS];
	const double *class_time; /* [nclasses], stride apart: s per image */
	size_t stride;
	double *ppw; /* [nclasses] op/s/W, once the totals are filled in */
};

/* Makes room for cap candidates; false without memory. */
bool barista_ranking_init(struct barista_ranking *top, struct barista_arena *arena, size_t cap);

/* Would this rank among the best? When the bounds of a box would not, no point of the box does.
 */
bool barista_ranking_admits(const struct barista_ranking *top, const struct barista_model *model,
			    const struct barista_scored *scored, double score);

/* Inserts the point under this score if it ranks among the best and is not there yet. */
void barista_ranking_insert(struct barista_ranking *top, const struct barista_model *model,
			    const struct barista_scored *scored, double score);

/* Orders points of equal score: by fewer DSPs, then fewer block RAMs, then smaller knobs in their
 * order. Negative when a comes first, 0 for the same point. */
int barista_tie_order(const struct barista_family *family, const double *metric_a,
		      const struct barista_point *a, const double *metric_b,
		      const struct barista_point *b);

#endif
