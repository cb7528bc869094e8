/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search/branch_bound_parts.h"

#include "base/err.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int dive(struct exact *x, size_t d, const unsigned char *in);

/* In the order of the ranking's score; for a shape without its divisions. */
static double hope_for(const struct exact *x, size_t ranking, const struct barista_glance *g)
{
	if (ranking < x->out->nranked)
		return -g->time[ranking * g->stride] * g->metric[BARISTA_POWER];
	return barista_keep_score(x->out, ranking, g);
}

static void pick_best(struct exact *x, size_t d, const unsigned char *in)
{
	struct plane *p = &x->plane[d];
	size_t nrankings = barista_keep_rankings(x->out), within;
	struct pick *pick = x->pick + d * nrankings;

	for (size_t r = 0; r < nrankings; r++)
		pick[r] = (struct pick){-INFINITY, (double)NAN};
	barista_exact_list(x, d);
	within = barista_exact_within(x, d);
	for (size_t from = 0; from < within; from += BATCH) {
		size_t left = barista_exact_bound(x, d, p, p->value + from, within - from < BATCH ? within - from : BATCH, INFINITY);

		for (size_t i = 0; i < left; i++) {
			const struct barista_glance *g = &p->glance[p->order[i]];

			for (size_t r = 0; r < nrankings; r++) {
				double hope = in[r] ? hope_for(x, r, g) : (double)NAN;

				if (hope > pick[r].hope)
					pick[r] = (struct pick){hope, p->value[from + p->order[i]]};
			}
		}
	}
}

static int go_down(struct exact *x, size_t d, const unsigned char *in)
{
	size_t nrankings = barista_keep_rankings(x->out);
	struct pick *pick = x->pick + d * nrankings;
	unsigned char *group = malloc(nrankings);
	int rc = group ? 0 : barista_no_memory(x->err);

	for (size_t r = 0; !rc && r < nrankings; r++) {
		double value = pick[r].value;

		if (!in[r] || isnan(value))
			continue;
		for (size_t q = 0; q < nrankings; q++) {
			group[q] = in[q] && pick[q].value == value;
			if (group[q])
				pick[q].value = (double)NAN;
		}
		barista_exact_set(x, d, value);
		rc = dive(x, d + 1, group);
	}
	free(group);
	return rc;
}

static int dive(struct exact *x, size_t d, const unsigned char *in)
{
	double ignored = 0;

	if (d + 1 == x->levels->n)
		return barista_exact_walk(x, &ignored, &x->out->certificate.seeds, &ignored);
	if (x->levels->size[d] == 1) {
		barista_exact_set(x, d, barista_levels_value(x->levels, d, 0));
		return dive(x, d + 1, in);
	}
	pick_best(x, d, in);
	return go_down(x, d, in);
}

int barista_exact_seed(struct exact *x)
{
	unsigned char *all = malloc(barista_keep_rankings(x->out));
	int rc = all ? 0 : barista_no_memory(x->err);

	if (all)
		memset(all, 1, barista_keep_rankings(x->out));
	for (size_t c = 0; !rc && c < x->levels->size[0]; c++) {
		barista_exact_set(x, 0, barista_levels_value(x->levels, 0, c));
		rc = dive(x, 1, all);
	}
	free(all);
	return rc;
}
