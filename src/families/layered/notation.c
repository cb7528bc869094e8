/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The notation of layered designs. */
#include "base/err.h"
#include "base/num.h"
#include "families/layered/layered.h"
#include "model/family.h"
#include "model/precision.h"

#include <stdio.h>
#include <string.h>

struct cursor {
	const char *text, *at;
	struct barista_err *err;
};

static bool fail_design(struct cursor *c)
{
	barista_fail(
		c->err, BARISTA_E_ARGUMENT,
		"'%.60s' is not a layered design: expected T_MxT_NxT_K/qQ:PRECISION, e.g. 64x64x16/q256/batch/fused:fp32",
		c->text);
	return false;
}

static bool number(struct cursor *c, int knob, double *out)
{
	const struct barista_knob *def = &barista_layered.knob[knob];
	size_t len = strspn(c->at, "0123456789");
	char digits[24];
	int64_t v;

	if (!len || len >= sizeof digits)
		return fail_design(c);
	snprintf(digits, sizeof digits, "%.*s", (int)len, c->at);
	if (!barista_parse_int(digits, &v))
		return fail_design(c);
	if ((double)v < def->lo || (double)v > def->hi) {
		barista_fail(c->err, BARISTA_E_ARGUMENT,
			     "design '%.60s': %s must be from %.0f to %.0f, not %s", c->text,
			     def->name, def->lo, def->hi, digits);
		return false;
	}
	c->at += len;
	*out = (double)v;
	return true;
}

static bool tile(struct cursor *c, double *knob)
{
	for (int i = LAYERED_M; i <= LAYERED_K; i++) {
		if (i > LAYERED_M && *c->at++ != 'x')
			return fail_design(c);
		if (!number(c, i, &knob[i]))
			return false;
	}
	return true;
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
static bool option(struct cursor *c, double *knob, unsigned *given)
{
	size_t len = strcspn(c->at, "/:"), i = 0;
	int which = LAYERED_Q;

	while (i < sizeof words / sizeof *words &&
	       (strlen(words[i].word) != len || strncmp(words[i].word, c->at, len)))
		i++;
	if (i < sizeof words / sizeof *words)
		which = words[i].knob;
	else if (*c->at++ != 'q')
		return fail_design(c);
	if (*given >> which & 1)
		return fail_design(c);
	*given |= 1U << which;
	if (which == LAYERED_Q)
		return number(c, LAYERED_Q, &knob[LAYERED_Q]);
	knob[which] = words[i].value;
	c->at += len;
	return true;
}

int barista_layered_parse(const char *text, struct barista_point *out, struct barista_err *err)
{
	struct barista_point p = {.nstages = 0};
	struct cursor c = {text, text, err};
	unsigned given = 0;
	int rc;

	if (!tile(&c, p.knob))
		return err->status;
	while (*c.at == '/') {
		c.at++;
		if (!option(&c, p.knob, &given))
			return err->status;
	}
	if (!(given >> LAYERED_Q & 1) || (*c.at && (*c.at != ':' || !c.at[1]))) {
		fail_design(&c);
		return err->status;
	}
	if (*c.at && (rc = barista_precision_parse(c.at + 1, &p.knob[LAYERED_PRECISION], err)))
		return rc;
	*out = p;
	return 0;
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
