/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This chart shows PPW per layer on the FPGA, on the baseline and on a published GPU ([Barista]
 * Table I). */
#include "report/charts/chart.h"

#include "report/charts/script.h"
#include "search/search.h"

#include <math.h>

static int layers_data(const struct barista_report *r, FILE *f, struct barista_err *err)
{
	const struct barista_search *search = r->board[0].search;

	(void)err;
	fprintf(f, "layer,FPGA best kernel [Gop/s/W],%s [Gop/s/W],published GPU [Gop/s/W]\n",
		barista_baseline_label(r));
	for (size_t l = 0; l < r->lowered->nlayers; l++) {
		size_t class = r->lowered->class_of[l];

		barista_script_name(f, r->lowered->name[l]);
		barista_script_field(f, search->class_ranking[class].item[0].class_ppw[class], 1e9);
		barista_script_field(f, r->baseline_ppw[l], 1e9);
		barista_script_field(f, r->gpu_ppw ? r->gpu_ppw[l] : (double)NAN, 1e9);
		fputc('\n', f);
	}
	return 0;
}

static bool any_known(const double *ppw, size_t n)
{
	for (size_t l = 0; ppw && l < n; l++)
		if (!isnan(ppw[l]))
			return true;
	return false;
}

static int layers_script(const struct barista_report *r, FILE *f, struct barista_err *err)
{
	size_t nlayers = r->lowered->nlayers;
	char size[32], plot[512], baseline[96] = "";

	(void)err;
	barista_script_head(f, r, "Performance per watt per layer, best kernel for each");
	fputs("set style data histograms\nset style histogram clustered gap 1\nset yrange [0:*]\n"
	      "set ylabel 'PPW [Gop/s/W]'\n"
	      "set xtics rotate by 40 right font ',8' noenhanced\n",
	      f);
	if (any_known(r->baseline_ppw, nlayers))
		snprintf(baseline, sizeof baseline, ", '' skip 1 using 3 lt 3 title '%s'",
			 barista_baseline_label(r));
	snprintf(plot, sizeof plot,
		 "plot 'layers.csv' skip 1 using 2:xtic(1) lt 1 title 'FPGA'%s%s", baseline,
		 any_known(r->gpu_ppw, nlayers) ? ", '' skip 1 using 4 lt 2 title 'GPU'" : "");
	barista_script_layers_size(size, nlayers, 480);
	barista_script_plot(f, "layers", size, plot);
	return 0;
}

const struct chart_def barista_chart_layers = {"layers", layers_data, layers_script,
					       barista_ranks_layers, NULL};
