/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which part of the grid a cut can improve. For any prices of a multiplier and a block RAM, designs of d and b of them
 * have fills of at least  sum over layers of min over options (fill + price_d*d + price_b*b)  -  price_d*d - price_b*b:
 * the Lagrangian bound. The grid is looked at in blocks: the bound of a block's last cell against the time known in
 * its first. */
#include "model/streaming_grid.h"

#include <math.h>

enum { PRICES_D = 12, PRICES_B = 8, BLOCKS = 48 };

struct blocks {
	int rows, columns;           /* of a block */
	int n_d, n_b;                /* blocks */
	double bound[BLOCKS][BLOCKS];
};

static int blocks_along(int cells, int *size)
{
	*size = (cells + BLOCKS - 1) / BLOCKS;
	return (cells + *size - 1) / *size;
}

/* The sum of the least over options at these prices. */
static double priced(const struct stream_grid *g, const struct stream_cut *cut, double price_d, double price_b)
{
	double sum = 0;

	for (size_t l = 0; l < g->nlayers; l++) {
		double least = INFINITY;

		for (size_t i = 0; i < cut->n[l]; i++) {
			const struct stream_pick *p = &cut->pick[l][i];

			least = fmin(least, p->fill + price_d * p->d + price_b * p->b);
		}
		sum += least;
	}
	return sum;
}

static void raise_bounds(struct blocks *k, double sum, double price_d, double price_b)
{
	for (int i = 0; i < k->n_d; i++) {
		double row = sum - price_d * ((i + 1) * k->rows - 1);

		for (int j = 0; j < k->n_b; j++) {
			double bound = row - price_b * ((j + 1) * k->columns - 1);

			k->bound[i][j] = bound > k->bound[i][j] ? bound : k->bound[i][j];
		}
	}
}

/* What all fills may shrink by: prices are of its order per cell of the grid. */
static double range(const struct stream_grid *g, const struct stream_cut *cut)
{
	double range = 0;

	for (size_t l = 0; l < g->nlayers; l++) {
		double least = INFINITY, most = 0;

		for (size_t i = 0; i < cut->n[l]; i++) {
			least = fmin(least, cut->pick[l][i].fill);
			most = fmax(most, cut->pick[l][i].fill);
		}
		range += most - least;
	}
	return range;
}

static void bound_blocks(const struct stream_grid *g, const struct stream_cut *cut, struct blocks *k)
{
	double all = range(g, cut), unit_d = all / g->rows, unit_b = all / g->columns;

	for (int i = 0; i < k->n_d; i++)
		for (int j = 0; j < k->n_b; j++)
			k->bound[i][j] = 0;
	for (int i = 0; i < PRICES_D; i++) {
		double price_d = i ? unit_d * exp2(2 * (i - 7)) : 0;

		for (int j = 0; j < PRICES_B; j++) {
			double price_b = j ? unit_b * exp2(2 * (j - 4)) : 0;

			raise_bounds(k, priced(g, cut, price_d, price_b), price_d, price_b);
		}
	}
}

/* Columns of this row of blocks, from the cut's least, that may be better. Times are whole: half a cycle is more than
 * the bound's rounding. */
static int columns_of(const struct stream_grid *g, const struct stream_cut *cut, const struct blocks *k, int i)
{
	size_t row = (size_t)(cut->d + i * k->rows) * (size_t)g->columns + (size_t)cut->b;
	int j = k->n_b;

	while (j > 0 && !(cut->cycles + k->bound[i][j - 1] < g->best[row + (size_t)((j - 1) * k->columns)] - 0.5))
		j--;
	return j * k->columns;
}

bool barista_streaming_grid_bound(struct stream_grid *g, const struct stream_cut *cut)
{
	int height = g->rows - cut->d, across = g->columns - cut->b, width = 0;
	struct blocks k;

	g->height = 0;
	if (height <= 0 || across <= 0)
		return false;
	k.n_d = blocks_along(height, &k.rows);
	k.n_b = blocks_along(across, &k.columns);
	bound_blocks(g, cut, &k);
	for (int i = k.n_d; i-- > 0;) {
		int columns = columns_of(g, cut, &k, i), last = (i + 1) * k.rows;

		columns = columns < across ? columns : across;
		width = columns > width ? columns : width;
		if (width && !g->height)
			g->height = last < height ? last : height;
		for (int r = i * k.rows; r < last && r < height; r++)
			g->width[r] = width;
	}
	return g->height > 0;
}
