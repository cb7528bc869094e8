/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mean PPW by kernel size ([Barista] Fig. 3), and over the first two knobs. */
#include "report/charts.h"

#include "base/err.h"
#include "model/precision.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SIDES = 17 };

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
			barista_put_real(f, cell.fits ? cell.ppw : (double)NAN, 1e9);
			fputc(',', f);
			barista_put_real(f, cell.fits ? (double)NAN : cell.ppw, 1e9);
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
		fprintf(f, ",\"%s [Gop/s/W]\",\"%s, does not fit [Gop/s/W]\"", name, name);
	}
	fputc('\n', f);
	return write_kernel_rows(c, f, choice, n);
}

static int fig3_script(const struct chart *c, FILE *f)
{
	double choice[8], cpu = baseline_level(c->r);
	size_t n = fig3_precisions(c, choice);
	char plot[2048] = "plot ", name[64];

	barista_script_head(c, f, "Mean performance per watt by size, other knobs at their best");
	fputs("set style data histograms\nset style histogram clustered gap 1\nset boxwidth 0.95\n"
	      "set ylabel 'mean PPW [Gop/s/W]'\nset yrange [0:*]\n", f);
	fprintf(f, "set xlabel '%s x %s'\n", c->b->model.family->knob[0].name, c->b->model.family->knob[1].name);
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
	barista_script_plot(f, "ppw_by_kernel", "1000,480", plot);
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
			barista_put_real(f, cell.fits ? cell.ppw : (double)NAN, 1e9);
			fputc('\n', f);
		}
	}
	return 0;
}

static int map_script(const struct chart *c, FILE *f)
{
	const struct barista_family *fam = c->b->model.family;

	barista_script_head(c, f, "Mean performance per watt [Gop/s/W], other knobs at their best; blank: does not fit");
	fprintf(f, "set xlabel '%s'\nset ylabel '%s'\n", fam->knob[1].name, fam->knob[0].name);
	fputs("unset grid\nset border 15\nunset key\n"
	      "set xtics ('1' 0, '2' 1, '4' 2, '8' 3, '16' 4, '32' 5, '64' 6, '128' 7, '256' 8)\n"
	      "set ytics ('1' 0, '2' 1, '4' 2, '8' 3, '16' 4, '32' 5, '64' 6, '128' 7, '256' 8)\n"
	      "set palette defined (0 '#f7fbff', 0.5 '#6baed6', 1 '#2171b5')\n"
	      "set cbrange [0:*]\n", f);
	barista_script_plot(f, "ppw_map", "800,640",
		    "plot 'ppw_map.csv' skip 1 using (log($2)/log(2)):(log($1)/log(2)):(0.5):(0.5):3 "
		    "with boxxyerror fs solid 1 lc palette, "
		    "'' skip 1 using (log($2)/log(2)):(log($1)/log(2)):(sprintf('%.2f', $3)) "
		    "with labels font ',8' tc rgb '#222222'");
	return 0;
}

const struct chart_def barista_chart_kernels = {"ppw_by_kernel", fig3_data, fig3_script};
const struct chart_def barista_chart_map = {"ppw_map", map_data, map_script};
