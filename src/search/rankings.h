/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_RANKINGS_H
#define SEARCH_RANKINGS_H

#include "search/ranking.h"
#include "search/search.h"

/* What a ranking of designs for the whole network is by. */
struct barista_ranking_def {
	const char *name;                                    /* for messages and tests */
	double (*score)(const struct barista_search *search, /* the more the better */
			const struct barista_scored *scored);
	bool routable;       /* takes only designs at or below the board's rules.flag_dsp */
	bool keeps_several;  /* as many as the caller asked for, else one */
	bool needs_baseline; /* means nothing without the PPW of another processor */
};

/* By enum barista_rank. */
extern const struct barista_ranking_def barista_ranking_defs[BARISTA_NRANKINGS];

/* One past the last of them that this search fills. Those before it that need a baseline which is
 * missing take no design: their score is NaN. */
size_t barista_rankings_used(const struct barista_search *search);

/* Score of a design, or a bound of the scores in a box; NaN when the ranking does not take it. */
double barista_ranking_score(const struct barista_search *search, enum barista_rank rank,
			     const struct barista_scored *scored);

#endif
