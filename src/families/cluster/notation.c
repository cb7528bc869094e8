/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The notation of chains of boards: BOARDSx/SPLIT:PRECISION. */
#include "base/err.h"
#include "base/num.h"
#include "base/text.h"
#include "families/cluster/cluster.h"
#include "model/precision.h"

#include <stdio.h>
#include <string.h>

#define EXAMPLE "e.g. 15x/fine:int16"

static const char *const splits[] = {"fine", "whole",
				     NULL}; /* CLUSTER_SPLIT_FINE, CLUSTER_SPLIT_WHOLE */

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
	*out = (double)(CLUSTER_SPLIT_FINE + i);
	return 0;
}

/* 15x/fine:int16 */
int barista_cluster_parse(const char *text, struct barista_point *out, struct barista_err *err)
{
	const char *split = strstr(text, "x/"), *precision = split ? strchr(split, ':') : NULL;
	struct barista_point p = {.nstages = 0};
	int rc;

	if (!precision)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "'%.60s' is no chain of boards: it is written "
				    "BOARDSx/SPLIT:PRECISION, " EXAMPLE,
				    text);
	if ((rc = parse_boards(text, (size_t)(split - text), &p.knob[CLUSTER_BOARDS], err)) ||
	    (rc = parse_split(split + 2, (size_t)(precision - split - 2), &p.knob[CLUSTER_SPLIT],
			      err)) ||
	    (rc = barista_precision_parse(precision + 1, &p.knob[CLUSTER_PRECISION], err)))
		return rc;
	*out = p;
	return 0;
}

void barista_cluster_format(const struct barista_point *point, char *buf, size_t size)
{
	char precision[96];

	barista_precision_format(point->knob[CLUSTER_PRECISION], precision, sizeof precision);
	snprintf(buf, size, "%.0fx/%s:%s", point->knob[CLUSTER_BOARDS],
		 splits[(int)point->knob[CLUSTER_SPLIT] - CLUSTER_SPLIT_FINE], precision);
}
