/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_BASELINE_H
#define MODEL_BASELINE_H

#include "barista.h"

/* PPW of every layer of the lowered network on this processor, op/s/W: measured GEMM times when the
 * file has all of a layer's (fp32), else the published figure of the layer; NaN when it
 * has neither. from[i] names which. A published mean of the network says nothing of a layer. */
void barista_baseline_ppw(const struct barista_baseline *base,
			  const struct barista_lowered *lowered, double *ppw, const char **from);

/* The published mean of the network, op/s/W, or NaN. */
double barista_baseline_mean(const struct barista_baseline *base,
			     const struct barista_workload *net);

#endif
