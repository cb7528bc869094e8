/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mean PPW by kernel size ([Barista] Fig. 3), and over the first two knobs. */
#include "report/charts/chart.h"

#include "base/err.h"
#include "model/baseline.h"
#include "model/device.h"
#include "model/metric.h"
#include "model/precision.h"
#include "search/search.h"
#include "search/space.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SIDES = 17, MAX_SERIES = 12 };

/* ---- sizes, the other knobs at their best within the searched space ---- */

struct cell {
	double ppw;
	bool fits;
};

/* The same board with every budget lifted: how fast what does not fit would be. */
static struct barista_device without_budgets(const struct barista_device *dev)
{
	struct barista_device lifted = *dev;

	for (int b = 0; b < BARISTA_NBUDGETS; b++) {
		const struct barista_budget_def *def = &barista_budget_defs[b];

		if (def->usable >= 0)
			lifted.param[def->usable].value = 1e9;
		else if (def->total >= 0)
			lifted.param[def->total].value = 0;
	}
	return lifted;
}

static int search_cell(const struct chart *c, const struct barista_device *dev,
		       const struct barista_space *space, double *ppw)
{
	struct barista_model model = {dev, c->r->lowered, c->b->model.family};
	struct barista_search_options options = {.keep = 1};
	struct barista_search *search;
	int rc = barista_search_run(&search, &model, space, &options, c->err);

	if (rc)
		return rc;
	*ppw = search->ranking[BARISTA_RANK_PPW].item[0].score;
	barista_search_free(search);
	return 0;
}

/* A cell that fits nowhere keeps its NaN. */
static int best_cell(const struct chart *c, double down, double across, double choice,
		     struct cell *best)
{
	struct barista_device lifted = without_budgets(c->b->dev);
	struct barista_space space = c->b->space;
	int rc;

	space.range[0].lo = space.range[0].hi = down;
	space.range[1].lo = space.range[1].hi = across;
	space.nchoices = 1;
	space.choice[0] = choice;
	*best = (struct cell){(double)NAN, true};
	rc = search_cell(c, c->b->dev, &space, &best->ppw);
	if (rc != BARISTA_E_INFEASIBLE)
		return rc;
	best->fits = false;
	rc = search_cell(c, &lifted, &space, &best->ppw);
	return rc == BARISTA_E_INFEASIBLE ? 0 : rc;
}

/* Values of a knob to show: all that were searched, or if they are many the powers of two
 * among them and that of the best kernel. */
static size_t sides(const struct chart *c, size_t knob, double *side)
{
	const struct barista_range *r = &c->b->space.range[knob];
	double best = c->b->search->ranking[BARISTA_RANK_PPW].item[0].point.knob[knob];
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
	const double *best = c->b->search->ranking[BARISTA_RANK_PPW].item[0].point.knob;
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
			struct cell cell;
			int rc = best_cell(c, size[s][0], size[s][1], choice[i], &cell);

			if (rc)
				return rc;
			fputc(',', f);
			barista_script_real(f, cell.fits ? cell.ppw : (double)NAN, 1e9);
			fputc(',', f);
			barista_script_real(f, cell.fits ? (double)NAN : cell.ppw, 1e9);
		}
		fputc('\n', f);
	}
	return 0;
}

/* Mean of the baseline over the layers; if it lacks some, its published mean. */
static double baseline_level(const struct barista_report *r)
{
	double sum = 0;

	for (size_t l = 0; l < r->lowered->nlayers; l++)
		sum += r->baseline_ppw[l];
	return isnan(sum) ? barista_baseline_mean(r->baseline, r->net)
			  : sum / (double)r->lowered->nlayers;
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

	barista_script_head(c, f,
			    "Mean performance per watt of square sizes, other knobs at their best");
	fputs("set style data histograms\nset style histogram clustered gap 1\nset boxwidth 0.95\n"
	      "set ylabel 'mean PPW [Gop/s/W]'\nset yrange [0:*]\n",
	      f);
	fputs("set xtics rotate by 40 right\n", f);
	fprintf(f, "set xlabel '%s x %s'\n", c->b->model.family->knob[0].name,
		c->b->model.family->knob[1].name);
	for (size_t i = 0; i < n; i++) {
		barista_precision_format(choice[i], name, sizeof name);
		snprintf(plot + strlen(plot), sizeof plot - strlen(plot),
			 "'ppw_by_kernel.csv' skip 1 using %zu:xtic(1) lt %zu title '%s', "
			 "'' skip 1 using %zu lt %zu fs pattern 4 title '%s, does not fit', ",
			 2 * i + 2, i + 1, name, 2 * i + 3, i + 1, name);
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
	double choice =
		c->b->search->ranking[BARISTA_RANK_PPW].item[0].point.knob[fam->knob_order[0]];

	fprintf(f, "row,column,%s,%s,ppw [Gop/s/W]\n", fam->knob[0].name, fam->knob[1].name);
	for (size_t i = 0; i < ndown; i++) {
		for (size_t j = 0; j < nacross; j++) {
			struct cell cell;
			int rc = best_cell(c, down[i], across[j], choice, &cell);

			if (rc)
				return rc;
			fprintf(f, "%zu,%zu,%.0f,%.0f,", i, j, down[i], across[j]);
			barista_script_real(f, cell.fits ? cell.ppw : (double)NAN, 1e9);
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
	barista_script_head(c, f,
			    "Mean performance per watt [Gop/s/W], other knobs at their best; "
			    "blank: does not fit");
	put_tics(c, f, 'x', 1);
	put_tics(c, f, 'y', 0);
	fputs("unset grid\nset border 15\nunset key\n"
	      "set palette defined (0 '#f7fbff', 0.5 '#6baed6', 1 '#2171b5')\nset cbrange [0:*]\n",
	      f);
	barista_script_plot(
		f, "ppw_map", "800,640",
		"plot 'ppw_map.csv' skip 1 using 2:1:(0.5):(0.5):5 with boxxyerror fs solid 1 lc "
		"palette, "
		"'' skip 1 using 2:1:(sprintf('%.2f', $5)) with labels font ',8' tc rgb '#222222'");
	return 0;
}

const struct chart_def barista_chart_kernels = {"ppw_by_kernel", fig3_data, fig3_script,
						barista_ranks_layers};
const struct chart_def barista_chart_map = {"ppw_map", map_data, map_script, barista_ranks_layers};
