/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fastest design along the knob that a family scales by, against what would be proportional. */
#include "report/charts/chart.h"

#include "barista/family.h"
#include "search/search.h"

#include <stdio.h>

static int curve_data(const struct chart *c, FILE *f)
{
	const struct barista_scaling_curve *curve = &c->b->search->curve;
	const struct barista_family *fam = c->b->model.family;
	const struct barista_candidate *first = &curve->item[0];

	fprintf(f, "%s,images per second,in proportion to the first\n",
		fam->knob[fam->scaling_knob].name);
	for (size_t i = 0; i < curve->n; i++) {
		double value = curve->item[i].point.knob[fam->scaling_knob];

		barista_script_real(f, value, 1);
		fputc(',', f);
		barista_script_real(f, 1 / curve->item[i].metric[BARISTA_TIME], 1);
		fputc(',', f);
		barista_script_real(f,
				    value / first->point.knob[fam->scaling_knob] /
					    first->metric[BARISTA_TIME],
				    1);
		fputc('\n', f);
	}
	return 0;
}

static int curve_script(const struct chart *c, FILE *f)
{
	const struct barista_family *fam = c->b->model.family;
	char title[128];

	snprintf(title, sizeof title, "Images per second of the fastest design by %.60s",
		 fam->knob[fam->scaling_knob].name);
	barista_script_head(c, f, title);
	fprintf(f,
		"set grid xtics ytics lt 1 lc rgb '#dddddd'\nset key inside left top\nset xrange "
		"[0:*]\nset yrange [0:*]\n"
		"set xlabel '%s'\nset ylabel 'images/s'\n",
		fam->knob[fam->scaling_knob].name);
	barista_script_plot(
		f, "scaling", "900,560",
		"plot 'scaling.csv' skip 1 using 1:3 with lines lw 1.5 dt 2 lc rgb '#999999' title "
		"'in proportion', "
		"'' skip 1 using 1:2 with linespoints pt 7 ps 0.6 lw 1.5 lt 1 title 'predicted'");
	return 0;
}

const struct chart_def barista_chart_curve = {"scaling", curve_data, curve_script,
					      barista_scaling_wanted};
