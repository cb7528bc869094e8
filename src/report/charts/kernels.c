/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This chart shows the objective of square kernels by their size, a bar per precision ([Barista]
 * Fig. 3). */
#include "report/charts/chart.h"

#include "model/baseline.h"
#include "model/device.h"
#include "model/precision.h"
#include "report/charts/script.h"
#include "report/charts/sizes.h"
#include "search/search.h"

#include <math.h>
#include <string.h>

enum { MAX_SERIES = 12 };

/* Fills in the precisions that were searched, and those of the paper's figure that the board
 * has. */
static size_t precisions(const struct barista_board *b, double *choice)
{
	static const enum barista_precision paper[] = {BARISTA_FP32, BARISTA_INT8};
	size_t n = 0;

	for (size_t i = 0; i < b->space.nchoices && n + 2 < MAX_SERIES; i++)
		choice[n++] = b->space.choice[i];
	for (size_t i = 0; i < 2; i++) {
		enum barista_precision p = paper[i];
		double v = barista_precision_knob((enum barista_precision[]){p, p, p});
		size_t j = 0;

		while (j < n && choice[j] != v)
			j++;
		if (j == n && b->dev->has_precision[p])
			choice[n++] = v;
	}
	return n;
}

/* Fills in the squares that were searched along both knobs; if there is none, the best kernel's
 * size. */
static size_t squares(const struct barista_board *b, double (*size)[2])
{
	const double *best = barista_board_choice(b)->point.knob;
	double down[BARISTA_MAX_SIDES], across[BARISTA_MAX_SIDES];
	size_t ndown = barista_sides(b, 0, down), nacross = barista_sides(b, 1, across), n = 0;

	for (size_t i = 0; i < ndown; i++)
		for (size_t j = 0; j < nacross; j++)
			if (down[i] == across[j])
				size[n][0] = size[n][1] = down[i], n++;
	if (!n)
		size[n][0] = best[0], size[n][1] = best[1], n++;
	return n;
}

/* Every precision has a field for a kernel that fits and one for a kernel that does not. */
static int kernel_row(const struct barista_report *r, FILE *f, const double size[2],
		      const double *choice, size_t n, struct barista_err *err)
{
	fprintf(f, "%.0fx%.0f", size[0], size[1]);
	for (size_t i = 0; i < n; i++) {
		struct barista_size_best best;
		int rc = barista_best_of_size(r, size[0], size[1], choice[i], &best, err);

		if (rc)
			return rc;
		barista_script_field(f, best.fits ? best.value : (double)NAN, 1);
		barista_script_field(f, best.fits ? (double)NAN : best.value, 1);
	}
	fputc('\n', f);
	return 0;
}

static void put_heading(const struct barista_report *r, FILE *f, double choice, const char *what)
{
	char name[64], label[64], heading[200];

	barista_precision_format(choice, name, sizeof name);
	snprintf(heading, sizeof heading, "%s%s, %s", name, what, barista_size_label(r, label));
	fputc(',', f);
	barista_script_name(f, heading);
}

static int kernels_data(const struct barista_report *r, FILE *f, struct barista_err *err)
{
	const struct barista_board *b = &r->board[0];
	double choice[MAX_SERIES], size[BARISTA_MAX_SIDES][2];
	size_t n = precisions(b, choice), nsizes = squares(b, size);
	int rc = 0;

	fputs("kernel", f);
	for (size_t i = 0; i < n; i++) {
		put_heading(r, f, choice[i], "");
		put_heading(r, f, choice[i], ", does not fit");
	}
	fputc('\n', f);
	for (size_t s = 0; !rc && s < nsizes; s++)
		rc = kernel_row(r, f, size[s], choice, n, err);
	return rc;
}

/* Returns the mean PPW of the baseline over the layers or, if figures of some are missing, its
 * published mean; NaN where the chart shows something else. */
static double baseline_level(const struct barista_report *r)
{
	double sum = 0;

	if (r->objective != BARISTA_RANK_PPW_MEAN)
		return (double)NAN;
	for (size_t l = 0; l < r->lowered->nlayers; l++)
		sum += r->baseline_ppw[l];
	return isnan(sum) ? barista_baseline_mean(r->baseline, r->net)
			  : sum / (double)r->lowered->nlayers;
}

/* The plot command has two columns per precision, and a line for the baseline where it is known. */
static void plot_text(const struct barista_report *r, char *plot, size_t size)
{
	double choice[MAX_SERIES], level = baseline_level(r);
	size_t n = precisions(&r->board[0], choice);
	char name[64];

	snprintf(plot, size, "plot ");
	for (size_t i = 0; i < n; i++) {
		barista_precision_format(choice[i], name, sizeof name);
		snprintf(plot + strlen(plot), size - strlen(plot),
			 "'ppw_by_kernel.csv' skip 1 using %zu:xtic(1) lt %zu title '%s', "
			 "'' skip 1 using %zu lt %zu fs pattern 4 title '%s, does not fit', ",
			 2 * i + 2, i + 1, name, 2 * i + 3, i + 1, name);
	}
	if (isnan(level))
		plot[strlen(plot) - 2] = '\0';
	else
		snprintf(plot + strlen(plot), size - strlen(plot),
			 "%.17g with lines lw 2 lc rgb '#4d9a4d' title '%s'", level / 1e9,
			 barista_baseline_label(r));
}

static int kernels_script(const struct barista_report *r, FILE *f, struct barista_err *err)
{
	const struct barista_family *family = r->board[0].model.family;
	char plot[4096], title[160], label[64];

	(void)err;
	snprintf(title, sizeof title, "Square sizes by %s, other knobs at their best",
		 barista_objective_name(r->objective));
	barista_script_head(f, r, title);
	fputs("set style data histograms\nset style histogram clustered gap 1\nset boxwidth 0.95\n"
	      "set xtics rotate by 40 right\n",
	      f);
	fputs(barista_more_is_better(r) ? "set yrange [0:*]\n" : "set logscale y\n", f);
	fprintf(f, "set ylabel '%s'\n", barista_size_label(r, label));
	fprintf(f, "set xlabel '%s x %s'\n", family->knob[0].name, family->knob[1].name);
	plot_text(r, plot, sizeof plot);
	barista_script_plot(f, "ppw_by_kernel", "1000,480", plot);
	return 0;
}

static size_t kernels_searches(const struct barista_report *r)
{
	double choice[MAX_SERIES], size[BARISTA_MAX_SIDES][2];

	return precisions(&r->board[0], choice) * squares(&r->board[0], size);
}

const struct chart_def barista_chart_kernels = {"ppw_by_kernel", kernels_data, kernels_script,
						barista_ranks_layers, kernels_searches};
