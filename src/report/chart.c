/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Data and gnuplot scripts of the charts: those of [Barista] (Fig. 3, Fig. 4, Table I),
 * a roofline, and a map of PPW over the first two knobs. */
#include "report/chart.h"

#include "base/num.h"
#include "io/file.h"
#include "model/precision.h"
#include "report/terms.h"

#include <stdlib.h>
#include <string.h>

const char *const barista_chart_names[] = {
	"ppw_by_kernel", "stage_shares", "layers", "roofline", "ppw_map", NULL,
};

enum { MAX_SIDES = 17 };

struct chart {
	const struct barista_report *r;
	const struct barista_board *b;
	const char *dir;
	struct barista_err *err;
};

/* ---- scripts ---- */

static void title_text(FILE *f, const char *s)
{
	for (; *s; s++)
		if (!strchr("'\\\"`{}^_@&~", *s)) /* what gnuplot would take as markup */
			fputc(*s, f);
}

static void script_head(const struct chart *c, FILE *f, const char *title)
{
	fputs("set datafile separator ','\nset datafile missing ''\nset style fill solid 0.85 noborder\n"
	      "set grid ytics lc rgb '#dddddd'\nset border 3 lc rgb '#444444'\nset tics nomirror out\n"
	      "set key outside right center vertical\n"
	      "set linetype 1 lc rgb '#1f5f99'\nset linetype 2 lc rgb '#e08214'\n"
	      "set linetype 3 lc rgb '#4d9a4d'\nset linetype 4 lc rgb '#8a5fa8'\n", f);
	fprintf(f, "heading = \"%s\\n", title);
	title_text(f, c->r->net->title);
	fputs(" on ", f);
	title_text(f, c->b->dev->title);
	fputs("\"\nset title heading noenhanced font ',10'\n", f);
}

static void script_plot(FILE *f, const char *name, const char *size, const char *plot)
{
	fprintf(f, "set terminal pngcairo size %s font 'sans,11' noenhanced\nset output '%s.png'\n%s\n", size,
		name, plot);
	fprintf(f, "set terminal svg size %s font 'sans,11' noenhanced background rgb 'white'\n"
		"set output '%s.svg'\n%s\nset output\n", size, name, plot);
}

static int open_file(const struct chart *c, struct barista_out_file *out, const char *name,
		     const char *ending)
{
	char path[4096];

	snprintf(path, sizeof path, "%.3900s/%s.%s", c->dir, name, ending);
	return barista_out_open(out, path, c->err);
}

static void put(FILE *f, double v, double scale)
{
	char text[32];

	if (isfinite(v)) {
		barista_format_real(text, sizeof text, v / scale);
		fputs(text, f);
	}
}

static void put_name(FILE *f, const char *name)
{
	fputc('"', f);
	for (; *name; name++)
		if (!strchr("\"\\", *name))
			fputc(*name, f);
	fputc('"', f);
}

/* ---- evaluation of squares and rectangles, the other knobs at their best ---- */

struct cell { double ppw; bool fits; };

static int best_cell(const struct chart *c, struct barista_point *p, size_t knob, struct cell *best)
{
	const struct barista_family *f = c->b->model.family;
	struct barista_result result;
	int rc = 0;

	if (knob < f->nknobs && f->knob[knob].choice)
		return best_cell(c, p, knob + 1, best);
	if (knob == f->nknobs) {
		result.shape_time = calloc(c->r->plan->nshapes, sizeof(double));
		if (!result.shape_time)
			return barista_no_memory(c->err);
		rc = barista_evaluate_point(&c->b->model, p, &result, c->err);
		/* A cell that fits beats one that does not, whatever their PPW. */
		if (!rc && (best->fits == !result.over ? result.metric[BARISTA_PPW_MEAN] > best->ppw
						       : !result.over))
			*best = (struct cell){result.metric[BARISTA_PPW_MEAN], !result.over};
		free(result.shape_time);
		return rc;
	}
	for (double v = 1; !rc && v <= 4096 && v <= f->knob[knob].hi; v *= 2) {
		p->knob[knob] = v;
		rc = best_cell(c, p, knob + 1, best);
	}
	return rc;
}

/* Powers of two worth showing along a knob. */
static size_t sides(const struct chart *c, size_t knob, double *side)
{
	double hi = fmin(c->b->model.family->useful(c->r->plan, knob), 256);
	size_t n = 0;

	for (double v = 1; n < MAX_SIDES && v < 2 * hi; v *= 2)
		side[n++] = v;
	return n;
}

/* ---- Fig. 3: mean PPW by kernel size, per precision ---- */

static size_t fig3_precisions(const struct chart *c, double *choice)
{
	static const enum barista_precision paper[] = {BARISTA_FP32, BARISTA_INT8};
	size_t n = 0;

	for (size_t i = 0; i < c->b->space.nchoices && n < 6; i++)
		choice[n++] = c->b->space.choice[i];
	for (size_t i = 0; i < 2; i++) {
		enum barista_precision p = paper[i];
		double v = barista_precision_knob((enum barista_precision[]){p, p, p});
		size_t j = 0;

		while (j < n && choice[j] != v)
			j++;
		if (j == n && c->b->dev->has_precision[p])
			choice[n++] = v;
	}
	return n;
}

static int write_kernel_rows(const struct chart *c, FILE *f, const double *choice, size_t n)
{
	double side[MAX_SIDES];
	size_t nsides = sides(c, 0, side);

	for (size_t s = 0; s < nsides; s++) {
		fprintf(f, "%.0fx%.0f", side[s], side[s]);
		for (size_t i = 0; i < n; i++) {
			struct barista_point p = {{side[s], side[s]}};
			struct cell cell = {-1, false};
			int rc;

			for (size_t k = 0; k < c->b->model.family->nknobs; k++)
				if (c->b->model.family->knob[k].choice)
					p.knob[k] = choice[i];
			if ((rc = best_cell(c, &p, 2, &cell)))
				return rc;
			fputc(',', f);
			put(f, cell.fits ? cell.ppw : (double)NAN, 1e9);
			fputc(',', f);
			put(f, cell.fits ? (double)NAN : cell.ppw, 1e9);
		}
		fputc('\n', f);
	}
	return 0;
}

/* Mean of the baseline over the layers, or its published mean of the network. */
static double baseline_level(const struct barista_report *r)
{
	double sum = 0;

	for (size_t l = 0; l < r->plan->nlayers; l++)
		sum += r->baseline_ppw[l];
	return sum / (double)r->plan->nlayers;
}

static int fig3_data(const struct chart *c, FILE *f)
{
	double choice[8];
	size_t n = fig3_precisions(c, choice);
	char name[64];

	fputs("kernel", f);
	for (size_t i = 0; i < n; i++) {
		barista_precision_format(choice[i], name, sizeof name);
		fprintf(f, ",\"%s\",\"%s, does not fit\"", name, name);
	}
	fputc('\n', f);
	return write_kernel_rows(c, f, choice, n);
}

static int fig3_script(const struct chart *c, FILE *f)
{
	double choice[8], cpu = baseline_level(c->r);
	size_t n = fig3_precisions(c, choice);
	char plot[2048] = "plot ", name[64];

	script_head(c, f, "Mean performance per watt by kernel size (T_K at its best)");
	fputs("set style data histograms\nset style histogram clustered gap 1\nset boxwidth 0.95\n"
	      "set ylabel 'mean PPW [Gop/s/W]'\nset xlabel 'mesh T_M x T_N'\nset yrange [0:*]\n", f);
	for (size_t i = 0; i < n; i++) {
		barista_precision_format(choice[i], name, sizeof name);
		snprintf(plot + strlen(plot), sizeof plot - strlen(plot),
			 "'ppw_by_kernel.csv' skip 1 using %zu:xtic(1) lt %zu title '%s', "
			 "'' skip 1 using %zu lt %zu fs pattern 4 title '%s, does not fit', ", 2 * i + 2, i + 1,
			 name, 2 * i + 3, i + 1, name);
	}
	if (isnan(cpu))
		plot[strlen(plot) - 2] = '\0';
	else
		snprintf(plot + strlen(plot), sizeof plot - strlen(plot),
			 "%.17g with lines lw 2 lc rgb '#4d9a4d' title 'CPU'", cpu / 1e9);
	script_plot(f, "ppw_by_kernel", "1000,480", plot);
	return 0;
}

/* ---- Fig. 4: shares of the stages, at full and at a tenth of the memory bandwidth ---- */

static int fig4_data(const struct chart *c, FILE *f)
{
	const struct barista_family *fam = c->b->model.family;
	const struct barista_point *p = &c->b->search->single.item[0].point;

	fputs("layer,bandwidth", f);
	for (size_t t = 0; t < fam->nterms; t++)
		if (fam->term[t].role & BARISTA_ROLE_PART)
			fprintf(f, ",%s [%%]", fam->term[t].label);
	fputc('\n', f);
	for (int tenth = 0; tenth < 2; tenth++) {
		struct barista_device dev = *c->b->dev;
		struct barista_model model = c->b->model;

		if (tenth)
			dev.fact[BARISTA_MEM_BANDWIDTH].value /= 10;
		model.dev = &dev;
		for (size_t l = 0; l < c->r->plan->nlayers; l++) {
			struct barista_stages s;

			barista_shape_stages(&model, p, c->r->plan->layer_shape[l], &s);
			put_name(f, c->r->net->layer[c->r->plan->layer[l]].name);
			fputs(tenth ? ",10 %" : ",full", f);
			for (size_t t = 0; t < fam->nterms; t++) {
				if (!(fam->term[t].role & BARISTA_ROLE_PART))
					continue;
				fputc(',', f);
				put(f, 100 * s.time[t] / s.total, 1);
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
	char body[2048] = "set multiplot layout 2,1 title heading noenhanced font ',10'\n", size[32];
	static const char *const labels[] = {"full memory bandwidth", "10 % of the memory bandwidth"};
	size_t layers = c->r->plan->nlayers;

	script_head(c, f, "Share of each stage in the time of a layer, best single kernel");
	fputs("set style data histograms\nset style histogram rowstacked\nset boxwidth 0.8\n"
	      "set yrange [0:100]\nset ylabel 'share of time [%]'\nset xtics rotate by 40 right font ',8' noenhanced\n",
	      f);
	for (int i = 0; i < 2; i++) {
		size_t column = 3;

		snprintf(body + strlen(body), sizeof body - strlen(body), "set title '%s'\nplot ", labels[i]);
		for (size_t t = 0; t < fam->nterms; t++) {
			if (!(fam->term[t].role & BARISTA_ROLE_PART))
				continue;
			snprintf(body + strlen(body), sizeof body - strlen(body),
				 "%s'stage_shares.csv' index %d %s using %zu:xtic(1) lt %zu title '%s'",
				 column > 3 ? ", " : "", i, i ? "" : "skip 1", column, column - 2,
				 fam->term[t].label);
			column++;
		}
		strcat(body, "\n");
	}
	strcat(body, "unset multiplot");
	snprintf(size, sizeof size, "%zu,800", layers > 30 ? 200 + 22 * layers : 900);
	script_plot(f, "stage_shares", size, body);
	return 0;
}

/* ---- Table I: PPW per layer on the FPGA, the CPU and the GPU ---- */

static int layers_data(const struct chart *c, FILE *f)
{
	fputs("layer,fpga best kernel [Gop/s/W],cpu [Gop/s/W],gpu [Gop/s/W]\n", f);
	for (size_t l = 0; l < c->r->plan->nlayers; l++) {
		put_name(f, c->r->net->layer[c->r->plan->layer[l]].name);
		fputc(',', f);
		put(f, c->b->search->shape[c->r->plan->layer_shape[l]].item[0].score, 1e9);
		fputc(',', f);
		put(f, c->r->baseline_ppw[l], 1e9);
		fputc(',', f);
		put(f, c->r->gpu_ppw ? c->r->gpu_ppw[l] : (double)NAN, 1e9);
		fputc('\n', f);
	}
	return 0;
}

static int layers_script(const struct chart *c, FILE *f)
{
	bool cpu = false, gpu = false;
	char size[32], plot[512];

	for (size_t l = 0; l < c->r->plan->nlayers; l++) {
		cpu |= !isnan(c->r->baseline_ppw[l]);
		gpu |= c->r->gpu_ppw && !isnan(c->r->gpu_ppw[l]);
	}
	script_head(c, f, "Performance per watt per layer, best kernel for each");
	fputs("set style data histograms\nset style histogram clustered gap 1\nset yrange [0:*]\n"
	      "set ylabel 'PPW [Gop/s/W]'\nset xtics rotate by 40 right font ',8' noenhanced\n", f);
	snprintf(plot, sizeof plot, "plot 'layers.csv' skip 1 using 2:xtic(1) lt 1 title 'FPGA'%s%s",
		 cpu ? ", '' skip 1 using 3 lt 3 title 'CPU'" : "",
		 gpu ? ", '' skip 1 using 4 lt 2 title 'GPU'" : "");
	snprintf(size, sizeof size, "%zu,480", c->r->plan->nlayers > 30 ? 200 + 22 * c->r->plan->nlayers : 900);
	script_plot(f, "layers", size, plot);
	return 0;
}

/* ---- roofline of the best single kernel ---- */

/* The first layer of a shape, and how many more there are. */
static void shape_label(const struct barista_report *r, size_t shape, char *buf, size_t size)
{
	const struct barista_plan *plan = r->plan;
	size_t l = 0;

	while (plan->layer_shape[l] != shape)
		l++;
	snprintf(buf, size, plan->shape[shape].multiplicity > 1 ? "%.100s + %zu" : "%.100s",
		 r->net->layer[plan->layer[l]].name, plan->shape[shape].multiplicity - 1);
}

static int roofline_data(const struct chart *c, FILE *f)
{
	const struct barista_family *fam = c->b->model.family;
	const struct barista_candidate *best = &c->b->search->single.item[0];

	fputs("layer,intensity [op/byte],whole [Gop/s],kernel alone [Gop/s]\n", f);
	for (size_t shape = 0; shape < c->r->plan->nshapes; shape++) {
		double ops = c->r->plan->shape[shape].ops, bits = 0, kernel = 0;
		char name[160];
		struct barista_stages s;

		barista_shape_stages(&c->b->model, &best->point, shape, &s);
		for (size_t t = 0; t < fam->nterms; t++) {
			if (fam->term[t].role & BARISTA_ROLE_TRAFFIC)
				bits += s.time[t];
			if (fam->term[t].role == BARISTA_ROLE_PART) /* a sum of what binds inside the card */
				kernel += s.time[t];
		}
		shape_label(c->r, shape, name, sizeof name);
		put_name(f, name);
		fputc(',', f);
		put(f, ops / (bits / 8), 1);
		fputc(',', f);
		put(f, ops / s.total, 1e9);
		fputc(',', f);
		put(f, ops / kernel, 1e9);
		fputc('\n', f);
	}
	return 0;
}

static int roofline_script(const struct chart *c, FILE *f)
{
	const struct barista_candidate *best = &c->b->search->single.item[0];
	char kernel[96], title[200];
	double lowest = INFINITY;

	c->b->model.family->format(&best->point, kernel, sizeof kernel);
	snprintf(title, sizeof title, "Roofline of %s", kernel);
	script_head(c, f, title);
	for (size_t s = 0; s < c->r->plan->nshapes; s++)
		lowest = fmin(lowest, c->r->plan->shape[s].ops / best->shape_time[s]);
	fprintf(f, "peak = %.17g\nmem = %.17g\nlowest = %.17g\n", best->metric[BARISTA_PEAK] / 1e9,
		c->b->dev->fact[BARISTA_MEM_BANDWIDTH].value / 8e9, lowest / 1e9);
	fputs("set key inside left top\nset logscale xy\nset xlabel 'operational intensity [op/byte of card memory]'\n"
	      "set ylabel 'performance [Gop/s]'\nset grid xtics ytics lc rgb '#dddddd'\n"
	      "set xrange [0.5:2*peak/mem]\nset yrange [lowest/6:2*peak]\nset samples 400\n", f);
	script_plot(f, "roofline", "900,560",
		    "plot (mem*x < peak ? mem*x : peak) with lines lw 2 lc rgb '#444444' "
		    "title 'memory and compute roof', "
		    "'roofline.csv' skip 1 using 2:4 with points pt 7 ps 1.2 lt 1 title 'kernel alone', "
		    "'' skip 1 using 2:3 with points pt 6 ps 1.2 lt 2 title 'with PCIe and tiling', "
		    "'' skip 1 using 2:3:1 with labels font ',7' offset 0.6,-0.4 left rotate by -30 notitle");
	return 0;
}

/* ---- PPW over the first two knobs ---- */

static int map_data(const struct chart *c, FILE *f)
{
	double down[MAX_SIDES], across[MAX_SIDES];
	size_t ndown = sides(c, 0, down), nacross = sides(c, 1, across);
	const struct barista_family *fam = c->b->model.family;

	fprintf(f, "%s,%s,ppw [Gop/s/W]\n", fam->knob[0].name, fam->knob[1].name);
	for (size_t i = 0; i < ndown; i++) {
		for (size_t j = 0; j < nacross; j++) {
			struct barista_point p = c->b->search->single.item[0].point;
			struct cell cell = {-1, false};
			int rc;

			p.knob[0] = down[i];
			p.knob[1] = across[j];
			if ((rc = best_cell(c, &p, 2, &cell)))
				return rc;
			fprintf(f, "%.0f,%.0f,", down[i], across[j]);
			put(f, cell.fits ? cell.ppw : (double)NAN, 1e9);
			fputc('\n', f);
		}
	}
	return 0;
}

static int map_script(const struct chart *c, FILE *f)
{
	const struct barista_family *fam = c->b->model.family;

	script_head(c, f, "Mean performance per watt [Gop/s/W], other knobs at their best; blank: does not fit");
	fprintf(f, "set xlabel '%s'\nset ylabel '%s'\n", fam->knob[1].name, fam->knob[0].name);
	fputs("unset grid\nset border 15\nunset key\n"
	      "set xtics ('1' 0, '2' 1, '4' 2, '8' 3, '16' 4, '32' 5, '64' 6, '128' 7, '256' 8)\n"
	      "set ytics ('1' 0, '2' 1, '4' 2, '8' 3, '16' 4, '32' 5, '64' 6, '128' 7, '256' 8)\n"
	      "set palette defined (0 '#f7fbff', 0.5 '#6baed6', 1 '#2171b5')\n"
	      "set cbrange [0:*]\n", f);
	script_plot(f, "ppw_map", "800,640",
		    "plot 'ppw_map.csv' skip 1 using (log($2)/log(2)):(log($1)/log(2)):(0.5):(0.5):3 "
		    "with boxxyerror fs solid 1 lc palette, "
		    "'' skip 1 using (log($2)/log(2)):(log($1)/log(2)):(sprintf('%.2f', $3)) "
		    "with labels font ',8' tc rgb '#222222'");
	return 0;
}

static const struct {
	int (*data)(const struct chart *c, FILE *f);
	int (*script)(const struct chart *c, FILE *f);
} charts[] = {
	{fig3_data, fig3_script}, {fig4_data, fig4_script}, {layers_data, layers_script},
	{roofline_data, roofline_script}, {map_data, map_script},
};

static int write_one(const struct chart *c, size_t i, bool script)
{
	struct barista_out_file out;
	int rc = open_file(c, &out, barista_chart_names[i], script ? "gp" : "csv");

	if (rc)
		return rc;
	rc = script ? charts[i].script(c, out.f) : charts[i].data(c, out.f);
	if (rc)
		barista_out_abandon(&out);
	else
		rc = barista_out_commit(&out, c->err);
	return rc;
}

int barista_charts_write(const struct barista_report *r, const char *dir, struct barista_err *err)
{
	struct chart c = {r, &r->board[0], dir, err};
	int rc = barista_make_folders(dir, err);

	for (size_t i = 0; !rc && barista_chart_names[i]; i++)
		if (!(rc = write_one(&c, i, false)))
			rc = write_one(&c, i, true);
	return rc;
}
