/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many block RAMs a bank of memory takes. */
#include "model/bram.h"

#include "base/num.h"
#include "model/device.h"

/* A shape that a block can have: depth words of width bits. As depths are powers of two, 1 / depth
 * is exact. */
struct port {
	double per_depth, width;
};

/* The shapes of a RAMB18 as a simple dual port memory; a RAMB36 is two of them. */
static const struct port ramb18[] = {
	{1.0 / 16384, 1}, {1.0 / 8192, 2},  {1.0 / 4096, 4},
	{1.0 / 2048, 9},  {1.0 / 1024, 18}, {1.0 / 512, 36},
};
static const struct port m20k[] = {
	{1.0 / 4096, 5}, {1.0 / 2048, 10}, {1.0 / 1024, 20}, {1.0 / 512, 40}};

static const struct {
	const struct port *port;
	size_t n;
	double blocks; /* what one primitive counts as */
	bool pow2;     /* tools pad the depth to a power of two */
} kinds[BARISTA_NBLOCK_RAMS] = {
	[BARISTA_RAMB36] = {ramb18, 6, 0.5, false},
	[BARISTA_RAMB36_POW2] = {ramb18, 6, 0.5, true},
	[BARISTA_M20K] = {m20k, 4, 1, false},
};

double barista_bank_blocks(enum barista_block_ram kind, double depth, double width)
{
	enum { LUT_RAM_BITS = 1024 };
	double best = INFINITY;

	if (depth * width < LUT_RAM_BITS)
		return 0;
	if (kinds[kind].pow2)
		depth = exp2(ceil(log2(depth)));
	for (size_t i = 0; i < kinds[kind].n; i++) {
		double n = ceil(depth * (kinds[kind].port[i].per_depth)) *
			   barista_ceil_div(width, kinds[kind].port[i].width);

		best = n < best ? n : best;
	}
	return best * kinds[kind].blocks;
}

double barista_block_bits(enum barista_block_ram kind)
{
	const struct port *widest = &kinds[kind].port[kinds[kind].n - 1];

	return widest->width / widest->per_depth / kinds[kind].blocks;
}
