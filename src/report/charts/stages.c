/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This chart shows the shares of the stages in the time of each layer ([Barista] Fig. 4), with
 * all of the memory bandwidth and with a tenth of it. */
#include "report/charts/chart.h"

#include "model/device.h"
#include "report/breakdown.h"
#include "report/charts/script.h"
#include "search/search.h"

#include <string.h>

/* Writes a row per layer with its shares on one board, which the label tells from the other. */
static void data_rows(const struct barista_report *r, const struct barista_device *dev,
		      const char *label, FILE *f)
{
	const struct barista_board *b = &r->board[0];
	const struct barista_point *point = &barista_board_choice(b)->point;
	struct barista_model model = b->model;

	model.dev = dev;
	for (size_t l = 0; l < r->lowered->nlayers; l++) {
		struct barista_stages s;

		barista_class_stages(&model, point, r->lowered->class_of[l], &s);
		barista_script_name(f, r->lowered->name[l]);
		fprintf(f, ",%s", label);
		for (size_t t = 0; barista_next_part(model.family, &t); t++)
			barista_script_field(f, 100 * s.time[t] / s.total, 1);
		fputc('\n', f);
	}
	fputs("\n\n", f);
}

static int stages_data(const struct barista_report *r, FILE *f, struct barista_err *err)
{
	const struct barista_board *b = &r->board[0];
	const struct barista_family *family = b->model.family;
	struct barista_device slow = *b->dev;

	(void)err;
	slow.param[BARISTA_MEM_BANDWIDTH].value /= 10;
	fputs("layer,bandwidth", f);
	for (size_t t = 0; barista_next_part(family, &t); t++)
		fprintf(f, ",%s [%%]", family->term[t].label);
	fputc('\n', f);
	data_rows(r, b->dev, "full", f);
	data_rows(r, &slow, "10 %", f);
	return 0;
}

/* There are two panels, one above the other, each of a block of the data. */
static void panels(const struct barista_family *family, char *body, size_t size)
{
	static const char *const labels[] = {"full memory bandwidth",
					     "10 % of the memory bandwidth"};
	size_t n = (size_t)snprintf(
		body, size, "set multiplot layout 2,1 title heading noenhanced font ',10'\n");

	for (int i = 0; i < 2; i++) {
		size_t column = 3;

		n += (size_t)snprintf(body + n, size - n, "set title '%s'\nplot ", labels[i]);
		for (size_t t = 0; barista_next_part(family, &t) && n < size; t++, column++)
			n += (size_t)snprintf(body + n, size - n,
					      "%s'stage_shares.csv' index %d %s using %zu:xtic(1) "
					      "lt %zu title '%s'",
					      column > 3 ? ", " : "", i, i ? "" : "skip 1", column,
					      column - 2, family->term[t].label);
		n += (size_t)snprintf(body + n, n < size ? size - n : 0, "\n");
	}
	snprintf(body + n, n < size ? size - n : 0, "unset multiplot");
}

static int stages_script(const struct barista_report *r, FILE *f, struct barista_err *err)
{
	char body[4096], size[32];

	(void)err;
	barista_script_head(f, r, "Share of each stage in the time of a layer, best single kernel");
	fputs("set style data histograms\nset style histogram rowstacked\nset boxwidth 0.8\n"
	      "set yrange [0:100]\nset ylabel 'share of time [%]'\n"
	      "set xtics rotate by 40 right font ',8' noenhanced\n",
	      f);
	panels(r->board[0].model.family, body, sizeof body);
	barista_script_layers_size(size, r->lowered->nlayers, 800);
	barista_script_plot(f, "stage_shares", size, body);
	return 0;
}

const struct chart_def barista_chart_stages = {"stage_shares", stages_data, stages_script,
					       barista_ranks_layers, NULL};
