/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/calibrate.h"

#include "barista/family.h"
#include "base/clock.h"
#include "measure/blas.h"
#include "measure/tile.h"
#include "measure/timer.h"
#include "model/baseline.h"
#include "measure/robust_fit.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const size_t megabyte = 1 << 20;

/* ---- seconds per element to tile and untile ---- */

struct tiling_run {
	struct barista_tiling shape;
	float *matrix, *tiled;
};

static void tile_and_untile(void *arg)
{
	struct tiling_run *r = arg;

	barista_tile(r->tiled, r->matrix, &r->shape, sizeof *r->matrix);
	barista_untile(r->matrix, r->tiled, &r->shape, sizeof *r->matrix);
}

/* Both ways over a square matrix, tiles of 16 x 64 as the published kernel has, on one thread;
 * whole cache lines, as the reference GEMM has them. */
static int sample_tiling(struct barista_host *host, size_t side, struct barista_err *err)
{
	struct tiling_run r = {
		{.rows = side, .cols = side, .t_rows = 16, .t_cols = 64}, NULL, NULL};
	size_t n = barista_tiled_size(&r.shape);
	int rc = 0;

	r.matrix = barista_alloc_lines(side * side * sizeof *r.matrix);
	r.tiled = barista_alloc_lines(n * sizeof *r.tiled);
	if (r.matrix && r.tiled) {
		memset(r.matrix, 1, side * side * sizeof *r.matrix);
		memset(r.tiled, 1, n * sizeof *r.tiled);
		host->sample[host->nsamples++] = (struct barista_host_sample){
			2 * (double)n, barista_time_min(tile_and_untile, &r, 5, 0.03)};
	} else {
		rc = barista_no_memory(err);
	}
	free(r.matrix);
	free(r.tiled);
	return rc;
}

/* seconds/elements = tau + overhead/elements, robust (bisquare), 95 % interval of tau. */
static int fit_tiling(struct barista_host *host, struct barista_err *err)
{
	struct barista_robust_fit fit;
	int rc = barista_robust_fit_make(&fit, host->nsamples, 2, err);

	for (size_t i = 0; !rc && i < host->nsamples; i++) {
		const struct barista_host_sample *s = &host->sample[i];
		const double x[] = {1, host->sample[0].elements / s->elements};

		barista_robust_fit_add(&fit, x, s->seconds / s->elements * 1e9);
	}
	if (!rc) {
		double tau, half;

		barista_robust_fit_solve(&fit);
		tau = fit.constant[0];
		half = barista_robust_fit_half_width(&fit, 0);
		host->tile_time = tau * 1e-9;
		host->tile_lo = fmax(0, (tau - half) * 1e-9);
		host->tile_hi = (tau + half) * 1e-9;
		if (!(tau > 0))
			rc = barista_fail(err, BARISTA_E_SYSTEM,
					  "the fit of the tiling time failed: the machine is too "
					  "noisy, try again");
	}
	barista_robust_fit_free(&fit);
	return rc;
}

/* ---- memory bandwidth ---- */

struct copy_run {
	char *from, *to;
	size_t size;
};

static void copy(void *arg)
{
	struct copy_run *r = arg;

	memcpy(r->to, r->from, r->size);
}

static int measure_memory(struct barista_host *host, struct barista_err *err)
{
	struct copy_run r = {NULL, NULL, 256 * megabyte};
	int rc = 0;

	r.from = malloc(r.size);
	r.to = malloc(r.size);
	if (!r.from || !r.to)
		rc = barista_no_memory(err);
	if (!rc) {
		memset(r.from, 1, r.size);
		memset(r.to, 2, r.size);
		host->mem_bandwidth = 16 * (double)r.size / barista_time_min(copy, &r, 5, 0.3);
	}
	free(r.from);
	free(r.to);
	return rc;
}

/* ---- OpenBLAS ---- */

static int measure_gemm(struct barista_gemm_time *t, struct barista_err *err)
{
	enum { RUNS = 7 };
	size_t m = (size_t)t->m, n = (size_t)t->n, k = (size_t)t->k, repeat = 1;
	float *a = calloc(m * k, sizeof *a), *b = calloc(k * n, sizeof *b);
	float *c = calloc(m * n, sizeof *c);
	double seconds[RUNS], start;
	int rc = 0;

	if (a && b && c) {
		memset(a, 1, m * k * sizeof *a);
		memset(b, 1, k * n * sizeof *b);
		barista_sgemm(m, n, k, a, b, c);
		for (int i = 0; i < RUNS; i++) {
			start = barista_now();
			for (size_t r = 0; r < repeat; r++)
				barista_sgemm(m, n, k, a, b, c);
			seconds[i] = (barista_now() - start) / (double)repeat;
			if (i == 0 && seconds[0] < 2e-3) /* as often as makes 2 ms */
				repeat = (size_t)(2e-3 / fmax(seconds[0], 1e-7)) + 1;
		}
		gsl_sort(seconds + 1, 1, RUNS - 1);
		t->seconds = gsl_stats_median_from_sorted_data(seconds + 1, 1, RUNS - 1);
	} else {
		rc = barista_no_memory(err);
	}
	free(a);
	free(b);
	free(c);
	return rc;
}

static bool listed(const struct barista_host *host, const struct barista_gemm *g)
{
	for (size_t i = 0; i < host->ngemms; i++)
		if (host->gemm[i].m == g->m && host->gemm[i].n == g->n && host->gemm[i].k == g->k)
			return true;
	return false;
}

static int measure_gemms(struct barista_host *host, const struct barista_lowered *lowered,
			 barista_progress progress, void *user, double steps,
			 struct barista_err *err)
{
	double joules, start;

	host->gemm = calloc(lowered->ngemms, sizeof *host->gemm);
	if (!host->gemm)
		return barista_no_memory(err);
	for (size_t i = 0; i < lowered->ngemms; i++) {
		const struct barista_gemm *g = &lowered->gemm[i];
		double elements = (double)g->m * (double)g->k + (double)g->k * (double)g->n +
				  (double)g->m * (double)g->n;

		if (!listed(host, g) && elements * sizeof(float) <= 1024.0 * (double)megabyte)
			host->gemm[host->ngemms++] =
				(struct barista_gemm_time){g->m, g->n, g->k, NAN};
	}
	joules = barista_package_joules();
	start = barista_now();
	for (size_t i = 0; i < host->ngemms; i++) {
		int rc = measure_gemm(&host->gemm[i], err);

		if (rc)
			return rc;
		if (progress)
			progress(user, steps * (1 + (double)(i + 1) / (double)host->ngemms),
				 2 * steps, (double)NAN);
	}
	/* The counters wrap; a run that straddles that is not a measurement. */
	host->power_w = (barista_package_joules() - joules) / (barista_now() - start);
	if (!(host->power_w > 0))
		host->power_w = NAN;
	return 0;
}

static void read_cpu_name(char *buf, size_t size)
{
	FILE *f = fopen("/proc/cpuinfo", "r");
	char line[256];

	snprintf(buf, size, "unknown processor");
	while (f && fgets(line, sizeof line, f)) {
		char *colon = strchr(line, ':');

		if (strncmp(line, "model name", 10) || !colon)
			continue;
		line[strcspn(line, "\n")] = '\0';
		snprintf(buf, size, "%.*s", (int)size - 1, colon + 2);
		break;
	}
	if (f)
		fclose(f);
}

int barista_host_measure(struct barista_host *out, const struct barista_lowered *lowered,
			 barista_progress progress, void *user, struct barista_err *err)
{
	/* Sides of fp32 matrices of 64 KiB to 64 MiB. */
	static const size_t sides[] = {128, 181, 256, 362, 512, 724, 1024, 1448, 2048, 2896, 4096};
	enum { NSIDES = sizeof sides / sizeof *sides };
	struct barista_host host = {0};
	int rc = barista_blas_load(err);

	if (rc)
		return rc;
	read_cpu_name(host.cpu, sizeof host.cpu);
	barista_blas_name(host.blas, sizeof host.blas);
	for (size_t i = 0; !rc && i < NSIDES; i++) {
		rc = sample_tiling(&host, sides[i], err);
		if (progress)
			progress(user, (double)(i + 1), 2 * (double)(NSIDES + 1), (double)NAN);
	}
	if (!rc && !(rc = fit_tiling(&host, err)) && !(rc = measure_memory(&host, err)))
		rc = measure_gemms(&host, lowered, progress, user, NSIDES + 1, err);
	if (!rc)
		*out = host;
	else
		barista_host_free(&host);
	return rc;
}

void barista_host_free(struct barista_host *host)
{
	free(host->gemm);
	host->gemm = NULL;
}
