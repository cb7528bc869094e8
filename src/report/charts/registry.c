/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The charts of a run: which there are, and what their files have in common. */
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
	return !charts[i]->wanted || charts[i]->wanted(r);
}

static void title_text(FILE *f, const char *s)
{
	for (; *s; s++)
		if (!strchr("'\\\"`{}^_@&~", *s)) /* what gnuplot would take as markup */
			fputc(*s, f);
}

void barista_script_style(FILE *f, const char *title, const char *below)
{
	fputs("set datafile separator ','\nset datafile missing ''\nset style fill solid 0.85 noborder\n"
	      "set grid ytics lc rgb '#dddddd'\nset border 3 lc rgb '#444444'\nset tics nomirror out\n"
	      "set key outside right center vertical\n"
	      "set linetype 1 lc rgb '#1f5f99'\nset linetype 2 lc rgb '#e08214'\n"
	      "set linetype 3 lc rgb '#4d9a4d'\nset linetype 4 lc rgb '#8a5fa8'\n",
	      f);
	fprintf(f, "heading = \"%s\\n", title);
	title_text(f, below);
	fputs("\"\nset title heading noenhanced font ',10'\n", f);
}

void barista_script_head(const struct chart *c, FILE *f, const char *title)
{
	char below[512];

	snprintf(below, sizeof below, "%.200s on %.200s", c->r->net->title, c->b->dev->title);
	barista_script_style(f, title, below);
}

void barista_script_plot(FILE *f, const char *name, const char *size, const char *plot)
{
	fprintf(f,
		"set terminal pngcairo size %s font 'sans,11' noenhanced\nset output '%s.png'\n%s\n",
		size, name, plot);
	fprintf(f,
		"set terminal svg size %s font 'sans,11' noenhanced background rgb 'white'\n"
		"set output '%s.svg'\n%s\nset output\n",
		size, name, plot);
}

const char *barista_baseline_label(const struct chart *c)
{
	return strcmp(c->r->baseline->kind, "gpu") ? "CPU" : "GPU";
}

static int open_file(const struct chart *c, struct barista_out_file *out, const char *name,
		     const char *ending)
{
	char path[4096];

	snprintf(path, sizeof path, "%.3900s/%s.%s", c->dir, name, ending);
	return barista_out_open(out, path, c->err);
}

void barista_script_real(FILE *f, double v, double scale)
{
	char text[32];

	if (isfinite(v)) {
		barista_format_real(text, sizeof text, v / scale);
		fputs(text, f);
	}
}

void barista_script_name(FILE *f, const char *name)
{
	fputc('"', f);
	for (; *name; name++)
		if (!strchr("\"\\", *name))
			fputc(*name, f);
	fputc('"', f);
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
