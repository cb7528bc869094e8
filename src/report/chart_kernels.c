/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mean PPW by kernel size ([Barista] Fig. 3), and over the first two knobs. */
#include "report/charts.h"

#include "base/err.h"
#include "model/baseline.h"
#include "model/precision.h"
#include "search/space.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SIDES = 17, MAX_SERIES = 12 };

/* ---- evaluation of sizes, the other knobs at their best within the searched space ---- */

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
	for (size_t i = 0; !rc && i < barista_range_size(&c->b->space.range[knob]); i++) {
		p->knob[knob] = barista_range_value(&c->b->space.range[knob], i);
		rc = best_cell(c, p, knob + 1, best);
	}
	return rc;
}

/* Values of a knob to show: all that were searched, or if they are many the powers of two
 * among them and that of the best kernel. */
static size_t sides(const struct chart *c, size_t knob, double *side)
{
	const struct barista_range *r = &c->b->space.range[knob];
	double best = c->b->search->single.item[0].point.knob[knob];
	size_t n = 0, size = barista_range_size(r);

	for (size_t i = 0; size <= MAX_SIDES && i < size; i++)
		side[n++] = barista_range_value(r, i);
	for (double v = 1; size > MAX_SIDES && v <= r->hi && n + 1 < MAX_SIDES; v *= 2) {
		if (best < v && (!n || best > side[n - 1]))
			side[n++] = best;
		if (v >= r->lo)
			side[n++] = v;
	}
	return n;
}

/* ---- Fig. 3: mean PPW by kernel size, per precision ---- */

static size_t fig3_precisions(const struct chart *c, double *choice)
{
	static const enum barista_precision paper[] = {BARISTA_FP32, BARISTA_INT8};
	size_t n = 0;

	for (size_t i = 0; i < c->b->space.nchoices && n + 2 < MAX_SERIES; i++)
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

/* Squares that were searched along both knobs; if there is none, the best kernel's size. */
static size_t squares(const struct chart *c, double (*size)[2])
{
	const double *best = c->b->search->single.item[0].point.knob;
	double down[MAX_SIDES], across[MAX_SIDES];
	size_t ndown = sides(c, 0, down), nacross = sides(c, 1, across), n = 0;

	for (size_t i = 0; i < ndown; i++)
		for (size_t j = 0; j < nacross; j++)
			if (down[i] == across[j])
				size[n][0] = size[n][1] = down[i], n++;
	if (!n)
		size[n][0] = best[0], size[n][1] = best[1], n++;
	return n;
}

static int write_kernel_rows(const struct chart *c, FILE *f, const double *choice, size_t n)
{
	double size[MAX_SIDES][2];
	size_t nsizes = squares(c, size);

	for (size_t s = 0; s < nsizes; s++) {
		fprintf(f, "%.0fx%.0f", size[s][0], size[s][1]);
		for (size_t i = 0; i < n; i++) {
			struct barista_point p = {{size[s][0], size[s][1]}};
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

/* Mean of the baseline over the layers; if it lacks some, its published mean. */
static double baseline_level(const struct barista_report *r)
{
	double sum = 0;

	for (size_t l = 0; l < r->plan->nlayers; l++)
		sum += r->baseline_ppw[l];
	return isnan(sum) ? barista_baseline_mean(r->baseline, r->net) : sum / (double)r->plan->nlayers;
}

static int fig3_data(const struct chart *c, FILE *f)
{
	double choice[MAX_SERIES];
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
	double choice[MAX_SERIES], cpu = baseline_level(c->r);
	size_t n = fig3_precisions(c, choice);
	char plot[4096] = "plot ", name[64];

	barista_script_head(c, f, "Mean performance per watt of square sizes, other knobs at their best");
	fputs("set style data histograms\nset style histogram clustered gap 1\nset boxwidth 0.95\n"
	      "set ylabel 'mean PPW [Gop/s/W]'\nset yrange [0:*]\n", f);
	fputs("set xtics rotate by 40 right\n", f);
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
			 "%.17g with lines lw 2 lc rgb '#4d9a4d' title '%s'", cpu / 1e9,
			 barista_baseline_label(c));
	barista_script_plot(f, "ppw_by_kernel", "1000,480", plot);
	return 0;
}

/* ---- PPW over the first two knobs ---- */

static int map_data(const struct chart *c, FILE *f)
{
	double down[MAX_SIDES], across[MAX_SIDES];
	size_t ndown = sides(c, 0, down), nacross = sides(c, 1, across);
	const struct barista_family *fam = c->b->model.family;

	fprintf(f, "row,column,%s,%s,ppw [Gop/s/W]\n", fam->knob[0].name, fam->knob[1].name);
	for (size_t i = 0; i < ndown; i++) {
		for (size_t j = 0; j < nacross; j++) {
			struct barista_point p = c->b->search->single.item[0].point;
			struct cell cell = {-1, false};
			int rc;

			p.knob[0] = down[i];
			p.knob[1] = across[j];
			if ((rc = best_cell(c, &p, 2, &cell)))
				return rc;
			fprintf(f, "%zu,%zu,%.0f,%.0f,", i, j, down[i], across[j]);
			barista_put_real(f, cell.fits ? cell.ppw : (double)NAN, 1e9);
			fputc('\n', f);
		}
	}
	return 0;
}

static void put_tics(const struct chart *c, FILE *f, char axis, size_t knob)
{
	double side[MAX_SIDES];
	size_t n = sides(c, knob, side);

	fprintf(f, "set %clabel '%s'\nset %crange [-0.5:%zu.5]\nset %ctics (", axis,
		c->b->model.family->knob[knob].name, axis, n - 1, axis);
	for (size_t i = 0; i < n; i++)
		fprintf(f, "%s'%.0f' %zu", i ? ", " : "", side[i], i);
	fputs(")\n", f);
}

static int map_script(const struct chart *c, FILE *f)
{
	barista_script_head(c, f, "Mean performance per watt [Gop/s/W], other knobs at their best; "
			    "blank: does not fit");
	put_tics(c, f, 'x', 1);
	put_tics(c, f, 'y', 0);
	fputs("unset grid\nset border 15\nunset key\n"
	      "set palette defined (0 '#f7fbff', 0.5 '#6baed6', 1 '#2171b5')\nset cbrange [0:*]\n", f);
	barista_script_plot(f, "ppw_map", "800,640",
		    "plot 'ppw_map.csv' skip 1 using 2:1:(0.5):(0.5):5 with boxxyerror fs solid 1 lc palette, "
		    "'' skip 1 using 2:1:(sprintf('%.2f', $5)) with labels font ',8' tc rgb '#222222'");
	return 0;
}

const struct chart_def barista_chart_kernels = {"ppw_by_kernel", fig3_data, fig3_script, NULL};
const struct chart_def barista_chart_map = {"ppw_map", map_data, map_script, NULL};
