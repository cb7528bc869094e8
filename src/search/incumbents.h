/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_INCUMBENTS_H
#define SEARCH_INCUMBENTS_H

#include "search/ranking.h"
#include "barista/family.h"
#include "search/search.h"

/* What a search keeps: every ranking, and the Pareto front. Which points were seen, and in which
 * order, makes no difference to it. */

/* Room for everything; the arena and the model are set. */
bool barista_incumbents_init(struct barista_search *search,
			     const struct barista_search_options *options);

/* Fills in the metrics that follow from the times. */
void barista_scored_totals(struct barista_scored *scored, const struct barista_lowered *lowered);

/* Rankings, numbered from 0: those of the layer classes first. */
size_t barista_incumbents_nrankings(const struct barista_search *search);
struct barista_ranking *barista_incumbents_ranking(const struct barista_search *search,
						   size_t ranking);
/* Score in a ranking; NaN when the ranking does not take it. */
double barista_incumbents_score(const struct barista_search *search, size_t ranking,
				const struct barista_scored *scored);

/* What a box is wanted for: nothing; a score as good as one that is kept, but with no more than
 * *dsp_limit DSPs, the first thing that decides between equals; or a better score, or the front. */
enum barista_prune { BARISTA_PRUNE, BARISTA_PRUNE_UNLESS_FEWER_DSPS, BARISTA_EXPLORE };
enum barista_prune barista_incumbents_classify(const struct barista_search *search,
					       const struct barista_scored *scored,
					       double *dsp_limit);

/* Offers one point to all of them; false without memory. */
bool barista_incumbents_insert(struct barista_search *search, const struct barista_scored *scored);

/* Offers the points of an evaluated run; false without memory. */
bool barista_incumbents_insert_batch(struct barista_search *search,
				     const struct barista_inner_batch *run);

/* Is the point kept in any ranking or the front? Then it was offered to all. */
bool barista_incumbents_hold(const struct barista_search *search,
			     const struct barista_point *point);

/* Empties the front, when it was merged into another one. */
void barista_incumbents_clear_front(struct barista_search *search);

/* Offers all that another search over the same model kept; false without memory. */
bool barista_incumbents_merge(struct barista_search *into, const struct barista_search *from);

/* front.c */
bool barista_front_admits(const struct barista_front *front, const struct barista_model *model,
			  const struct barista_scored *scored);
bool barista_front_insert(struct barista_front *front, const struct barista_model *model,
			  const struct barista_scored *scored);
/* Into ranking order, when all have been offered; false without memory. */
bool barista_front_sort(struct barista_front *front);

#endif
