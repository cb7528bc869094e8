/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All charts write these parts of gnuplot scripts and of their data in the same way. */
#include "report/charts/script.h"

#include "base/num.h"
#include "io/csv.h"
#include "model/device.h"
#include "network/workload.h"

#include <string.h>

/* Leaves out what gnuplot would take as markup or as the end of the string. */
static void title_text(FILE *f, const char *s)
{
	for (; *s; s++)
		if (!strchr("'\\\"`{}^_@&~", *s))
			fputc(*s, f);
}

void barista_script_style(FILE *f, const char *title, const char *below)
{
	fputs("set datafile separator ','\nset datafile missing ''\n"
	      "set style fill solid 0.85 noborder\n"
	      "set grid ytics lc rgb '#dddddd'\nset border 3 lc rgb '#444444'\n"
	      "set tics nomirror out\nset key outside right center vertical\n"
	      "set linetype 1 lc rgb '#1f5f99'\nset linetype 2 lc rgb '#e08214'\n"
	      "set linetype 3 lc rgb '#4d9a4d'\nset linetype 4 lc rgb '#8a5fa8'\n",
	      f);
	fprintf(f, "heading = \"%s\\n", title);
	title_text(f, below);
	fputs("\"\nset title heading noenhanced font ',10'\n", f);
}

void barista_script_head(FILE *f, const struct barista_report *r, const char *title)
{
	char below[512];

	snprintf(below, sizeof below, "%.200s on %.200s", r->net->title, r->board[0].dev->title);
	barista_script_style(f, title, below);
}

void barista_script_plot(FILE *f, const char *name, const char *size, const char *plot)
{
	fprintf(f,
		"set terminal pngcairo size %s font 'sans,11' noenhanced\nset output '%s.png'\n"
		"%s\n",
		size, name, plot);
	fprintf(f,
		"set terminal svg size %s font 'sans,11' noenhanced background rgb 'white'\n"
		"set output '%s.svg'\n%s\nset output\n",
		size, name, plot);
}

void barista_script_layers_size(char size[32], size_t nlayers, int height)
{
	snprintf(size, 32, "%zu,%d", nlayers > 30 ? 200 + 22 * nlayers : 900, height);
}

void barista_script_name(FILE *f, const char *name)
{
	char text[BARISTA_POINT_TEXT];
	size_t n = 0;

	for (; *name && n + 1 < sizeof text; name++)
		if (!strchr("\"\\", *name))
			text[n++] = *name;
	text[n] = '\0';
	barista_csv_put(f, text, true);
}

void barista_script_real(FILE *f, double value, double scale)
{
	char text[32];

	if (isfinite(value)) {
		barista_format_real(text, sizeof text, value / scale);
		fputs(text, f);
	}
}

void barista_script_field(FILE *f, double value, double scale)
{
	fputc(',', f);
	barista_script_real(f, value, scale);
}
