/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "families/layered/tile_side.h"

#include "base/array.h"
#include "barista/family.h"
#include "base/err.h"
#include "base/num.h"

#include <stdlib.h>

bool barista_layered_in_range(const struct barista_range *range, double v)
{
	if (v < range->lo || v > range->hi)
		return false;
	return range->lo == range->hi || !range->powers_of_two || v == 0 ||
	       exp2(floor(log2(v))) == v;
}

struct side_builder {
	const struct barista_range *parallel;
	int32_t max_multipliers;
	struct barista_layered_option *option;
	size_t n, cap, same; /* options from `same` on have the same numbers of tiles */
};

/* Two sides make Q: it is one number, a power of two, or any. */
static bool can_divide(const struct side_builder *m, int32_t q)
{
	const struct barista_range *r = m->parallel;

	if (r->lo == r->hi)
		return fmod(r->lo, q) == 0;
	return !r->powers_of_two || !(q & (q - 1));
}

/* Fewer multipliers are as good only where Q may be smaller too. */
static bool is_dominated(const struct side_builder *m, struct barista_layered_option o)
{
	bool any = m->parallel->lo <= 1 && m->parallel->lo < m->parallel->hi;

	for (size_t i = m->same; i < m->n; i++)
		if ((any ? m->option[i].q <= o.q : m->option[i].q == o.q) &&
		    m->option[i].each <= o.each)
			return true;
	return false;
}

static int add(struct side_builder *m, struct barista_layered_option o, struct barista_err *err)
{
	if (o.q > m->max_multipliers || !can_divide(m, o.q) || is_dominated(m, o))
		return 0;
	if (!barista_array_reserve(&m->option, &m->cap, m->n + 1, sizeof *m->option))
		return barista_no_memory(err);
	m->option[m->n++] = o;
	return 0;
}

static bool same_tiles(struct barista_layered_sizes sizes, double a, double b)
{
	for (size_t i = 0; i < sizes.n; i++)
		if (barista_ceil_div(sizes.value[i], a) != barista_ceil_div(sizes.value[i], b))
			return false;
	return true;
}

/* All ways to divide a tile. */
static int add_tile(struct side_builder *m, int32_t t, struct barista_err *err)
{
	int rc = 0;

	for (int32_t d = 1; d * d <= t && !rc; d++) {
		if (t % d)
			continue;
		rc = add(m, (struct barista_layered_option){d, t / d}, err);
		if (!rc && d * d < t)
			rc = add(m, (struct barista_layered_option){t / d, d}, err);
	}
	return rc;
}

/* Tiles in ascending order: what beats an option of the same numbers of tiles has come before. */
static int add_all(struct side_builder *m, const struct barista_range *tile,
		   struct barista_layered_sizes sizes, struct barista_err *err)
{
	double before = 0;
	int rc = 0;

	for (int32_t t = (int32_t)tile->lo; t <= (int32_t)tile->hi && !rc; t++) {
		if (!barista_layered_in_range(tile, t))
			continue;
		if (before > 0 && !same_tiles(sizes, before, t))
			m->same = m->n;
		before = t;
		rc = add_tile(m, t, err);
	}
	return rc;
}

static int by_q(const void *x, const void *y)
{
	const struct barista_layered_option *a = x, *b = y;

	if (a->q != b->q)
		return a->q < b->q ? -1 : 1;
	return (a->each > b->each) - (a->each < b->each);
}

int barista_layered_side_make(struct barista_layered_side *out, const struct barista_range *tile,
			      const struct barista_range *parallel, int32_t max_multipliers,
			      struct barista_layered_sizes sizes, struct barista_err *err)
{
	struct side_builder m = {.parallel = parallel, .max_multipliers = max_multipliers};
	int rc = add_all(&m, tile, sizes, err);
	size_t *first = rc ? NULL : calloc((size_t)max_multipliers + 2, sizeof *first);

	if (!first) {
		free(m.option);
		return rc ? rc : barista_no_memory(err);
	}
	if (m.n)
		qsort(m.option, m.n, sizeof *m.option, by_q);
	for (size_t i = 0, q = 0; q <= (size_t)max_multipliers + 1; q++) {
		while (i < m.n && (size_t)m.option[i].q < q)
			i++;
		first[q] = i;
	}
	*out = (struct barista_layered_side){m.n, m.option, first};
	return 0;
}

void barista_layered_side_free(struct barista_layered_side *side)
{
	free(side->option);
	free(side->first);
}
