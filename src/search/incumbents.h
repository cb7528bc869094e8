/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_INCUMBENTS_H
#define SEARCH_INCUMBENTS_H

#include "search/ranking.h"
#include "barista/family.h"
#include "search/search.h"

/* The incumbents of a search are its rankings and its Pareto front. They depend on the set of
 * points that were inserted, not on their order, because ties are broken by a total order. */

/* Makes room for all incumbents of a search whose arena and model are set; false without memory.
 */
bool barista_incumbents_init(struct barista_search *search,
			     const struct barista_search_options *options);

/* Fills in the metrics that follow from the times. */
void barista_scored_totals(struct barista_scored *scored, const struct barista_lowered *lowered);

/* Rankings are numbered from 0, those of the layer classes first. */
size_t barista_incumbents_nrankings(const struct barista_search *search);
struct barista_ranking *barista_incumbents_ranking(const struct barista_search *search,
						   size_t ranking);
/* Returns the score in a ranking, or NaN when the ranking does not take such a point. */
double barista_incumbents_score(const struct barista_search *search, size_t ranking,
				const struct barista_scored *scored);

/* Tells what to do with a box: prune it; explore it only among designs with at most *dsp_limit
 * DSPs, since it can no more than tie with incumbents, and DSPs decide ties first; or explore it,
 * because it may rank better or belong to the front. */
enum barista_prune { BARISTA_PRUNE, BARISTA_PRUNE_UNLESS_FEWER_DSPS, BARISTA_EXPLORE };
enum barista_prune barista_incumbents_classify(const struct barista_search *search,
					       const struct barista_scored *scored,
					       double *dsp_limit);

/* Inserts one point into every ranking and the front that take it; false without memory. */
bool barista_incumbents_insert(struct barista_search *search, const struct barista_scored *scored);

/* Inserts the points of an evaluated batch; false without memory. */
bool barista_incumbents_insert_batch(struct barista_search *search,
				     const struct barista_inner_batch *run);

/* Is the point in any ranking or in the front? Then it has been inserted into all. */
bool barista_incumbents_hold(const struct barista_search *search,
			     const struct barista_point *point);

/* Empties the front, when it was merged into another one. */
void barista_incumbents_clear_front(struct barista_search *search);

/* Inserts the incumbents of another search over the same model; false without memory. */
bool barista_incumbents_merge(struct barista_search *into, const struct barista_search *from);

/* The front is in front.c. */
bool barista_front_admits(const struct barista_front *front, const struct barista_model *model,
			  const struct barista_scored *scored);
bool barista_front_insert(struct barista_front *front, const struct barista_model *model,
			  const struct barista_scored *scored);
/* Sorts the front into ranking order once all points have been inserted; false without memory. */
bool barista_front_sort(struct barista_front *front);

#endif
