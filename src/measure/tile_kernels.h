/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The moves of tile_ops.h, written once for vectors of any width; each file that includes this
 * defines its own vectors first, else they are of 16 bytes, by the compiler.
 *
 * A transpose goes by blocks of n = 16/size columns: vector k holds 16 bytes of the rows k,
 * n + k, 2n + k, ..., side by side in its lanes of 16 bytes. Interleaving vector i with vector
 * i + n/2 within the lanes, log2(n) times, leaves in vector k all of column k, in order: the
 * lanes never have to cross. */
#ifndef MEASURE_TILE_KERNELS_H
#define MEASURE_TILE_KERNELS_H

#include "measure/tile_ops.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

enum { LANE = 16, LINE = BARISTA_TILE_LINE };

typedef uint8_t lane8 __attribute__((vector_size(16)));
typedef uint16_t lane16 __attribute__((vector_size(16)));
typedef uint32_t lane32 __attribute__((vector_size(16)));
typedef uint64_t lane64 __attribute__((vector_size(16)));

INLINE lane8 lane_load(const char *from)
{
	lane8 v;

	memcpy(&v, from, sizeof v);
	return v;
}

INLINE void lane_store(char *to, lane8 v)
{
	memcpy(to, &v, sizeof v);
}

/* The halves of a and b interleaved, elements of `size` bytes. */
INLINE lane8 lane_low(lane8 a, lane8 b, size_t size)
{
	switch (size) {
	case 1:
		return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6,
					       22, 7, 23);
	case 2:
		return (lane8)__builtin_shufflevector((lane16)a, (lane16)b, 0, 8, 1, 9, 2, 10, 3,
						      11);
	case 4: return (lane8)__builtin_shufflevector((lane32)a, (lane32)b, 0, 4, 1, 5);
	default: return (lane8)__builtin_shufflevector((lane64)a, (lane64)b, 0, 2);
	}
}

INLINE lane8 lane_high(lane8 a, lane8 b, size_t size)
{
	switch (size) {
	case 1:
		return __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29,
					       14, 30, 15, 31);
	case 2:
		return (lane8)__builtin_shufflevector((lane16)a, (lane16)b, 4, 12, 5, 13, 6, 14, 7,
						      15);
	case 4: return (lane8)__builtin_shufflevector((lane32)a, (lane32)b, 2, 6, 3, 7);
	default: return (lane8)__builtin_shufflevector((lane64)a, (lane64)b, 1, 3);
	}
}

/* One lane from every `stride` bytes: the one. */
INLINE lane8 lane_gather(const char *from, size_t stride)
{
	(void)stride;
	return lane_load(from);
}

#ifndef WIDE
#define WIDE lane8
#define wide_gather lane_gather
#define wide_load lane_load
#define wide_store lane_store
#define wide_stream lane_store
#define wide_low lane_low
#define wide_high lane_high

static void fence(void)
{
}
#else
/* The halves of every lane. */
#define DEFINE_INTERLEAVE(NAME, SIDE)                        \
	INLINE WIDE NAME(WIDE a, WIDE b, size_t size)        \
	{                                                    \
		switch (size) {                              \
		case 1: return WIDE_UNPACK(SIDE, 8)(a, b);   \
		case 2: return WIDE_UNPACK(SIDE, 16)(a, b);  \
		case 4: return WIDE_UNPACK(SIDE, 32)(a, b);  \
		default: return WIDE_UNPACK(SIDE, 64)(a, b); \
		}                                            \
	}

DEFINE_INTERLEAVE(wide_low, lo)
DEFINE_INTERLEAVE(wide_high, hi)
#endif

/* ---- copies ---- */

/* Fewer bytes than a wide vector: two pieces that may overlap. */
INLINE void copy_few(char *to, const char *from, size_t n)
{
	if (n >= LANE) {
		for (size_t i = 0; i + LANE < n; i += LANE)
			lane_store(to + i, lane_load(from + i));
		lane_store(to + n - LANE, lane_load(from + n - LANE));
	} else if (n >= 4) {
		size_t half = n >= 8 ? 8 : 4;
		uint64_t a = 0, b = 0;

		memcpy(&a, from, half);
		memcpy(&b, from + n - half, half);
		memcpy(to, &a, half);
		memcpy(to + n - half, &b, half);
	} else {
		for (size_t i = 0; i < n; i++)
			to[i] = from[i];
	}
}

/* Between the first and the last vector, which may overlap others, stores are aligned: one that
 * crosses lines costs two. */
INLINE void copy_row(char *to, const char *from, size_t n)
{
	size_t wide = sizeof(WIDE), i = -(uintptr_t)to % sizeof(WIDE);

	if (n < wide) {
		copy_few(to, from, n);
		return;
	}
	if (i)
		wide_store(to, wide_load(from));
	for (; i + 2 * wide <= n; i += 2 * wide) {
		WIDE a = wide_load(from + i), b = wide_load(from + i + wide);

		wide_store(to + i, a);
		wide_store(to + i + wide, b);
	}
	if (i + wide <= n) {
		wide_store(to + i, wide_load(from + i));
		i += wide;
	}
	if (i < n)
		wide_store(to + n - wide, wide_load(from + n - wide));
}

static void copy(char *to, size_t to_stride, const char *from, size_t from_stride, size_t rows,
		 size_t cols, size_t size)
{
	for (size_t r = 0; r < rows; r++)
		copy_row(to + r * to_stride, from + r * from_stride, cols * size);
}

/* Only whole lines are streamed; the rest may share its line with another tile. */
static void copy_streamed(char *to, size_t to_stride, const char *from, size_t from_stride,
			  size_t rows, size_t cols, size_t size)
{
	for (size_t r = 0; r < rows; r++) {
		char *t = to + r * to_stride;
		const char *f = from + r * from_stride;
		size_t n = cols * size, i = -(uintptr_t)t % LINE;

		if (i + LINE > n) {
			copy_row(t, f, n);
			continue;
		}
		copy_few(t, f, i);
		for (; i + LINE <= n; i += LINE)
			for (size_t k = 0; k < LINE; k += sizeof(WIDE))
				wide_stream(t + i + k, wide_load(f + i + k));
		copy_few(t + i, f + i, n - i);
	}
}

/* ---- transposes ---- */

/* sizeof(VECTOR)/size columns of 16/size rows at `to`. */
#define DEFINE_BLOCK(NAME, VECTOR, GATHER, LOW, HIGH)                                        \
	INLINE void NAME(char *to, size_t to_stride, const char *from, size_t from_stride,   \
			 size_t size, void (*store)(char *to, VECTOR v))                     \
	{                                                                                    \
		size_t n = LANE / size;                                                      \
		VECTOR v[LANE], w[LANE];                                                     \
                                                                                             \
		_Pragma("GCC unroll 16") for (size_t k = 0; k < n; k++) v[k] =               \
			GATHER(from + k * from_stride, n * from_stride);                     \
		_Pragma("GCC unroll 4") for (size_t done = size; done < LANE; done *= 2)     \
		{                                                                            \
			_Pragma("GCC unroll 8") for (size_t k = 0; k < n / 2; k++)           \
			{                                                                    \
				w[2 * k] = LOW(v[k], v[k + n / 2], size);                    \
				w[2 * k + 1] = HIGH(v[k], v[k + n / 2], size);               \
			}                                                                    \
			_Pragma("GCC unroll 16") for (size_t k = 0; k < n; k++) v[k] = w[k]; \
		}                                                                            \
		_Pragma("GCC unroll 16") for (size_t k = 0; k < n; k++)                      \
			store(to + k * to_stride, v[k]);                                     \
	}

DEFINE_BLOCK(lane_block, lane8, lane_gather, lane_low, lane_high)
DEFINE_BLOCK(wide_block, WIDE, wide_gather, wide_low, wide_high)

INLINE void transpose_singly(char *to, size_t to_stride, const char *from, size_t from_stride,
			     size_t rows, size_t cols, size_t size)
{
	for (size_t r = 0; r < rows; r++)
		for (size_t c = 0; c < cols; c++)
			memcpy(to + r * to_stride + c * size, from + c * from_stride + r * size,
			       size);
}

/* A line's width of 16/size rows at `to`. Vectors of less than a line go through a buffer when
 * streamed: the parts of a line must follow each other. */
INLINE void line_block(char *to, size_t to_stride, const char *from, size_t from_stride,
		       size_t size, bool streamed)
{
	size_t n = LANE / size, wide = sizeof(WIDE) / size;
	_Alignas(LINE) char whole[LANE * LINE];

	if (streamed && wide == LINE / size) {
		wide_block(to, to_stride, from, from_stride, size, wide_stream);
		return;
	}
	for (size_t c = 0; c < LINE / size; c += wide)
		wide_block(streamed ? whole + c * size : to + c * size, streamed ? LINE : to_stride,
			   from + c * from_stride, from_stride, size, wide_store);
	if (streamed)
		for (size_t r = 0; r < n; r++)
			for (size_t k = 0; k < LINE; k += sizeof(WIDE))
				wide_stream(to + r * to_stride + k,
					    wide_load(whole + r * LINE + k));
}

/* What is left of rows or columns is done by a block that overlaps the last one. */
INLINE void transpose_line(char *to, size_t to_stride, const char *from, size_t from_stride,
			   size_t rows, size_t size, bool streamed)
{
	size_t n = LANE / size, r = 0;

	if (rows < n) {
		transpose_singly(to, to_stride, from, from_stride, rows, LINE / size, size);
		return;
	}
	for (; r + n <= rows; r += n)
		line_block(to + r * to_stride, to_stride, from + r * size, from_stride, size,
			   streamed);
	if (r < rows)
		line_block(to + (rows - n) * to_stride, to_stride, from + (rows - n) * size,
			   from_stride, size, false);
}

INLINE void transpose_lane(char *to, size_t to_stride, const char *from, size_t from_stride,
			   size_t rows, size_t size)
{
	size_t n = LANE / size, r = 0;

	if (rows < n) {
		transpose_singly(to, to_stride, from, from_stride, rows, n, size);
		return;
	}
	for (; r + n <= rows; r += n)
		lane_block(to + r * to_stride, to_stride, from + r * size, from_stride, size,
			   lane_store);
	if (r < rows)
		lane_block(to + (rows - n) * to_stride, to_stride, from + (rows - n) * size,
			   from_stride, size, lane_store);
}

INLINE void transpose_sized(char *to, size_t to_stride, const char *from, size_t from_stride,
			    size_t rows, size_t cols, size_t size, bool streamed)
{
	size_t line = LINE / size, n = LANE / size, c = 0;

	if (cols < n) {
		transpose_singly(to, to_stride, from, from_stride, rows, cols, size);
		return;
	}
	for (; c + line <= cols; c += line)
		transpose_line(to + c * size, to_stride, from + c * from_stride, from_stride, rows,
			       size, streamed);
	for (; c + n <= cols; c += n)
		transpose_lane(to + c * size, to_stride, from + c * from_stride, from_stride, rows,
			       size);
	if (c < cols)
		transpose_lane(to + (cols - n) * size, to_stride, from + (cols - n) * from_stride,
			       from_stride, rows, size);
}

#define DEFINE_TRANSPOSE(NAME, STREAMED)                                                       \
	static void NAME(char *to, size_t to_stride, const char *from, size_t from_stride,     \
			 size_t rows, size_t cols, size_t size)                                \
	{                                                                                      \
		switch (size) {                                                                \
		case 1:                                                                        \
			transpose_sized(to, to_stride, from, from_stride, rows, cols, 1,       \
					STREAMED);                                             \
			break;                                                                 \
		case 2:                                                                        \
			transpose_sized(to, to_stride, from, from_stride, rows, cols, 2,       \
					STREAMED);                                             \
			break;                                                                 \
		case 4:                                                                        \
			transpose_sized(to, to_stride, from, from_stride, rows, cols, 4,       \
					STREAMED);                                             \
			break;                                                                 \
		case 8:                                                                        \
			transpose_sized(to, to_stride, from, from_stride, rows, cols, 8,       \
					STREAMED);                                             \
			break;                                                                 \
		default: transpose_singly(to, to_stride, from, from_stride, rows, cols, size); \
		}                                                                              \
	}

DEFINE_TRANSPOSE(transpose, false)
DEFINE_TRANSPOSE(transpose_streamed, true)

#define TILE_OPS                                                          \
	{                                                                 \
		copy, copy_streamed, transpose, transpose_streamed, fence \
	}

#endif
