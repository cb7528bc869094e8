/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A chain of boards that train one network together, layer behind layer: FPDeep (FPL 2018, arXiv
 * 1901.01007), its equations derived. The layers that multiply are spread over the boards in
 * proportion to their work, and images follow one another through the chain. */
#include "base/err.h"
#include "base/num.h"
#include "base/text.h"
#include "families/cluster/cluster.h"
#include "model/family.h"
#include "model/precision.h"

#include <stdio.h>
#include <string.h>

#define EXAMPLE "e.g. 15x/fine:int16"

static const char *const splits[] = {"fine", "whole", NULL}; /* CLUSTER_FINE, CLUSTER_WHOLE */

static const struct barista_knob knobs[CLUSTER_KNOBS] = {
	[CLUSTER_BOARDS] = {"boards", "", "boards in the chain", 1, CLUSTER_MAX_BOARDS, false,
			    false, 0, (double)NAN, NULL},
	[CLUSTER_SPLIT] = {"split", "",
			   "1: the same work on every board, layers are cut; 2: whole layers",
			   CLUSTER_FINE, CLUSTER_WHOLE, false, false, 0, (double)NAN, NULL},
	[CLUSTER_PRECISION] = {"precision", "", "number format of all passes", 0, 4095, true, false,
			       0, (double)NAN, barista_precision_format},
};

static int parse_boards(const char *text, size_t len, double *out, struct barista_err *err)
{
	char number[32];
	int64_t n = 0;

	snprintf(number, sizeof number, "%.*s", (int)len, text);
	if (len >= sizeof number || !barista_parse_int(number, &n) || n < 1 ||
	    n > CLUSTER_MAX_BOARDS)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "'%s' boards: it must be a whole number from 1 to %d, " EXAMPLE,
				    number, CLUSTER_MAX_BOARDS);
	*out = (double)n;
	return 0;
}

static int parse_split(const char *text, size_t len, double *out, struct barista_err *err)
{
	char word[32], hint[64];
	size_t i;

	snprintf(word, sizeof word, "%.*s", (int)len, text);
	i = barista_word_index(splits, word);
	if (!splits[i]) {
		barista_suggest_from(hint, sizeof hint, word, splits);
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "unknown split '%s'%s: it is fine or whole, " EXAMPLE, word,
				    hint);
	}
	*out = (double)(CLUSTER_FINE + i);
	return 0;
}

/* 15x/fine:int16 */
static int parse(const char *text, struct barista_point *out, struct barista_err *err)
{
	const char *split = strstr(text, "x/"), *precision = split ? strchr(split, ':') : NULL;
	struct barista_point p = {.nstages = 0};
	int rc;

	if (!precision)
		return barista_fail(
			err, BARISTA_E_ARGUMENT,
			"'%.60s' is no chain of boards: it is written BOARDSx/SPLIT:PRECISION, " EXAMPLE,
			text);
	if ((rc = parse_boards(text, (size_t)(split - text), &p.knob[CLUSTER_BOARDS], err)) ||
	    (rc = parse_split(split + 2, (size_t)(precision - split - 2), &p.knob[CLUSTER_SPLIT],
			      err)) ||
	    (rc = barista_precision_parse(precision + 1, &p.knob[CLUSTER_PRECISION], err)))
		return rc;
	*out = p;
	return 0;
}

static void format(const struct barista_point *point, char *buf, size_t size)
{
	char precision[96];

	barista_precision_format(point->knob[CLUSTER_PRECISION], precision, sizeof precision);
	snprintf(buf, size, "%.0fx/%s:%s", point->knob[CLUSTER_BOARDS],
		 splits[(int)point->knob[CLUSTER_SPLIT] - CLUSTER_FINE], precision);
}

/* Published chains end at 100 boards. */
static double useful(const struct barista_model *model, size_t knob)
{
	(void)model;
	return knob == CLUSTER_BOARDS ? 128 : knobs[knob].hi;
}

static int admit(const struct barista_model *model, const struct barista_point *point,
		 struct barista_err *err)
{
	if (barista_cluster_total_macs(model->lowered) * CLUSTER_MAX_BOARDS >
	    (double)BARISTA_EXACT_MAX)
		return barista_fail(
			err, BARISTA_E_ARGUMENT,
			"the network has more than 2^43 multiply-accumulates per image: places in "
			"a chain would not be exact");
	return barista_precision_admit_one(model->dev, point->knob[CLUSTER_PRECISION],
					   "15x/fine:int16", err);
}

static bool in_range(const struct barista_range *range, double v)
{
	return range->lo == range->hi || !range->powers_of_two || exp2(floor(log2(v))) == v;
}

static size_t count(const struct barista_range *range)
{
	size_t n = 0;

	for (double v = range->lo; v <= range->hi; v++)
		n += in_range(range, v);
	return n;
}

/* Offers the chains of one precision. */
static int offer_all(struct barista_enumeration *listing, double precision, double *done,
		     struct barista_err *err)
{
	const struct barista_range *boards = &listing->space->range[CLUSTER_BOARDS];
	const struct barista_range *split = &listing->space->range[CLUSTER_SPLIT];
	struct barista_point p = {.knob = {[CLUSTER_PRECISION] = precision}};
	int rc = 0;

	for (double n = boards->lo; n <= boards->hi && !rc && !listing->stopped; n++) {
		for (double s = split->lo; s <= split->hi && !rc && in_range(boards, n); s++) {
			if (!in_range(split, s))
				continue;
			p.knob[CLUSTER_BOARDS] = n;
			p.knob[CLUSTER_SPLIT] = s;
			rc = listing->insert(listing->user, &p, err);
			++*done;
		}
		listing->stopped = listing->stop && *listing->stop;
		if (listing->progress)
			listing->progress(listing->progress_user, *done, listing->points, *done);
	}
	return rc;
}

/* There are so few that each is offered. */
static int list(struct barista_enumeration *listing, struct barista_err *err)
{
	const struct barista_space *space = listing->space;
	double done = 0;
	int rc = 0;

	listing->stopped = false;
	listing->points = (double)(space->nchoices * count(&space->range[CLUSTER_BOARDS]) *
				   count(&space->range[CLUSTER_SPLIT]));
	for (size_t c = 0; c < space->nchoices && !rc; c++) {
		struct barista_point p = {.knob = {[CLUSTER_PRECISION] = space->choice[c]}};

		rc = admit(listing->model, &p, err);
	}
	for (size_t c = 0; c < space->nchoices && !rc && !listing->stopped; c++)
		rc = offer_all(listing, space->choice[c], &done, err);
	return rc;
}

static const struct barista_headline shown[] = {
	{BARISTA_LINK_BANDWIDTH, "link ", " in each direction"},
	{BARISTA_CHAIN_USE, "multipliers that work ", ""},
};

const struct barista_family barista_cluster = {
	.name = "cluster",
	.summary = "a chain of boards that trains as one pipeline, FPDeep's",
	.notation = "BOARDSx/SPLIT:PRECISION, SPLIT fine or whole, " EXAMPLE " or 4x/whole:int16",
	.default_board = "vc709",
	.default_precision = "int16",
	.default_design = "15x/fine:int16",
	.all_layers = true,
	.distinct_layers = true,
	.pipelined = true,
	.knob = knobs,
	.nknobs = CLUSTER_KNOBS,
	.scaling_knob = CLUSTER_BOARDS,
	.headline = shown,
	.nheadline = sizeof shown / sizeof *shown,
	.term = barista_cluster_term_table,
	.nterms = BARISTA_CLUSTER_TERMS,
	.parse = parse,
	.format = format,
	.max_useful = useful,
	.validate = admit,
	.resources = barista_cluster_resources,
	.times = barista_cluster_times,
	.enumerate = list,
	.time_part_count = barista_cluster_time_part_count,
	.time_part = barista_cluster_time_part,
	.bottleneck = barista_cluster_bottleneck,
	.dominance_rule = "no chain is left out without being evaluated",
};
