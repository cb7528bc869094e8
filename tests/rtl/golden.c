/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "golden.h"

#include "model/device.h"
#include "model/family.h"

#include <stdio.h>
#include <stdlib.h>

extern const struct barista_family barista_systolic;

static enum barista_precision precision_of(const struct rtl_case *one)
{
	return one->bits == 8 ? BARISTA_INT8 : BARISTA_INT16;
}

static double term(const double *value, const char *symbol)
{
	return value[barista_term_find(&barista_systolic, symbol)];
}

/* Every number of the model comes from the family; the device only lends its other facts. */
static int ask_model(struct golden *g, const char *data_dir, struct barista_err *err)
{
	const struct rtl_case *one = &g->one;
	struct barista_gemm gemm = {BARISTA_FWD, (int64_t)one->m, (int64_t)one->n, (int64_t)one->k};
	struct barista_lowered lowered = {
		.ngemms = 1, .gemm = &gemm, .max_m = gemm.m, .max_n = gemm.n, .max_k = gemm.k};
	struct barista_device *dev;
	struct barista_point point;
	struct barista_model model = {.lowered = &lowered, .family = &barista_systolic};
	double v[BARISTA_MAX_TERMS];
	char text[96];
	int rc = barista_device_load(&dev, "aws-f1-vu9p", data_dir, err);

	if (rc)
		return rc;
	dev->pe[precision_of(one)][BARISTA_PE_LATENCY].value = (double)one->latency;
	dev->param[BARISTA_OUTPUTS_PER_CYCLE].value = (double)one->w_out;
	dev->param[BARISTA_BUFFERS].value = (double)one->buffers;
	model.dev = dev;
	snprintf(text, sizeof text, "%zux%zux%zu:int%zu", one->t_m, one->t_n, one->t_k, one->bits);
	rc = barista_systolic.parse(text, &point, err);
	if (!rc) {
		barista_systolic.terms(&model, &point, 0, v);
		g->cycles = term(v, "C_comp");
		g->words = term(v, "D_mem") / term(v, "WL");
		g->n_m = term(v, "n_M");
		g->n_n = term(v, "n_N");
		g->n_k = term(v, "n_K");
	}
	barista_device_free(dev);
	return rc;
}

static int run_reference(struct golden *g, const int16_t *a, const int16_t *b,
			 struct barista_err *err)
{
	const struct rtl_case *one = &g->one;
	struct barista_refgemm gemm = {precision_of(one), one->m,   one->n,   one->k,
				       one->t_m,          one->t_n, one->t_k, one->latency};
	struct barista_workspace *work;
	struct barista_counts counts;
	int rc = barista_workspace_make(&work, &gemm, err);

	if (rc)
		return rc;
	barista_refgemm_run(work, a, b, g->reference, &counts);
	barista_workspace_free(work);
	if (counts.words != g->words)
		return barista_fail(err, BARISTA_E_INFEASIBLE,
				    "model says %.0f words, reference GEMM moved %.0f", g->words,
				    counts.words);
	return 0;
}

static int fill(struct golden *g, int16_t *a, int16_t *b, struct barista_err *err)
{
	const struct rtl_case *one = &g->one;
	int rc;

	if ((rc = barista_fill(a, one->m * one->k, precision_of(one), one->seed, err)) ||
	    (rc = barista_fill(b, one->k * one->n, precision_of(one), one->seed + 1, err)) ||
	    (rc = run_reference(g, a, b, err)))
		return rc;
	barista_tile(g->a_tiles, a, &g->a, sizeof *a);
	barista_tile(g->b_tiles, b, &g->b, sizeof *b);
	return 0;
}

int golden_make(struct golden *g, const struct rtl_case *one, const char *data_dir,
		struct barista_err *err)
{
	int16_t *a = calloc(one->m * one->k, sizeof *a), *b = calloc(one->k * one->n, sizeof *b);
	size_t c;
	int rc;

	*g = (struct golden){
		.one = *one,
		.a = {one->m, one->k, one->t_m, one->t_k, false},
		.b = {one->k, one->n, one->t_k, one->t_n, true},
		.c = {one->m, one->n, one->t_m, one->t_n, false},
	};
	c = barista_tiled_size(&g->c);
	g->a_tiles = calloc(barista_tiled_size(&g->a), sizeof *g->a_tiles);
	g->b_tiles = calloc(barista_tiled_size(&g->b), sizeof *g->b_tiles);
	g->c_tiles = calloc(c, sizeof *g->c_tiles);
	g->written = calloc(c, sizeof *g->written);
	g->reference = calloc(one->m * one->n, sizeof *g->reference);
	if (!a || !b || !g->a_tiles || !g->b_tiles || !g->c_tiles || !g->written || !g->reference)
		rc = barista_no_memory(err);
	else if (!(rc = ask_model(g, data_dir, err)))
		rc = fill(g, a, b, err);
	free(a);
	free(b);
	if (rc)
		golden_free(g);
	return rc;
}

void golden_free(struct golden *g)
{
	free(g->a_tiles);
	free(g->b_tiles);
	free(g->c_tiles);
	free(g->written);
	free(g->reference);
}

int golden_compare(const struct golden *g, size_t *differing, size_t *miswritten,
		   struct barista_err *err)
{
	size_t n = g->one.m * g->one.n;
	int64_t *c = calloc(n, sizeof *c);

	if (!c)
		return barista_no_memory(err);
	barista_untile(c, g->c_tiles, &g->c, sizeof *c);
	*differing = *miswritten = 0;
	for (size_t i = 0; i < n; i++)
		*differing += c[i] != g->reference[i];
	for (size_t i = 0; i < barista_tiled_size(&g->c); i++)
		*miswritten += g->written[i] != 1;
	free(c);
	return 0;
}
