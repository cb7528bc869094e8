/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The knobs of a systolic kernel: their bounds, and which of them a search leaves alone. */
#include "families/systolic/equations.h"
#include "model/precision.h"

#include <math.h>

const struct barista_knob barista_systolic_knobs[BARISTA_SYSTOLIC_KNOBS] = {
	[SYSTOLIC_TILE_M] = {"tile_m", "elements",
			     "rows of an output tile, T_M; of the mesh, when a PE keeps one output",
			     1, 65536, false, true, 1U << SYSTOLIC_OUTPUTS_M, (double)NAN, NULL},
	[SYSTOLIC_TILE_N] = {"tile_n", "elements", "columns of an output tile, T_N", 1, 65536,
			     false, true, 1U << SYSTOLIC_OUTPUTS_N, (double)NAN, NULL},
	[SYSTOLIC_TILE_K] = {"tile_k", "elements", "depth of the input tiles, T_K", 1, 65536, false,
			     true, 1U << SYSTOLIC_PRECISION | 1U << SYSTOLIC_VECTOR, (double)NAN,
			     NULL},
	[SYSTOLIC_PRECISION] = BARISTA_PRECISION_KNOB("number format, for all passes or per pass"),
	[SYSTOLIC_VECTOR] = {"vector", "", "multipliers per PE along K, V", 1, 256, false, false, 0,
			     1, NULL},
	[SYSTOLIC_OUTPUTS_M] = {"outputs_m", "", "output rows per PE, R_M", 1, 1024, false, false,
				1U << SYSTOLIC_TILE_M, 1, NULL},
	[SYSTOLIC_OUTPUTS_N] = {"outputs_n", "", "output columns per PE, R_N", 1, 1024, false,
				false, 1U << SYSTOLIC_TILE_N, 1, NULL},
	[SYSTOLIC_REPLICAS] = {"replicas", "", "copies of the kernel that share the memory, U", 1,
			       256, false, true, 0, 1, NULL},
	/* 0 may be more than 1: these two do not grow */
	[SYSTOLIC_IN_BUFFERS] = {"in_buffers", "",
				 "buffers of inputs: 2 overlaps loading with compute; 0: the "
				 "board's kernel.buffers",
				 0, 2, false, false, 0, 0, NULL},
	[SYSTOLIC_OUT_BUFFERS] =
		{"out_buffers", "",
		 "buffers of outputs: 2 hides draining; 0: the board's kernel.output_buffers", 0, 2,
		 false, false, 0, 0, NULL},
};
