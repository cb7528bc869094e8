/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search/space.h"

#include "base/err.h"
#include "base/num.h"

/* A range of one value is that value, whatever the grid. */
static bool single(const struct barista_range *r)
{
	return r->lo == r->hi;
}

/* The exponent of the first power of two; 0 is none. */
static double first_exponent(const struct barista_range *r)
{
	return r->lo > 1 ? ceil(log2(r->lo)) : 0;
}

size_t barista_range_size(const struct barista_range *r)
{
	double first = first_exponent(r), last = floor(log2(r->hi));

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
	return exp2(first_exponent(r) + (double)i);
}

void barista_space_default(struct barista_space *space, const struct barista_model *model)
{
	const struct barista_family *f = model->family;

	*space = (struct barista_space){.nchoices = 1};
	for (size_t k = 0; k < f->nknobs; k++) {
		double useful = f->max_useful(model, k), preset = f->knob[k].default_value;

		if (!isnan(preset)) {
			space->range[k] = (struct barista_range){preset, preset, true};
			continue;
		}
		/* The power of two that covers the largest dimension: beyond it only padding grows.
		 */
		if (!f->knob[k].categorical)
			space->range[k] = (struct barista_range){
				f->knob[k].lo, fmin(exp2(ceil(log2(useful))), f->knob[k].hi), true};
	}
}

void barista_space_full(struct barista_space *space, const struct barista_model *model)
{
	const struct barista_family *f = model->family;

	barista_space_default(space, model);
	for (size_t k = 0; k < f->nknobs; k++) {
		space->range[k].powers_of_two = false;
		if (!f->knob[k].categorical && isnan(f->knob[k].default_value))
			space->range[k].hi = f->max_useful(model, k);
	}
}

static void put_in_order(struct barista_levels *l, const struct barista_family *f,
			 bool growing_last)
{
	size_t n = 0;

	for (int late = 0; late < 2; late++)
		for (size_t i = 0; i < f->nknobs; i++)
			if ((growing_last && f->knob[f->knob_order[i]].monotone_resources) == late)
				l->knob[n++] = f->knob_order[i];
}

int barista_levels_make(struct barista_levels *out, const struct barista_space *space,
			const struct barista_model *model, bool growing_last,
			struct barista_err *err)
{
	const struct barista_family *f = model->family;
	struct barista_levels l = {.space = space, .n = f->nknobs, .points = 1};

	put_in_order(&l, f, growing_last);
	for (size_t d = 0; d < l.n; d++) {
		const struct barista_range *r = &space->range[l.knob[d]];

		l.size[d] =
			f->knob[l.knob[d]].categorical ? space->nchoices : barista_range_size(r);
		if (!l.size[d])
			return barista_fail(err, BARISTA_E_ARGUMENT,
					    "no power of two from %.0f to %.0f for %s: use "
					    "`option grid all`",
					    r->lo, r->hi, f->knob[l.knob[d]].name);
	}
	for (size_t d = l.n; d-- > 0;) {
		l.below[d] = l.points;
		l.points *= (double)l.size[d];
	}
	for (size_t c = 0; c < space->nchoices; c++) {
		struct barista_point p = {.nstages = 0};
		int rc;

		p.knob[l.knob[0]] = space->choice[c];
		if ((rc = f->validate(model, &p, err)))
			return rc;
	}
	*out = l;
	return 0;
}

double barista_levels_value(const struct barista_levels *l, size_t level, size_t i)
{
	return level ? barista_range_value(&l->space->range[l->knob[level]], i)
		     : l->space->choice[i];
}

static bool range_holds(const struct barista_range *r, double v)
{
	double i = r->powers_of_two && r->lo != r->hi ? log2(v) - log2(barista_range_value(r, 0))
						      : v - r->lo;

	return i >= 0 && i < (double)barista_range_size(r) &&
	       barista_range_value(r, (size_t)i) == v;
}

bool barista_space_holds(const struct barista_space *space, const struct barista_family *f,
			 const struct barista_point *p)
{
	for (size_t k = 0; k < f->nknobs; k++) {
		bool held = !f->knob[k].categorical && range_holds(&space->range[k], p->knob[k]);

		for (size_t c = 0; f->knob[k].categorical && c < space->nchoices; c++)
			held |= space->choice[c] == p->knob[k];
		if (!held)
			return false;
	}
	return true;
}
