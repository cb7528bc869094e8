/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The notation of chains of boards: BOARDSx/SPLIT:PRECISION. */
#include "families/cluster/cluster.h"
#include "model/notation_cursor.h"
#include "model/precision.h"

#include <stdio.h>

/* CLUSTER_SPLIT_FINE and CLUSTER_SPLIT_WHOLE, in their order. */
static const char *const splits[] = {"fine", "whole", NULL};

static bool boards(struct barista_cursor *c, struct barista_point *p)
{
	int64_t n;

	if (!barista_cursor_number(c, "boards", CLUSTER_MAX_BOARDS, &n))
		return false;
	p->knob[CLUSTER_BOARDS] = (double)n;
	return barista_cursor_take(c, 'x') && barista_cursor_take(c, '/');
}

static bool split(struct barista_cursor *c, struct barista_point *p)
{
	size_t i;

	if (!barista_cursor_word(c, "split", splits, &i))
		return false;
	p->knob[CLUSTER_SPLIT] = (double)(CLUSTER_SPLIT_FINE + i);
	return true;
}

static bool design(struct barista_cursor *c, struct barista_point *p)
{
	if (!boards(c, p) || !split(c, p))
		return false;
	if (!*c->at)
		return barista_cursor_fail(c, "no precision");
	return barista_cursor_precision(c, NULL, &p->knob[CLUSTER_PRECISION]);
}

int barista_cluster_parse(const char *text, struct barista_point *out, struct barista_err *err)
{
	return barista_cursor_parse(text, "chain of boards",
				    "BOARDSx/SPLIT:PRECISION, e.g. 15x/fine:int16", design, out,
				    err);
}

void barista_cluster_format(const struct barista_point *point, char *buf, size_t size)
{
	char precision[96];

	barista_precision_format(point->knob[CLUSTER_PRECISION], precision, sizeof precision);
	snprintf(buf, size, "%.0fx/%s:%s", point->knob[CLUSTER_BOARDS],
		 splits[(int)point->knob[CLUSTER_SPLIT] - CLUSTER_SPLIT_FINE], precision);
}
