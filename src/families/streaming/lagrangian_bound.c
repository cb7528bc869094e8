/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which part of the grid a cut can improve. For any prices of a multiplier and a block RAM, designs
 * of d and b of them have fills of at least  sum over layers of min over options (fill + price_d*d
 * + price_b*b)  -  price_d*d - price_b*b: the Lagrangian bound. The grid is looked at in blocks:
 * the bound of a block's last cell against the time known in its first. */
#include "families/streaming/knapsack.h"

#include <math.h>

enum { PRICES_D = 12, PRICES_B = 8, PRICES = PRICES_D * PRICES_B, BLOCKS = 48 };

struct blocks {
	int rows, columns; /* of a block */
	int n_d, n_b;      /* blocks */
	double bound[BLOCKS][BLOCKS];
	unsigned char price[BLOCKS][BLOCKS]; /* that gives it */
	double price_d[PRICES], price_b[PRICES];
	double least[PRICES][BARISTA_MAX_UNROLLED]; /* of a layer's options at these prices */
};

static int blocks_along(int cells, int *size)
{
	*size = (cells + BLOCKS - 1) / BLOCKS;
	return (cells + *size - 1) / *size;
}

static double priced(const struct blocks *k, const struct streaming_candidate *pick, int p)
{
	return pick->additive + k->price_d[p] * pick->rows + k->price_b[p] * pick->columns;
}

/* The sum of the least over options at these prices. */
static double least_of_all(const struct streaming_knapsack *g,
			   const struct streaming_threshold_case *cut, struct blocks *k, int p)
{
	double sum = 0;

	for (size_t l = 0; l < g->nlayers; l++) {
		double least = INFINITY;

		for (size_t i = 0; i < cut->ncandidates[l]; i++) {
			double v = priced(k, &cut->candidate[l][i], p);

			least = v < least ? v : least;
		}
		k->least[p][l] = least;
		sum += least;
	}
	return sum;
}

static void raise_bounds(struct blocks *k, double sum, int p)
{
	for (int i = 0; i < k->n_d; i++) {
		double row = sum - k->price_d[p] * ((i + 1) * k->rows - 1);

		for (int j = 0; j < k->n_b; j++) {
			double bound = row - k->price_b[p] * ((j + 1) * k->columns - 1);

			if (!(bound > k->bound[i][j]))
				continue;
			k->bound[i][j] = bound;
			k->price[i][j] = (unsigned char)p;
		}
	}
}

/* What all fills may shrink by: prices are of its order per cell of the grid. */
static double range(const struct streaming_knapsack *g, const struct streaming_threshold_case *cut)
{
	double range = 0;

	for (size_t l = 0; l < g->nlayers; l++) {
		double least = INFINITY, most = 0;

		for (size_t i = 0; i < cut->ncandidates[l]; i++) {
			least = fmin(least, cut->candidate[l][i].additive);
			most = fmax(most, cut->candidate[l][i].additive);
		}
		range += most - least;
	}
	return range;
}

static void bound_blocks(const struct streaming_knapsack *g,
			 const struct streaming_threshold_case *cut, struct blocks *k)
{
	double all = range(g, cut), unit_d = all / g->rows, unit_b = all / g->columns;

	for (int i = 0; i < k->n_d; i++)
		for (int j = 0; j < k->n_b; j++)
			k->bound[i][j] = -INFINITY;
	for (int p = 0; p < PRICES; p++) {
		int i = p / PRICES_B, j = p % PRICES_B;

		k->price_d[p] = i ? unit_d * exp2(2 * (i - 7)) : 0;
		k->price_b[p] = j ? unit_b * exp2(2 * (j - 4)) : 0;
		raise_bounds(k, least_of_all(g, cut, k, p), p);
	}
}

/* By how much the bound of a block is below the time known in its first cell: not above 0, nothing
 * in it can be better. Times are whole: half a cycle is more than the bound's rounding. */
static double slack(const struct streaming_knapsack *g, const struct streaming_threshold_case *cut,
		    const struct blocks *k, int i, int j)
{
	size_t row = (size_t)(cut->row + i * k->rows) * (size_t)g->columns +
		     (size_t)(cut->column + j * k->columns);

	return g->cycles[row] - 0.5 - (cut->threshold_cycles + k->bound[i][j]);
}

/* Columns of this row of blocks, from the cut's least, that may be better. */
static int columns_of(const struct streaming_knapsack *g,
		      const struct streaming_threshold_case *cut, const struct blocks *k, int i)
{
	int j = k->n_b;

	while (j > 0 && !(slack(g, cut, k, i, j - 1) > 0))
		j--;
	return j * k->columns;
}

/* With one option given, the bound of a block rises by what that is above the layer's least.
 * Options with which no block can be better are left out. */
static void thin(const struct streaming_knapsack *g, struct streaming_threshold_case *cut,
		 const struct blocks *k)
{
	double most[PRICES] = {0};

	for (int i = 0; i < k->n_d; i++)
		for (int j = 0; j < k->n_b; j++)
			most[k->price[i][j]] = fmax(most[k->price[i][j]], slack(g, cut, k, i, j));
	for (size_t l = 0; l < g->nlayers; l++) {
		size_t kept = 0;

		for (size_t i = 0; i < cut->ncandidates[l]; i++) {
			int p = 0;

			while (p < PRICES &&
			       !(priced(k, &cut->candidate[l][i], p) - k->least[p][l] < most[p]))
				p++;
			if (p < PRICES)
				cut->candidate[l][kept++] = cut->candidate[l][i];
		}
		cut->ncandidates[l] = kept;
	}
}

bool barista_streaming_knapsack_bound(struct streaming_knapsack *g,
				      struct streaming_threshold_case *cut)
{
	int height = g->rows - cut->row, across = g->columns - cut->column, width = 0;
	struct blocks k;

	g->active_rows = 0;
	if (height <= 0 || across <= 0)
		return false;
	k.n_d = blocks_along(height, &k.rows);
	k.n_b = blocks_along(across, &k.columns);
	bound_blocks(g, cut, &k);
	for (int i = k.n_d; i-- > 0;) {
		int columns = columns_of(g, cut, &k, i), last = (i + 1) * k.rows;

		columns = columns < across ? columns : across;
		width = columns > width ? columns : width;
		if (width && !g->active_rows)
			g->active_rows = last < height ? last : height;
		for (int r = i * k.rows; r < last && r < height; r++)
			g->active_columns[r] = width;
	}
	g->row_stride = (size_t)width;
	if (g->active_rows)
		thin(g, cut, &k);
	return g->active_rows > 0;
}
