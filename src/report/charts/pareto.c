/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This chart shows the Pareto front: its first metric across, the second up, the third as
 * colour. */
#include "report/charts/chart.h"

#include "io/unit.h"
#include "model/metric.h"
#include "report/charts/script.h"
#include "search/search.h"

#include <math.h>

/* An axis that spans more than this factor is logarithmic. */
enum { LOGARITHMIC_ABOVE = 100 };

/* An axis has a metric, and the least and the largest value of it on the front. */
struct axis {
	const struct barista_metric_def *def;
	enum barista_metric metric;
	double least, largest;
	char prefix;
};

static struct axis axis_of(const struct barista_front *front, size_t i)
{
	enum barista_metric m = front->metric[i];
	struct axis a = {&barista_metric_defs[m], m, INFINITY, -INFINITY, '-'};

	for (size_t k = 0; k < front->n; k++) {
		a.least = fmin(a.least, front->item[k].metric[m]);
		a.largest = fmax(a.largest, front->item[k].metric[m]);
	}
	a.prefix = *barista_dimension_prefix(a.def->dimension, a.largest);
	return a;
}

static bool counts_blocks(enum barista_metric metric)
{
	for (int b = 0; b < barista_nbudgets; b++)
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

static void data_row(const struct barista_board *b, FILE *f, const struct axis *axis,
		     const struct barista_candidate *k)
{
	char kernel[BARISTA_POINT_TEXT];

	b->model.family->format(&k->point, kernel, sizeof kernel);
	barista_script_name(f, kernel);
	for (size_t m = 0; m < b->search->front.nmetrics; m++)
		barista_script_field(
			f, barista_prefix_apply(k->metric[axis[m].metric], axis[m].prefix), 1);
	fputc('\n', f);
}

/* Writes the front and, as a second block, the kernel that is built, which need not be on it. */
static int pareto_data(const struct barista_report *r, FILE *f, struct barista_err *err)
{
	const struct barista_board *b = &r->board[0];
	const struct barista_front *front = &b->search->front;
	struct axis axis[BARISTA_NMETRICS];
	char label[80];

	(void)err;
	fputs("kernel", f);
	for (size_t m = 0; m < front->nmetrics; m++) {
		axis[m] = axis_of(front, m);
		axis_label(&axis[m], label, sizeof label);
		fprintf(f, ",%s", label);
	}
	fputc('\n', f);
	for (size_t i = 0; i < front->n; i++)
		data_row(b, f, axis, &front->item[i]);
	fputs("\n\n", f);
	data_row(b, f, axis, barista_board_choice(b));
	return 0;
}

/* Writes the label and the range of an axis, which has room for the value `also` too. */
static void put_axis(FILE *f, struct axis a, const char *name, double also)
{
	bool log = a.least > 0 && a.largest > LOGARITHMIC_ABOVE * a.least;
	double lo = barista_prefix_apply(fmin(a.least, also), a.prefix);
	double hi = barista_prefix_apply(fmax(a.largest, also), a.prefix);
	double margin = hi > lo ? 0.05 * (hi - lo) : 0.1 * hi;
	char label[80];

	axis_label(&a, label, sizeof label);
	fprintf(f, "set %slabel '%s'\n", name, label);
	if (log)
		fprintf(f, "set logscale %s\n", name);
	fprintf(f, "set %srange [%.4g:%.4g]\n", name, log ? lo / 1.3 : fmax(0, lo - margin),
		log ? hi * 1.3 : hi + margin);
}

/* A third metric becomes colour. Returns whether its values differ, so that there is any. */
static bool put_colours(FILE *f, const struct barista_front *front)
{
	struct axis a;

	if (front->nmetrics < 3)
		return false;
	a = axis_of(front, 2);
	put_axis(f, a, "cb", a.largest);
	fputs("set palette defined (0 '#2171b5', 0.5 '#8a5fa8', 1 '#e08214')\n", f);
	return a.largest > a.least;
}

static int pareto_script(const struct barista_report *r, FILE *f, struct barista_err *err)
{
	static const char steps[] = "'pareto.csv' index 0 skip 1 using 2:3 with steps lw 1.5 "
				    "lc rgb '#9db8d2' notitle, ";
	const struct barista_board *b = &r->board[0];
	const struct barista_front *front = &b->search->front;
	const struct barista_candidate *best = barista_board_choice(b);
	char kernel[BARISTA_POINT_TEXT], plot[1024];
	bool colour;

	(void)err;
	barista_script_head(
		f, r, "Pareto front: kernels of which no other is at least as good in all metrics");
	fputs("set grid xtics ytics lt 1 lc rgb '#dddddd'\nset key above\n", f);
	put_axis(f, axis_of(front, 0), "x", best->metric[front->metric[0]]);
	put_axis(f, axis_of(front, 1), "y", best->metric[front->metric[1]]);
	colour = put_colours(f, front);
	b->model.family->format(&best->point, kernel, sizeof kernel);
	snprintf(plot, sizeof plot,
		 "plot %s'pareto.csv' index 0 skip 1 using 2:3%s with points pt 7 %s %s "
		 "title 'on the front: %zu', "
		 "'' index 1 using 2:3 with points pt 3 ps 2 lw 2 lc rgb '#c0392b' "
		 "title 'best by %s: %.60s'",
		 front->nmetrics > 2 ? "" : steps, colour ? ":4" : "",
		 front->n > 400 ? "ps 0.5" : "ps 1", colour ? "lc palette" : "lt 1", front->n,
		 barista_objective_name(r->objective), kernel);
	barista_script_plot(f, "pareto", "900,600", plot);
	return 0;
}

const struct chart_def barista_chart_pareto = {"pareto", pareto_data, pareto_script,
					       barista_pareto_wanted, NULL};
