/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FAMILIES_SYSTOLIC_NOTATION_H
#define FAMILIES_SYSTOLIC_NOTATION_H

#include "barista.h"
#include "barista/family.h"

/* The knobs of a systolic kernel, in the order of its family's table. */
enum {
	SYSTOLIC_TILE_M,
	SYSTOLIC_TILE_N,
	SYSTOLIC_TILE_K,
	SYSTOLIC_PRECISION,
	SYSTOLIC_VECTOR,
	SYSTOLIC_OUTPUTS_M,
	SYSTOLIC_OUTPUTS_N,
	SYSTOLIC_REPLICAS,
	SYSTOLIC_IN_BUFFERS,
	SYSTOLIC_OUT_BUFFERS,
	BARISTA_SYSTOLIC_KNOBS
};

/* The one notation for kernels: T_MxT_NxT_K:PRECISION when a PE keeps one output and has one
 * multiplier, else P_MxP_N/vV/rR_MxR_N/kT_K/uU:PRECISION, where /v1, /r1x1 and /u1 may be
 * left out. /bI and /oO are the buffers of inputs and of outputs, 1 or 2; the board's when left
 * out. Without :PRECISION it is fp32. */

#endif
