/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The fastest designs of a threshold case within every number of multipliers and block RAMs. All of
 * them take the sum of the thresholds; what is left to find is the least sum of additive cycles:
 *  1. Without layers it is 0 in every cell.
 *  2. With one more layer, the least in a cell is the minimum over the layer's candidates of the
 *     least, without the layer, in the cell that is left when the candidate takes its rows and
 *     columns, plus the candidate's own cycles. Cycles count in steps that are larger than the
 *     number of a candidate, so that this number is added as well: the minimum carries along which
 *     candidate gave it, and loses it again before the next layer. Of equals the first one wins.
 *  3. Cells in which this is faster than what is known go into the table of all cases. Where a
 *     smaller cell is as fast, a cell needs no design of its own; for the others the candidates are
 *     followed from the last layer back, and the design is stored.
 *  4. A time in the table holds for all larger cells as well, and is spread to them.
 * A case costs as many steps as its active cells times the candidates of all layers. All numbers
 * are whole and below 2^53, so that sums are exact in any order.
 */
#include "families/streaming/knapsack.h"
#include "base/memory.h"
#include "base/array.h"
#include "base/err.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double infinite_cycles = 0x1p50; /* no sum is as long */

static size_t count_cells(const struct streaming_knapsack *k)
{
	return (size_t)k->rows * (size_t)k->columns;
}

static double longest_additive(const struct streaming_options *options)
{
	double most = 0;

	for (size_t i = 0; i < options->n; i++)
		most = fmax(most, options->option[i].additive);
	return most;
}

/* A power of two with room for the number of a candidate below it, and for one bit more: numbers
 * are below half of it, so that rounding to a multiple of it rounds down. */
static double choice_scale(const struct streaming_front *f)
{
	double scale = 2;

	for (size_t l = 0; l < f->nlayers; l++)
		while (scale < 2 * (double)f->options[l].n)
			scale *= 2;
	return scale;
}

/* Memory is bounded, sums stay below infinity, and the number of a candidate has 16 bits. */
static bool is_too_large(const struct streaming_front *f, double rows, double columns, double scale)
{
	enum { MAX_BYTES = 2000000000, MAX_CANDIDATES = UINT16_MAX + 1 };
	double longest = 0, bytes_per_cell = 28 + 2 * (double)f->nlayers;

	for (size_t l = 0; l < f->nlayers; l++)
		longest += longest_additive(&f->options[l]);
	return rows * columns * bytes_per_cell > MAX_BYTES || longest * scale >= infinite_cycles ||
	       scale / 2 > MAX_CANDIDATES;
}

int barista_streaming_knapsack_make(struct streaming_knapsack *k, const struct streaming_front *f,
				    int rows, int columns, struct barista_err *err)
{
	double scale = choice_scale(f);

	*k = (struct streaming_knapsack){
		.nlayers = f->nlayers, .rows = rows, .columns = columns, .choice_scale = scale};
	if (is_too_large(f, rows, columns, scale))
		return barista_fail(
			err, BARISTA_E_SYSTEM,
			"the front of %zu layers within %d multipliers and %d half block RAMs is "
			"too large to list exactly: lower rules.usable_dsp or rules.usable_bram",
			f->nlayers, rows, columns);
	k->cycles = malloc(count_cells(k) * sizeof *k->cycles);
	k->design = malloc(count_cells(k) * sizeof *k->design);
	k->before = malloc(count_cells(k) * sizeof *k->before);
	k->after = malloc(count_cells(k) * sizeof *k->after);
	k->choice = malloc(k->nlayers * count_cells(k) * sizeof *k->choice);
	k->active_columns = malloc((size_t)rows * sizeof *k->active_columns);
	if (!k->cycles || !k->design || !k->before || !k->after || !k->choice ||
	    !k->active_columns) {
		barista_streaming_knapsack_free(k);
		return barista_no_memory(err);
	}
	for (size_t i = 0; i < count_cells(k); i++)
		k->cycles[i] = INFINITY;
	return 0;
}

void barista_streaming_knapsack_free(struct streaming_knapsack *k)
{
	barista_free_all(k->cycles, k->design, k->before, k->after, k->choice, k->active_columns,
			 k->stored);
	*k = (struct streaming_knapsack){0};
}

/* ---- step 2: one more layer ---- */

/* One row of the table: the minimum over the candidates, with the number of the best in its low
 * bits. */
static void minimize_row(const struct streaming_knapsack *k,
			 const struct streaming_threshold_case *t, size_t l, int r)
{
	double *row = k->after + (size_t)r * k->row_stride;

	for (int x = 0; x < k->active_columns[r]; x++)
		row[x] = infinite_cycles;
	for (size_t i = 0; i < t->ncandidates[l]; i++) {
		const struct streaming_candidate *c = &t->candidate[l][i];
		double step = c->additive * k->choice_scale + (double)i;
		const double *restrict from;
		double *restrict out = row + c->columns;

		if (c->rows > r)
			continue;
		from = k->before + (size_t)(r - c->rows) * k->row_stride;
		for (int x = 0; x < k->active_columns[r] - c->columns; x++) {
			double v = from[x] + step;

			out[x] = v < out[x] ? v : out[x];
		}
	}
}

/* Moves the numbers of the candidates out of the low bits of a row. To add and subtract 2^52 times
 * the scale rounds to a multiple of the scale. */
static void extract_choices(const struct streaming_knapsack *k, size_t l, int r)
{
	size_t at = (size_t)r * k->row_stride;
	double *restrict row = k->after + at, rounder = 0x1p52 * k->choice_scale;
	uint16_t *restrict choice = k->choice + l * count_cells(k) + at;

	for (int x = 0; x < k->active_columns[r]; x++) {
		double additive = (row[x] + rounder) - rounder;

		choice[x] = (uint16_t)(int)(row[x] - additive);
		row[x] = additive;
	}
}

static void add_layer(struct streaming_knapsack *k, const struct streaming_threshold_case *t,
		      size_t l)
{
	double *swap = k->before;

	for (int r = 0; r < k->active_rows; r++) {
		minimize_row(k, t, l, r);
		extract_choices(k, l, r);
	}
	k->before = k->after;
	k->after = swap;
}

/* ---- step 3: what is better than before ---- */

/* Follows the choices from a cell of the case, the last layer first. */
static int store_design(struct streaming_knapsack *k, const struct streaming_threshold_case *t,
			int r, int x, struct barista_err *err)
{
	uint32_t *design;

	if (!barista_array_reserve(&k->stored, &k->capacity, (k->nstored + 1) * k->nlayers,
				   sizeof *k->stored))
		return barista_no_memory(err);
	design = k->stored + k->nstored++ * k->nlayers;
	for (size_t l = k->nlayers; l-- > 0;) {
		size_t at = l * count_cells(k) + (size_t)r * k->row_stride + (size_t)x;
		const struct streaming_candidate *c = &t->candidate[l][k->choice[at]];

		design[l] = c->option;
		r -= c->rows;
		x -= c->columns;
	}
	return 0;
}

bool barista_streaming_knapsack_is_faster(const struct streaming_knapsack *k, int r, int x)
{
	const double *cell = &k->cycles[(size_t)r * (size_t)k->columns + (size_t)x];

	return isfinite(*cell) && (!r || *cell < cell[-k->columns]) && (!x || *cell < cell[-1]);
}

static int merge_row(struct streaming_knapsack *k, const struct streaming_threshold_case *t, int r,
		     struct barista_err *err)
{
	size_t at = (size_t)(t->row + r) * (size_t)k->columns + (size_t)t->column;
	const double *additive = k->before + (size_t)r * k->row_stride;

	for (int x = 0; x < k->active_columns[r]; x++) {
		double cycles = t->threshold_cycles + additive[x] / k->choice_scale;

		if (additive[x] >= infinite_cycles || !(cycles < k->cycles[at + (size_t)x]))
			continue;
		k->cycles[at + (size_t)x] = cycles;
		if (!barista_streaming_knapsack_is_faster(k, t->row + r, t->column + x))
			continue;
		k->design[at + (size_t)x] = (uint32_t)k->nstored;
		if (store_design(k, t, r, x, err))
			return err->status;
	}
	return 0;
}

/* ---- step 4: larger cells ---- */

/* Sets a row to the least of each cell, of the one above it and of those to its left; returns
 * whether a cell changed. */
static bool spread_row(double *restrict row, const double *restrict above, int n)
{
	double left = INFINITY;
	bool changed = false;

	for (int x = 0; x < n; x++) {
		double v = above[x] < row[x] ? above[x] : row[x];

		left = left < v ? left : v;
		changed |= left < row[x];
		row[x] = left;
	}
	return changed;
}

/* Below the active rows, a row changes only if the one above it has. */
static void spread(struct streaming_knapsack *k, const struct streaming_threshold_case *t)
{
	double *row = k->cycles + (size_t)t->row * (size_t)k->columns + (size_t)t->column;
	int n = k->columns - t->column;

	for (int x = 1; x < n; x++)
		row[x] = row[x - 1] < row[x] ? row[x - 1] : row[x];
	for (int r = t->row + 1; r < k->rows; r++) {
		row += k->columns;
		if (!spread_row(row, row - k->columns, n) && r >= t->row + k->active_rows)
			break;
	}
}

int barista_streaming_knapsack_run(struct streaming_knapsack *k,
				   const struct streaming_threshold_case *t,
				   struct barista_err *err)
{
	int rc = 0;

	for (int r = 0; r < k->active_rows; r++)
		memset(k->before + (size_t)r * k->row_stride, 0,
		       (size_t)k->active_columns[r] * sizeof *k->before);
	for (size_t l = 0; l < k->nlayers; l++)
		add_layer(k, t, l);
	for (int r = 0; r < k->active_rows && !rc; r++)
		rc = merge_row(k, t, r, err);
	spread(k, t);
	return rc;
}
