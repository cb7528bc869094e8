/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This is the one list of charts; a run writes the files of those that it has. */
#include "report/charts/registry.h"

#include "io/file.h"
#include "report/charts/chart.h"
#include "report/put_file.h"

static const struct chart_def *const charts[] = {
	&barista_chart_kernels,  &barista_chart_stages, &barista_chart_layers,
	&barista_chart_roofline, &barista_chart_map,    &barista_chart_times,
	&barista_chart_curve,    &barista_chart_pareto, &barista_chart_what_if,
	&barista_chart_compare,
};
enum { NCHARTS = sizeof charts / sizeof *charts };

const char *barista_chart_name(size_t i)
{
	return i < NCHARTS ? charts[i]->name : NULL;
}

bool barista_chart_wanted(const struct barista_report *r, size_t i)
{
	return charts[i]->data && (!charts[i]->wanted || charts[i]->wanted(r));
}

/* The functions that write one file of a chart need the chart and the report. */
struct drawing {
	const struct chart_def *chart;
	const struct barista_report *report;
};

static int put_data(const void *drawing, FILE *f, struct barista_err *err)
{
	const struct drawing *d = drawing;

	return d->chart->data(d->report, f, err);
}

static int put_script(const void *drawing, FILE *f, struct barista_err *err)
{
	const struct drawing *d = drawing;

	return d->chart->script(d->report, f, err);
}

static int write_chart(const struct drawing *d, const char *dir, struct barista_err *err)
{
	char name[64];
	int rc;

	snprintf(name, sizeof name, "%.50s.csv", d->chart->name);
	if ((rc = barista_put_file(dir, name, put_data, d, err)))
		return rc;
	snprintf(name, sizeof name, "%.50s.gp", d->chart->name);
	return barista_put_file(dir, name, put_script, d, err);
}

int barista_charts_write(const struct barista_report *r, const char *dir, struct barista_err *err)
{
	int rc = barista_make_folders(dir, err);

	r->watch->done = r->watch->total = 0;
	for (size_t i = 0; i < NCHARTS; i++)
		if (barista_chart_wanted(r, i) && charts[i]->nsearches)
			r->watch->total += (double)charts[i]->nsearches(r);
	for (size_t i = 0; !rc && i < NCHARTS; i++)
		if (barista_chart_wanted(r, i))
			rc = write_chart(&(struct drawing){charts[i], r}, dir, err);
	return rc;
}
