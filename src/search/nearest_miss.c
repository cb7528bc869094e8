/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When nothing fits: the point that is least over its budgets, for the message. */
#include "search/nearest_miss.h"

#include "base/num.h"
#include "model/metric.h"
#include "search/inner_loop.h"

#include <stdlib.h>

struct nearest_search {
	const struct barista_model *model;
	const struct barista_levels *levels;
	struct barista_point point, nearest;
	double least;
	double trials; /* left */
};

double barista_excess(const struct barista_device *dev, unsigned over, const double *metric)
{
	double excess = 0;

	for (int b = 0; b < barista_nbudgets; b++) {
		double limit = barista_budget_limit(dev, b),
		       used = metric[barista_budget_defs[b].metric];

		if (over >> b & 1)
			excess +=
				(barista_budget_defs[b].at_least ? limit / fmax(used, 1e-3 * limit)
								 : used / limit) -
				1;
	}
	return excess;
}

static unsigned try_point(struct nearest_search *h, const struct barista_point *point)
{
	double metric[BARISTA_NMETRICS], excess;
	unsigned over = barista_budgets_exceeded(h->model, point, metric);

	h->trials--;
	excess = barista_excess(h->model->dev, over, metric);
	if (excess < h->least) {
		h->least = excess;
		h->nearest = *point;
	}
	return over;
}

/* A point that also misses a lower limit need not be the nearest of the points that it prunes,
 * since larger ones may meet that limit. So this tries them along each knob from `depth` on. */
static void line_search(struct nearest_search *h, struct barista_point from, size_t depth)
{
	for (size_t d = depth; d < h->levels->n; d++) {
		struct barista_point p = from;

		for (size_t i = 0; i < h->levels->size[d] && h->trials > 0; i++) {
			p.knob[h->levels->knob[d]] = barista_levels_value(h->levels, d, i);
			try_point(h, &p);
		}
	}
}

static void search_from(struct nearest_search *h, size_t depth)
{
	const struct barista_levels *l = h->levels;

	for (size_t i = 0; depth < l->n && i < l->size[depth] && h->trials > 0; i++) {
		struct barista_point smallest;
		unsigned over;

		h->point.knob[l->knob[depth]] = barista_levels_value(l, depth, i);
		smallest = h->point;
		for (size_t d = depth + 1; d < l->n; d++)
			smallest.knob[l->knob[d]] = barista_levels_value(l, d, 0);
		over = h->model->family->knob[l->knob[depth]].monotone_resources
			       ? try_point(h, &smallest)
			       : 0;
		if (over & barista_upper_budgets()) {
			if (over & ~barista_upper_budgets())
				line_search(h, smallest, depth);
			return;
		}
		search_from(h, depth + 1);
	}
}

struct barista_point barista_nearest_miss(const struct barista_model *model,
					  const struct barista_levels *levels)
{
	struct nearest_search h = {
		.model = model, .levels = levels, .least = INFINITY, .trials = 1e6};

	for (size_t d = 0; d < levels->n; d++)
		h.point.knob[levels->knob[d]] = barista_levels_value(levels, d, 0);
	h.nearest = h.point;
	search_from(&h, 0);
	return h.nearest;
}
