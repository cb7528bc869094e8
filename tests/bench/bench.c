/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Speed, as ratios within one run; medians of several. Run by `make bench`. */
#include "bench.h"

#include "barista/family.h"
#include "base/err.h"
#include "measure/blas.h"
#include "measure/refgemm.h"
#include "measure/timer.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <stdio.h>
#include <stdlib.h>

enum { RUNS = 7, GEMM = 256 };

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
	exit(BARISTA_E_SYSTEM);
}

/* ---- the reference GEMM, against OpenBLAS ---- */

struct multiply {
	struct barista_workspace *w;
	float *a, *b, *c;
};

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
	struct multiply m = {NULL, calloc(GEMM * GEMM, sizeof(float)),
			     calloc(GEMM * GEMM, sizeof(float)),
			     calloc(GEMM * GEMM, sizeof(float))};
	struct barista_err err;
	double ours, theirs;

	if (!m.a || !m.b || !m.c)
		exit(BARISTA_E_SYSTEM);
	if (barista_blas_load(&err) || barista_workspace_make(&m.w, &g, &err))
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

int main(int argc, char **argv)
{
	json_t *out = json_object();
	char path[4096];

	if (argc != 3) {
		fprintf(stderr, "usage: %s PROGRAM MPI-PROGRAM\n", argv[0]);
		return BARISTA_E_ARGUMENT;
	}
	bench_search(out, argv[1], argv[2]);
	bench_import(out, argv[1]);
	bench_tiling(out);
	bench_reference(out);
	snprintf(path, sizeof path, "%.4000s.json", argv[0]);
	if (json_dump_file(out, path, JSON_INDENT(2))) {
		fprintf(stderr, "bench: cannot write '%s'\n", path);
		return BARISTA_E_SYSTEM;
	}
	json_decref(out);
	return 0;
}
