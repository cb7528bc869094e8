/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This chart shows what the layers of the best single kernel reach below the roofs of the
 * board's memory bandwidth and of the kernel's peak. */
#include "report/charts/chart.h"

#include "model/device.h"
#include "report/breakdown.h"
#include "report/charts/script.h"
#include "search/search.h"

#include <math.h>

/* A layer class is labelled by its first layer, and by how many more there are. */
static void class_label(const struct barista_lowered *lowered, size_t class, char *buf, size_t size)
{
	size_t l = 0;

	while (lowered->class_of[l] != class)
		l++;
	snprintf(buf, size,
		 lowered->layer_class[class].multiplicity > 1 ? "%.100s + %zu" : "%.100s",
		 lowered->name[l], lowered->layer_class[class].multiplicity - 1);
}

/* Adds up the values of the terms that have a role. */
static double sum_of(const struct barista_family *family, const double *value, unsigned role)
{
	double sum = 0;

	for (size_t t = 0; t < family->nterms; t++)
		if (family->term[t].role & role)
			sum += value[t];
	return sum;
}

/* Fills in the class's times under the best single kernel and returns its op per byte between
 * card memory and kernel. */
static double intensity(const struct barista_board *b, size_t class, struct barista_stages *s)
{
	double bits;

	barista_class_stages(&b->model, &barista_board_choice(b)->point, class, s);
	bits = sum_of(b->model.family, s->time, BARISTA_ROLE_TRAFFIC);
	return b->model.lowered->layer_class[class].ops / (bits / 8);
}

static int roofline_data(const struct barista_report *r, FILE *f, struct barista_err *err)
{
	const struct barista_board *b = &r->board[0];

	(void)err;
	fputs("layer,intensity [op/byte],whole [Gop/s],kernel alone [Gop/s]\n", f);
	for (size_t i = 0; i < r->lowered->nclasses; i++) {
		struct barista_stages s;
		double ops = r->lowered->layer_class[i].ops, op_per_byte = intensity(b, i, &s);
		char name[160];

		class_label(r->lowered, i, name, sizeof name);
		barista_script_name(f, name);
		barista_script_field(f, op_per_byte, 1);
		barista_script_field(f, ops / s.total, 1e9);
		barista_script_field(f, ops / sum_of(b->model.family, s.time, BARISTA_ROLE_DEVICE),
				     1e9);
		fputc('\n', f);
	}
	return 0;
}

/* Writes the heights of the roofs and the ranges of the axes. */
static void put_ranges(const struct barista_board *b, FILE *f)
{
	const struct barista_candidate *best = barista_board_choice(b);
	const struct barista_lowered *lowered = b->model.lowered;
	double bytes_per_s = b->dev->param[BARISTA_MEM_BANDWIDTH].value / 8;
	double ridge = best->metric[BARISTA_PEAK] / bytes_per_s;
	double slowest = INFINITY, least = INFINITY, largest = 0;

	for (size_t i = 0; i < lowered->nclasses; i++) {
		struct barista_stages s;
		double op_per_byte = intensity(b, i, &s);

		slowest = fmin(slowest, lowered->layer_class[i].ops / best->class_time[i]);
		least = fmin(least, op_per_byte);
		largest = fmax(largest, op_per_byte);
	}
	fprintf(f, "peak = %.17g\nmem = %.17g\nlowest = %.17g\n", best->metric[BARISTA_PEAK] / 1e9,
		b->dev->param[BARISTA_MEM_BANDWIDTH].value / 8e9, slowest / 1e9);
	fprintf(f, "set xrange [%.3g:%.3g]\n", fmin(least, ridge) / 2, fmax(largest, ridge) * 2);
}

static int roofline_script(const struct barista_report *r, FILE *f, struct barista_err *err)
{
	const struct barista_board *b = &r->board[0];
	char kernel[BARISTA_POINT_TEXT], title[200];

	(void)err;
	b->model.family->format(&barista_board_choice(b)->point, kernel, sizeof kernel);
	snprintf(title, sizeof title, "Roofline of %.150s", kernel);
	barista_script_head(f, r, title);
	put_ranges(b, f);
	fputs("set key inside left top\nset logscale xy\n"
	      "set xlabel 'operational intensity [op/byte of card memory]'\n"
	      "set ylabel 'performance [Gop/s]'\nset grid xtics ytics lc rgb '#dddddd'\n"
	      "set yrange [lowest/6:2*peak]\nset samples 400\n",
	      f);
	barista_script_plot(
		f, "roofline", "900,560",
		"plot (mem*x < peak ? mem*x : peak) with lines lw 2 lc rgb '#444444' "
		"title 'memory and compute roof', "
		"'roofline.csv' skip 1 using 2:4 with points pt 7 ps 1.2 lt 1 "
		"title 'kernel alone', "
		"'' skip 1 using 2:3 with points pt 6 ps 1.2 lt 2 title 'with PCIe and tiling', "
		"'' skip 1 using 2:3:1 with labels font ',7' offset 0.6,-0.4 left rotate by -30 "
		"notitle");
	return 0;
}

const struct chart_def barista_chart_roofline = {"roofline", roofline_data, roofline_script,
						 barista_ranks_layers, NULL};
