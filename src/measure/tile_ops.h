/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What moves the elements of one tile, for each instruction set. */
#ifndef MEASURE_TILE_OPS_H
#define MEASURE_TILE_OPS_H

#include <stddef.h>

/* rows x cols elements of `size` bytes at `to`, from the block at `from` or its transpose;
 * strides in bytes, between the rows of either. Nothing else is written. */
typedef void barista_tile_move(char *to, size_t to_stride, const char *from, size_t from_stride,
			       size_t rows, size_t cols, size_t size);

enum { BARISTA_TILE_LINE = 64 }; /* bytes of a line of the cache */

/* The streamed ones write whole lines past the caches, for what would not stay there anyhow. */
struct barista_tile_ops {
	barista_tile_move *copy, *copy_streamed;
	barista_tile_move *transpose,
		*transpose_streamed; /* streamed: `to` and its stride whole lines */
	void (*fence)(void);         /* what was streamed is visible to all */
};

/* All null where the compiler has no such instructions. */
extern const struct barista_tile_ops barista_tile_portable, barista_tile_avx2, barista_tile_avx512;

#endif
