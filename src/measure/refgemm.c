/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/refgemm.h"

#include "base/memory.h"
#include "barista/family.h"
#include "base/clock.h"
#include "model/device.h"

#include <gsl/gsl_rng.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct barista_workspace {
	struct barista_refgemm gemm;
	struct barista_tiling a, b, c;
	void *a_tiles, *b_tiles, *c_tiles;
	void *sums; /* [t_m][L][t_n] partial sums of one output tile */
	double tile_time;
};

bool barista_is_integer(enum barista_precision p)
{
	return barista_precision_defs[p].integer;
}

/* ---- number formats ---- */

/* Nearest value with `bits` significant bits and least exponent emin, ties to even. */
static float round_to(float x, int bits, int emin)
{
	int e;
	float quantum;

	if (x == 0 || !isfinite(x))
		return x;
	frexpf(x, &e);
	quantum = ldexpf(1, (e - bits > emin ? e - bits : emin));
	return nearbyintf(x / quantum) * quantum;
}

/* binary16, by adding and removing a power of two that leaves 11 bits: exact rounding to
 * even without a branch, for |x| < 2^15; below 2^-14 the quantum stays 2^-24. */
static inline float round_half(float x)
{
	union {
		float f;
		uint32_t u;
	} magic = {.f = x};

	magic.u = (magic.u & 0x7f800000U) + (13U << 23);
	if (magic.f < 0x1p-1f)
		magic.f = 0x1p-1f; /* 2^-24 * 2^23 */
	magic.f *= 1.5f;           /* keeps the sum in one binade for either sign */
	return (x + magic.f) - magic.f;
}

int barista_fill(void *matrix, size_t n, enum barista_precision p, unsigned long seed,
		 struct barista_err *err)
{
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	const struct barista_precision_def *def = &barista_precision_defs[p];
	unsigned long range = 1UL << def->bits % 64;

	if (!rng)
		return barista_no_memory(err);
	gsl_rng_set(rng, seed);
	for (size_t i = 0; i < n; i++) {
		float x;

		if (barista_is_integer(p)) {
			((int16_t *)matrix)[i] = (int16_t)((long)gsl_rng_uniform_int(rng, range) -
							   (long)(range / 2));
			continue;
		}
		x = (float)(2 * gsl_rng_uniform(rng) - 1);
		((float *)matrix)[i] = round_to(x, def->significand, def->least_exponent);
	}
	gsl_rng_free(rng);
	return 0;
}

/* ---- one step of a row of PEs: sum[j] += a * b[j] ---- */

static inline void row_float(float *restrict sum, float a, const float *restrict b, size_t n)
{
	size_t j = 0;

	for (; j + BARISTA_LANES <= n; j += BARISTA_LANES)
		for (size_t v = 0; v < BARISTA_LANES; v++)
			sum[j + v] += a * b[j + v];
	for (; j < n; j++)
		sum[j] += a * b[j];
}

/* Product and sum are each rounded; doing it in binary32 first changes nothing, as 24 bits
 * are at least 2*11 + 2. */
static inline void row_half(float *restrict sum, float a, const float *restrict b, size_t n)
{
	for (size_t j = 0; j < n; j++)
		sum[j] = round_half(sum[j] + round_half(a * b[j]));
}

static inline void row_int(int64_t *restrict sum, int16_t a, const int16_t *restrict b, size_t n)
{
	for (size_t j = 0; j < n; j++)
		sum[j] += (int32_t)a * b[j];
}

/* All steps of one pair of input tiles, k0 the place of the tile in the stream along K,
 * and the sum of every PE's partial sums into the output tile, in order: one pair of
 * functions per kind of arithmetic. Steps return the multiply-accumulates done. */
#define DEFINE_MESH(NAME, IN, OUT, ROW, ROUND)                                               \
	static double mesh_##NAME(const struct barista_workspace *w, const void *a_tile,     \
				  const void *b_tile, size_t k0)                             \
	{                                                                                    \
		const struct barista_refgemm *g = &w->gemm;                                  \
		const IN *a = a_tile, *b = b_tile;                                           \
		size_t macs = 0;                                                             \
                                                                                             \
		for (size_t i = 0; i < g->t_m; i++) {                                        \
			OUT *sums = (OUT *)w->sums + i * g->latency * g->t_n;                \
			size_t slot = k0 % g->latency;                                       \
                                                                                             \
			for (size_t k = 0; k < g->t_k; k++) {                                \
				ROW(sums + slot * g->t_n, a[i * g->t_k + k], b + k * g->t_n, \
				    g->t_n);                                                 \
				macs += g->t_n;                                              \
				slot = slot + 1 == g->latency ? 0 : slot + 1;                \
			}                                                                    \
		}                                                                            \
		return (double)macs;                                                         \
	}                                                                                    \
                                                                                             \
	static void drain_##NAME(const struct barista_workspace *w, void *tile)              \
	{                                                                                    \
		const struct barista_refgemm *g = &w->gemm;                                  \
                                                                                             \
		for (size_t i = 0; i < g->t_m; i++) {                                        \
			const OUT *sums = (const OUT *)w->sums + i * g->latency * g->t_n;    \
			OUT *out = (OUT *)tile + i * g->t_n;                                 \
                                                                                             \
			for (size_t j = 0; j < g->t_n; j++)                                  \
				out[j] = sums[j];                                            \
			for (size_t l = 1; l < g->latency; l++)                              \
				for (size_t j = 0; j < g->t_n; j++)                          \
					out[j] = ROUND(out[j] + sums[l * g->t_n + j]);       \
		}                                                                            \
	}

#define KEEP(x) (x)
DEFINE_MESH(float, float, float, row_float, KEEP)
DEFINE_MESH(half, float, float, row_half, round_half)
DEFINE_MESH(int, int16_t, int64_t, row_int, KEEP)

static const struct arithmetic {
	size_t in, out; /* bytes of an element of A and B, and of C */
	double (*steps)(const struct barista_workspace *w, const void *a, const void *b, size_t k0);
	void (*drain)(const struct barista_workspace *w, void *tile);
} floats = {sizeof(float), sizeof(float), mesh_float, drain_float},
  halves = {sizeof(float), sizeof(float), mesh_half, drain_half},
  integers = {sizeof(int16_t), sizeof(int64_t), mesh_int, drain_int};

/* Products and sums have an input's significand; else binary32's, which C's float gives. */
static bool rounds_to_half(enum barista_precision p)
{
	const struct barista_precision_def *def = &barista_precision_defs[p];

	return !def->integer && def->sum_significand == def->significand && def->significand == 11;
}

static const struct arithmetic *arithmetic_of(enum barista_precision p)
{
	return barista_is_integer(p) ? &integers : rounds_to_half(p) ? &halves : &floats;
}

size_t barista_element_size(enum barista_precision p)
{
	return arithmetic_of(p)->in;
}

size_t barista_result_size(enum barista_precision p)
{
	return arithmetic_of(p)->out;
}

/* Elements of tile i, of size t, that lie within a dimension of size n. */
static size_t inside(size_t i, size_t t, size_t n)
{
	return n - i * t < t ? n - i * t : t;
}

void barista_refgemm_run(struct barista_workspace *w, const void *a, const void *b, void *c,
			 struct barista_counts *counts)
{
	const struct barista_refgemm *g = &w->gemm;
	const struct arithmetic *math = arithmetic_of(g->precision);
	size_t in = math->in, out = math->out;
	size_t down = barista_tiles_down(&w->c), across = barista_tiles_across(&w->c);
	size_t steps = barista_tiles_across(&w->a);
	struct barista_counts n = {0};
	double start = barista_now();

	n.tiled = (double)barista_tile(w->a_tiles, a, &w->a, in);
	n.tiled += (double)barista_tile(w->b_tiles, b, &w->b, in);
	memset(w->c_tiles, 0, barista_tiled_size(&w->c) * out);
	n.tiled += (double)barista_tiled_size(&w->c);
	w->tile_time = barista_now() - start;
	for (size_t i = 0; i < down; i++) {
		for (size_t j = 0; j < across; j++) {
			memset(w->sums, 0, g->t_m * g->latency * g->t_n * out);
			for (size_t s = 0; s < steps; s++) {
				const char *a_tile =
					(char *)w->a_tiles + barista_tile_at(&w->a, i, s) * in;
				const char *b_tile =
					(char *)w->b_tiles + barista_tile_at(&w->b, s, j) * in;

				n.words += (double)(g->t_m * g->t_k + g->t_k * g->t_n);
				n.macs += math->steps(w, a_tile, b_tile, s * g->t_k);
				n.real_macs +=
					(double)(inside(i, g->t_m, g->m) * inside(j, g->t_n, g->n) *
						 inside(s, g->t_k, g->k));
				n.steps++;
			}
			math->drain(w, (char *)w->c_tiles + barista_tile_at(&w->c, i, j) * out);
			n.words += (double)(g->t_m * g->t_n);
			n.out_tiles++;
		}
	}
	start = barista_now();
	n.tiled += (double)barista_untile(c, w->c_tiles, &w->c, out);
	w->tile_time += barista_now() - start;
	*counts = n;
}

double barista_workspace_tile_time(const struct barista_workspace *w)
{
	return w->tile_time;
}

int barista_workspace_make(struct barista_workspace **out, const struct barista_refgemm *g,
			   struct barista_err *err)
{
	struct barista_workspace *w = calloc(1, sizeof *w);
	size_t in = barista_element_size(g->precision), res = barista_result_size(g->precision);

	if (!w)
		return barista_no_memory(err);
	w->gemm = *g;
	w->a = (struct barista_tiling){g->m, g->k, g->t_m, g->t_k, false, false, 1};
	w->b = (struct barista_tiling){g->k, g->n, g->t_k, g->t_n, true, false, 1};
	w->c = (struct barista_tiling){g->m, g->n, g->t_m, g->t_n, false, false, 1};
	w->a_tiles = barista_alloc_lines(barista_tiled_size(&w->a) * in);
	w->b_tiles = barista_alloc_lines(barista_tiled_size(&w->b) * in);
	w->c_tiles = barista_alloc_lines(barista_tiled_size(&w->c) * res);
	w->sums = barista_alloc_lines(g->t_m * g->latency * g->t_n * res);
	if (!w->a_tiles || !w->b_tiles || !w->c_tiles || !w->sums) {
		barista_workspace_free(w);
		return barista_no_memory(err);
	}
	*out = w;
	return 0;
}

void barista_workspace_free(struct barista_workspace *w)
{
	if (!w)
		return;
	barista_free_all(w->a_tiles, w->b_tiles, w->c_tiles, w->sums, w);
}

/* Roundings on the longest path to one output. */
static double path(const struct barista_refgemm *g)
{
	double padded = (double)((g->k + g->t_k - 1) / g->t_k * g->t_k);

	return ceil(padded / (double)g->latency) + (double)g->latency + 1;
}

double barista_refgemm_bound(const struct barista_refgemm *g)
{
	const struct barista_precision_def *def = &barista_precision_defs[g->precision];

	return def->integer ? 0 : expm1(path(g) * log1p(ldexp(1, -def->sum_significand)));
}

double barista_refgemm_underflow(const struct barista_refgemm *g)
{
	const struct barista_precision_def *def = &barista_precision_defs[g->precision];

	if (!rounds_to_half(g->precision))
		return 0;
	return path(g) * ldexp(0.5, def->least_exponent) * (double)g->latency;
}
