/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pareto front, kept on the fly. */
#include "search/keep.h"

#include <stdlib.h>

/* Is the candidate at least as good in every metric? */
static bool covers(const struct barista_front *f, const double *a, const double *b)
{
	for (size_t m = 0; m < f->nmetrics; m++) {
		enum barista_metric x = f->metric[m];

		if (barista_metric_defs[x].better > 0 ? a[x] < b[x] : a[x] > b[x])
			return false;
	}
	return true;
}

bool barista_front_admits(const struct barista_front *f, const struct barista_model *model,
			  const struct barista_glance *g)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct barista_candidate *c = &f->item[i];

		if (covers(f, c->metric, g->metric) &&
		    (!covers(f, g->metric, c->metric) ||
		     barista_tie_order(model->family, c->metric, &c->point, g->metric, &g->point) <= 0))
			return false;
	}
	return true;
}

/* Order of the front: better in the first metric, then the second, and so on. */
static bool stands_before(const struct barista_front *f, const double *a, const double *b)
{
	for (size_t m = 0; m < f->nmetrics; m++) {
		enum barista_metric x = f->metric[m];

		if (a[x] != b[x])
			return (a[x] < b[x]) == (barista_metric_defs[x].better < 0);
	}
	return false;
}

static bool make_room(struct barista_front *f)
{
	size_t cap = f->cap ? 2 * f->cap : 64;
	struct barista_candidate *item = f->n < f->cap ? f->item : realloc(f->item, cap * sizeof *item);

	if (!item)
		return false;
	f->cap = f->n < f->cap ? f->cap : cap;
	f->item = item;
	return true;
}

bool barista_front_offer(struct barista_front *f, const struct barista_model *model,
			 const struct barista_glance *g)
{
	struct barista_candidate fresh = {.point = g->point};
	size_t kept = 0, at;

	if (!barista_front_admits(f, model, g))
		return true;
	for (int m = 0; m < BARISTA_NMETRICS; m++)
		fresh.metric[m] = g->metric[m];
	for (size_t i = 0; i < f->n; i++)
		if (!covers(f, g->metric, f->item[i].metric)) {
			if (kept != i)
				f->item[kept] = f->item[i];
			kept++;
		}
	f->n = kept;
	if (!make_room(f))
		return false;
	for (at = f->n; at && stands_before(f, fresh.metric, f->item[at - 1].metric); at--)
		f->item[at] = f->item[at - 1];
	f->item[at] = fresh;
	f->n++;
	return true;
}
