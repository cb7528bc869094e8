/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MEASURE_TILE_H
#define MEASURE_TILE_H

#include "base/isa.h"

#include <stdbool.h>
#include <stddef.h>

/* Where the tiles of a matrix lie: tile (i, j) is the block of t_rows x t_cols at row
 * i*t_rows, column j*t_cols, stored row by row in one piece. Tiles follow each other by
 * rows of tiles, or by columns of tiles: the order in which the kernel reads them. */
struct barista_tiling {
	size_t rows, cols;     /* of the matrix */
	size_t t_rows, t_cols; /* of a tile */
	bool by_columns;
	bool transposed; /* the matrix is stored column by column */
	int threads;     /* that share the work, where it is worth it; 0 is 1: the caller alone */
};

static inline size_t barista_tiles_down(const struct barista_tiling *t)
{
	return t->rows / t->t_rows + (t->rows % t->t_rows != 0);
}

static inline size_t barista_tiles_across(const struct barista_tiling *t)
{
	return t->cols / t->t_cols + (t->cols % t->t_cols != 0);
}

/* Elements of the tiled layout, padding included. */
static inline size_t barista_tiled_size(const struct barista_tiling *t)
{
	return barista_tiles_down(t) * t->t_rows * barista_tiles_across(t) * t->t_cols;
}

/* First element of tile (i, j) in the tiled layout. */
static inline size_t barista_tile_at(const struct barista_tiling *t, size_t i, size_t j)
{
	size_t index =
		t->by_columns ? j * barista_tiles_down(t) + i : i * barista_tiles_across(t) + j;

	return index * t->t_rows * t->t_cols;
}

/* Whole cache lines: where a buffer happens to lie shall not change the time. Free with free(). */
void *barista_alloc_lines(size_t bytes);

/* Matrix to tiles, zeros in the padding, and back; the two must not overlap. size: bytes per
 * element; 1, 2, 4 and 8 are fast to transpose. Return the elements of tiles that were visited,
 * counted tile by tile. */
size_t barista_tile(void *tiled, const void *matrix, const struct barista_tiling *t, size_t size);
size_t barista_untile(void *matrix, const void *tiled, const struct barista_tiling *t, size_t size);

/* The same in a given way; every way gives the same bytes. */
struct barista_tile_way {
	enum barista_isa isa;
	bool streamed; /* past the caches, for what would not stay there */
};

/* Is it compiled in, and does the processor run it? */
bool barista_tile_runs(enum barista_isa isa);
size_t barista_tile_by(struct barista_tile_way way, void *tiled, const void *matrix,
		       const struct barista_tiling *t, size_t size);
size_t barista_untile_by(struct barista_tile_way way, void *matrix, const void *tiled,
			 const struct barista_tiling *t, size_t size);

#endif
