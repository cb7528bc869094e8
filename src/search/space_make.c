/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spaces as callers of the library make them. */
#include "base/err.h"
#include "base/text.h"
#include "model/precision.h"
#include "search/space.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int barista_space_add_precision(struct barista_space *space, const char *name,
				struct barista_err *err)
{
	double value;
	int rc;

	if (space->nchoices == BARISTA_MAX_CHOICES)
		return barista_fail(err, BARISTA_E_ARGUMENT, "more than %d precisions",
				    BARISTA_MAX_CHOICES);
	if ((rc = barista_precision_parse(name, &value, err)))
		return rc;
	for (size_t i = 0; i < space->nchoices; i++)
		if (space->choice[i] == value)
			return barista_fail(err, BARISTA_E_ARGUMENT, "'%.60s' twice", name);
	space->choice[space->nchoices++] = value;
	return 0;
}

int barista_space_set_precisions(struct barista_space *space, const char *const *names, size_t n,
				 struct barista_err *err)
{
	struct barista_space changed = *space;
	int rc = n ? 0 : barista_fail(err, BARISTA_E_ARGUMENT, "no precision is named");

	changed.nchoices = 0;
	for (size_t i = 0; i < n && !rc; i++)
		rc = barista_space_add_precision(&changed, names[i], err);
	if (!rc)
		*space = changed;
	return rc;
}

int barista_space_make(struct barista_space **out, const struct barista_model *model,
		       struct barista_err *err)
{
	struct barista_space *space = calloc(1, sizeof *space);
	int rc;

	if (!space)
		return barista_no_memory(err);
	barista_space_full(space, model);
	space->model = model;
	rc = barista_space_set_precisions(space, &model->family->default_precision, 1, err);
	if (rc)
		free(space);
	else
		*out = space;
	return rc;
}

void barista_space_free(struct barista_space *space)
{
	free(space);
}

/* The knob of that name that is a number; SIZE_MAX, with the message, when there is none. */
static size_t find_knob(const struct barista_family *f, const char *name, struct barista_err *err)
{
	const char *names[BARISTA_MAX_KNOBS + 1] = {NULL};
	char hint[128];
	size_t n = 0;

	for (size_t k = 0; k < f->nknobs; k++) {
		if (f->knob[k].categorical)
			continue;
		if (!strcmp(f->knob[k].name, name))
			return k;
		names[n++] = f->knob[k].name;
	}
	barista_suggest_from(hint, sizeof hint, name, names);
	barista_fail(err, BARISTA_E_ARGUMENT, "architecture '%s' has no knob '%.60s'%s", f->name,
		     name, hint);
	return SIZE_MAX;
}

int barista_space_set_range(struct barista_space *space, const char *knob, double low, double high,
			    struct barista_err *err)
{
	const struct barista_family *f = space->model->family;
	size_t k = find_knob(f, knob, err);

	if (k == SIZE_MAX)
		return BARISTA_E_ARGUMENT;
	if (!(low <= high) || low != floor(low) || high != floor(high))
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "%s: %g to %g is no range of whole numbers", knob, low, high);
	if (low < f->knob[k].lo || high > f->knob[k].hi)
		return barista_fail(err, BARISTA_E_ARGUMENT, "%s: %g to %g is not within %g to %g",
				    knob, low, high, f->knob[k].lo, f->knob[k].hi);
	space->range[k].lo = low;
	space->range[k].hi = high;
	return 0;
}

void barista_space_set_powers_of_two(struct barista_space *space)
{
	for (size_t k = 0; k < space->model->family->nknobs; k++)
		space->range[k].powers_of_two = true;
}
