/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search/scaling_curve.h"

#include "base/array.h"
#include "barista/family.h"
#include "search/search.h"

#include <stdlib.h>
#include <string.h>

/* The first item whose value is at least this. */
static size_t place_of(const struct barista_scaling_curve *c, size_t knob, double value)
{
	size_t lo = 0, hi = c->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (c->item[mid].point.knob[knob] < value)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static bool make_room(struct barista_scaling_curve *c, size_t at)
{
	if (!barista_array_reserve(&c->item, &c->cap, c->n + 1, sizeof *c->item))
		return false;
	memmove(c->item + at + 1, c->item + at, (c->n - at) * sizeof *c->item);
	c->n++;
	return true;
}

static bool beats(const struct barista_family *f, const struct barista_scored *g,
		  const struct barista_candidate *c)
{
	if (g->metric[BARISTA_TIME] != c->metric[BARISTA_TIME])
		return g->metric[BARISTA_TIME] < c->metric[BARISTA_TIME];
	return barista_tie_order(f, g->metric, &g->point, c->metric, &c->point) < 0;
}

bool barista_scaling_curve_insert(struct barista_scaling_curve *c,
				  const struct barista_model *model, const struct barista_scored *g)
{
	size_t knob = model->family->scaling_knob, at;

	if (knob == SIZE_MAX)
		return true;
	at = place_of(c, knob, g->point.knob[knob]);
	if (at == c->n || c->item[at].point.knob[knob] != g->point.knob[knob]) {
		if (!make_room(c, at))
			return false;
	} else if (!beats(model->family, g, &c->item[at])) {
		return true;
	}
	c->item[at] = (struct barista_candidate){.point = g->point};
	memcpy(c->item[at].metric, g->metric, sizeof g->metric);
	return true;
}
