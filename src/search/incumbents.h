/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_INCUMBENTS_H
#define SEARCH_INCUMBENTS_H

#include "search/top.h"

/* What a search keeps: every ranking, and the Pareto front. Which points were seen, and in which
 * order, makes no difference to it. */

/* Room for everything; the arena and the model are set. */
bool barista_keep_init(struct barista_search *search, const struct barista_search_options *options);

/* Fills in the metrics that follow from the times. */
void barista_glance_totals(struct barista_glance *glance, const struct barista_plan *plan);

/* Rankings, numbered from 0: those of the shapes first. */
size_t barista_keep_rankings(const struct barista_search *search);
struct barista_top *barista_keep_top(const struct barista_search *search, size_t ranking);
/* Score in a ranking; NaN when the ranking does not take it. */
double barista_keep_score(const struct barista_search *search, size_t ranking, const struct barista_glance *glance);

/* What a box is wanted for: nothing; a score as good as one that is kept, but with no more than
 * *dsp_limit DSPs, the first thing that decides between equals; or a better score, or the front. */
enum barista_wish { BARISTA_UNWANTED, BARISTA_TIES, BARISTA_BETTER };
enum barista_wish barista_keep_wish(const struct barista_search *search, const struct barista_glance *glance,
				    double *dsp_limit);

/* Offers one point to all of them; false without memory. */
bool barista_keep_offer(struct barista_search *search, const struct barista_glance *glance);

/* Offers the points of an evaluated run; false without memory. */
bool barista_keep_run(struct barista_search *search, const struct barista_run *run);

/* Is the point kept in any ranking or the front? Then it was offered to all. */
bool barista_keep_holds(const struct barista_search *search, const struct barista_point *point);

/* Empties the front, when it was merged into another one. */
void barista_keep_forget_front(struct barista_search *search);

/* Offers all that another search over the same model kept; false without memory. */
bool barista_keep_merge(struct barista_search *into, const struct barista_search *from);

/* front.c */
bool barista_front_admits(const struct barista_front *front, const struct barista_model *model,
			  const struct barista_glance *glance);
bool barista_front_offer(struct barista_front *front, const struct barista_model *model,
			 const struct barista_glance *glance);
/* Into ranking order, when all have been offered; false without memory. */
bool barista_front_sort(struct barista_front *front);

#endif
