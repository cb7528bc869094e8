/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The systolic architecture as the library sees it: a GEMM on an output-stationary mesh behind
 * PCIe. The equations are in equations.h. */
#include "base/err.h"
#include "base/num.h"
#include "families/systolic/equations.h"
#include "families/systolic/notation.h"
#include "model/device.h"
#include "model/family.h"
#include "model/precision.h"
#include "model/family_parts.h"

#include <math.h>

/* A row of the narrowest precision must be able to fill the bus, however small the network. */
static double max_useful(const struct barista_model *model, size_t knob)
{
	const struct barista_lowered *lowered = model->lowered;
	double largest[BARISTA_SYSTOLIC_KNOBS] = {
		[SYSTOLIC_TILE_M] = (double)lowered->max_m,
		[SYSTOLIC_TILE_N] = (double)lowered->max_n,
		[SYSTOLIC_TILE_K] = (double)lowered->max_k,
		[SYSTOLIC_VECTOR] = 64,
		[SYSTOLIC_OUTPUTS_M] = 64,
		[SYSTOLIC_OUTPUTS_N] = 64,
		[SYSTOLIC_REPLICAS] = 16,
		[SYSTOLIC_IN_BUFFERS] = 2,
		[SYSTOLIC_OUT_BUFFERS] = 2,
	};
	double narrowest = INFINITY;

	for (int p = 0; p < BARISTA_NPRECISIONS; p++)
		if (model->dev->has_precision[p])
			narrowest = fmin(narrowest, barista_precision_defs[p].bits);
	largest[SYSTOLIC_TILE_K] =
		fmax(largest[SYSTOLIC_TILE_K],
		     barista_ceil_div(model->dev->param[BARISTA_BUS_WIDTH].value, narrowest));
	return fmin(largest[knob], barista_systolic_knobs[knob].hi);
}

static int validate(const struct barista_model *model, const struct barista_point *point,
		    struct barista_err *err)
{
	enum barista_precision p[BARISTA_NPASSES];
	size_t n = barista_precisions_used(point->knob[SYSTOLIC_PRECISION], p);
	int rc;

	for (size_t i = 0; i < n; i++) {
		if (p[i] >= BARISTA_NPRECISIONS)
			return barista_fail(err, BARISTA_E_ARGUMENT,
					    "%.0f encodes no precision per pass",
					    point->knob[SYSTOLIC_PRECISION]);
		if ((rc = barista_precision_admit(model->dev, p[i], err)))
			return rc;
	}
	return 0;
}

/* What decides most of the time first: padding and traffic follow from the tile alone. */
static const size_t knob_order[BARISTA_SYSTOLIC_KNOBS] = {
	SYSTOLIC_PRECISION,   SYSTOLIC_TILE_M,    SYSTOLIC_TILE_N,    SYSTOLIC_REPLICAS,
	SYSTOLIC_VECTOR,      SYSTOLIC_OUTPUTS_M, SYSTOLIC_OUTPUTS_N, SYSTOLIC_IN_BUFFERS,
	SYSTOLIC_OUT_BUFFERS, SYSTOLIC_TILE_K,
};

static const struct barista_headline headline[] = {
	{BARISTA_MEM_BANDWIDTH, "memory ", ""},
	{BARISTA_PCIE_BANDWIDTH, "PCIe ", ""},
	{BARISTA_TILE_TIME, "tiling ", " per element on the host"},
};

const struct barista_family barista_systolic = {
	.name = "systolic",
	.summary = "an output-stationary systolic GEMM behind PCIe, Barista's and richer ones",
	.notation = "T_MxT_NxT_K:PRECISION, e.g. 16x16x64:fp32, or "
		    "P_MxP_N/vV/rR_MxR_N/kT_K/uU:PRECISION, "
		    "e.g. 13x16/v8/r20x16/k512:fp32",
	BARISTA_FAMILY_DEFAULTS("aws-f1-vu9p", "fp32", "16x16x64:fp32"),
	.per_layer = true,
	.scaling_knob = SIZE_MAX,
	BARISTA_FAMILY_HEADLINE(headline),
	BARISTA_FAMILY_PARTS(systolic),
	.terms = barista_systolic_terms,
	.inner_knob = SYSTOLIC_TILE_K,
	.table_columns = barista_systolic_table_columns,
	.tabulate = barista_systolic_tabulate,
	.sweep_inner = barista_systolic_sweep_inner,
	.lower_bound = barista_systolic_lower_bound,
	.mark_undominated = barista_systolic_mark_undominated,
	.knob_order = knob_order,
	.dominance_rule = "a smaller tile makes as many tiles of every GEMM, or pads none deeper, "
			  "or this one is "
			  "not whole",
};
