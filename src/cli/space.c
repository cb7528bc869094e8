/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file makes the space that a search goes through from options. */
#include "cli/space.h"

#include "base/err.h"
#include "base/num.h"
#include "base/split.h"
#include "cli/option_defs.h"
#include "model/device.h"
#include "model/precision.h"
#include "search/space.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static int add_all(struct barista_space *space, const struct barista_device *dev,
		   struct barista_err *err)
{
	int rc = 0;

	for (int p = 0; !rc && p < BARISTA_NPRECISIONS; p++)
		if (dev->has_precision[p])
			rc = barista_space_add_precision(space, barista_precision_defs[p].name,
							 err);
	return rc;
}

static int add_list(struct barista_space *space, const char *list, struct barista_err *err)
{
	char word[80];
	int rc = 0;

	for (const char *rest = list; !rc && rest;) {
		size_t n = barista_split_next(&rest, word, sizeof word);

		rc = n < sizeof word ? barista_space_add_precision(space, word, err)
				     : barista_fail(err, BARISTA_E_ARGUMENT,
						    "'%.60s' is no precision", word);
	}
	return rc;
}

/* The text is a list of precisions, or `all`, or one mix of precisions such as
 * "fwd=int8,wgrad=fp32". */
static int set_precisions(struct barista_space *space, const char *text,
			  const struct barista_device *dev, struct barista_err *err)
{
	int rc;

	space->nchoices = 0;
	rc = !strcmp(text, "all") ? add_all(space, dev, err)
	     : strchr(text, '=')  ? barista_space_add_precision(space, text, err)
				  : add_list(space, text, err);
	if (rc)
		barista_err_context(err, "--precision");
	return rc;
}

static int parse_range(const struct barista_knob *knob, const char *text,
		       struct barista_range *range, struct barista_err *err)
{
	const char *colon = strchr(text, ':');
	char low[32], option[48];
	int64_t lo, hi;

	cli_knob_option(option, sizeof option, knob);
	snprintf(low, sizeof low, "%.*s", (int)strcspn(text, ":"), text);
	if (!barista_parse_int(low, &lo) || !barista_parse_int(colon ? colon + 1 : text, &hi))
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "--%s: '%.60s' is not a whole number or LOW:HIGH, e.g. 1:256",
				    option, text);
	if (lo > hi)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "--%s: in '%.60s' the low end is above the high end", option,
				    text);
	if ((double)lo < knob->lo || (double)hi > knob->hi)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "--%s: '%.60s' is not within %.0f:%.0f", option, text, knob->lo,
				    knob->hi);
	range->lo = (double)lo;
	range->hi = (double)hi;
	return 0;
}

int cli_make_space(struct barista_space *space, const struct barista_model *model,
		   const struct cli_space_options *o, struct barista_err *err)
{
	const struct barista_family *f = model->family;
	bool every_integer = o->grid == CLI_GRID_ALL;
	int rc = 0;

	barista_space_default(space, model);
	for (size_t k = 0; !rc && k < f->nknobs; k++) {
		const struct barista_knob *knob = &f->knob[k];

		space->range[k].powers_of_two = !every_integer;
		if (every_integer && !knob->categorical && isnan(knob->default_value))
			space->range[k].hi = f->max_useful(model, k);
		if (o->knob[k])
			rc = parse_range(knob, o->knob[k], &space->range[k], err);
	}
	return rc ? rc : set_precisions(space, cli_precision(o, f), model->dev, err);
}
