/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Pareto front: the first metric across, the second up, the third as colour. */
#include "report/charts/chart.h"

#include "barista/family.h"
#include "io/unit.h"
#include "model/metric.h"
#include "search/search.h"

#include <math.h>
#include <string.h>

enum { DECADES = 100 }; /* an axis that spans more than this factor is logarithmic */

/* An axis: its metric, and the least and the most over the front. */
struct axis {
	const struct barista_metric_def *def;
	enum barista_metric metric;
	double least, most;
	char prefix;
};

static struct axis axis_of(const struct chart *c, size_t i)
{
	const struct barista_front *front = &c->b->search->front;
	enum barista_metric m = front->metric[i];
	struct axis a = {&barista_metric_defs[m], m, INFINITY, -INFINITY, '-'};

	for (size_t k = 0; k < front->n; k++) {
		a.least = fmin(a.least, front->item[k].metric[m]);
		a.most = fmax(a.most, front->item[k].metric[m]);
	}
	a.prefix = *barista_dimension_prefix(a.def->dimension, a.most);
	return a;
}

static bool counts_blocks(enum barista_metric metric)
{
	for (int b = 0; b < BARISTA_NBUDGETS; b++)
		if (barista_budget_defs[b].metric == metric)
			return barista_budget_defs[b].usable >= 0;
	return false;
}

static void axis_label(const struct axis *a, char *buf, size_t size)
{
	const char *unit = barista_dimension_unit(a->def->dimension);

	if (*unit)
		snprintf(buf, size, "%s [%.*s%s]", a->def->name, a->prefix != '-', &a->prefix,
			 unit);
	else
		snprintf(buf, size, "%s%s", a->def->name,
			 counts_blocks(a->metric) ? " [blocks]" : "");
}

static void data_row(const struct chart *c, FILE *f, const struct axis *axis,
		     const struct barista_candidate *k)
{
	const struct barista_front *front = &c->b->search->front;
	char kernel[BARISTA_POINT_TEXT];

	c->b->model.family->format(&k->point, kernel, sizeof kernel);
	barista_script_name(f, kernel);
	for (size_t m = 0; m < front->nmetrics; m++) {
		fputc(',', f);
		barista_script_real(
			f, barista_prefix_apply(k->metric[axis[m].metric], axis[m].prefix), 1);
	}
	fputc('\n', f);
}

/* The front, then the best kernel by mean PPW, which need not be on it. */
static int pareto_data(const struct chart *c, FILE *f)
{
	const struct barista_front *front = &c->b->search->front;
	struct axis axis[BARISTA_NMETRICS];
	char label[80];

	fputs("kernel", f);
	for (size_t m = 0; m < front->nmetrics; m++) {
		axis[m] = axis_of(c, m);
		axis_label(&axis[m], label, sizeof label);
		fprintf(f, ",%s", label);
	}
	fputc('\n', f);
	for (size_t i = 0; i < front->n; i++)
		data_row(c, f, axis, &front->item[i]);
	fputs("\n\n", f);
	data_row(c, f, axis, &c->b->search->ranking[BARISTA_RANK_PPW].item[0]);
	return 0;
}

/* also: a value to make room for. */
static void put_axis(FILE *f, struct axis a, const char *name, double also)
{
	bool log = a.least > 0 && a.most > DECADES * a.least;
	double lo = barista_prefix_apply(fmin(a.least, also), a.prefix);
	double hi = barista_prefix_apply(fmax(a.most, also), a.prefix);
	double margin = hi > lo ? 0.05 * (hi - lo) : 0.1 * hi;
	char label[80];

	axis_label(&a, label, sizeof label);
	fprintf(f, "set %slabel '%s'\n", name, label);
	if (log)
		fprintf(f, "set logscale %s\n", name);
	fprintf(f, "set %srange [%.4g:%.4g]\n", name, log ? lo / 1.3 : fmax(0, lo - margin),
		log ? hi * 1.3 : hi + margin);
}

static int pareto_script(const struct chart *c, FILE *f)
{
	const struct barista_front *front = &c->b->search->front;
	static const char steps[] =
		"'pareto.csv' index 0 skip 1 using 2:3 with steps lw 1.5 lc rgb '#9db8d2' "
		"notitle, ";
	const char *points = front->n > 400 ? "ps 0.5" : "ps 1";
	const struct barista_candidate *best = &c->b->search->ranking[BARISTA_RANK_PPW].item[0];
	char kernel[BARISTA_POINT_TEXT], plot[1024];
	bool colour = false;

	barista_script_head(
		c, f, "Pareto front: kernels of which no other is at least as good in all metrics");
	fputs("set grid xtics ytics lt 1 lc rgb '#dddddd'\nset key above\n", f);
	put_axis(f, axis_of(c, 0), "x", best->metric[front->metric[0]]);
	put_axis(f, axis_of(c, 1), "y", best->metric[front->metric[1]]);
	if (front->nmetrics > 2) {
		struct axis a = axis_of(c, 2);

		put_axis(f, a, "cb", a.most);
		colour = a.most > a.least;
		fputs("set palette defined (0 '#2171b5', 0.5 '#8a5fa8', 1 '#e08214')\n", f);
	}
	c->b->model.family->format(&best->point, kernel, sizeof kernel);
	snprintf(plot, sizeof plot,
		 "plot %s'pareto.csv' index 0 skip 1 using 2:3%s with points pt 7 %s %s title 'on "
		 "the front: %zu', "
		 "'' index 1 using 2:3 with points pt 3 ps 2 lw 2 lc rgb '#c0392b' title 'highest "
		 "mean PPW: %.60s'",
		 front->nmetrics > 2 ? "" : steps, colour ? ":4" : "", points,
		 colour ? "lc palette" : "lt 1", front->n, kernel);
	barista_script_plot(f, "pareto", "900,600", plot);
	return 0;
}

const struct chart_def barista_chart_pareto = {"pareto", pareto_data, pareto_script,
					       barista_pareto_wanted};
