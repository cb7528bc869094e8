/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/check_gemm.h"

#include "base/clock.h"
#include "measure/blas.h"
#include "model/device.h"
#include "model/family.h"

#include <math.h>
#include <stdlib.h>

static double term(const struct barista_model *model, const double *value, const char *symbol)
{
	size_t i = barista_term_find(model->family, symbol);

	return i < model->family->nterms ? value[i] : (double)NAN;
}

struct barista_refgemm barista_refgemm_of(const struct barista_model *model,
					  const struct barista_point *point, size_t gemm,
					  enum barista_precision p)
{
	double v[BARISTA_MAX_TERMS];

	model->family->terms(model, point, gemm, v);
	return (struct barista_refgemm){
		.precision = p,
		.m = (size_t)term(model, v, "M"),
		.n = (size_t)term(model, v, "N"),
		.k = (size_t)term(model, v, "K"),
		.t_m = (size_t)term(model, v, "T_M"),
		.t_n = (size_t)term(model, v, "T_N"),
		.t_k = (size_t)term(model, v, "T_K"),
		.latency = (size_t)model->dev->pe[p][BARISTA_PE_LATENCY].value,
	};
}

static struct barista_counts predicted(const struct barista_model *model,
				       const struct barista_point *point, size_t gemm)
{
	double v[BARISTA_MAX_TERMS];

	model->family->terms(model, point, gemm, v);
	return (struct barista_counts){
		.out_tiles = term(model, v, "n_M") * term(model, v, "n_N"),
		.steps = term(model, v, "n_M") * term(model, v, "n_N") * term(model, v, "n_K"),
		.macs = term(model, v, "MACs_padded"),
		.real_macs = term(model, v, "MACs"),
		.words = term(model, v, "D_mem") / term(model, v, "WL"),
		.tiled = term(model, v, "E_tile"),
	};
}

bool barista_check_fits(const struct barista_model *model, const struct barista_point *point,
			size_t gemm, double max_macs)
{
	const double max_elements = 1 << 26;
	struct barista_counts c = predicted(model, point, gemm);

	return c.macs <= max_macs && c.tiled <= max_elements;
}

struct operands {
	void *a, *b, *c; /* in the kernel's precision */
	double *x, *y, *exact, *magnitude;
	struct barista_workspace *work;
};

static void release(struct operands *o)
{
	free(o->a), free(o->b), free(o->c);
	free(o->x), free(o->y), free(o->exact), free(o->magnitude);
	barista_workspace_free(o->work);
}

static int acquire(struct operands *o, const struct barista_refgemm *g, unsigned long seed,
		   struct barista_err *err)
{
	size_t size = barista_element_size(g->precision);
	int rc;

	*o = (struct operands){0};
	o->a = calloc(g->m * g->k, size);
	o->b = calloc(g->k * g->n, size);
	o->c = calloc(g->m * g->n, barista_result_size(g->precision));
	o->x = calloc(g->m * g->k, sizeof(double));
	o->y = calloc(g->k * g->n, sizeof(double));
	o->exact = calloc(g->m * g->n, sizeof(double));
	o->magnitude = calloc(g->m * g->n, sizeof(double));
	if (!o->a || !o->b || !o->c || !o->x || !o->y || !o->exact || !o->magnitude)
		return barista_no_memory(err);
	if ((rc = barista_fill(o->a, g->m * g->k, g->precision, seed, err)) ||
	    (rc = barista_fill(o->b, g->k * g->n, g->precision, seed + 1, err)))
		return rc;
	return barista_workspace_make(&o->work, g, err);
}

static double element(const void *matrix, size_t i, enum barista_precision p)
{
	return barista_is_integer(p) ? (double)((const int16_t *)matrix)[i]
				     : (double)((const float *)matrix)[i];
}

/* OpenBLAS in double precision: exact for integers, 2^29 times finer than binary32 else. */
static void compute_exact(struct operands *o, const struct barista_refgemm *g)
{
	for (int absolute = 0; absolute < 2; absolute++) {
		for (size_t i = 0; i < g->m * g->k; i++)
			o->x[i] = absolute ? fabs(o->x[i]) : element(o->a, i, g->precision);
		for (size_t i = 0; i < g->k * g->n; i++)
			o->y[i] = absolute ? fabs(o->y[i]) : element(o->b, i, g->precision);
		barista_dgemm(g->m, g->n, g->k, o->x, o->y, absolute ? o->magnitude : o->exact);
	}
}

static void compare(const struct operands *o, const struct barista_refgemm *g,
		    struct barista_check *out)
{
	double bound = barista_refgemm_bound(g), tiny = barista_refgemm_underflow(g);

	out->results_ok = true;
	for (size_t i = 0; i < g->m * g->n; i++) {
		double difference, allowed = bound * o->magnitude[i] + tiny;

		if (barista_is_integer(g->precision)) {
			out->differing += (double)((const int64_t *)o->c)[i] != o->exact[i];
			continue;
		}
		difference = fabs((double)((const float *)o->c)[i] - o->exact[i]);
		if (!(difference <= allowed))
			out->results_ok = false;
		if (difference > 0 && o->magnitude[i] > 0) {
			out->max_error = fmax(out->max_error, difference / o->magnitude[i]);
			out->max_of_bound = fmax(out->max_of_bound, difference / allowed);
		}
	}
	if (out->differing > 0)
		out->results_ok = false;
}

static bool same_counts(const struct barista_counts *a, const struct barista_counts *b)
{
	return a->out_tiles == b->out_tiles && a->steps == b->steps && a->macs == b->macs &&
	       a->real_macs == b->real_macs && a->words == b->words && a->tiled == b->tiled;
}

int barista_check_run(const struct barista_model *model, const struct barista_point *point,
		      size_t gemm, enum barista_precision p, unsigned long seed,
		      struct barista_check *out, struct barista_err *err)
{
	struct barista_refgemm g = barista_refgemm_of(model, point, gemm, p);
	struct barista_check check = {.model = predicted(model, point, gemm)};
	struct operands o;
	int rc = barista_blas_load(err);

	if (rc)
		return rc;
	rc = acquire(&o, &g, seed, err);
	if (!rc) {
		double start = barista_now();

		barista_refgemm_run(o.work, o.a, o.b, o.c, &check.counted);
		check.seconds = barista_now() - start;
		check.tile_s_per_element =
			barista_workspace_tile_time(o.work) / check.counted.tiled;
		check.counts_equal = same_counts(&check.counted, &check.model);
		compute_exact(&o, &g);
		compare(&o, &g, &check);
		*out = check;
	}
	release(&o);
	return rc;
}
