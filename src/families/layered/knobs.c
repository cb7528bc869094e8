/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The knobs of a layered design, their bounds, and what a search need not go beyond. */
#include "families/layered/layered.h"
#include "model/precision.h"

#include <math.h>

const struct barista_knob barista_layered_knobs[BARISTA_LAYERED_KNOBS] = {
	[LAYERED_M] = {"tile_m", "elements", "rows of an output tile, T_M", 1, 4096, false, false,
		       0, (double)NAN, NULL},
	[LAYERED_N] = {"tile_n", "elements", "columns of an output tile, T_N", 1, 4096, false,
		       false, 0, (double)NAN, NULL},
	[LAYERED_K] = {"tile_k", "elements", "depth of the input tiles, T_K", 1, 4096, false, true,
		       0, (double)NAN, NULL},
	[LAYERED_Q] = {"parallel", "", "multiply-accumulates per cycle, Q; it divides T_M * T_N", 1,
		       16384, false, false, 0, (double)NAN, NULL},
	[LAYERED_BATCHED] = {"batched", "",
			     "1: convolutions take the whole batch at once; 0: each image", 0, 1,
			     false, false, 0, (double)NAN, NULL},
	[LAYERED_FUSED] = {"fused", "",
			   "1: bias and activation in the GEMM's epilogue; 0: kernels of their own",
			   0, 1, false, false, 0, (double)NAN, NULL},
	[LAYERED_PRECISION] = BARISTA_PRECISION_KNOB("number format, the same for all passes"),
};
