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

static size_t cells(const struct stream_grid *g)
{
	return (size_t)g->rows * (size_t)g->columns;
}

/* Room for the number of an option, and a bit so that rounding to a multiple of it rounds down. */
static double pack_of(const struct stream_front *f, double *longest)
{
	double pack = 2;

	*longest = 0;
	for (size_t l = 0; l < f->nlayers; l++) {
		double most = 0;

		for (size_t i = 0; i < f->menu[l].n; i++)
			most = fmax(most, f->menu[l].option[i].fill);
		*longest += most;
		while (pack < 2 * (double)f->menu[l].n)
			pack *= 2;
	}
	return pack;
}

int barista_streaming_knapsack_make(struct stream_grid *g, const struct stream_front *f, int rows,
				    int columns, struct barista_err *err)
{
	enum { MOST_BYTES = 2000000000 };
	double longest, pack = pack_of(f, &longest), n = (double)rows * columns;

	*g = (struct stream_grid){
		.nlayers = f->nlayers, .rows = rows, .columns = columns, .pack = pack};
	/* Half of pack is at least the options of a layer: a number of one must fit into 16 bits.
	 */
	if (n * (28 + 2 * (double)f->nlayers) > MOST_BYTES || longest * pack >= far ||
	    pack / 2 > UINT16_MAX + 1)
		return barista_fail(
			err, BARISTA_E_SYSTEM,
			"the front of %zu layers within %d multipliers and %d half block RAMs is "
			"too large to list exactly: lower rules.usable_dsp or rules.usable_bram",
			f->nlayers, rows, columns);
	g->best = malloc(cells(g) * sizeof *g->best);
	g->design = malloc(cells(g) * sizeof *g->design);
	g->from = malloc(cells(g) * sizeof *g->from);
	g->to = malloc(cells(g) * sizeof *g->to);
	g->choice = malloc(g->nlayers * cells(g) * sizeof *g->choice);
	g->width = malloc((size_t)rows * sizeof *g->width);
	if (!g->best || !g->design || !g->from || !g->to || !g->choice || !g->width) {
		barista_streaming_knapsack_free(g);
		return barista_no_memory(err);
	}
	for (size_t i = 0; i < cells(g); i++)
		g->best[i] = INFINITY;
	return 0;
}

void barista_streaming_knapsack_free(struct stream_grid *g)
{
	free(g->best), free(g->design), free(g->from), free(g->to), free(g->choice), free(g->width),
		free(g->store);
	*g = (struct stream_grid){0};
}

/* One row of a layer: the least over its options, with the option in the low bits. */
static void add_row(const struct stream_grid *g, const struct stream_cut *cut, size_t l, int r)
{
	double *to = g->to + (size_t)r * g->pitch;

	for (int x = 0; x < g->width[r]; x++)
		to[x] = far;
	for (size_t i = 0; i < cut->n[l]; i++) {
		const struct stream_pick *p = &cut->pick[l][i];
		double more = p->fill * g->pack + (double)i;
		const double *restrict from;
		double *restrict out = to + p->b;

		if (p->d > r)
			continue;
		from = g->from + (size_t)(r - p->d) * g->pitch;
		for (int x = 0; x < g->width[r] - p->b; x++) {
			double v = from[x] + more;

			out[x] = v < out[x] ? v : out[x];
		}
	}
}

/* Takes the options out of the low bits of a row. Adding and subtracting 2^52 packs rounds to a
 * whole one. */
static void note_row(const struct stream_grid *g, size_t l, int r)
{
	size_t at = (size_t)r * g->pitch;
	double *restrict to = g->to + at, whole = 4503599627370496 * g->pack;
	uint16_t *restrict choice = g->choice + l * cells(g) + at;

	for (int x = 0; x < g->width[r]; x++) {
		double fill = (to[x] + whole) - whole;

		choice[x] = (uint16_t)(int)(to[x] - fill);
		to[x] = fill;
	}
}

/* Stores the design of a cell of the cut. */
static int store(struct stream_grid *g, const struct stream_cut *cut, int r, int x,
		 struct barista_err *err)
{
	uint32_t *design;

	if (g->nstored == g->capacity) {
		size_t capacity = g->capacity ? 2 * g->capacity : 1024;
		uint32_t *grown = realloc(g->store, capacity * g->nlayers * sizeof *grown);

		if (!grown)
			return barista_no_memory(err);
		g->store = grown;
		g->capacity = capacity;
	}
	design = g->store + g->nstored++ * g->nlayers;
	for (size_t l = g->nlayers; l-- > 0;) {
		size_t at = l * cells(g) + (size_t)r * g->pitch + (size_t)x;
		const struct stream_pick *p = &cut->pick[l][g->choice[at]];

		design[l] = p->option;
		r -= p->d;
		x -= p->b;
	}
	return 0;
}

static double above(const struct stream_grid *g, int r, int x)
{
	return r ? g->best[(size_t)(r - 1) * (size_t)g->columns + (size_t)x] : (double)INFINITY;
}

/* What is better than before goes into the grid. A design is kept where fewer multipliers or block
 * RAMs take longer, which is where it takes exactly so many. */
static int merge(struct stream_grid *g, const struct stream_cut *cut, struct barista_err *err)
{
	int rc = 0;

	for (int r = 0; r < g->height && !rc; r++) {
		size_t at = (size_t)(cut->d + r) * (size_t)g->columns + (size_t)cut->b;
		const double *fill = g->from + (size_t)r * g->pitch;

		for (int x = 0; x < g->width[r] && !rc; x++) {
			double t = cut->cycles + fill[x] / g->pack,
			       *best = &g->best[at + (size_t)x];

			if (fill[x] >= far || !(t < *best))
				continue;
			*best = t;
			if (!(t < above(g, cut->d + r, cut->b + x)) ||
			    (cut->b + x && !(t < best[-1])))
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
static void spread(struct stream_grid *g, const struct stream_cut *cut)
{
	double *row = g->best + (size_t)cut->d * (size_t)g->columns + (size_t)cut->b;
	int n = g->columns - cut->b;

	for (int x = 1; x < n; x++)
		row[x] = row[x - 1] < row[x] ? row[x - 1] : row[x];
	for (int r = cut->d + 1; r < g->rows; r++) {
		row += g->columns;
		if (!spread_row(row, row - g->columns, n) && r >= cut->d + g->height)
			break;
	}
}

int barista_streaming_knapsack_run(struct stream_grid *g, const struct stream_cut *cut,
				   struct barista_err *err)
{
	int rc;

	for (int r = 0; r < g->height; r++)
		memset(g->from + (size_t)r * g->pitch, 0, (size_t)g->width[r] * sizeof *g->from);
	for (size_t l = 0; l < g->nlayers; l++) {
		double *swap = g->from;

		for (int r = 0; r < g->height; r++) {
			add_row(g, cut, l, r);
			note_row(g, l, r);
		}
		g->from = g->to;
		g->to = swap;
	}
	rc = merge(g, cut, err);
	spread(g, cut);
	return rc;
}
