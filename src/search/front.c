/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Pareto front, kept while points come. A point is inserted when no item is at least as good in
 * all metrics, and then removes the items that it covers. The cost of a point is a comparison with
 * each item, so items keep what is compared close together. */
#include "search/incumbents.h"

#include "base/array.h"
#include "barista/family.h"
#include "model/metric.h"
#include "model/point.h"
#include "search/search.h"

#include <stdlib.h>
#include <string.h>

/* Writes the metrics of a front side by side, each so that less is better, because a front of
 * tens of thousands of items is compared one by one. */
static void put_values(const struct barista_front *f, const double *metric, double *value)
{
	for (size_t m = 0; m < f->nmetrics; m++)
		value[m] = barista_metric_defs[f->metric[m]].better > 0 ? -metric[f->metric[m]]
									: metric[f->metric[m]];
}

/* Is a at least as good in every metric? */
static bool covers(const struct barista_front *f, const double *a, const double *b)
{
	for (size_t m = 0; m < f->nmetrics; m++)
		if (a[m] > b[m])
			return false;
	return true;
}

static bool admits(const struct barista_front *f, const struct barista_model *model,
		   const struct barista_scored *g, const double *fresh)
{
	for (size_t i = 0; i < f->n; i++) {
		const double *value = f->value + i * f->nmetrics;
		const struct barista_candidate *c = &f->item[i];

		if (covers(f, value, fresh) &&
		    (!covers(f, fresh, value) ||
		     barista_tie_order(model->family, c->metric, &c->point, g->metric, &g->point) <=
			     0))
			return false;
	}
	return true;
}

bool barista_front_admits(const struct barista_front *f, const struct barista_model *model,
			  const struct barista_scored *g)
{
	double fresh[BARISTA_NMETRICS];

	put_values(f, g->metric, fresh);
	return admits(f, model, g, fresh);
}

static bool make_room(struct barista_front *f)
{
	return barista_array_reserve(&f->item, &f->cap, f->n + 1, sizeof *f->item) &&
	       barista_array_reserve(&f->value, &f->value_cap, (f->n + 1) * f->nmetrics,
				     sizeof *f->value);
}

static void move(struct barista_front *f, size_t to, size_t from)
{
	f->item[to] = f->item[from];
	memcpy(f->value + to * f->nmetrics, f->value + from * f->nmetrics,
	       f->nmetrics * sizeof *f->value);
}

static void drop_covered(struct barista_front *f, const double *fresh)
{
	size_t kept = 0;

	for (size_t i = 0; i < f->n; i++) {
		if (covers(f, fresh, f->value + i * f->nmetrics))
			continue;
		if (kept != i)
			move(f, kept, i);
		kept++;
	}
	f->n = kept;
}

bool barista_front_insert(struct barista_front *f, const struct barista_model *model,
			  const struct barista_scored *g)
{
	struct barista_candidate *item;
	double fresh[BARISTA_NMETRICS];

	put_values(f, g->metric, fresh);
	if (!admits(f, model, g, fresh))
		return true;
	drop_covered(f, fresh);
	if (!make_room(f))
		return false;
	item = &f->item[f->n];
	barista_point_copy(&item->point, &g->point);
	memcpy(item->metric, g->metric, sizeof item->metric);
	item->score = 0;
	item->class_ppw = item->class_time = NULL;
	memcpy(f->value + f->n * f->nmetrics, fresh, f->nmetrics * sizeof *fresh);
	f->n++;
	return true;
}

/* An item is sorted by its values; its place tells where it was. */
struct place {
	const double *value;
	size_t nmetrics, from;
};

/* Orders by the first metric, then by the second, and so on. No two items are equal in all of
 * them. */
static int by_metrics(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	for (size_t m = 0; m < x->nmetrics; m++)
		if (x->value[m] != y->value[m])
			return x->value[m] < y->value[m] ? -1 : 1;
	return 0;
}

bool barista_front_sort(struct barista_front *f)
{
	struct place *place;
	struct barista_candidate *item;
	bool ok;

	if (f->n < 2)
		return true;
	place = malloc(f->n * sizeof *place);
	item = malloc(f->n * sizeof *item);
	ok = place && item;
	for (size_t i = 0; ok && i < f->n; i++)
		place[i] = (struct place){f->value + i * f->nmetrics, f->nmetrics, i};
	if (ok)
		qsort(place, f->n, sizeof *place, by_metrics);
	for (size_t i = 0; ok && i < f->n; i++)
		item[i] = f->item[place[i].from];
	for (size_t i = 0; ok && i < f->n; i++) {
		f->item[i] = item[i];
		put_values(f, item[i].metric, f->value + i * f->nmetrics);
	}
	free(place);
	free(item);
	return ok;
}
