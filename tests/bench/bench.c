/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Speed, as ratios within one run; medians of several. Run by `make bench`. */
#include "bench.h"

#include "base/err.h"
#include "host/blas.h"
#include "host/refgemm.h"
#include "host/timer.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <stdio.h>
#include <stdlib.h>

enum { RUNS = 7, POINTS = 512, GEMM = 256 };

static double time_median(barista_timed run, void *arg)
{
	double t[RUNS];

	for (int i = 0; i < RUNS; i++)
		t[i] = barista_time_min(run, arg, 1, 0.05);
	gsl_sort(t, 1, RUNS);
	return gsl_stats_median_from_sorted_data(t, 1, RUNS);
}

static void die(const struct barista_err *err)
{
	fprintf(stderr, "bench: %s\n", err->msg);
	exit(BARISTA_SYSTEM);
}

/* ---- evaluations: a block of points at once, and one by one ---- */

struct evaluation {
	struct barista_model model;
	struct barista_batch batch;
	struct barista_point point[POINTS];
	double column[4][POINTS], metric[BARISTA_NMETRICS][POINTS], scratch[POINTS];
	unsigned char over[POINTS], broken[POINTS];
	double *shape_time;
	struct barista_err err;
};

static void evaluate_block(void *arg)
{
	struct evaluation *e = arg;

	barista_resources(&e->model, &e->batch);
	if (barista_evaluate(&e->model, &e->batch, &e->err))
		die(&e->err);
}

static void evaluate_singly(void *arg)
{
	struct evaluation *e = arg;
	struct barista_result r = {.shape_time = e->shape_time};

	for (size_t i = 0; i < POINTS; i++)
		if (barista_evaluate_point(&e->model, &e->point[i], &r, &e->err))
			die(&e->err);
}

static void fill_points(struct evaluation *e)
{
	for (size_t i = 0; i < POINTS; i++) {
		const double p[4] = {(double)(1 + i % 16), (double)(1 + i / 16), (double)(16 + i % 7), 0};

		for (size_t k = 0; k < 4; k++) {
			e->column[k][i] = p[k];
			e->point[i].knob[k] = p[k];
		}
		for (size_t k = 4; k < e->model.family->nknobs; k++)
			e->point[i].knob[k] = e->model.family->knob[k].preset;
	}
	e->batch = (struct barista_batch){.n = POINTS, .over = e->over, .broken = e->broken,
					  .scratch = e->scratch, .shape_time = e->shape_time};
	for (size_t k = 0; k < 4; k++)
		e->batch.knob[k] = e->column[k];
	for (int m = 0; m < BARISTA_NMETRICS; m++)
		e->batch.metric[m] = e->metric[m];
}

static void bench_evaluations(json_t *out, struct evaluation *e)
{
	double gemms = (double)POINTS * (double)e->model.plan->ngemms, block, single;

	e->shape_time = calloc(e->model.plan->nshapes * POINTS, sizeof(double));
	if (!e->shape_time)
		exit(BARISTA_SYSTEM);
	fill_points(e);
	block = time_median(evaluate_block, e);
	single = time_median(evaluate_singly, e);
	printf("GEMM evaluations per second, one core: %.3g in blocks, %.2f times one by one\n",
	       gemms / block, single / block);
	json_object_set_new(out, "evals_per_s_core", json_real(gemms / block));
	json_object_set_new(out, "block_vs_single", json_real(single / block));
	free(e->shape_time);
}

/* ---- the reference GEMM, against OpenBLAS ---- */

struct multiply { struct barista_workspace *w; float *a, *b, *c; };

static void reference_once(void *arg)
{
	struct multiply *m = arg;
	struct barista_counts ignored;

	barista_refgemm_run(m->w, m->a, m->b, m->c, &ignored);
}

static void openblas_once(void *arg)
{
	struct multiply *m = arg;

	barista_sgemm(GEMM, GEMM, GEMM, m->a, m->b, m->c);
}

static void bench_reference(json_t *out)
{
	struct barista_refgemm g = {BARISTA_FP32, GEMM, GEMM, GEMM, 32, 32, 64, 11};
	struct multiply m = {NULL, calloc(GEMM * GEMM, sizeof(float)), calloc(GEMM * GEMM, sizeof(float)),
			     calloc(GEMM * GEMM, sizeof(float))};
	struct barista_err err;
	double ours, theirs;

	if (!m.a || !m.b || !m.c)
		exit(BARISTA_SYSTEM);
	if (barista_workspace_make(&m.w, &g, &err))
		die(&err);
	ours = time_median(reference_once, &m);
	theirs = time_median(openblas_once, &m);
	printf("reference GEMM, 256 cubed, fp32 with 11 partial sums: %.3f of OpenBLAS's speed\n",
	       theirs / ours);
	json_object_set_new(out, "reference_vs_openblas", json_real(theirs / ours));
	barista_workspace_free(m.w);
	free(m.a);
	free(m.b);
	free(m.c);
}

/* ---- whole searches, as a user runs them ---- */

/* Wall time: the work is another process's. */
static double time_command(const char *command)
{
	double t[RUNS];

	for (int i = 0; i < RUNS; i++) {
		double start = barista_now();

		if (system(command))
			exit(BARISTA_SYSTEM);
		t[i] = barista_now() - start;
	}
	gsl_sort(t, 1, RUNS);
	return gsl_stats_median_from_sorted_data(t, 1, RUNS);
}

static void bench_search(json_t *out, const char *program)
{
	char pow2[4096], all[4096];
	double a, b;

	snprintf(pow2, sizeof pow2, "%s search -q >/dev/null", program);
	snprintf(all, sizeof all, "%s search -q --grid all --tile-k 16:64 >/dev/null", program);
	a = time_command(pow2);
	b = time_command(all);
	printf("default search, start-up and files included: %.1f ms; every integer with T_K 16 to 64: %.0f "
	       "times that\n", a * 1e3, b / a);
	json_object_set_new(out, "default_search_s", json_real(a));
	json_object_set_new(out, "integer_search_s", json_real(b));
}

int main(int argc, char **argv)
{
	static struct evaluation e;
	struct barista_workload *net;
	struct barista_device *dev;
	struct barista_plan *plan;
	json_t *out = json_object();
	char path[4096];

	if (argc != 2)
		return BARISTA_USAGE;
	if (barista_workload_load(&net, "resnet20-cifar10-b", ".", &e.err) ||
	    barista_device_load(&dev, "aws-f1-vu9p", ".", &e.err) ||
	    barista_plan_make(&plan, net, (struct barista_lowering){false, false}, &e.err))
		die(&e.err);
	e.model = (struct barista_model){dev, plan, barista_families[0]};
	bench_evaluations(out, &e);
	bench_tiling(out);
	bench_reference(out);
	bench_search(out, argv[1]);
	snprintf(path, sizeof path, "%.4000s.json", argv[0]);
	if (json_dump_file(out, path, JSON_INDENT(2))) {
		fprintf(stderr, "bench: cannot write '%s'\n", path);
		return BARISTA_SYSTEM;
	}
	json_decref(out);
	barista_plan_free(plan);
	barista_device_free(dev);
	barista_workload_free(net);
	return 0;
}
