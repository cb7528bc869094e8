/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_RANKINGS_H
#define SEARCH_RANKINGS_H

#include "search/ranking.h"
#include "search/search.h"

/* What a ranking of designs for the whole network is by. */
struct barista_ranking_def {
	const char *name;           /* of an objective as users write it; of others, for tests */
	enum barista_metric metric; /* what it is by; not used when there is a: */
	double (*score)(const struct barista_search *search, /* the more the better */
			const struct barista_scored *scored);
	bool routable;       /* takes only designs at or below the board's rules.flag_dsp */
	bool needs_baseline; /* means nothing without the PPW of another processor */
};

/* By enum barista_rank. */
extern const struct barista_ranking_def barista_ranking_defs[BARISTA_NRANKINGS];

/* One past the last of them that this search fills. Those before it that need a baseline which is
 * missing take no design: their score is NaN. */
size_t barista_rankings_used(const struct barista_search *search);

/* What an objective is by. */
enum barista_metric barista_objective_metric(enum barista_rank objective);

/* A metric as a score, the more the better. */
double barista_metric_score(enum barista_metric metric, const double *value);

/* Score of a design, or a bound of the scores in a box; NaN when the ranking does not take it. */
double barista_ranking_score(const struct barista_search *search, enum barista_rank rank,
			     const struct barista_scored *scored);

/* Score of a layer class by itself, by the objective: its PPW for the mean, else its time, energy
 * or EDP. (Energy for the total PPW too: that of a layer without work would say nothing.) */
double barista_class_score(const struct barista_search *search, size_t layer_class, double time_s,
			   double power_w);

#endif
