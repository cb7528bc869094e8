/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/commands.h"
#include "barista/family.h"
#include "cli/inputs.h"
#include "measure/check_gemm.h"
#include "measure/fit_cpu.h"
#include "model/device.h"
#include "model/precision.h"
#include "network/lowering.h"
#include "network/workload.h"
#include "search/search.h"

#include <gsl/gsl_errno.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Bounds of the CPU-as-device check; a prediction worse than this is a failure. */
static const double max_median_error = 0.12, min_spearman = 0.95;

struct totals {
	size_t runs, skipped, count_failures, result_failures;
	double *tau; /* measured s per element, per run in the kernel's precision */
	size_t ntau;
	struct {
		size_t runs;
		double error, of_bound, differing;
	} by[BARISTA_NPRECISIONS];
};

struct session {
	const struct cli_args *args;
	const struct cli_inputs *in;
	struct barista_point point;
	struct barista_table *gemms;
	struct totals totals;
	struct cli_progress progress;
};

static const struct barista_column gemm_columns[] = {
	{"pass", BARISTA_TEXT, 0},
	{"M", BARISTA_REAL, BARISTA_DIM_COUNT},
	{"N", BARISTA_REAL, BARISTA_DIM_COUNT},
	{"K", BARISTA_REAL, BARISTA_DIM_COUNT},
	{"precision", BARISTA_TEXT, 0},
	{"tile pairs", BARISTA_REAL, BARISTA_DIM_COUNT},
	{"model", BARISTA_REAL, BARISTA_DIM_COUNT},
	{"padded MACs", BARISTA_REAL, BARISTA_DIM_COUNT},
	{"model MACs", BARISTA_REAL, BARISTA_DIM_COUNT},
	{"memory bytes", BARISTA_REAL, BARISTA_DIM_COUNT},
	{"model bytes", BARISTA_REAL, BARISTA_DIM_COUNT},
	{"counts", BARISTA_TEXT, 0},
	{"max error", BARISTA_REAL, BARISTA_DIM_COUNT},
	{"of bound", BARISTA_REAL, BARISTA_DIM_COUNT},
	{"results", BARISTA_TEXT, 0},
};

static void add_row(struct session *s, size_t gemm, enum barista_precision p,
		    const struct barista_check *c)
{
	const struct barista_gemm *g = &s->in->lowered->gemm[gemm];
	double bytes = barista_precision_defs[p].bits / 8.0;

	barista_cell_text(s->gemms, barista_pass_names[g->pass]);
	barista_cell_real(s->gemms, (double)g->m);
	barista_cell_real(s->gemms, (double)g->n);
	barista_cell_real(s->gemms, (double)g->k);
	barista_cell_text(s->gemms, barista_precision_defs[p].name);
	barista_cell_real(s->gemms, c->counted.steps);
	barista_cell_real(s->gemms, c->model.steps);
	barista_cell_real(s->gemms, c->counted.macs);
	barista_cell_real(s->gemms, c->model.macs);
	barista_cell_real(s->gemms, c->counted.words * bytes);
	barista_cell_real(s->gemms, c->model.words * bytes);
	barista_cell_text(s->gemms, c->counts_equal ? "equal" : "DIFFER");
	barista_cell_real(s->gemms, c->max_error);
	barista_cell_real(s->gemms, c->max_of_bound);
	barista_cell_text(s->gemms, c->results_ok ? barista_is_integer(p) ? "exact" : "within bound"
						  : "WRONG");
}

static void add_up(struct totals *t, enum barista_precision p, bool own,
		   const struct barista_check *c)
{
	t->runs++;
	t->count_failures += !c->counts_equal;
	t->result_failures += !c->results_ok;
	t->by[p].runs++;
	t->by[p].error = fmax(t->by[p].error, c->max_error);
	t->by[p].of_bound = fmax(t->by[p].of_bound, c->max_of_bound);
	t->by[p].differing += c->differing;
	if (own)
		t->tau[t->ntau++] = c->tile_s_per_element;
}

/* One GEMM in every precision of the device; the kernel's own gets a row. */
static int check_gemm(struct session *s, size_t gemm, struct barista_err *err)
{
	const struct barista_model *model = &s->in->model;
	enum barista_precision own = BARISTA_FP32;

	for (size_t k = 0; k < model->family->nknobs; k++)
		if (model->family->knob[k].categorical)
			own = barista_pass_precision(s->point.knob[k],
						     s->in->lowered->gemm[gemm].pass);
	for (int64_t image = 0; image < s->args->images; image++) {
		for (int p = 0; p < BARISTA_NPRECISIONS; p++) {
			struct barista_check check;
			unsigned long seed =
				(unsigned long)(s->args->seed + 2 * (image * 4096 + (int64_t)gemm));
			int rc;

			if (!model->dev->has_precision[p])
				continue;
			rc = barista_check_run(model, &s->point, gemm, (enum barista_precision)p,
					       seed, &check, err);
			if (rc)
				return rc;
			add_up(&s->totals, (enum barista_precision)p, p == (int)own, &check);
			if (p == (int)own && !image)
				add_row(s, gemm, own, &check);
		}
	}
	return 0;
}

static int check_gemms(struct session *s, struct barista_err *err)
{
	size_t n = s->in->lowered->ngemms;
	int rc = 0;

	s->gemms = barista_table_make(gemm_columns, sizeof gemm_columns / sizeof *gemm_columns);
	s->totals.tau = calloc(n * (size_t)s->args->images, sizeof *s->totals.tau);
	if (!s->gemms || !s->totals.tau)
		return barista_no_memory(err);
	cli_progress_start(&s->progress, s->args, "reference GEMMs");
	for (size_t g = 0; !rc && g < n; g++) {
		if (barista_check_fits(&s->in->model, &s->point, g, s->args->max_macs))
			rc = check_gemm(s, g, err);
		else
			s->totals.skipped++;
		cli_progress_step(&s->progress, (double)(g + 1), (double)n, (double)NAN);
	}
	cli_progress_end(&s->progress);
	if (!rc && !s->totals.runs)
		rc = barista_fail(err, BARISTA_E_INFEASIBLE,
				  "every GEMM is above --max-macs: nothing was verified, raise it");
	return rc;
}

static double median_tau(struct totals *t)
{
	gsl_sort(t->tau, 1, t->ntau);
	return t->ntau ? gsl_stats_median_from_sorted_data(t->tau, 1, t->ntau) : (double)NAN;
}

static struct barista_table *precision_table(const struct totals *t)
{
	static const struct barista_column columns[] = {
		{"precision", BARISTA_TEXT, 0},
		{"GEMMs", BARISTA_REAL, BARISTA_DIM_COUNT},
		{"max error / sum |a||b|", BARISTA_REAL, BARISTA_DIM_COUNT},
		{"max error / bound", BARISTA_REAL, BARISTA_DIM_COUNT},
		{"differing integers", BARISTA_REAL, BARISTA_DIM_COUNT},
	};
	struct barista_table *table = barista_table_make(columns, 5);

	for (int p = 0; table && p < BARISTA_NPRECISIONS; p++) {
		bool integer = barista_is_integer((enum barista_precision)p);

		if (!t->by[p].runs)
			continue;
		barista_cell_text(table, barista_precision_defs[p].name);
		barista_cell_real(table, (double)t->by[p].runs);
		barista_cell_real(table, integer ? (double)NAN : t->by[p].error);
		barista_cell_real(table, integer ? (double)NAN : t->by[p].of_bound);
		barista_cell_real(table, integer ? t->by[p].differing : (double)NAN);
	}
	return table;
}

static struct barista_table *pairs_table(const struct session *s, const struct barista_cpu_fit *fit)
{
	static const struct barista_column columns[] = {
		{"M", BARISTA_REAL, BARISTA_DIM_COUNT},
		{"N", BARISTA_REAL, BARISTA_DIM_COUNT},
		{"K", BARISTA_REAL, BARISTA_DIM_COUNT},
		{"kernel", BARISTA_TEXT, 0},
		{"measured", BARISTA_REAL, BARISTA_DIM_SECOND},
		{"predicted", BARISTA_REAL, BARISTA_DIM_SECOND},
		{"error %", BARISTA_REAL, BARISTA_DIM_COUNT},
		{"half", BARISTA_TEXT, 0},
	};
	struct barista_table *t = barista_table_make(columns, 8);
	char kernel[BARISTA_POINT_TEXT];

	for (size_t i = 0; t && i < fit->n; i++) {
		const struct barista_cpu_pair *p = &fit->pair[i];
		const struct barista_gemm *g = &s->in->lowered->gemm[p->gemm];

		s->in->model.family->format(&p->point, kernel, sizeof kernel);
		barista_cell_real(t, (double)g->m);
		barista_cell_real(t, (double)g->n);
		barista_cell_real(t, (double)g->k);
		barista_cell_text(t, kernel);
		barista_cell_real(t, p->measured_s);
		barista_cell_real(t, p->predicted_s);
		barista_cell_real(t, 100 * (p->predicted_s / p->measured_s - 1));
		barista_cell_text(t, p->held_back ? "held back" : "fitted");
	}
	return t;
}

static int print_json(struct session *s, const struct barista_cpu_fit *fit, const char *kernel,
		      struct barista_err *err)
{
	struct barista_table *precisions = precision_table(&s->totals),
			     *pairs = pairs_table(s, fit);
	json_t *root = json_object(), *cpu = json_object();
	double model = s->in->dev->param[BARISTA_TILE_TIME].value;

	json_object_set_new(root, "workload", json_string(s->in->net->name));
	json_object_set_new(root, "device", json_string(s->in->dev->name));
	json_object_set_new(root, "kernel", json_string(kernel));
	json_object_set_new(root, "gemms_run", json_integer((json_int_t)s->totals.runs));
	json_object_set_new(root, "gemms_skipped", json_integer((json_int_t)s->totals.skipped));
	json_object_set_new(root, "count_failures",
			    json_integer((json_int_t)s->totals.count_failures));
	json_object_set_new(root, "result_failures",
			    json_integer((json_int_t)s->totals.result_failures));
	json_object_set_new(root, "tile_time_measured_s",
			    barista_json_real(median_tau(&s->totals)));
	json_object_set_new(root, "tile_time_model_s", barista_json_real(model));
	json_object_set_new(cpu, "median_error", barista_json_real(fit->median_error));
	json_object_set_new(cpu, "p90_error", barista_json_real(fit->p90_error));
	json_object_set_new(cpu, "spearman", barista_json_real(fit->spearman));
	json_object_set_new(cpu, "pairs", pairs ? barista_table_json(pairs) : NULL);
	json_object_set_new(root, "cpu_as_device", fit->n ? cpu : json_null());
	if (!fit->n)
		json_decref(cpu);
	json_object_set_new(root, "precisions", precisions ? barista_table_json(precisions) : NULL);
	json_object_set_new(root, "gemms", barista_table_json(s->gemms));
	barista_table_free(precisions);
	barista_table_free(pairs);
	return barista_json_print(root, stdout, err);
}

static int print_text(struct session *s, const struct barista_cpu_fit *fit, const char *kernel,
		      struct barista_err *err)
{
	double tau = median_tau(&s->totals), model = s->in->dev->param[BARISTA_TILE_TIME].value;
	int rc;

	printf("%s, kernel %s, each distinct GEMM run tile by tile on this CPU\n\n",
	       s->in->net->title, kernel);
	rc = cli_print_table(s->args, s->gemms, err);
	s->gemms = NULL;
	if (rc)
		return rc;
	printf("\nagainst OpenBLAS in double precision, every precision of the device\n");
	if ((rc = cli_print_table(s->args, precision_table(&s->totals), err)))
		return rc;
	printf("\n%zu runs: %zu with differing counts, %zu with results out of bound; %zu GEMMs "
	       "skipped "
	       "(--max-macs)\n",
	       s->totals.runs, s->totals.count_failures, s->totals.result_failures,
	       s->totals.skipped);
	printf("tiling: %.3g ns per element here (median), %.3g ns in the model: %.2g times\n",
	       tau * 1e9, model * 1e9, model / tau);
	if (!fit->n)
		return 0;
	printf("\nthe CPU as the device: %zu (GEMM, kernel) pairs, constants fitted on %zu, %zu "
	       "predicted\n",
	       fit->n, fit->n - fit->nheld, fit->nheld);
	for (int i = 0; i < BARISTA_CPU_TERMS; i++)
		printf("  %-14s %8.3g ns each\n", barista_cpu_terms[i], fit->constant[i] * 1e9);
	printf("held back: median error %.1f %% (limit %.0f %%), 90th percentile %.1f %%, Spearman "
	       "%.3f "
	       "(limit %.2f)\n",
	       100 * fit->median_error, 100 * max_median_error, 100 * fit->p90_error, fit->spearman,
	       min_spearman);
	return 0;
}

/* The best single kernel of the default search. */
static int default_kernel(const struct cli_inputs *in, const struct cli_args *args,
			  struct barista_point *point, struct barista_err *err)
{
	struct barista_search *search;
	struct barista_space space;
	int rc = cli_make_space(args, &in->model, &space, err);

	if (rc || (rc = barista_search_run(&search, &in->model, &space,
					   &(struct barista_search_options){.keep = 1}, err)))
		return rc;
	*point = search->ranking[BARISTA_RANK_PPW].item[0].point;
	barista_search_free(search);
	return 0;
}

static int verdict(const struct session *s, const struct barista_cpu_fit *fit,
		   struct barista_err *err)
{
	if (s->totals.count_failures || s->totals.result_failures)
		return barista_fail(
			err, BARISTA_E_INFEASIBLE,
			"verification failed: %zu runs with differing counts, %zu with results out "
			"of bound",
			s->totals.count_failures, s->totals.result_failures);
	if (fit->n && (fit->median_error > max_median_error || fit->spearman < min_spearman))
		return barista_fail(
			err, BARISTA_E_INFEASIBLE,
			"verification failed: on this CPU the equations miss by %.1f %% (median), "
			"Spearman %.3f; a busy machine is one cause, try again",
			100 * fit->median_error, fit->spearman);
	return 0;
}

static int verify(struct session *s, struct barista_err *err)
{
	struct barista_cpu_fit fit = {0};
	char kernel[BARISTA_POINT_TEXT];
	int rc = check_gemms(s, err);

	if (rc)
		return rc;
	cli_progress_start(&s->progress, s->args, "timing (GEMM, kernel) pairs");
	rc = barista_cpu_fit_run(&fit, &s->in->model, (unsigned long)s->args->seed,
				 s->args->max_macs, cli_progress_step, &s->progress, err);
	cli_progress_end(&s->progress);
	if (rc == BARISTA_E_INFEASIBLE) { /* all GEMMs are too large to be timed: said, and not a
					     failure */
		if (!s->args->quiet)
			fprintf(stderr, "barista-dse: times not checked: %s\n", err->msg);
		fit.n = 0;
	} else if (rc) {
		return rc;
	}
	s->in->model.family->format(&s->point, kernel, sizeof kernel);
	if (s->args->format == BARISTA_JSON) {
		rc = print_json(s, &fit, kernel, err);
	} else if (s->args->format == BARISTA_CSV) {
		rc = cli_print_table(s->args, s->gemms, err);
		s->gemms = NULL;
	} else {
		rc = print_text(s, &fit, kernel, err);
	}
	if (!rc)
		rc = verdict(s, &fit, err);
	barista_cpu_fit_free(&fit);
	return rc;
}

static int run(const struct cli_args *args, struct barista_err *err)
{
	struct cli_inputs in;
	struct session s = {.args = args, .in = &in};
	int rc = cli_load(&in, args, err);

	gsl_set_error_handler_off();
	if (!rc)
		rc = args->kernel ? cli_parse_kernel(&in, args->kernel, &s.point, err)
				  : default_kernel(&in, args, &s.point, err);
	if (!rc)
		rc = verify(&s, err);
	barista_table_free(s.gemms);
	free(s.totals.tau);
	cli_release(&in);
	return rc;
}

const struct cli_command cli_verify = {
	.name = "verify",
	.summary = "run the reference GEMM on this CPU and hold it against the model",
	.operands = "",
	.example = "barista-dse verify -w resnet20-cifar10-b -k 16x16x64:fp32",
	.details =
		"Every distinct GEMM of the network, tile by tile in the kernel's order, in every\n"
		"precision of the device: tiles, multiply-accumulates (real and padded) and bytes "
		"(words\n"
		"of the precision's length) counted while it runs must equal the model's; results "
		"must\n"
		"match OpenBLAS within the rounding bound, integers exactly. Then the same "
		"equations with\n"
		"this CPU as the device, constants fitted on a random half of (GEMM, kernel) "
		"pairs, must\n"
		"predict the times of the other half. Exits with 1 otherwise.\n"
		"Without -k: the best single kernel of `search`.\n",
	.options = CLI_NETWORK_OPTIONS | 1ULL << OPT_DEVICE | 1ULL << OPT_KERNEL |
		   1ULL << OPT_LOWERING | 1ULL << OPT_LAYERS | 1ULL << OPT_HOST | 1ULL << OPT_SET |
		   1ULL << OPT_IMAGES | 1ULL << OPT_MAX_MACS | 1ULL << OPT_SEED |
		   1ULL << OPT_FORMAT | 1ULL << OPT_QUIET | 1ULL << OPT_DATA | 1ULL << OPT_HELP,
	.min_operands = 0,
	.max_operands = 0,
	.run = run,
};
