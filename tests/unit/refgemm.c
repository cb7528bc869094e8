/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reference GEMM against plain loops, in every precision. */
#include "check.h"

#include "barista/family.h"
#include "measure/refgemm.h"
#include "model/device.h"
#include "model/precision.h"
#include "network/lowering.h"

static struct barista_refgemm random_gemm(struct random *r, enum barista_precision p)
{
	return (struct barista_refgemm){
		.precision = p,
		.m = (size_t)random_int(r, 1, 40),
		.n = (size_t)random_int(r, 1, 40),
		.k = (size_t)random_int(r, 1, 90),
		.t_m = (size_t)random_int(r, 1, 24),
		.t_n = (size_t)random_int(r, 1, 24),
		.t_k = (size_t)random_int(r, 1, 40),
		.latency = (size_t)random_int(r, 1, 13),
	};
}

struct run {
	struct barista_refgemm g;
	void *a, *b, *c;
	struct barista_counts counts;
};

static void run_open(struct run *x, const struct barista_refgemm *g, unsigned long seed)
{
	struct barista_workspace *w;
	struct barista_err err;
	size_t in = barista_element_size(g->precision), out = barista_result_size(g->precision);
	size_t cells = g->k * (g->m > g->n ? g->m : g->n);

	*x = (struct run){.g = *g,
			  .a = calloc(cells, in),
			  .b = calloc(cells, in),
			  .c = malloc(g->m * g->n * out)};
	assert_true(x->a && x->b && x->c);
	memset(x->c, 0x55, g->m * g->n * out);
	CHECK_OK(barista_fill(x->a, cells, g->precision, seed, &err), &err);
	CHECK_OK(barista_fill(x->b, cells, g->precision, seed + 1000, &err), &err);
	CHECK_OK(barista_workspace_make(&w, g, &err), &err);
	/* Twice: what the first run leaves in the workspace must not matter. */
	barista_refgemm_run(w, x->b, x->a, x->c, &x->counts);
	barista_refgemm_run(w, x->a, x->b, x->c, &x->counts);
	barista_workspace_free(w);
}

static void run_close(struct run *x)
{
	free(x->a);
	free(x->b);
	free(x->c);
}

static void integers(void **state)
{
	static const enum barista_precision p[] = {BARISTA_INT16, BARISTA_INT8, BARISTA_INT8_PACKED,
						   BARISTA_INT4_PACKED};
	struct random r = {19};

	(void)state;
	for (unsigned i = 0; i < 200; i++) {
		struct barista_refgemm g = random_gemm(&r, p[i % COUNT(p)]);
		struct run x;

		run_open(&x, &g, i);
		for (size_t row = 0; row < g.m; row++)
			for (size_t col = 0; col < g.n; col++) {
				int64_t sum = 0;

				for (size_t k = 0; k < g.k; k++)
					sum += (int64_t)((int16_t *)x.a)[row * g.k + k] *
					       ((int16_t *)x.b)[k * g.n + col];
				CHECK(((int64_t *)x.c)[row * g.n + col] == sum,
				      "%s, run %u: %zu, %zu",
				      barista_precision_defs[g.precision].name, i, row, col);
			}
		run_close(&x);
	}
}

/* Nearest value of a format with `bits` significant bits and least exponent `least`, ties
 * to even, by exact division in binary64. */
static double rounded(double x, int bits, int least)
{
	int e = x == 0 ? least : ilogb(x) - bits + 1;
	double quantum = ldexp(1, e < least ? least : e);

	return rint(x / quantum) * quantum;
}

static double half(double x)
{
	return rounded(x, 11, -24);
}

/* One output by the documented order: step k of the padded stream goes to sum k mod L;
 * the sums are added up in order. Binary64 holds half products and sums exactly. */
static float emulate(const struct run *x, size_t row, size_t col)
{
	const struct barista_refgemm *g = &x->g;
	size_t padded = (g->k + g->t_k - 1) / g->t_k * g->t_k;
	bool fp16 = g->precision == BARISTA_FP16;
	volatile float sum[16] = {0}; /* volatile: one rounding to binary32 per operation */

	for (size_t k = 0; k < padded; k++) {
		float a = k < g->k ? ((float *)x->a)[row * g->k + k] : 0;
		float b = k < g->k ? ((float *)x->b)[k * g->n + col] : 0;
		volatile float product = a * b;
		size_t slot = k % g->latency;

		if (fp16)
			sum[slot] = (float)half((double)sum[slot] + half((double)a * (double)b));
		else
			sum[slot] = sum[slot] + product;
	}
	for (size_t l = 1; l < g->latency; l++)
		sum[0] = fp16 ? (float)half((double)sum[0] + (double)sum[l]) : sum[0] + sum[l];
	return sum[0];
}

/* Bit for bit in the documented order, and within the bound of the exact result. */
static void reals(void **state)
{
	static const enum barista_precision p[] = {BARISTA_FP32, BARISTA_FP16, BARISTA_BF16};
	struct random r = {20};
	double worst[COUNT(p)] = {0};

	(void)state;
	for (unsigned i = 0; i < 240; i++) {
		struct barista_refgemm g = random_gemm(&r, p[i % COUNT(p)]);
		double bound = barista_refgemm_bound(&g), tiny = barista_refgemm_underflow(&g);
		struct run x;

		run_open(&x, &g, i);
		for (size_t at = 0; at < g.m * g.n; at++) {
			size_t row = at / g.n, col = at % g.n;
			float c = ((float *)x.c)[at], e = emulate(&x, row, col);
			double exact = 0, magnitude = 0;

			for (size_t k = 0; k < g.k; k++) {
				double product = (double)((float *)x.a)[row * g.k + k] *
						 (double)((float *)x.b)[k * g.n + col];

				exact += product;
				magnitude += fabs(product);
			}
			CHECK(c == e, "%s, run %u, element %zu: %a, in the documented order %a",
			      barista_precision_defs[g.precision].name, i, at, (double)c,
			      (double)e);
			CHECK(fabs((double)c - exact) <=
				      bound * magnitude + tiny + 1e-15 * magnitude,
			      "%s, run %u: %g off, %g allowed",
			      barista_precision_defs[g.precision].name, i, fabs((double)c - exact),
			      bound * magnitude + tiny);
			worst[i % COUNT(p)] =
				fmax(worst[i % COUNT(p)],
				     fabs((double)c - exact) / (bound * magnitude + tiny));
		}
		run_close(&x);
	}
	/* A bound that is never approached would let anything through. */
	for (size_t i = 0; i < COUNT(p); i++)
		CHECK(worst[i] > 0.02, "%s: at most %g of the bound",
		      barista_precision_defs[p[i]].name, worst[i]);
}

/* What was done is what equations (1) and (2) count. */
static void counts(void **state)
{
	struct random r = {21};
	struct barista_device *dev;
	struct barista_err err;

	(void)state;
	CHECK_OK(barista_device_load(&dev, "aws-f1-vu9p", ".", &err), &err);
	for (unsigned i = 0; i < 150; i++) {
		enum barista_precision p = (enum barista_precision)(i % BARISTA_NPRECISIONS);
		struct barista_refgemm g = random_gemm(&r, p);
		struct barista_point point = {
			.knob = {(double)g.t_m, (double)g.t_n, (double)g.t_k,
				 barista_precision_knob_all((enum barista_precision)p)}};
		struct one_gemm one;
		struct fixture f;
		struct run x;
		size_t at;

		run_open(&x, &g, i);
		gemm_open(&f, &one, dev, (int64_t)g.m, (int64_t)g.n, (int64_t)g.k);
		at = find_gemm(f.lowered, BARISTA_FWD);
		CHECK(x.counts.macs == term_of(&f, &point, at, "MACs_padded"), "run %u: %g MACs", i,
		      x.counts.macs);
		CHECK(x.counts.words * barista_precision_defs[p].bits ==
			      term_of(&f, &point, at, "D_mem"),
		      "run %u: %g words", i, x.counts.words);
		CHECK(x.counts.tiled == term_of(&f, &point, at, "E_tile"), "run %u: %g tiled", i,
		      x.counts.tiled);
		CHECK(x.counts.out_tiles ==
			      term_of(&f, &point, at, "n_M") * term_of(&f, &point, at, "n_N"),
		      "run %u", i);
		CHECK(x.counts.steps == x.counts.out_tiles * term_of(&f, &point, at, "n_K"),
		      "run %u", i);
		barista_lowered_free(f.lowered);
		run_close(&x);
	}
	barista_device_free(dev);
}

/* Values of the format, the same for the same seed, over its whole range. */
static void filled(void **state)
{
	enum { N = 20000 };
	static float x[N], y[N];
	struct barista_err err;

	(void)state;
	for (int p = 0; p < BARISTA_NPRECISIONS; p++) {
		enum barista_precision precision = (enum barista_precision)p;
		size_t size = barista_element_size(precision);
		double lo = 1e9, hi = -1e9, limit = ldexp(1, barista_precision_defs[p].bits - 1);

		CHECK_OK(barista_fill(x, N, precision, 5, &err), &err);
		CHECK_OK(barista_fill(y, N, precision, 5, &err), &err);
		assert_memory_equal(x, y, N * size);
		CHECK_OK(barista_fill(y, N, precision, 6, &err), &err);
		assert_memory_not_equal(x, y, N * size);
		for (size_t i = 0; i < N; i++) {
			double v = barista_is_integer(precision) ? (double)((int16_t *)x)[i]
								 : (double)x[i];

			lo = fmin(lo, v);
			hi = fmax(hi, v);
			CHECK(precision != BARISTA_FP16 || v == half(v), "%a is no binary16", v);
			CHECK(precision != BARISTA_BF16 || v == rounded(v, 8, -133),
			      "%a is no bfloat16", v);
		}
		if (barista_is_integer(precision))
			CHECK(lo >= -limit && hi <= limit - 1 && lo <= -0.99 * limit &&
				      hi >= 0.99 * (limit - 1) &&
				      (limit > 128 || (lo == -limit && hi == limit - 1)),
			      "%s: from %g to %g", barista_precision_defs[p].name, lo, hi);
		else
			CHECK(lo >= -1 && lo < -0.99 && hi <= 1 && hi > 0.99, "%s: from %g to %g",
			      barista_precision_defs[p].name, lo, hi);
	}
}

int test_refgemm(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(integers),
		cmocka_unit_test(reals),
		cmocka_unit_test(counts),
		cmocka_unit_test(filled),
	};

	return GROUP(tests);
}
