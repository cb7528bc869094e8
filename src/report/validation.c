/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file holds the model against measured kernel times. */
#include "report/validation.h"

#include "base/err.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdlib.h>

/* The error is relative, and positive when the model is too slow. */
static double error_of(const struct barista_validated *v)
{
	return v->prediction.time_s / v->row->time_s - 1;
}

struct misses {
	size_t evidence, beyond; /* rows that are evidence, and any rows beyond the limit */
	double median, largest;  /* of |error| over the evidence; NaN without any */
};

static int count_misses(const struct barista_validation *v, struct misses *out,
			struct barista_err *err)
{
	double *error = calloc(v->n + 1, sizeof *error);

	if (!error)
		return barista_no_memory(err);
	*out = (struct misses){.median = (double)NAN, .largest = (double)NAN};
	for (size_t i = 0; i < v->n; i++) {
		double miss = fabs(error_of(&v->row[i]));

		out->beyond += miss > BARISTA_MAX_ROW_ERROR;
		if (!v->row[i].row->fitted)
			error[out->evidence++] = miss;
	}
	gsl_sort(error, 1, out->evidence);
	if (out->evidence) {
		out->median = gsl_stats_median_from_sorted_data(error, 1, out->evidence);
		out->largest = error[out->evidence - 1];
	}
	free(error);
	return 0;
}

int barista_validation_verdict(const struct barista_validation *v, struct barista_err *err)
{
	struct misses m;
	int rc = count_misses(v, &m, err);

	if (rc)
		return rc;
	if (m.beyond)
		return barista_fail(err, BARISTA_E_INFEASIBLE,
				    "validation failed: %zu rows are more than %.0f %% off",
				    m.beyond, 100 * BARISTA_MAX_ROW_ERROR);
	if (m.median > BARISTA_MAX_ROW_MEDIAN)
		return barista_fail(err, BARISTA_E_INFEASIBLE,
				    "validation failed: the median error is %.1f %%, above %.0f %%",
				    100 * m.median, 100 * BARISTA_MAX_ROW_MEDIAN);
	return 0;
}

static void add_row(struct barista_table *t, const struct barista_validated *v)
{
	const struct barista_measured_row *row = v->row;

	barista_cell_text(t, row->design);
	barista_cell_text(t, row->device);
	barista_cell_text(t, row->kernel);
	for (int i = 0; i < 3; i++)
		barista_cell_real(t, (double)row->shape[i]);
	barista_cell_real(t, row->clock_hz);
	barista_cell_real(t, row->time_s);
	barista_cell_real(t, v->prediction.time_s);
	/* A measurement can carry percent with one decimal. */
	barista_cell_real(t, round(1000 * error_of(v)) / 10);
	barista_cell_text(t, v->prediction.binds);
	barista_cell_real(t, row->dsp);
	barista_cell_real(t, v->prediction.dsp);
	barista_cell_text(t, row->fitted ? row->fitted : "no");
	barista_cell_text(t, row->source);
}

static struct barista_table *table(const void *validation)
{
	const struct barista_validation *v = validation;
	struct barista_table *t = barista_table_headed(
		"design; device; kernel; M [1]; N [1]; K [1]; clock [Hz]; measured [s]; predicted "
		"[s]; error % [1]; binds; DSPs [1]; DSPs predicted [1]; fitted; source");

	for (size_t i = 0; t && i < v->n; i++)
		add_row(t, &v->row[i]);
	return t;
}

static void text(struct barista_prose *p, const void *validation)
{
	const struct barista_validation *v = validation;
	struct misses m;

	barista_prose_table(p, table(v), true);
	if (!p->rc)
		p->rc = count_misses(v, &m, p->err);
	if (!p->rc)
		fprintf(p->f,
			"\n%zu rows, %zu of them evidence (no constant fitted on them): median "
			"error %.1f %% (limit %.0f %%), largest %.1f %% (limit %.0f %%)\n",
			v->n, m.evidence, 100 * m.median, 100 * BARISTA_MAX_ROW_MEDIAN,
			100 * m.largest, 100 * BARISTA_MAX_ROW_ERROR);
}

const struct barista_document barista_validation_document = {text, table, NULL};
