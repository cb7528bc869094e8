/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Per layer: shares of the stages ([Barista] Fig. 4), PPW (Table I), and a roofline. */
#include "report/charts/chart.h"

#include "barista/family.h"
#include "model/device.h"
#include "report/breakdown.h"
#include "search/search.h"

#include <math.h>
#include <string.h>

/* ---- Fig. 4: shares of the stages, at full and at a tenth of the memory bandwidth ---- */

static int fig4_data(const struct chart *c, FILE *f)
{
	const struct barista_family *fam = c->b->model.family;
	const struct barista_point *p = &c->b->search->ranking[BARISTA_RANK_PPW].item[0].point;

	fputs("layer,bandwidth", f);
	for (size_t t = 0; t < fam->nterms; t++)
		if (fam->term[t].role & BARISTA_ROLE_PART)
			fprintf(f, ",%s [%%]", fam->term[t].label);
	fputc('\n', f);
	for (int tenth = 0; tenth < 2; tenth++) {
		struct barista_device dev = *c->b->dev;
		struct barista_model model = c->b->model;

		if (tenth)
			dev.param[BARISTA_MEM_BANDWIDTH].value /= 10;
		model.dev = &dev;
		for (size_t l = 0; l < c->r->lowered->nlayers; l++) {
			struct barista_stages s;

			barista_class_stages(&model, p, c->r->lowered->class_of[l], &s);
			barista_script_name(f, c->r->lowered->name[l]);
			fputs(tenth ? ",10 %" : ",full", f);
			for (size_t t = 0; t < fam->nterms; t++) {
				if (!(fam->term[t].role & BARISTA_ROLE_PART))
					continue;
				fputc(',', f);
				barista_script_real(f, 100 * s.time[t] / s.total, 1);
			}
			fputc('\n', f);
		}
		fputs("\n\n", f);
	}
	return 0;
}

static int fig4_script(const struct chart *c, FILE *f)
{
	const struct barista_family *fam = c->b->model.family;
	char body[2048] = "set multiplot layout 2,1 title heading noenhanced font ',10'\n",
	     size[32];
	static const char *const labels[] = {"full memory bandwidth",
					     "10 % of the memory bandwidth"};
	size_t layers = c->r->lowered->nlayers;

	barista_script_head(c, f, "Share of each stage in the time of a layer, best single kernel");
	fputs("set style data histograms\nset style histogram rowstacked\nset boxwidth 0.8\n"
	      "set yrange [0:100]\nset ylabel 'share of time [%]'\nset xtics rotate by 40 right "
	      "font ',8' noenhanced\n",
	      f);
	for (int i = 0; i < 2; i++) {
		size_t column = 3;

		snprintf(body + strlen(body), sizeof body - strlen(body), "set title '%s'\nplot ",
			 labels[i]);
		for (size_t t = 0; t < fam->nterms; t++) {
			if (!(fam->term[t].role & BARISTA_ROLE_PART))
				continue;
			snprintf(body + strlen(body), sizeof body - strlen(body),
				 "%s'stage_shares.csv' index %d %s using %zu:xtic(1) lt %zu title "
				 "'%s'",
				 column > 3 ? ", " : "", i, i ? "" : "skip 1", column, column - 2,
				 fam->term[t].label);
			column++;
		}
		strcat(body, "\n");
	}
	strcat(body, "unset multiplot");
	snprintf(size, sizeof size, "%zu,800", layers > 30 ? 200 + 22 * layers : 900);
	barista_script_plot(f, "stage_shares", size, body);
	return 0;
}

/* ---- Table I: PPW per layer on the FPGA, the CPU and the GPU ---- */

static int layers_data(const struct chart *c, FILE *f)
{
	fprintf(f, "layer,FPGA best kernel [Gop/s/W],%s [Gop/s/W],published GPU [Gop/s/W]\n",
		barista_baseline_label(c));
	for (size_t l = 0; l < c->r->lowered->nlayers; l++) {
		barista_script_name(f, c->r->lowered->name[l]);
		fputc(',', f);
		barista_script_real(
			f, c->b->search->class_ranking[c->r->lowered->class_of[l]].item[0].score,
			1e9);
		fputc(',', f);
		barista_script_real(f, c->r->baseline_ppw[l], 1e9);
		fputc(',', f);
		barista_script_real(f, c->r->gpu_ppw ? c->r->gpu_ppw[l] : (double)NAN, 1e9);
		fputc('\n', f);
	}
	return 0;
}

static int layers_script(const struct chart *c, FILE *f)
{
	bool base = false, gpu = false;
	char size[32], plot[512], first[96] = "";

	for (size_t l = 0; l < c->r->lowered->nlayers; l++) {
		base |= !isnan(c->r->baseline_ppw[l]);
		gpu |= c->r->gpu_ppw && !isnan(c->r->gpu_ppw[l]);
	}
	barista_script_head(c, f, "Performance per watt per layer, best kernel for each");
	fputs("set style data histograms\nset style histogram clustered gap 1\nset yrange [0:*]\n"
	      "set ylabel 'PPW [Gop/s/W]'\nset xtics rotate by 40 right font ',8' noenhanced\n",
	      f);
	if (base)
		snprintf(first, sizeof first, ", '' skip 1 using 3 lt 3 title '%s'",
			 barista_baseline_label(c));
	snprintf(plot, sizeof plot,
		 "plot 'layers.csv' skip 1 using 2:xtic(1) lt 1 title 'FPGA'%s%s", first,
		 gpu ? ", '' skip 1 using 4 lt 2 title 'GPU'" : "");
	snprintf(size, sizeof size, "%zu,480",
		 c->r->lowered->nlayers > 30 ? 200 + 22 * c->r->lowered->nlayers : 900);
	barista_script_plot(f, "layers", size, plot);
	return 0;
}

/* ---- roofline of the best single kernel ---- */

/* The first layer of a layer class, and how many more there are. */
static void shape_label(const struct barista_report *r, size_t class, char *buf, size_t size)
{
	const struct barista_lowered *lowered = r->lowered;
	size_t l = 0;

	while (lowered->class_of[l] != class)
		l++;
	snprintf(buf, size,
		 lowered->layer_class[class].multiplicity > 1 ? "%.100s + %zu" : "%.100s",
		 lowered->name[l], lowered->layer_class[class].multiplicity - 1);
}

/* op per byte between card memory and kernel. */
static double intensity(const struct chart *c, size_t class)
{
	const struct barista_family *fam = c->b->model.family;
	struct barista_stages s;
	double bits = 0;

	barista_class_stages(&c->b->model, &c->b->search->ranking[BARISTA_RANK_PPW].item[0].point,
			     class, &s);
	for (size_t t = 0; t < fam->nterms; t++)
		if (fam->term[t].role & BARISTA_ROLE_TRAFFIC)
			bits += s.time[t];
	return c->r->lowered->layer_class[class].ops / (bits / 8);
}

static int roofline_data(const struct chart *c, FILE *f)
{
	const struct barista_family *fam = c->b->model.family;
	const struct barista_candidate *best = &c->b->search->ranking[BARISTA_RANK_PPW].item[0];

	fputs("layer,intensity [op/byte],whole [Gop/s],kernel alone [Gop/s]\n", f);
	for (size_t class = 0; class < c->r->lowered->nclasses; class ++) {
		double ops = c->r->lowered->layer_class[class].ops, kernel = 0;
		char name[160];
		struct barista_stages s;

		barista_class_stages(&c->b->model, &best->point, class, &s);
		for (size_t t = 0; t < fam->nterms; t++)
			if (fam->term[t].role & BARISTA_ROLE_DEVICE)
				kernel += s.time[t];
		shape_label(c->r, class, name, sizeof name);
		barista_script_name(f, name);
		fputc(',', f);
		barista_script_real(f, intensity(c, class), 1);
		fputc(',', f);
		barista_script_real(f, ops / s.total, 1e9);
		fputc(',', f);
		barista_script_real(f, ops / kernel, 1e9);
		fputc('\n', f);
	}
	return 0;
}

static int roofline_script(const struct chart *c, FILE *f)
{
	const struct barista_candidate *best = &c->b->search->ranking[BARISTA_RANK_PPW].item[0];
	char kernel[BARISTA_POINT_TEXT], title[200];
	double ridge, slowest = INFINITY, least = INFINITY, most = 0;

	c->b->model.family->format(&best->point, kernel, sizeof kernel);
	snprintf(title, sizeof title, "Roofline of %.150s", kernel);
	barista_script_head(c, f, title);
	for (size_t s = 0; s < c->r->lowered->nclasses; s++) {
		slowest = fmin(slowest, c->r->lowered->layer_class[s].ops / best->class_time[s]);
		least = fmin(least, intensity(c, s));
		most = fmax(most, intensity(c, s));
	}
	ridge = best->metric[BARISTA_PEAK] / (c->b->dev->param[BARISTA_MEM_BANDWIDTH].value / 8);
	fprintf(f, "peak = %.17g\nmem = %.17g\nlowest = %.17g\n", best->metric[BARISTA_PEAK] / 1e9,
		c->b->dev->param[BARISTA_MEM_BANDWIDTH].value / 8e9, slowest / 1e9);
	fprintf(f, "set xrange [%.3g:%.3g]\n", fmin(least, ridge) / 2, fmax(most, ridge) * 2);
	fputs("set key inside left top\nset logscale xy\nset xlabel 'operational intensity "
	      "[op/byte of card memory]'\n"
	      "set ylabel 'performance [Gop/s]'\nset grid xtics ytics lc rgb '#dddddd'\n"
	      "set yrange [lowest/6:2*peak]\nset samples 400\n",
	      f);
	barista_script_plot(
		f, "roofline", "900,560",
		"plot (mem*x < peak ? mem*x : peak) with lines lw 2 lc rgb '#444444' "
		"title 'memory and compute roof', "
		"'roofline.csv' skip 1 using 2:4 with points pt 7 ps 1.2 lt 1 title 'kernel "
		"alone', "
		"'' skip 1 using 2:3 with points pt 6 ps 1.2 lt 2 title 'with PCIe and tiling', "
		"'' skip 1 using 2:3:1 with labels font ',7' offset 0.6,-0.4 left rotate by -30 "
		"notitle");
	return 0;
}

const struct chart_def barista_chart_stages = {"stage_shares", fig4_data, fig4_script,
					       barista_ranks_layers};
const struct chart_def barista_chart_layers = {"layers", layers_data, layers_script,
					       barista_ranks_layers};
const struct chart_def barista_chart_roofline = {"roofline", roofline_data, roofline_script,
						 barista_ranks_layers};
