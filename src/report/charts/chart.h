/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_CHARTS_CHART_H
#define REPORT_CHARTS_CHART_H

#include "report/compare.h"
#include "report/report.h"

/* A chart of a run writes its data (CSV) and the gnuplot script that draws it. Both are of the
 * report's first board. */
struct chart_def {
	const char *name;
	/* Both are NULL for the chart of a comparison, which no run has. */
	int (*data)(const struct barista_report *r, FILE *f, struct barista_err *err);
	int (*script)(const struct barista_report *r, FILE *f, struct barista_err *err);
	bool (*wanted)(const struct barista_report *r);      /* NULL: by every run */
	size_t (*nsearches)(const struct barista_report *r); /* of sizes; NULL: none */
};

extern const struct chart_def barista_chart_kernels, barista_chart_map, barista_chart_stages,
	barista_chart_layers, barista_chart_roofline, barista_chart_times, barista_chart_curve,
	barista_chart_pareto, barista_chart_what_if, barista_chart_compare;

/* Write the data and the script of the chart of a comparison. */
int barista_chart_compare_data(const struct barista_comparison *c, FILE *f);
int barista_chart_compare_script(const struct barista_comparison *c, FILE *f);

#endif
