/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/err.h"
#include "barista/family.h"
#include "cli/commands.h"
#include "cli/inputs.h"
#include "measure/measurements.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>

/* What may be missed: by a row, and by the median of the rows that no constant was fitted on. */
static const double max_error = 0.15, max_median = 0.05;

static const struct barista_column columns[] = {
	{"design", BARISTA_TEXT, 0},
	{"device", BARISTA_TEXT, 0},
	{"kernel", BARISTA_TEXT, 0},
	{"M", BARISTA_REAL, BARISTA_DIM_COUNT},
	{"N", BARISTA_REAL, BARISTA_DIM_COUNT},
	{"K", BARISTA_REAL, BARISTA_DIM_COUNT},
	{"clock", BARISTA_REAL, BARISTA_DIM_HZ},
	{"measured", BARISTA_REAL, BARISTA_DIM_SECOND},
	{"predicted", BARISTA_REAL, BARISTA_DIM_SECOND},
	{"error %", BARISTA_REAL, BARISTA_DIM_COUNT},
	{"binds", BARISTA_TEXT, 0},
	{"DSPs", BARISTA_REAL, BARISTA_DIM_COUNT},
	{"DSPs predicted", BARISTA_REAL, BARISTA_DIM_COUNT},
	{"fitted", BARISTA_TEXT, 0},
	{"source", BARISTA_TEXT, 0},
};

struct tally {
	struct barista_table *table;
	double *error; /* |relative error| of the rows that are evidence */
	size_t n, rows, beyond;
};

/* One decimal: what a measurement can carry. */
static double percent(double error)
{
	return round(1000 * error) / 10;
}

static int add_row(struct tally *t, const struct barista_measured_row *row, const char *path,
		   const char *data, struct barista_err *err)
{
	struct barista_prediction p;
	double error;
	char where[1200];
	int rc = barista_measured_predict(row, data, &p, err);

	if (rc) {
		snprintf(where, sizeof where, "%.1000s:%d", path, row->line);
		barista_err_context(err, where);
		return rc == BARISTA_E_ARGUMENT ? err->status = BARISTA_E_INPUT : rc;
	}
	error = p.time_s / row->time_s - 1;
	t->rows++;
	t->beyond += fabs(error) > max_error;
	if (!row->fitted)
		t->error[t->n++] = fabs(error);
	barista_cell_text(t->table, row->design);
	barista_cell_text(t->table, row->device);
	barista_cell_text(t->table, row->kernel);
	for (int i = 0; i < 3; i++)
		barista_cell_real(t->table, (double)row->shape[i]);
	barista_cell_real(t->table, row->clock_hz);
	barista_cell_real(t->table, row->time_s);
	barista_cell_real(t->table, p.time_s);
	barista_cell_real(t->table, percent(error));
	barista_cell_text(t->table, p.binds);
	barista_cell_real(t->table, row->dsp);
	barista_cell_real(t->table, p.dsp);
	barista_cell_text(t->table, row->fitted ? row->fitted : "no");
	barista_cell_text(t->table, row->source);
	return 0;
}

static int verdict(struct tally *t, const struct cli_args *args, struct barista_err *err)
{
	double median = NAN;

	gsl_sort(t->error, 1, t->n);
	if (t->n)
		median = gsl_stats_median_from_sorted_data(t->error, 1, t->n);
	if (args->format == BARISTA_TABLE)
		printf("\n%zu rows, %zu of them evidence (no constant fitted on them): median "
		       "error %.1f %% (limit "
		       "%.0f %%), largest %.1f %% (limit %.0f %%)\n",
		       t->rows, t->n, 100 * median, 100 * max_median,
		       t->n ? 100 * t->error[t->n - 1] : (double)NAN, 100 * max_error);
	if (t->beyond)
		return barista_fail(err, BARISTA_E_INFEASIBLE,
				    "validation failed: %zu rows are more than %.0f %% off",
				    t->beyond, 100 * max_error);
	if (median > max_median)
		return barista_fail(err, BARISTA_E_INFEASIBLE,
				    "validation failed: the median error is %.1f %%, above "
				    "%.0f %%",
				    100 * median, 100 * max_median);
	return 0;
}

static int validate(const char *const *names, size_t n, const struct cli_args *args,
		    struct barista_err *err)
{
	struct tally t = {barista_table_make(columns, sizeof columns / sizeof *columns), NULL, 0, 0,
			  0};
	char data[4096];
	int rc = t.table ? 0 : barista_no_memory(err);

	cli_data_dir(args, data, sizeof data);
	for (size_t i = 0; !rc && i < n; i++) {
		struct barista_measured *m;
		double *bigger;

		if ((rc = barista_measured_load(&m, names[i], data, err)))
			break;
		bigger = realloc(t.error, (t.n + m->n) * sizeof *bigger);
		t.error = bigger ? bigger : t.error;
		rc = bigger ? 0 : barista_no_memory(err);
		for (size_t r = 0; !rc && r < m->n; r++)
			rc = add_row(&t, &m->row[r], m->path, data, err);
		barista_measured_free(m);
	}
	if (rc) {
		barista_table_free(t.table);
	} else if (!(rc = cli_print_table(args, t.table, err))) {
		rc = verdict(&t, args, err);
	}
	free(t.error);
	return rc;
}

static int run(const struct cli_args *args, struct barista_err *err)
{
	static const char *const shipped[] = {"silicon"};

	if (!args->nrest)
		return validate(shipped, 1, args, err);
	return validate((const char *const *)args->rest, (size_t)args->nrest, args, err);
}

const struct cli_command cli_validate = {
	.name = "validate",
	.summary = "hold the model against measured kernel times of designs that ran",
	.operands = "[FILE...]",
	.example = "barista-dse validate ./my-design.yaml",
	.details = "Without FILE: the published designs in devices/measured/silicon.yaml; copy a "
		   "row of it to add\n"
		   "one of your own. Exits with 1 when a row is more than 15 % off, or the median "
		   "of those that\n"
		   "no constant was fitted on is above 5 %.\n",
	.options = 1ULL << OPT_FORMAT | 1ULL << OPT_DATA | 1ULL << OPT_QUIET | 1ULL << OPT_HELP,
	.min_operands = 0,
	.max_operands = 64,
	.run = run,
};
