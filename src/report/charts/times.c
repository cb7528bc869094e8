/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This chart shows what each layer of the best design takes, part by part. It is for families in
 * which all layers share one design. */
#include "report/charts/chart.h"

#include "report/breakdown.h"
#include "report/charts/script.h"
#include "search/search.h"

#include <string.h>

static int times_data(const struct barista_report *r, FILE *f, struct barista_err *err)
{
	const struct barista_board *b = &r->board[0];
	const struct barista_family *family = b->model.family;

	(void)err;
	fputs("layer", f);
	for (size_t t = 0; barista_next_part(family, &t); t++)
		fprintf(f, ",%s [us]", family->term[t].label);
	fputc('\n', f);
	for (size_t l = 0; l < r->lowered->nlayers; l++) {
		struct barista_stages s;

		barista_class_stages(&b->model, &barista_board_choice(b)->point,
				     r->lowered->class_of[l], &s);
		barista_script_name(f, r->lowered->name[l]);
		for (size_t t = 0; barista_next_part(family, &t); t++)
			barista_script_field(f, s.time[t], 1e-6);
		fputc('\n', f);
	}
	return 0;
}

static int times_script(const struct barista_report *r, FILE *f, struct barista_err *err)
{
	const struct barista_family *family = r->board[0].model.family;
	char plot[2048] = "plot ", size[32];
	size_t column = 2;

	(void)err;
	barista_script_head(
		f, r,
		family->pipelined
			? "Time of each layer by itself, per image; in the pipeline they overlap"
			: "Time of each layer per image");
	fputs("set style data histograms\nset style histogram rowstacked\nset boxwidth 0.8\n"
	      "set yrange [0:*]\nset ylabel 'time [us]'\n"
	      "set xtics rotate by 40 right font ',8' noenhanced\n",
	      f);
	for (size_t t = 0; barista_next_part(family, &t); t++, column++)
		snprintf(plot + strlen(plot), sizeof plot - strlen(plot),
			 "%s'layer_times.csv' skip 1 using %zu:xtic(1) lt %zu title '%s'",
			 column > 2 ? ", " : "", column, column - 1, family->term[t].label);
	barista_script_layers_size(size, r->lowered->nlayers, 480);
	barista_script_plot(f, "layer_times", size, plot);
	return 0;
}

static bool shares_design(const struct barista_report *r)
{
	return !barista_ranks_layers(r);
}

const struct chart_def barista_chart_times = {"layer_times", times_data, times_script,
					      shares_design, NULL};
