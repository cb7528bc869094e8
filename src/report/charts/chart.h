/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_CHARTS_CHART_H
#define REPORT_CHARTS_CHART_H

#include "report/charts/registry.h"

/* What a chart is drawn from. */
struct chart {
	const struct barista_report *r;
	const struct barista_board *b;
	const char *dir;
	struct barista_err *err;
};

/* One chart: writes its data (CSV) and its gnuplot script. Without these two it is no chart of a
 * run, and only its name counts: files of that name are this program's. */
struct chart_def {
	const char *name;
	int (*data)(const struct chart *c, FILE *f);
	int (*script)(const struct chart *c, FILE *f);
	bool (*wanted)(const struct barista_report *r); /* NULL: always */
};

extern const struct chart_def barista_chart_kernels, barista_chart_map, barista_chart_stages,
	barista_chart_layers, barista_chart_roofline, barista_chart_times, barista_chart_curve,
	barista_chart_pareto, barista_chart_what_if, barista_chart_compare;

/* The settings all scripts share, the title, and a line below it: of a run, the network and the
 * board. */
void barista_script_style(FILE *f, const char *title, const char *below);
void barista_script_head(const struct chart *c, FILE *f, const char *title);
/* The plot command twice, for NAME.png and NAME.svg. */
void barista_script_plot(FILE *f, const char *name, const char *size, const char *plot);

/* "CPU" or "GPU": what the baseline is. */
const char *barista_baseline_label(const struct chart *c);

/* A figure over scale, nothing when it is not finite; a quoted name. */
void barista_script_real(FILE *f, double v, double scale);
void barista_script_name(FILE *f, const char *name);

/* The chart of a comparison, which is drawn with its folder. */
struct barista_comparison;
void barista_chart_compare_data(const struct barista_comparison *c, FILE *f);
void barista_chart_compare_script(const struct barista_comparison *c, FILE *f);

#endif
