/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/fit_cpu.h"

#include "barista/family.h"
#include "measure/check_gemm.h"
#include "measure/timer.h"
#include "measure/robust_fit.h"

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const barista_cpu_terms[BARISTA_CPU_TERMS] = {
	"vectors",      "remainder",      "row steps",    "tile pairs",
	"memory words", "elements tiled", "drained sums",
};

/* Tiles that are whole vectors, that are not, wide, flat and deep ones; in the notation of
 * the family whose kernel the reference GEMM is. */
static const char *const kernels[] = {
	"4x8x16",   "4x13x64",  "8x8x64",   "8x24x32",  "8x64x16",   "16x16x64",
	"16x20x32", "16x40x96", "24x24x24", "32x11x64", "32x32x32",  "32x64x64",
	"48x30x48", "64x16x16", "64x64x32", "12x96x64", "20x128x24", "64x37x128",
};
enum { NKERNELS = sizeof kernels / sizeof *kernels };

static void count_pair(struct barista_cpu_pair *p, const struct barista_refgemm *g)
{
	double nm = ceil((double)g->m / (double)g->t_m), nn = ceil((double)g->n / (double)g->t_n);
	double nk = ceil((double)g->k / (double)g->t_k);
	double tm = (double)g->t_m, tn = (double)g->t_n, tk = (double)g->t_k;
	double rows = nm * tm * nk * tk * nn;
	const double all[BARISTA_CPU_TERMS] = {
		rows * (double)(g->t_n / BARISTA_LANES),
		rows * (double)(g->t_n % BARISTA_LANES),
		rows,
		nm * nn * nk,
		nm * nn * (nk * (tm * tk + tk * tn) + tm * tn),
		nm * tm * nk * tk + nk * tk * nn * tn + 2 * nm * tm * nn * tn,
		nm * tm * nn * tn * (double)g->latency,
	};

	memcpy(p->count, all, sizeof all);
}

/* The CPU is the device: fp32, with the partial sums of an 11-cycle adder whatever the board. */
static struct barista_refgemm on_cpu(const struct barista_model *model,
				     const struct barista_cpu_pair *p)
{
	struct barista_refgemm g = barista_refgemm_of(model, &p->point, p->gemm, BARISTA_FP32);

	g.latency = 11;
	return g;
}

/* The pairs that fit within max_macs, without times. */
static int list_pairs(struct barista_cpu_fit *fit, const struct barista_model *model,
		      double max_macs, struct barista_err *err)
{
	for (size_t g = 0; g < model->lowered->ngemms; g++) {
		for (size_t k = 0; k < NKERNELS; k++) {
			struct barista_cpu_pair p = {.gemm = g};
			struct barista_refgemm gemm;
			int rc = model->family->parse(kernels[k], &p.point, err);

			if (rc)
				return rc;
			if (!barista_check_fits(model, &p.point, g, max_macs))
				continue;
			gemm = on_cpu(model, &p);
			count_pair(&p, &gemm);
			fit->pair[fit->n++] = p;
		}
	}
	return 0;
}

/* Shuffles the pairs and keeps as many as a round can run in a few seconds, but enough to
 * fit; then marks a random half as held back. */
static int draw_pairs(struct barista_cpu_fit *fit, const struct barista_model *model,
		      unsigned long seed, struct barista_err *err)
{
	const double macs_per_round = 2e9;
	enum { LEAST = 16 * BARISTA_CPU_TERMS, MOST = 450 };
	gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
	double macs = 0;
	size_t n = 0;

	if (!rng)
		return barista_no_memory(err);
	gsl_rng_set(rng, seed);
	gsl_ran_shuffle(rng, fit->pair, fit->n, sizeof *fit->pair);
	gsl_rng_free(rng);
	while (n < fit->n && n < MOST && (n < LEAST || macs < macs_per_round)) {
		const struct barista_gemm *g = &model->lowered->gemm[fit->pair[n++].gemm];

		macs += (double)g->m * (double)g->n * (double)g->k;
	}
	fit->n = n;
	fit->nheld = n / 2;
	for (size_t i = 0; i < fit->nheld; i++)
		fit->pair[i].held_back = true;
	return 0;
}

struct run {
	struct barista_workspace *work;
	void *a, *b, *c;
};

static void run_once(void *arg)
{
	struct run *r = arg;
	struct barista_counts ignored;

	barista_refgemm_run(r->work, r->a, r->b, r->c, &ignored);
}

/* One visit: a warm-up, then runs for a millisecond; keeps the smallest time seen. */
static int measure(const struct barista_model *model, struct barista_cpu_pair *p,
		   struct barista_err *err)
{
	struct barista_refgemm g = on_cpu(model, p);
	struct run r = {NULL, calloc(g.m * g.k, sizeof(float)), calloc(g.k * g.n, sizeof(float)),
			calloc(g.m * g.n, sizeof(float))};
	int rc = r.a && r.b && r.c ? barista_workspace_make(&r.work, &g, err)
				   : barista_no_memory(err);

	if (!rc) {
		memset(r.a, 0x3e,
		       g.m * g.k * sizeof(float)); /* 0.186: the time depends on no value */
		memset(r.b, 0x3e, g.k * g.n * sizeof(float));
		run_once(&r);
		p->measured_s = fmin(p->measured_s, barista_time_min(run_once, &r, 1, 1e-3));
	}
	barista_workspace_free(r.work);
	free(r.a), free(r.b), free(r.c);
	return rc;
}

/* Rounds over all pairs: a spell in which the machine is slow touches one visit of each,
 * not every visit of some. Ends when a round finds hardly a pair faster than before. */
static int measure_all(struct barista_cpu_fit *fit, const struct barista_model *model,
		       barista_progress progress, void *user, struct barista_err *err)
{
	enum { LEAST = 4, MOST = 16 };
	const double faster = 0.97, few = 0.03 * (double)fit->n;
	double changed = INFINITY;
	int rc = 0;

	for (size_t i = 0; i < fit->n; i++)
		fit->pair[i].measured_s = INFINITY;
	for (size_t round = 0; !rc && round < MOST && (round < LEAST || changed > few); round++) {
		size_t rounds = round < LEAST ? LEAST : round + 1;

		changed = 0;
		for (size_t i = 0; !rc && i < fit->n; i++) {
			double before = fit->pair[i].measured_s;

			rc = measure(model, &fit->pair[i], err);
			changed += fit->pair[i].measured_s < faster * before;
			if (progress)
				progress(user, (double)(round * fit->n + i + 1),
					 (double)(rounds * fit->n), (double)NAN);
		}
	}
	return rc;
}

/* Fits the constants of the terms in use. Rows are divided by the measured time, so that
 * relative errors are fitted; columns by their largest entry, for conditioning. */
static int fit_constants(struct barista_cpu_fit *fit, const size_t *used, size_t n,
			 double *constant, struct barista_err *err)
{
	struct barista_robust_fit linear;
	double scale[BARISTA_CPU_TERMS], x[BARISTA_CPU_TERMS];
	int rc = barista_robust_fit_make(&linear, fit->n - fit->nheld, n, err);

	for (size_t j = 0; j < n; j++) {
		scale[j] = 1e-300;
		for (size_t i = 0; i < fit->n; i++)
			scale[j] = fmax(scale[j],
					fit->pair[i].count[used[j]] / fit->pair[i].measured_s);
	}
	for (size_t i = 0; !rc && i < fit->n; i++) {
		const struct barista_cpu_pair *p = &fit->pair[i];

		for (size_t j = 0; j < n; j++)
			x[j] = p->count[used[j]] / p->measured_s / scale[j];
		if (!p->held_back)
			barista_robust_fit_add(&linear, x, 1);
	}
	if (!rc)
		barista_robust_fit_solve(&linear);
	for (size_t j = 0; !rc && j < n; j++) {
		constant[j] = linear.constant[j] / scale[j];
		if (isnan(constant[j]))
			rc = barista_fail(err, BARISTA_E_SYSTEM,
					  "the fit of the CPU's constants has no solution");
	}
	barista_robust_fit_free(&linear);
	return rc;
}

/* No work takes negative time: the term whose constant comes out most negative is dropped
 * and the rest fitted again, until none is. */
static int solve(struct barista_cpu_fit *fit, struct barista_err *err)
{
	size_t used[BARISTA_CPU_TERMS], n = BARISTA_CPU_TERMS;
	double constant[BARISTA_CPU_TERMS];

	for (size_t j = 0; j < n; j++)
		used[j] = j;
	while (n) {
		size_t worst = 0;
		int rc = fit_constants(fit, used, n, constant, err);

		if (rc)
			return rc;
		for (size_t j = 1; j < n; j++)
			if (constant[j] < constant[worst])
				worst = j;
		if (constant[worst] >= 0)
			break;
		n--;
		memmove(used + worst, used + worst + 1, (n - worst) * sizeof *used);
	}
	for (size_t j = 0; j < n; j++)
		fit->constant[used[j]] = constant[j];
	return 0;
}

static int score_holdout(struct barista_cpu_fit *fit, struct barista_err *err)
{
	size_t n = fit->nheld, row = 0;
	double *all = calloc(5 * n, sizeof *all);
	double *measured = all, *predicted = all + n, *error = all + 2 * n, *work = all + 3 * n;

	if (!all)
		return barista_no_memory(err);
	for (size_t i = 0; i < fit->n; i++) {
		struct barista_cpu_pair *p = &fit->pair[i];

		p->predicted_s = 0;
		for (int j = 0; j < BARISTA_CPU_TERMS; j++)
			p->predicted_s += fit->constant[j] * p->count[j];
		if (!p->held_back)
			continue;
		measured[row] = p->measured_s;
		predicted[row] = p->predicted_s;
		error[row++] = fabs(p->predicted_s / p->measured_s - 1);
	}
	fit->spearman = gsl_stats_spearman(measured, 1, predicted, 1, n, work);
	gsl_sort(error, 1, n);
	fit->median_error = gsl_stats_median_from_sorted_data(error, 1, n);
	fit->p90_error = gsl_stats_quantile_from_sorted_data(error, 1, n, 0.9);
	free(all);
	return 0;
}

int barista_cpu_fit_run(struct barista_cpu_fit *out, const struct barista_model *model,
			unsigned long seed, double max_macs, barista_progress progress, void *user,
			struct barista_err *err)
{
	struct barista_cpu_fit fit = {0};
	int rc = 0;

	fit.pair = calloc(model->lowered->ngemms * NKERNELS, sizeof *fit.pair);
	if (!fit.pair)
		return barista_no_memory(err);
	rc = list_pairs(&fit, model, max_macs, err);
	if (!rc && fit.n < 8 * BARISTA_CPU_TERMS)
		rc = barista_fail(
			err, BARISTA_E_INFEASIBLE,
			"only %zu (GEMM, kernel) pairs are within --max-macs: too few to fit %d "
			"constants; raise it",
			fit.n, BARISTA_CPU_TERMS);
	if (!rc && !(rc = draw_pairs(&fit, model, seed, err)) &&
	    !(rc = measure_all(&fit, model, progress, user, err)) && !(rc = solve(&fit, err)))
		rc = score_holdout(&fit, err);
	if (rc)
		barista_cpu_fit_free(&fit);
	else
		*out = fit;
	return rc;
}

void barista_cpu_fit_free(struct barista_cpu_fit *fit)
{
	free(fit->pair);
	fit->pair = NULL;
}
