/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "families/systolic/notation.h"

#include "base/err.h"
#include "base/num.h"
#include "base/real.h"
#include "model/family.h"
#include "model/precision.h"

#include <stdio.h>
#include <string.h>

static int fail_kernel(const char *text, struct barista_err *err)
{
	return barista_fail(
		err, BARISTA_E_ARGUMENT,
		"'%.60s' is not a kernel: expected T_MxT_NxT_K:PRECISION, e.g. 16x16x64:fp32, or "
		"P_MxP_N/vV/rR_MxR_N/kT_K:PRECISION, e.g. 13x16/v8/r20x16/k512:fp32",
		text);
}

struct cursor {
	const char *text, *at;
	struct barista_err *err;
};

/* A number for this knob; false with the error set when there is none or it is out of range. */
static bool number(struct cursor *c, int knob, double *out)
{
	const struct barista_knob *def = &barista_systolic.knob[knob];
	size_t len = strspn(c->at, "0123456789");
	char digits[24];
	int64_t v;

	if (!len || len >= sizeof digits) {
		fail_kernel(c->text, c->err);
		return false;
	}
	snprintf(digits, sizeof digits, "%.*s", (int)len, c->at);
	if (!barista_parse_int(digits, &v)) {
		fail_kernel(c->text, c->err);
		return false;
	}
	if ((double)v < def->lo || (double)v > def->hi) {
		barista_fail(c->err, BARISTA_E_ARGUMENT,
			     "kernel '%.60s': %s must be from %.0f to %.0f, not %s", c->text,
			     def->name, def->lo, def->hi, digits);
		return false;
	}
	c->at += len;
	*out = (double)v;
	return true;
}

static bool pair(struct cursor *c, int knob_a, int knob_b, double *a, double *b)
{
	if (!number(c, knob_a, a))
		return false;
	if (*c->at != 'x') {
		fail_kernel(c->text, c->err);
		return false;
	}
	c->at++;
	return number(c, knob_b, b);
}

/* The knob's 0 stands for the board's and has no text. */
static bool buffers(struct cursor *c, int knob, double *out)
{
	if (*c->at == '0') {
		fail_kernel(c->text, c->err);
		return false;
	}
	return number(c, knob, out);
}

/* One part of the long notation: /v8, /r20x16, /k512, /u2, /b1 or /o2, each at most once. */
static bool part(struct cursor *c, struct barista_point *p, unsigned *given)
{
	static const char letters[] = "vrkubo";
	const char *which = *c->at ? strchr(letters, *c->at) : NULL;
	unsigned bit = which ? 1U << (which - letters) : 0;

	if (!bit || *given & bit) {
		fail_kernel(c->text, c->err);
		return false;
	}
	*given |= bit;
	c->at++;
	switch (*which) {
	case 'v': return number(c, VECTOR, &p->knob[VECTOR]);
	case 'r': return pair(c, OUTPUTS_M, OUTPUTS_N, &p->knob[OUTPUTS_M], &p->knob[OUTPUTS_N]);
	case 'k': return number(c, TILE_K, &p->knob[TILE_K]);
	case 'b': return buffers(c, IN_BUFFERS, &p->knob[IN_BUFFERS]);
	case 'o': return buffers(c, OUT_BUFFERS, &p->knob[OUT_BUFFERS]);
	default: return number(c, REPLICAS, &p->knob[REPLICAS]);
	}
}

/* Tiles are the mesh times the outputs per PE. */
static bool scale_tiles(struct cursor *c, struct barista_point *p)
{
	p->knob[TILE_M] *= p->knob[OUTPUTS_M];
	p->knob[TILE_N] *= p->knob[OUTPUTS_N];
	for (int k = TILE_M; k <= TILE_N; k++) {
		if (p->knob[k] > barista_systolic.knob[k].hi) {
			barista_fail(c->err, BARISTA_E_ARGUMENT,
				     "kernel '%.60s': %s is %.0f, above %.0f", c->text,
				     barista_systolic.knob[k].name, p->knob[k],
				     barista_systolic.knob[k].hi);
			return false;
		}
	}
	return true;
}

static bool class(struct cursor *c, struct barista_point *p)
{
	unsigned given = 0;

	if (!pair(c, TILE_M, TILE_N, &p->knob[TILE_M], &p->knob[TILE_N]))
		return false;
	if (*c->at == 'x') {
		c->at++;
		return number(c, TILE_K, &p->knob[TILE_K]);
	}
	while (*c->at == '/') {
		c->at++;
		if (!part(c, p, &given))
			return false;
	}
	if (!p->knob[TILE_K]) {
		fail_kernel(c->text, c->err);
		return false;
	}
	return scale_tiles(c, p);
}

int barista_systolic_parse(const char *text, struct barista_point *out, struct barista_err *err)
{
	struct barista_point p = {
		.knob = {[VECTOR] = 1, [OUTPUTS_M] = 1, [OUTPUTS_N] = 1, [REPLICAS] = 1}};
	struct cursor c = {text, text, err};
	int rc;

	if (!class(&c, &p))
		return err->status;
	if (*c.at && (*c.at != ':' || !c.at[1]))
		return fail_kernel(text, err);
	if (*c.at && (rc = barista_precision_parse(c.at + 1, &p.knob[PRECISION], err)))
		return rc;
	*out = p;
	return 0;
}

/* Numbers and the text before each; printf's %.0f takes most of the time of writing a point. */
static char *put(char *p, const char *before, double number)
{
	size_t n = strlen(before);

	memcpy(p, before, n);
	return p + n + barista_write_real(p + n, number);
}

void barista_systolic_format(const struct barista_point *point, char *buf, size_t size)
{
	const double *k = point->knob;
	double r_m = k[OUTPUTS_M], r_n = k[OUTPUTS_N];
	char text[12 * BARISTA_REAL_ROOM], *p = text;

	if (k[VECTOR] == 1 && r_m == 1 && r_n == 1 && k[REPLICAS] == 1 && !k[IN_BUFFERS] &&
	    !k[OUT_BUFFERS]) {
		p = put(p, "", k[TILE_M]);
		p = put(p, "x", k[TILE_N]);
		p = put(p, "x", k[TILE_K]);
	} else {
		p = put(p, "", barista_ceil_div(k[TILE_M], r_m));
		p = put(p, "x", barista_ceil_div(k[TILE_N], r_n));
		p = put(p, "/v", k[VECTOR]);
		p = put(p, "/r", r_m);
		p = put(p, "x", r_n);
		p = put(p, "/k", k[TILE_K]);
		if (k[REPLICAS] > 1)
			p = put(p, "/u", k[REPLICAS]);
		if (k[IN_BUFFERS])
			p = put(p, "/b", k[IN_BUFFERS]);
		if (k[OUT_BUFFERS])
			p = put(p, "/o", k[OUT_BUFFERS]);
	}
	*p++ = ':';
	barista_precision_format(k[PRECISION], p, 64);
	snprintf(buf, size, "%s", text);
}
