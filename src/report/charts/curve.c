/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This chart shows the fastest design along the knob that a family scales by, beside what would
 * be proportional. */
#include "report/charts/chart.h"

#include "report/charts/script.h"
#include "search/search.h"

static int curve_data(const struct barista_report *r, FILE *f, struct barista_err *err)
{
	const struct barista_scaling_curve *curve = &r->board[0].search->curve;
	const struct barista_family *family = r->board[0].model.family;
	const struct barista_candidate *first = &curve->item[0];
	size_t knob = family->scaling_knob;

	(void)err;
	fprintf(f, "%s,images per second,in proportion to the first\n", family->knob[knob].name);
	for (size_t i = 0; i < curve->n; i++) {
		const struct barista_candidate *c = &curve->item[i];
		double value = c->point.knob[knob];

		barista_script_real(f, value, 1);
		barista_script_field(f, 1 / c->metric[BARISTA_TIME], 1);
		barista_script_field(
			f, value / first->point.knob[knob] / first->metric[BARISTA_TIME], 1);
		fputc('\n', f);
	}
	return 0;
}

static int curve_script(const struct barista_report *r, FILE *f, struct barista_err *err)
{
	const struct barista_family *family = r->board[0].model.family;
	const char *knob = family->knob[family->scaling_knob].name;
	char title[128];

	(void)err;
	snprintf(title, sizeof title, "Images per second of the fastest design by %.60s", knob);
	barista_script_head(f, r, title);
	fprintf(f,
		"set grid xtics ytics lt 1 lc rgb '#dddddd'\nset key inside left top\n"
		"set xrange [0:*]\nset yrange [0:*]\nset xlabel '%s'\nset ylabel 'images/s'\n",
		knob);
	barista_script_plot(
		f, "scaling", "900,560",
		"plot 'scaling.csv' skip 1 using 1:3 with lines lw 1.5 dt 2 lc rgb '#999999' "
		"title 'in proportion', "
		"'' skip 1 using 1:2 with linespoints pt 7 ps 0.6 lw 1.5 lt 1 title 'predicted'");
	return 0;
}

const struct chart_def barista_chart_curve = {"scaling", curve_data, curve_script,
					      barista_scaling_wanted, NULL};
