/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which part of the knapsack's table a threshold case can improve, by Lagrangian bounds.
 *  1. Put a price in cycles on every row (multipliers) and every column (block RAMs). The designs
 *     that take r rows and x columns beyond the case's corner then have additive cycles of at least
 *
 *       sum over layers of min over candidates of (additive + row_price*rows +
 * column_price*columns)
 *         - row_price*r - column_price*x
 *
 *     as each layer alone does at least as well as the best candidate at these prices.
 *  2. This is done for a grid of prices, and the largest bound counts. The table is looked at in
 *     blocks of cells: the bound of a block's last cell, which is the lowest in it, is compared
 * with the time that is known in its first cell, the highest. Where it is no shorter, no cell of
 * the block can improve.
 *  3. The active part of the table is the staircase from the corner that covers the other blocks.
 *  4. A candidate that its layer would not choose at some prices raises the bound at them by the
 *     difference. It is left out when at all prices this closes the gap of every block whose bound
 *     they gave.
 * It costs the prices times the candidates and the blocks, which is far less than the knapsack.
 */
#include "families/streaming/knapsack.h"

#include <math.h>

enum { ROW_PRICES = 12, COLUMN_PRICES = 8, PRICES = ROW_PRICES * COLUMN_PRICES, MAX_BLOCKS = 48 };

struct blocks {
	int rows, columns;   /* cells of a block */
	int nrows, ncolumns; /* blocks */
	double bound[MAX_BLOCKS][MAX_BLOCKS];
	unsigned char price[MAX_BLOCKS][MAX_BLOCKS]; /* index of the prices that give the bound */
	double row_price[PRICES], column_price[PRICES];
	double layer_least[PRICES][BARISTA_MAX_UNROLLED]; /* of its candidates at these prices */
};

static int count_blocks(int cells, int *size)
{
	*size = (cells + MAX_BLOCKS - 1) / MAX_BLOCKS;
	return (cells + *size - 1) / *size;
}

static double priced(const struct blocks *b, const struct streaming_candidate *c, int p)
{
	return c->additive + b->row_price[p] * c->rows + b->column_price[p] * c->columns;
}

/* The sum of step 1. */
static double sum_of_least(const struct streaming_knapsack *k,
			   const struct streaming_threshold_case *t, struct blocks *b, int p)
{
	double sum = 0;

	for (size_t l = 0; l < k->nlayers; l++) {
		double least = INFINITY;

		for (size_t i = 0; i < t->ncandidates[l]; i++) {
			double v = priced(b, &t->candidate[l][i], p);

			least = v < least ? v : least;
		}
		b->layer_least[p][l] = least;
		sum += least;
	}
	return sum;
}

static void raise_bounds(struct blocks *b, double sum, int p)
{
	double column_cost[MAX_BLOCKS];

	for (int j = 0; j < b->ncolumns; j++)
		column_cost[j] = b->column_price[p] * ((j + 1) * b->columns - 1);
	for (int i = 0; i < b->nrows; i++) {
		double row_bound = sum - b->row_price[p] * ((i + 1) * b->rows - 1);

		for (int j = 0; j < b->ncolumns; j++) {
			double bound = row_bound - column_cost[j];

			if (!(bound > b->bound[i][j]))
				continue;
			b->bound[i][j] = bound;
			b->price[i][j] = (unsigned char)p;
		}
	}
}

/* By how much candidates can shorten the additive cycles of all layers. */
static double additive_range(const struct streaming_knapsack *k,
			     const struct streaming_threshold_case *t)
{
	double range = 0;

	for (size_t l = 0; l < k->nlayers; l++) {
		double least = INFINITY, most = 0;

		for (size_t i = 0; i < t->ncandidates[l]; i++) {
			least = fmin(least, t->candidate[l][i].additive);
			most = fmax(most, t->candidate[l][i].additive);
		}
		range += most - least;
	}
	return range;
}

/* Prices are 0 and powers of four around that range, spread evenly over the table. */
static void bound_blocks(const struct streaming_knapsack *k,
			 const struct streaming_threshold_case *t, struct blocks *b)
{
	double range = additive_range(k, t);
	double per_row = range / k->rows, per_column = range / k->columns;

	for (int i = 0; i < b->nrows; i++)
		for (int j = 0; j < b->ncolumns; j++)
			b->bound[i][j] = -INFINITY;
	for (int p = 0; p < PRICES; p++) {
		int i = p / COLUMN_PRICES, j = p % COLUMN_PRICES;

		b->row_price[p] = i ? per_row * exp2(2 * (i - 7)) : 0;
		b->column_price[p] = j ? per_column * exp2(2 * (j - 4)) : 0;
		raise_bounds(b, sum_of_least(k, t, b, p), p);
	}
}

/* By how much the bound of a block is below the time known in its first cell; if this is not above
 * 0, nothing in the block can improve. Times are whole: half a cycle is more than the bound's
 * rounding. */
static double block_gap(const struct streaming_knapsack *k,
			const struct streaming_threshold_case *t, const struct blocks *b, int i,
			int j)
{
	size_t row = (size_t)(t->row + i * b->rows), column = (size_t)(t->column + j * b->columns);
	double known = k->cycles[row * (size_t)k->columns + column];

	return known - 0.5 - (t->threshold_cycles + b->bound[i][j]);
}

/* Columns from the corner that may improve in row i of the blocks. */
static int open_columns(const struct streaming_knapsack *k,
			const struct streaming_threshold_case *t, const struct blocks *b, int i)
{
	int j = b->ncolumns;

	while (j > 0 && !(block_gap(k, t, b, i, j - 1) > 0))
		j--;
	return j * b->columns;
}

/* Step 3: the lowest rows first, as what is active in a row is active in those above it too. */
static void set_active(struct streaming_knapsack *k, const struct streaming_threshold_case *t,
		       const struct blocks *b, int height, int width)
{
	int active = 0;

	k->active_rows = 0;
	for (int i = b->nrows; i-- > 0;) {
		int columns = open_columns(k, t, b, i), end = (i + 1) * b->rows;

		columns = columns < width ? columns : width;
		end = end < height ? end : height;
		active = columns > active ? columns : active;
		if (active && !k->active_rows)
			k->active_rows = end;
		for (int r = i * b->rows; r < end; r++)
			k->active_columns[r] = active;
	}
	k->row_stride = (size_t)active;
}

static bool can_improve(const struct blocks *b, const struct streaming_candidate *c, size_t l,
			const double *widest_gap)
{
	for (int p = 0; p < PRICES; p++)
		if (priced(b, c, p) - b->layer_least[p][l] < widest_gap[p])
			return true;
	return false;
}

/* Step 4. */
static void prune_candidates(const struct streaming_knapsack *k, struct streaming_threshold_case *t,
			     const struct blocks *b)
{
	double widest_gap[PRICES] = {0}; /* of the blocks whose bound these prices give */

	for (int i = 0; i < b->nrows; i++)
		for (int j = 0; j < b->ncolumns; j++)
			widest_gap[b->price[i][j]] =
				fmax(widest_gap[b->price[i][j]], block_gap(k, t, b, i, j));
	for (size_t l = 0; l < k->nlayers; l++) {
		size_t kept = 0;

		for (size_t i = 0; i < t->ncandidates[l]; i++)
			if (can_improve(b, &t->candidate[l][i], l, widest_gap))
				t->candidate[l][kept++] = t->candidate[l][i];
		t->ncandidates[l] = kept;
	}
}

bool barista_streaming_knapsack_bound(struct streaming_knapsack *k,
				      struct streaming_threshold_case *t)
{
	int height = k->rows - t->row, width = k->columns - t->column;
	struct blocks b;

	k->active_rows = 0;
	if (height <= 0 || width <= 0)
		return false;
	b.nrows = count_blocks(height, &b.rows);
	b.ncolumns = count_blocks(width, &b.columns);
	bound_blocks(k, t, &b);
	set_active(k, t, &b, height, width);
	if (k->active_rows)
		prune_candidates(k, t, &b);
	return k->active_rows > 0;
}
