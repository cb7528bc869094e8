/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fastest designs of a cut for every budget of multipliers and block RAMs: fills add up layer
 * by layer, as in a knapsack with two weights. Everything is a whole number, so that sums are exact
 * in any order. */
#include "families/streaming/knapsack.h"

#include "base/err.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double far = 1125899906842624; /* 2^50: no fill is as long */

static size_t cells(const struct streaming_knapsack *g)
{
	return (size_t)g->rows * (size_t)g->columns;
}

/* Room for the number of an option, and a bit so that rounding to a multiple of it rounds down. */
static double pack_of(const struct streaming_front *f, double *longest)
{
	double pack = 2;

	*longest = 0;
	for (size_t l = 0; l < f->nlayers; l++) {
		double most = 0;

		for (size_t i = 0; i < f->options[l].n; i++)
			most = fmax(most, f->options[l].option[i].additive);
		*longest += most;
		while (pack < 2 * (double)f->options[l].n)
			pack *= 2;
	}
	return pack;
}

int barista_streaming_knapsack_make(struct streaming_knapsack *g, const struct streaming_front *f,
				    int rows, int columns, struct barista_err *err)
{
	enum { MOST_BYTES = 2000000000 };
	double longest, pack = pack_of(f, &longest), n = (double)rows * columns;

	*g = (struct streaming_knapsack){
		.nlayers = f->nlayers, .rows = rows, .columns = columns, .choice_scale = pack};
	/* Half of pack is at least the options of a layer: a number of one must fit into 16 bits.
	 */
	if (n * (28 + 2 * (double)f->nlayers) > MOST_BYTES || longest * pack >= far ||
	    pack / 2 > UINT16_MAX + 1)
		return barista_fail(
			err, BARISTA_E_SYSTEM,
			"the front of %zu layers within %d multipliers and %d half block RAMs is "
			"too large to list exactly: lower rules.usable_dsp or rules.usable_bram",
			f->nlayers, rows, columns);
	g->cycles = malloc(cells(g) * sizeof *g->cycles);
	g->design = malloc(cells(g) * sizeof *g->design);
	g->before = malloc(cells(g) * sizeof *g->before);
	g->after = malloc(cells(g) * sizeof *g->after);
	g->choice = malloc(g->nlayers * cells(g) * sizeof *g->choice);
	g->active_columns = malloc((size_t)rows * sizeof *g->active_columns);
	if (!g->cycles || !g->design || !g->before || !g->after || !g->choice ||
	    !g->active_columns) {
		barista_streaming_knapsack_free(g);
		return barista_no_memory(err);
	}
	for (size_t i = 0; i < cells(g); i++)
		g->cycles[i] = INFINITY;
	return 0;
}

void barista_streaming_knapsack_free(struct streaming_knapsack *g)
{
	free(g->cycles), free(g->design), free(g->before), free(g->after), free(g->choice),
		free(g->active_columns), free(g->stored);
	*g = (struct streaming_knapsack){0};
}

/* One row of a layer: the least over its options, with the option in the low bits. */
static void add_row(const struct streaming_knapsack *g, const struct streaming_threshold_case *cut,
		    size_t l, int r)
{
	double *to = g->after + (size_t)r * g->row_stride;

	for (int x = 0; x < g->active_columns[r]; x++)
		to[x] = far;
	for (size_t i = 0; i < cut->ncandidates[l]; i++) {
		const struct streaming_candidate *p = &cut->candidate[l][i];
		double more = p->additive * g->choice_scale + (double)i;
		const double *restrict from;
		double *restrict out = to + p->columns;

		if (p->rows > r)
			continue;
		from = g->before + (size_t)(r - p->rows) * g->row_stride;
		for (int x = 0; x < g->active_columns[r] - p->columns; x++) {
			double v = from[x] + more;

			out[x] = v < out[x] ? v : out[x];
		}
	}
}

/* Takes the options out of the low bits of a row. Adding and subtracting 2^52 packs rounds to a
 * whole one. */
static void note_row(const struct streaming_knapsack *g, size_t l, int r)
{
	size_t at = (size_t)r * g->row_stride;
	double *restrict to = g->after + at, whole = 4503599627370496 * g->choice_scale;
	uint16_t *restrict choice = g->choice + l * cells(g) + at;

	for (int x = 0; x < g->active_columns[r]; x++) {
		double fill = (to[x] + whole) - whole;

		choice[x] = (uint16_t)(int)(to[x] - fill);
		to[x] = fill;
	}
}

/* Stores the design of a cell of the cut. */
static int store(struct streaming_knapsack *g, const struct streaming_threshold_case *cut, int r,
		 int x, struct barista_err *err)
{
	uint32_t *design;

	if (g->nstored == g->capacity) {
		size_t capacity = g->capacity ? 2 * g->capacity : 1024;
		uint32_t *grown = realloc(g->stored, capacity * g->nlayers * sizeof *grown);

		if (!grown)
			return barista_no_memory(err);
		g->stored = grown;
		g->capacity = capacity;
	}
	design = g->stored + g->nstored++ * g->nlayers;
	for (size_t l = g->nlayers; l-- > 0;) {
		size_t at = l * cells(g) + (size_t)r * g->row_stride + (size_t)x;
		const struct streaming_candidate *p = &cut->candidate[l][g->choice[at]];

		design[l] = p->option;
		r -= p->rows;
		x -= p->columns;
	}
	return 0;
}

static double above(const struct streaming_knapsack *g, int r, int x)
{
	return r ? g->cycles[(size_t)(r - 1) * (size_t)g->columns + (size_t)x] : (double)INFINITY;
}

/* What is better than before goes into the grid. A design is kept where fewer multipliers or block
 * RAMs take longer, which is where it takes exactly so many. */
static int merge(struct streaming_knapsack *g, const struct streaming_threshold_case *cut,
		 struct barista_err *err)
{
	int rc = 0;

	for (int r = 0; r < g->active_rows && !rc; r++) {
		size_t at = (size_t)(cut->row + r) * (size_t)g->columns + (size_t)cut->column;
		const double *fill = g->before + (size_t)r * g->row_stride;

		for (int x = 0; x < g->active_columns[r] && !rc; x++) {
			double t = cut->threshold_cycles + fill[x] / g->choice_scale,
			       *best = &g->cycles[at + (size_t)x];

			if (fill[x] >= far || !(t < *best))
				continue;
			*best = t;
			if (!(t < above(g, cut->row + r, cut->column + x)) ||
			    (cut->column + x && !(t < best[-1])))
				continue;
			g->design[at + (size_t)x] = (uint32_t)g->nstored;
			rc = store(g, cut, r, x, err);
		}
	}
	return rc;
}

/* The least of each cell, of the one above and of those to the left; returns whether a cell
 * changed. */
static bool spread_row(double *restrict row, const double *restrict before, int n)
{
	double left = INFINITY;
	bool changed = false;

	for (int x = 0; x < n; x++) {
		double v = before[x] < row[x] ? before[x] : row[x];

		left = left < v ? left : v;
		changed |= left < row[x];
		row[x] = left;
	}
	return changed;
}

/* More multipliers and block RAMs are never slower. Below the cut rows change only with the one
 * above. */
static void spread(struct streaming_knapsack *g, const struct streaming_threshold_case *cut)
{
	double *row = g->cycles + (size_t)cut->row * (size_t)g->columns + (size_t)cut->column;
	int n = g->columns - cut->column;

	for (int x = 1; x < n; x++)
		row[x] = row[x - 1] < row[x] ? row[x - 1] : row[x];
	for (int r = cut->row + 1; r < g->rows; r++) {
		row += g->columns;
		if (!spread_row(row, row - g->columns, n) && r >= cut->row + g->active_rows)
			break;
	}
}

int barista_streaming_knapsack_run(struct streaming_knapsack *g,
				   const struct streaming_threshold_case *cut,
				   struct barista_err *err)
{
	int rc;

	for (int r = 0; r < g->active_rows; r++)
		memset(g->before + (size_t)r * g->row_stride, 0,
		       (size_t)g->active_columns[r] * sizeof *g->before);
	for (size_t l = 0; l < g->nlayers; l++) {
		double *swap = g->before;

		for (int r = 0; r < g->active_rows; r++) {
			add_row(g, cut, l, r);
			note_row(g, l, r);
		}
		g->before = g->after;
		g->after = swap;
	}
	rc = merge(g, cut, err);
	spread(g, cut);
	return rc;
}
