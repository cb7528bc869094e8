/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search/space.h"

#include "base/num.h"

/* A range of one value is that value, whatever the grid. */
static bool single(const struct barista_range *r)
{
	return r->lo == r->hi;
}

size_t barista_range_size(const struct barista_range *r)
{
	double first = ceil(log2(r->lo)), last = floor(log2(r->hi));

	if (single(r))
		return 1;
	if (!(r->lo < r->hi))
		return 0;
	if (!r->powers_of_two)
		return (size_t)(r->hi - r->lo) + 1;
	return last < first ? 0 : (size_t)(last - first) + 1;
}

double barista_range_value(const struct barista_range *r, size_t i)
{
	if (single(r) || !r->powers_of_two)
		return r->lo + (double)i;
	return exp2(ceil(log2(r->lo)) + (double)i);
}

void barista_space_default(struct barista_space *space, const struct barista_model *model)
{
	const struct barista_family *f = model->family;

	*space = (struct barista_space){.nchoices = 1};
	for (size_t k = 0; k < f->nknobs; k++) {
		double useful = f->useful(model, k), preset = f->knob[k].preset;

		if (!isnan(preset)) {
			space->range[k] = (struct barista_range){preset, preset, true};
			continue;
		}
		/* The power of two that covers the largest dimension: beyond it only padding grows. */
		if (!f->knob[k].choice)
			space->range[k] = (struct barista_range){
				f->knob[k].lo, fmin(exp2(ceil(log2(useful))), f->knob[k].hi), true};
	}
}
