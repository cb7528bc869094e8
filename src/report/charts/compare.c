/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This chart shows the designs of a comparison side by side: time per image, and PPW. */
#include "report/charts/chart.h"

#include "network/workload.h"
#include "report/charts/script.h"

#include <math.h>

int barista_chart_compare_data(const struct barista_comparison *c, FILE *f)
{
	char name[256];

	fputs("design,time per image [s],ppw [Gop/s/W]\n", f);
	for (size_t i = 0; i < c->n; i++) {
		const struct barista_compared *r = &c->row[i];

		snprintf(name, sizeof name, "%s, %s%s%s", r->family->name, r->board,
			 r->feasible ? ", for " : ": does not fit", r->feasible ? r->aim : "");
		barista_script_name(f, name);
		barista_script_field(f, r->feasible ? r->metric[BARISTA_TIME] : (double)NAN, 1);
		barista_script_field(f, r->feasible ? r->metric[BARISTA_PPW_TOTAL] : (double)NAN,
				     1e9);
		fputc('\n', f);
	}
	return 0;
}

/* There are two panels of horizontal marks and bars. The times span decades, so their axis is
 * logarithmic. */
int barista_chart_compare_script(const struct barista_comparison *c, FILE *f)
{
	char size[32];

	barista_script_style(f, "Architectures side by side", c->net->title);
	fprintf(f,
		"set yrange [%zu.6:-0.6]\nset grid noytics xtics lc rgb '#dddddd'\n"
		"set ytics font ',9' noenhanced\nunset key\n",
		c->n - 1);
	snprintf(size, sizeof size, "1000,%zu", 140 + 34 * c->n);
	barista_script_plot(
		f, "compare", size,
		"set multiplot layout 1,2 title heading noenhanced font ',10'\n"
		"set lmargin at screen 0.36\nset rmargin at screen 0.66\n"
		"unset title\nset logscale x\nset format x '%.0s %cs'\n"
		"set xlabel 'time per image'\nset bmargin at screen 0.18\n"
		"set tmargin at screen 0.86\nset xtics font ',9'\n"
		"plot 'compare.csv' skip 1 using 2:0:(0.35):ytic(1) with points pt 7 ps 1.4 lt 1\n"
		"set lmargin at screen 0.69\nset rmargin at screen 0.97\nunset logscale x\n"
		"set format x '%g'\nset format y ''\n"
		"set xlabel 'PPW [Gop/s/W]'\nset xrange [0:*]\n"
		"plot 'compare.csv' skip 1 using 3:0:(0):3:($0-0.35):($0+0.35) "
		"with boxxyerror lt 2\n"
		"unset multiplot\nset format y\nset xrange [*:*]");
	return 0;
}

const struct chart_def barista_chart_compare = {.name = "compare"};
