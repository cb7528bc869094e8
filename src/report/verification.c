/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file writes what `verify` found: counts and results of GEMMs that were run, and times of
 * a CPU. */
#include "report/verification.h"

#include "base/err.h"
#include "model/device.h"
#include "model/precision.h"
#include "network/lowering.h"
#include "network/workload.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>

/* Sorts the times; NaN without any. */
static double median_tile_time(const struct barista_verification *v)
{
	gsl_sort(v->tile_time, 1, v->ntile_times);
	return v->ntile_times ? gsl_stats_median_from_sorted_data(v->tile_time, 1, v->ntile_times)
			      : (double)NAN;
}

/* A figure that is no number is a miss too. */
static bool times_missed(const struct barista_cpu_fit *fit)
{
	return fit->n && !(fit->median_error <= BARISTA_MAX_MEDIAN_ERROR &&
			   fit->spearman >= BARISTA_MIN_SPEARMAN);
}

int barista_verification_verdict(const struct barista_verification *v, struct barista_err *err)
{
	if (v->count_failures || v->result_failures)
		return barista_fail(err, BARISTA_E_INFEASIBLE,
				    "verification failed: %zu runs with differing counts, %zu "
				    "with results out of bound",
				    v->count_failures, v->result_failures);
	if (times_missed(&v->fit))
		return barista_fail(err, BARISTA_E_INFEASIBLE,
				    "verification failed: on this CPU the equations miss by "
				    "%.1f %% (median), Spearman %.3f; a busy machine is one "
				    "cause, try again",
				    100 * v->fit.median_error, v->fit.spearman);
	return 0;
}

/* ---- tables */

static void add_gemm(struct barista_table *t, const struct barista_verification *v,
		     const struct barista_verified_gemm *row)
{
	const struct barista_gemm *g = &v->model->lowered->gemm[row->gemm];
	const struct barista_check *c = &row->check;
	double bytes = barista_precision_defs[row->precision].bits / 8.0;
	const char *good = barista_is_integer(row->precision) ? "exact" : "within bound";

	barista_cell_text(t, barista_pass_names[g->pass]);
	barista_cell_real(t, (double)g->m);
	barista_cell_real(t, (double)g->n);
	barista_cell_real(t, (double)g->k);
	barista_cell_text(t, barista_precision_defs[row->precision].name);
	barista_cell_real(t, c->counted.steps);
	barista_cell_real(t, c->model.steps);
	barista_cell_real(t, c->counted.macs);
	barista_cell_real(t, c->model.macs);
	barista_cell_real(t, c->counted.words * bytes);
	barista_cell_real(t, c->model.words * bytes);
	barista_cell_text(t, c->counts_equal ? "equal" : "DIFFER");
	barista_cell_real(t, c->max_error);
	barista_cell_real(t, c->max_of_bound);
	barista_cell_text(t, c->results_ok ? good : "WRONG");
}

static struct barista_table *gemms_table(const void *verification)
{
	const struct barista_verification *v = verification;
	struct barista_table *t = barista_table_headed(
		"pass; M [1]; N [1]; K [1]; precision; tile pairs [1]; model [1]; padded MACs [1]; "
		"model MACs [1]; memory bytes [1]; model bytes [1]; counts; max error [1]; of "
		"bound [1]; results");

	for (size_t i = 0; t && i < v->ngemms; i++)
		add_gemm(t, v, &v->gemm[i]);
	return t;
}

static struct barista_table *precisions_table(const struct barista_verification *v)
{
	struct barista_table *t =
		barista_table_headed("precision; GEMMs [1]; max error / sum |a||b| [1]; max error "
				     "/ bound [1]; differing integers [1]");

	for (int p = 0; t && p < BARISTA_NPRECISIONS; p++) {
		const struct barista_verified_precision *by = &v->precision[p];
		bool integer = barista_is_integer((enum barista_precision)p);

		if (!by->runs)
			continue;
		barista_cell_text(t, barista_precision_defs[p].name);
		barista_cell_real(t, (double)by->runs);
		barista_cell_real(t, integer ? (double)NAN : by->error);
		barista_cell_real(t, integer ? (double)NAN : by->of_bound);
		barista_cell_real(t, integer ? by->differing : (double)NAN);
	}
	return t;
}

static void add_pair(struct barista_table *t, const struct barista_model *model,
		     const struct barista_cpu_pair *p)
{
	const struct barista_gemm *g = &model->lowered->gemm[p->gemm];
	char kernel[BARISTA_POINT_TEXT];

	model->family->format(&p->point, kernel, sizeof kernel);
	barista_cell_real(t, (double)g->m);
	barista_cell_real(t, (double)g->n);
	barista_cell_real(t, (double)g->k);
	barista_cell_text(t, kernel);
	barista_cell_real(t, p->measured_s);
	barista_cell_real(t, p->predicted_s);
	barista_cell_real(t, 100 * (p->predicted_s / p->measured_s - 1));
	barista_cell_text(t, p->held_back ? "held back" : "fitted");
}

static struct barista_table *pairs_table(const struct barista_verification *v)
{
	struct barista_table *t = barista_table_headed(
		"M [1]; N [1]; K [1]; kernel; measured [s]; predicted [s]; error % [1]; half");

	for (size_t i = 0; t && i < v->fit.n; i++)
		add_pair(t, v->model, &v->fit.pair[i]);
	return t;
}

/* ---- text and JSON */

static void put_fit(FILE *f, const struct barista_cpu_fit *fit)
{
	fprintf(f,
		"\nthe CPU as the device: %zu (GEMM, kernel) pairs, constants fitted on %zu, %zu "
		"predicted\n",
		fit->n, fit->n - fit->nheld, fit->nheld);
	for (int i = 0; i < BARISTA_CPU_TERMS; i++)
		fprintf(f, "  %-14s %8.3g ns each\n", barista_cpu_terms[i], fit->constant[i] * 1e9);
	fprintf(f,
		"held back: median error %.1f %% (limit %.0f %%), 90th percentile %.1f %%, "
		"Spearman %.3f (limit %.2f)\n",
		100 * fit->median_error, 100 * BARISTA_MAX_MEDIAN_ERROR, 100 * fit->p90_error,
		fit->spearman, BARISTA_MIN_SPEARMAN);
}

static void text(struct barista_prose *p, const void *verification)
{
	const struct barista_verification *v = verification;
	double measured = median_tile_time(v);
	double model = v->model->dev->param[BARISTA_TILE_TIME].value;
	char kernel[BARISTA_POINT_TEXT];

	v->model->family->format(&v->point, kernel, sizeof kernel);
	fprintf(p->f, "%s, kernel %s, each distinct GEMM run tile by tile on this CPU\n\n",
		v->model->lowered->net->title, kernel);
	barista_prose_table(p, gemms_table(v), true);
	fprintf(p->f, "\nagainst OpenBLAS in double precision, every precision of the device\n");
	barista_prose_break(p);
	barista_prose_table(p, precisions_table(v), true);
	fprintf(p->f,
		"\n%zu runs: %zu with differing counts, %zu with results out of bound; %zu GEMMs "
		"skipped (--max-macs)\n",
		v->runs, v->count_failures, v->result_failures, v->skipped);
	fprintf(p->f,
		"tiling: %.3g ns per element here (median), %.3g ns in the model: %.2g times\n",
		measured * 1e9, model * 1e9, model / measured);
	if (v->fit.n)
		put_fit(p->f, &v->fit);
}

static json_t *fit_json(const struct barista_verification *v)
{
	json_t *o;

	if (!v->fit.n)
		return json_null();
	o = json_object();
	barista_json_set_real(o, "median_error", v->fit.median_error);
	barista_json_set_real(o, "p90_error", v->fit.p90_error);
	barista_json_set_real(o, "spearman", v->fit.spearman);
	barista_json_set(o, "pairs", barista_table_json_free(pairs_table(v)));
	return o;
}

static json_t *json(const void *verification)
{
	const struct barista_verification *v = verification;
	json_t *root = json_object();
	char kernel[BARISTA_POINT_TEXT];

	v->model->family->format(&v->point, kernel, sizeof kernel);
	barista_json_set_text(root, "workload", v->model->lowered->net->name);
	barista_json_set_text(root, "device", v->model->dev->name);
	barista_json_set_text(root, "kernel", kernel);
	barista_json_set_real(root, "gemms_run", (double)v->runs);
	barista_json_set_real(root, "gemms_skipped", (double)v->skipped);
	barista_json_set_real(root, "count_failures", (double)v->count_failures);
	barista_json_set_real(root, "result_failures", (double)v->result_failures);
	barista_json_set_real(root, "tile_time_measured_s", median_tile_time(v));
	barista_json_set_real(root, "tile_time_model_s",
			      v->model->dev->param[BARISTA_TILE_TIME].value);
	barista_json_set(root, "cpu_as_device", fit_json(v));
	barista_json_set(root, "precisions", barista_table_json_free(precisions_table(v)));
	barista_json_set(root, "gemms", barista_table_json_free(gemms_table(v)));
	return root;
}

const struct barista_document barista_verification_document = {text, gemms_table, json};
