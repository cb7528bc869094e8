/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The notation of systolic kernels, read and written. */
#include "families/systolic/equations.h"

#include "base/err.h"
#include "base/num.h"
#include "base/real.h"
#include "model/notation_cursor.h"
#include "model/precision.h"

#include <stdio.h>
#include <string.h>

/* In error messages. */
static const char expected[] =
	"T_MxT_NxT_K:PRECISION, e.g. 16x16x64:fp32, or P_MxP_N/vV/rR_MxR_N/kT_K:PRECISION, "
	"e.g. 13x16/v8/r20x16/k512:fp32";

static bool knob(struct barista_cursor *c, int k, struct barista_point *p)
{
	return barista_cursor_knob(c, &barista_systolic_knobs[k], &p->knob[k]);
}

static bool pair(struct barista_cursor *c, int a, int b, struct barista_point *p)
{
	return knob(c, a, p) && barista_cursor_take(c, 'x') && knob(c, b, p);
}

/* The knob's 0 stands for the board's and has no text. */
static bool buffers(struct barista_cursor *c, int k, struct barista_point *p)
{
	return *c->at == '0' ? barista_cursor_fail(c, NULL) : knob(c, k, p);
}

/* One part of the long notation: /v8, /r20x16, /k512, /u2, /b1 or /o2, each at most once. */
static bool part(struct barista_cursor *c, struct barista_point *p, unsigned *given)
{
	static const char letters[] = "vrkubo";
	const char *which = *c->at ? strchr(letters, *c->at) : NULL;
	unsigned bit = which ? 1U << (which - letters) : 0;

	if (!bit || *given & bit)
		return barista_cursor_fail(c, NULL);
	*given |= bit;
	c->at++;
	switch (*which) {
	case 'v': return knob(c, SYSTOLIC_VECTOR, p);
	case 'r': return pair(c, SYSTOLIC_OUTPUTS_M, SYSTOLIC_OUTPUTS_N, p);
	case 'k': return knob(c, SYSTOLIC_TILE_K, p);
	case 'b': return buffers(c, SYSTOLIC_IN_BUFFERS, p);
	case 'o': return buffers(c, SYSTOLIC_OUT_BUFFERS, p);
	default: return knob(c, SYSTOLIC_REPLICAS, p);
	}
}

/* Tiles are the mesh times the outputs per PE. */
static bool scale_tiles(struct barista_cursor *c, struct barista_point *p)
{
	p->knob[SYSTOLIC_TILE_M] *= p->knob[SYSTOLIC_OUTPUTS_M];
	p->knob[SYSTOLIC_TILE_N] *= p->knob[SYSTOLIC_OUTPUTS_N];
	for (int k = SYSTOLIC_TILE_M; k <= SYSTOLIC_TILE_N; k++) {
		const struct barista_knob *def = &barista_systolic_knobs[k];

		if (p->knob[k] <= def->hi)
			continue;
		barista_fail(c->err, BARISTA_E_ARGUMENT, "kernel '%.60s': %s is %.0f, above %.0f",
			     c->text, def->name, p->knob[k], def->hi);
		return false;
	}
	return true;
}

static bool tile_and_mesh(struct barista_cursor *c, struct barista_point *p)
{
	unsigned given = 0;

	if (!pair(c, SYSTOLIC_TILE_M, SYSTOLIC_TILE_N, p))
		return false;
	if (*c->at == 'x') {
		c->at++;
		return knob(c, SYSTOLIC_TILE_K, p);
	}
	while (*c->at == '/') {
		c->at++;
		if (!part(c, p, &given))
			return false;
	}
	if (!p->knob[SYSTOLIC_TILE_K])
		return barista_cursor_fail(c, NULL);
	return scale_tiles(c, p);
}

int barista_systolic_parse(const char *text, struct barista_point *out, struct barista_err *err)
{
	struct barista_point p = {.knob = {[SYSTOLIC_VECTOR] = 1,
					   [SYSTOLIC_OUTPUTS_M] = 1,
					   [SYSTOLIC_OUTPUTS_N] = 1,
					   [SYSTOLIC_REPLICAS] = 1}};
	struct barista_cursor c = {text, text, "kernel", expected, err};

	if (!tile_and_mesh(&c, &p) ||
	    !barista_cursor_precision(&c, "fp32", &p.knob[SYSTOLIC_PRECISION]))
		return err->status;
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
	double r_m = k[SYSTOLIC_OUTPUTS_M], r_n = k[SYSTOLIC_OUTPUTS_N];
	char text[12 * BARISTA_REAL_ROOM], *p = text;

	if (k[SYSTOLIC_VECTOR] == 1 && r_m == 1 && r_n == 1 && k[SYSTOLIC_REPLICAS] == 1 &&
	    !k[SYSTOLIC_IN_BUFFERS] && !k[SYSTOLIC_OUT_BUFFERS]) {
		p = put(p, "", k[SYSTOLIC_TILE_M]);
		p = put(p, "x", k[SYSTOLIC_TILE_N]);
		p = put(p, "x", k[SYSTOLIC_TILE_K]);
	} else {
		p = put(p, "", barista_ceil_div(k[SYSTOLIC_TILE_M], r_m));
		p = put(p, "x", barista_ceil_div(k[SYSTOLIC_TILE_N], r_n));
		p = put(p, "/v", k[SYSTOLIC_VECTOR]);
		p = put(p, "/r", r_m);
		p = put(p, "x", r_n);
		p = put(p, "/k", k[SYSTOLIC_TILE_K]);
		if (k[SYSTOLIC_REPLICAS] > 1)
			p = put(p, "/u", k[SYSTOLIC_REPLICAS]);
		if (k[SYSTOLIC_IN_BUFFERS])
			p = put(p, "/b", k[SYSTOLIC_IN_BUFFERS]);
		if (k[SYSTOLIC_OUT_BUFFERS])
			p = put(p, "/o", k[SYSTOLIC_OUT_BUFFERS]);
	}
	*p++ = ':';
	barista_precision_format(k[SYSTOLIC_PRECISION], p, 64);
	snprintf(buf, size, "%s", text);
}
