/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The notation of streaming designs: ENGINES/UNROLLS:PRECISION. */
#include "barista/family.h"
#include "families/streaming/streaming.h"
#include "model/notation_cursor.h"
#include "model/precision.h"

#include <stdio.h>
#include <string.h>

static const char *const engine_names[] = {"shared", "separate", NULL};

static bool factor(struct barista_cursor *c, const char *what, char before, uint16_t *out)
{
	int64_t v;

	if (before && *c->at != before)
		return barista_cursor_fail(c, "a layer's unrolls are three factors, P_i.P_o.P_k");
	c->at += before != 0;
	if (!barista_cursor_number(c, what, UINT16_MAX, &v))
		return false;
	*out = (uint16_t)v;
	return true;
}

/* P_i.P_o.P_k, or N* before it for N layers. */
static bool unrolls(struct barista_cursor *c, struct barista_point *p)
{
	size_t len = strspn(c->at, "0123456789");
	struct barista_unroll u;
	int64_t times = 1;

	if (c->at[len] == '*') {
		if (!barista_cursor_number(c, "how often", BARISTA_MAX_UNROLLED, &times))
			return false;
		c->at++;
	}
	if (!factor(c, "P_i", 0, &u.in) || !factor(c, "P_o", '.', &u.out) ||
	    !factor(c, "P_k", '.', &u.kernel))
		return false;
	if (p->nstages + (size_t)times > BARISTA_MAX_UNROLLED)
		return barista_cursor_fail(c, "it has more than 128 layers");
	while (times--)
		p->stage[p->nstages++] = u;
	return true;
}

static bool engines(struct barista_cursor *c, struct barista_point *p)
{
	size_t i;

	if (!barista_cursor_word(c, "engines", engine_names, &i))
		return false;
	p->knob[STREAMING_ENGINES] = (double)(STREAMING_ENGINES_SHARED + i);
	if (*c->at != '/')
		return barista_cursor_fail(c, "no unrolls");
	c->at++;
	return true;
}

static bool design(struct barista_cursor *c, struct barista_point *p)
{
	if (!engines(c, p) || !unrolls(c, p))
		return false;
	while (*c->at == ',') {
		c->at++;
		if (!unrolls(c, p))
			return false;
	}
	if (*c->at && *c->at != ':')
		return barista_cursor_fail(
			c, "after a layer's unrolls comes a comma, or a colon and the precision");
	if (*c->at && !c->at[1])
		return barista_cursor_fail(c, "no precision after the colon");
	return barista_cursor_precision(c, "int16", &p->knob[STREAMING_PRECISION]);
}

/* Without :PRECISION it is int16. */
int barista_streaming_parse(const char *text, struct barista_point *out, struct barista_err *err)
{
	return barista_cursor_parse(text, "streaming design",
				    "ENGINES/UNROLLS:PRECISION, e.g. shared/2.4.9,3*4.8.1:int16",
				    design, out, err);
}

static bool same_unroll(struct barista_unroll a, struct barista_unroll b)
{
	return a.in == b.in && a.out == b.out && a.kernel == b.kernel;
}

void barista_streaming_format(const struct barista_point *point, char *buf, size_t size)
{
	char text[BARISTA_POINT_TEXT], precision[80];
	size_t n = (size_t)snprintf(
		text, sizeof text, "%s",
		engine_names[point->knob[STREAMING_ENGINES] == STREAMING_ENGINES_SEPARATE]);

	for (size_t i = 0, same; i < point->nstages; i += same) {
		struct barista_unroll u = point->stage[i];

		for (same = 1; i + same < point->nstages && same_unroll(u, point->stage[i + same]);)
			same++;
		n += (size_t)snprintf(text + n, sizeof text - n, "%c", i ? ',' : '/');
		if (same > 1)
			n += (size_t)snprintf(text + n, sizeof text - n, "%zu*", same);
		n += (size_t)snprintf(text + n, sizeof text - n, "%u.%u.%u", u.in, u.out, u.kernel);
	}
	barista_precision_format(point->knob[STREAMING_PRECISION], precision, sizeof precision);
	snprintf(text + n, sizeof text - n, ":%s", precision);
	snprintf(buf, size, "%s", text);
}
