/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This chart shows what the best kernel reaches by the objective against the factor on each
 * resource. */
#include "report/charts/chart.h"

#include "model/device.h"
#include "report/charts/script.h"
#include "report/wording.h"
#include "search/what_if.h"

#include <math.h>
#include <string.h>

/* The data has a block per resource, in the order of buying. */
static int what_if_data(const struct barista_report *r, FILE *f, struct barista_err *err)
{
	const struct barista_board *b = &r->board[0];

	(void)err;
	fprintf(f, "resource,factor,%s of the best kernel [%% of now]\n",
		barista_objective_label(b, r->objective));
	for (size_t i = 0; i < BARISTA_WHAT_IF_PARAMS && b->what_if[i].n; i++) {
		const struct barista_what_if *w = &b->what_if[i];

		for (size_t k = 0; k < w->n; k++) {
			barista_script_name(f, barista_param_defs[w->param].path);
			barista_script_field(f, w->row[k].value, b->dev->param[w->param].value);
			barista_script_field(f, 100 * (1 + w->row[k].best_change), 1);
			fputc('\n', f);
		}
		fputs("\n\n", f);
	}
	return 0;
}

/* Lines of the plot may lie on each other, so the points of earlier ones are larger and stay
 * visible. */
static void plot_text(const struct barista_board *b, char *plot, size_t size)
{
	static const char *const colour[BARISTA_WHAT_IF_PARAMS] = {
		"#1f5f99", "#e08214", "#4d9a4d", "#8a5fa8",
		"#c0392b", "#777777", "#17a2b8", "#b8860b",
	};
	size_t n = (size_t)snprintf(plot, size, "plot ");

	for (size_t i = 0; i < BARISTA_WHAT_IF_PARAMS && b->what_if[i].n && n < size; i++)
		n += (size_t)snprintf(
			plot + n, size - n,
			"%s'what_if.csv' index %zu %susing 2:3 with linespoints lw 2 pt %zu "
			"ps %.1f lc rgb '%s' title '%s'",
			i ? ", " : "", i, i ? "" : "skip 1 ", 4 + 2 * (i % 3),
			fmax(2.2 - 0.3 * (double)i, 0.5), colour[i],
			barista_param_defs[b->what_if[i].param].path);
}

static int what_if_script(const struct barista_report *r, FILE *f, struct barista_err *err)
{
	const char *label = barista_objective_label(&r->board[0], r->objective);
	char plot[2048], title[160];

	(void)err;
	snprintf(title, sizeof title,
		 "Best kernel by %.60s, one resource scaled and power not with it", label);
	barista_script_head(f, r, title);
	fputs("set grid xtics ytics lt 1 lc rgb '#dddddd'\nset logscale x 2\n"
	      "set xrange [0.47:2.13]\n"
	      "set xtics ('x0.5' 0.5, 'x0.8' 0.8, 'now' 1, 'x1.25' 1.25, 'x2' 2)\n"
	      "set xlabel 'factor on the resource'\n"
	      "set offsets graph 0, graph 0, graph 0.05, graph 0.05\n",
	      f);
	fprintf(f, "set ylabel '%s of the best kernel [%% of now]'\n", label);
	plot_text(&r->board[0], plot, sizeof plot);
	barista_script_plot(f, "what_if", "960,560", plot);
	return 0;
}

const struct chart_def barista_chart_what_if = {"what_if", what_if_data, what_if_script,
						barista_what_if_wanted, NULL};
