/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "host/tile.h"

#include <string.h>

struct block { size_t rows, cols; };   /* the part of a tile inside the matrix */

static struct block inside(const struct barista_tiling *t, size_t i, size_t j)
{
	struct block b = {t->rows - i * t->t_rows, t->cols - j * t->t_cols};

	if (b.rows > t->t_rows)
		b.rows = t->t_rows;
	if (b.cols > t->t_cols)
		b.cols = t->t_cols;
	return b;
}

size_t barista_tile(void *tiled, const void *matrix, const struct barista_tiling *t, size_t size)
{
	size_t down = barista_tiles_down(t), across = barista_tiles_across(t), visited = 0;

	for (size_t i = 0; i < down; i++) {
		for (size_t j = 0; j < across; j++) {
			struct block b = inside(t, i, j);
			char *to = (char *)tiled + barista_tile_at(t, i, j) * size;
			const char *from = (const char *)matrix +
					   (i * t->t_rows * t->cols + j * t->t_cols) * size;

			for (size_t r = 0; r < b.rows; r++) {
				memcpy(to, from, b.cols * size);
				memset(to + b.cols * size, 0, (t->t_cols - b.cols) * size);
				to += t->t_cols * size;
				from += t->cols * size;
				visited += t->t_cols;
			}
			memset(to, 0, (t->t_rows - b.rows) * t->t_cols * size);
			visited += (t->t_rows - b.rows) * t->t_cols;
		}
	}
	return visited;
}

size_t barista_untile(void *matrix, const void *tiled, const struct barista_tiling *t, size_t size)
{
	size_t down = barista_tiles_down(t), across = barista_tiles_across(t), visited = 0;

	for (size_t i = 0; i < down; i++) {
		for (size_t j = 0; j < across; j++) {
			struct block b = inside(t, i, j);
			const char *from = (const char *)tiled + barista_tile_at(t, i, j) * size;
			char *to = (char *)matrix + (i * t->t_rows * t->cols + j * t->t_cols) * size;

			for (size_t r = 0; r < b.rows; r++) {
				memcpy(to, from, b.cols * size);
				from += t->t_cols * size;
				to += t->cols * size;
			}
			visited += t->t_rows * t->t_cols;
		}
	}
	return visited;
}
