/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the gnuplot scripts of all charts have in common. */
#include "report/charts/chart.h"

#include "base/num.h"
#include "model/baseline.h"
#include "model/device.h"
#include "network/workload.h"

#include <math.h>
#include <string.h>

static void title_text(FILE *f, const char *s)
{
	for (; *s; s++)
		if (!strchr("'\\\"`{}^_@&~", *s)) /* what gnuplot would take as markup */
			fputc(*s, f);
}

void barista_script_style(FILE *f, const char *title, const char *below)
{
	fputs("set datafile separator ','\nset datafile missing ''\nset style fill solid 0.85 "
	      "noborder\n"
	      "set grid ytics lc rgb '#dddddd'\nset border 3 lc rgb '#444444'\nset tics nomirror "
	      "out\n"
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
		"set terminal pngcairo size %s font 'sans,11' noenhanced\nset output "
		"'%s.png'\n%s\n",
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
