/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Incumbents before the search begins, because bounds prune only against something. For each
 * ranking the search goes down once, at every level into the box whose bound promises that ranking
 * most, and evaluates what it finds. The cost is one batch of bounds per level and ranking. */
#include "search/branch_bound_parts.h"

#include "base/err.h"
#include "search/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int dive(struct branch_bound *x, size_t d, const unsigned char *in);

/* Boxes compare by this as by the ranking's score; for the PPW of a layer class it leaves out the
 * divisions by what is the same for all boxes. */
static double promised_score(const struct branch_bound *x, size_t ranking,
			     const struct barista_scored *g)
{
	if (ranking < x->out->nranked && x->out->objective == BARISTA_RANK_PPW_MEAN)
		return -g->class_time[ranking * g->stride] * g->metric[BARISTA_POWER];
	return barista_incumbents_score(x->out, ranking, g);
}

static void pick_best(struct branch_bound *x, size_t d, const unsigned char *in)
{
	struct level_state *p = &x->level_state[d];
	size_t nrankings = barista_incumbents_nrankings(x->out), within;
	struct best_child *best_child = x->best_child + d * nrankings;

	for (size_t r = 0; r < nrankings; r++)
		best_child[r] = (struct best_child){-INFINITY, (double)NAN};
	barista_branch_bound_list(x, d);
	within = barista_branch_bound_within(x, d);
	for (size_t from = 0; from < within; from += BATCH) {
		size_t left = barista_branch_bound_batch(
			x, d, p, p->value + from, within - from < BATCH ? within - from : BATCH,
			INFINITY);

		for (size_t i = 0; i < left; i++) {
			const struct barista_scored *g = &p->scored[p->order[i]];

			for (size_t r = 0; r < nrankings; r++) {
				double upper_bound = in[r] ? promised_score(x, r, g) : (double)NAN;

				if (upper_bound > best_child[r].upper_bound)
					best_child[r] = (struct best_child){
						upper_bound, p->value[from + p->order[i]]};
			}
		}
	}
}

static int go_down(struct branch_bound *x, size_t d, const unsigned char *in)
{
	size_t nrankings = barista_incumbents_nrankings(x->out);
	struct best_child *best_child = x->best_child + d * nrankings;
	unsigned char *group = malloc(nrankings);
	int rc = group ? 0 : barista_no_memory(x->err);

	for (size_t r = 0; !rc && r < nrankings && !barista_branch_bound_stopped(x); r++) {
		double value = best_child[r].value;

		if (!in[r] || isnan(value))
			continue;
		for (size_t q = 0; q < nrankings; q++) {
			group[q] = in[q] && best_child[q].value == value;
			if (group[q])
				best_child[q].value = (double)NAN;
		}
		barista_branch_bound_set(x, d, value);
		rc = dive(x, d + 1, group);
	}
	free(group);
	return rc;
}

static int dive(struct branch_bound *x, size_t d, const unsigned char *in)
{
	double ignored = 0;

	if (d + 1 == x->levels->n)
		return barista_branch_bound_inner(x, &ignored, &x->out->certificate.seeds,
						  &ignored);
	if (x->levels->size[d] == 1) {
		barista_branch_bound_set(x, d, barista_levels_value(x->levels, d, 0));
		return dive(x, d + 1, in);
	}
	pick_best(x, d, in);
	return go_down(x, d, in);
}

int barista_branch_bound_seed(struct branch_bound *x)
{
	unsigned char *all = malloc(barista_incumbents_nrankings(x->out));
	int rc = all ? 0 : barista_no_memory(x->err);

	if (all)
		memset(all, 1, barista_incumbents_nrankings(x->out));
	for (size_t c = 0; !rc && c < x->levels->size[0] && !barista_branch_bound_stopped(x); c++) {
		barista_branch_bound_set(x, 0, barista_levels_value(x->levels, 0, c));
		rc = dive(x, 1, all);
	}
	free(all);
	return rc;
}
