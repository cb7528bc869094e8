/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The notation of streaming designs: ENGINES/UNROLLS:PRECISION. */
#include "base/err.h"
#include "barista/family.h"
#include "base/num.h"
#include "base/text.h"
#include "families/streaming/streaming.h"
#include "model/precision.h"

#include <stdio.h>
#include <string.h>

static const char *const engine_names[] = {"shared", "separate", NULL};

struct cursor {
	const char *text, *at;
	struct barista_err *err;
};

static bool fail_design(struct cursor *c, const char *why)
{
	barista_fail(c->err, BARISTA_E_ARGUMENT,
		     "'%.60s' is not a streaming design: %s; expected ENGINES/UNROLLS:PRECISION, "
		     "e.g. shared/2.4.9,3*4.8.1:int16",
		     c->text, why);
	return false;
}

/* A whole number from 1 to the limit. */
static bool number(struct cursor *c, const char *what, int64_t limit, int64_t *out)
{
	size_t len = strspn(c->at, "0123456789");
	char digits[24], why[120];

	if (len && len < sizeof digits) {
		snprintf(digits, sizeof digits, "%.*s", (int)len, c->at);
		if (barista_parse_int(digits, out) && *out >= 1 && *out <= limit) {
			c->at += len;
			return true;
		}
	}
	snprintf(why, sizeof why, "%s must be a whole number from 1 to %lld, not '%.20s'", what,
		 (long long)limit, c->at);
	return fail_design(c, why);
}

static bool factor(struct cursor *c, const char *what, char before, uint16_t *out)
{
	int64_t v;

	if (before && *c->at != before)
		return fail_design(c, "a layer's unrolls are three factors, P_i.P_o.P_k");
	c->at += before != 0;
	if (!number(c, what, UINT16_MAX, &v))
		return false;
	*out = (uint16_t)v;
	return true;
}

/* P_i.P_o.P_k, or N* before it for N layers. */
static bool unrolls(struct cursor *c, struct barista_point *p)
{
	size_t len = strspn(c->at, "0123456789");
	struct barista_unroll u;
	int64_t times = 1;

	if (c->at[len] == '*') {
		if (!number(c, "how often", BARISTA_MAX_UNROLLED, &times))
			return false;
		c->at++;
	}
	if (!factor(c, "P_i", 0, &u.in) || !factor(c, "P_o", '.', &u.out) ||
	    !factor(c, "P_k", '.', &u.kernel))
		return false;
	if (p->nstages + (size_t)times > BARISTA_MAX_UNROLLED)
		return fail_design(c, "it has more than 128 layers");
	while (times--)
		p->stage[p->nstages++] = u;
	return true;
}

static bool engines(struct cursor *c, struct barista_point *p)
{
	size_t len = strcspn(c->at, "/"), i;
	char word[24], why[160], hint[64];

	snprintf(word, sizeof word, "%.*s", (int)(len < sizeof word ? len : sizeof word - 1),
		 c->at);
	i = barista_word_index(engine_names, word);
	if (!engine_names[i]) {
		barista_suggest_from(hint, sizeof hint, word, engine_names);
		snprintf(why, sizeof why, "unknown engines '%s'%s (shared or separate)", word,
			 hint);
		return fail_design(c, why);
	}
	p->knob[STREAMING_ENGINES] = (double)(i + 1);
	c->at += len;
	if (*c->at != '/')
		return fail_design(c, "no unrolls");
	c->at++;
	return true;
}

static bool design(struct cursor *c, struct barista_point *p)
{
	if (!engines(c, p) || !unrolls(c, p))
		return false;
	while (*c->at == ',') {
		c->at++;
		if (!unrolls(c, p))
			return false;
	}
	if (*c->at && *c->at != ':')
		return fail_design(
			c, "after a layer's unrolls comes a comma, or a colon and the precision");
	return !*c->at || c->at[1] || fail_design(c, "no precision after the colon");
}

/* Without :PRECISION it is int16. */
int barista_streaming_parse(const char *text, struct barista_point *out, struct barista_err *err)
{
	struct barista_point p = {.nstages = 0};
	struct cursor c = {text, text, err};
	int rc;

	if (!design(&c, &p))
		return err->status;
	if ((rc = barista_precision_parse(*c.at ? c.at + 1 : "int16", &p.knob[STREAMING_PRECISION],
					  err)))
		return rc;
	*out = p;
	return 0;
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
