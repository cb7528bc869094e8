/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The notation of layered designs. */
#include "base/err.h"
#include "families/layered/layered.h"
#include "model/notation_cursor.h"
#include "model/precision.h"

#include <stdio.h>
#include <string.h>

static bool knob(struct barista_cursor *c, int k, struct barista_point *p)
{
	return barista_cursor_knob(c, &barista_layered_knobs[k], &p->knob[k]);
}

static bool tile(struct barista_cursor *c, struct barista_point *p)
{
	return knob(c, LAYERED_M, p) && barista_cursor_take(c, 'x') && knob(c, LAYERED_N, p) &&
	       barista_cursor_take(c, 'x') && knob(c, LAYERED_K, p);
}

static const struct {
	const char *word;
	int knob;
	double value;
} words[] = {
	{"image", LAYERED_BATCHED, 0},
	{"batch", LAYERED_BATCHED, 1},
	{"plain", LAYERED_FUSED, 0},
	{"fused", LAYERED_FUSED, 1},
};

/* What follows a slash: q256, or a word; each knob at most once. */
static bool option(struct barista_cursor *c, struct barista_point *p, unsigned *given)
{
	size_t len = strcspn(c->at, "/:"), i = 0;
	int which = LAYERED_Q;

	while (i < sizeof words / sizeof *words &&
	       (strlen(words[i].word) != len || strncmp(words[i].word, c->at, len)))
		i++;
	if (i < sizeof words / sizeof *words)
		which = words[i].knob;
	else if (!barista_cursor_take(c, 'q'))
		return false;
	if (*given >> which & 1)
		return barista_cursor_fail(c, NULL);
	*given |= 1U << which;
	if (which == LAYERED_Q)
		return knob(c, LAYERED_Q, p);
	p->knob[which] = words[i].value;
	c->at += len;
	return true;
}

static bool design(struct barista_cursor *c, struct barista_point *p)
{
	unsigned given = 0;

	if (!tile(c, p))
		return false;
	while (*c->at == '/') {
		c->at++;
		if (!option(c, p, &given))
			return false;
	}
	if (!(given >> LAYERED_Q & 1))
		return barista_cursor_fail(c, NULL);
	return barista_cursor_precision(c, "fp32", &p->knob[LAYERED_PRECISION]);
}

int barista_layered_parse(const char *text, struct barista_point *out, struct barista_err *err)
{
	return barista_cursor_parse(text, "layered design",
				    "T_MxT_NxT_K/qQ:PRECISION, e.g. 64x64x16/q256/batch/fused:fp32",
				    design, out, err);
}

void barista_layered_format(const struct barista_point *point, char *buf, size_t size)
{
	const double *k = point->knob;
	char precision[64];

	barista_precision_format(k[LAYERED_PRECISION], precision, sizeof precision);
	snprintf(buf, size, "%.0fx%.0fx%.0f/q%.0f%s%s:%s", k[LAYERED_M], k[LAYERED_N], k[LAYERED_K],
		 k[LAYERED_Q], k[LAYERED_BATCHED] > 0 ? "/batch" : "",
		 k[LAYERED_FUSED] > 0 ? "/fused" : "", precision);
}
