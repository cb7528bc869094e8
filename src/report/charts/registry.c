/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one list of charts. To add one: a file here that defines it, and a row in the list. */
#include "report/charts/chart.h"

#include "base/num.h"
#include "io/file.h"
#include "model/baseline.h"
#include "model/device.h"
#include "network/workload.h"

#include <string.h>

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

static int open_file(const struct chart *c, struct barista_out_file *out, const char *name,
		     const char *ending)
{
	char path[4096];

	snprintf(path, sizeof path, "%.3900s/%s.%s", c->dir, name, ending);
	return barista_out_open(out, path, c->err);
}

static int write_one(const struct chart *c, size_t i, bool script)
{
	struct barista_out_file out;
	int rc = open_file(c, &out, charts[i]->name, script ? "gp" : "csv");

	if (rc)
		return rc;
	rc = script ? charts[i]->script(c, out.f) : charts[i]->data(c, out.f);
	if (rc)
		barista_out_abandon(&out);
	else
		rc = barista_out_commit(&out, c->err);
	return rc;
}

int barista_charts_write(const struct barista_report *r, const char *dir, struct barista_err *err)
{
	struct chart c = {r, &r->board[0], dir, err};
	int rc = barista_make_folders(dir, err);

	for (size_t i = 0; !rc && i < NCHARTS; i++)
		if (barista_chart_wanted(r, i) && !(rc = write_one(&c, i, false)))
			rc = write_one(&c, i, true);
	return rc;
}
