/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A kernel per layer over OpenCL, as in FeCaffe (arXiv 1911.08905; equations derived). One GEMM
 * kernel with a tile T_M x T_N x T_K and Q multipliers serves all layers that multiply; all other
 * kernels are as fast as the memory. The host starts each kernel of each layer in turn, and a
 * layer's time is the sum over what it starts. */
#include "families/layered/layered.h"

#include "base/err.h"
#include "base/num.h"
#include "model/device.h"
#include "model/family.h"
#include "model/metric.h"
#include "model/precision.h"
#include "network/workload.h"
#include "model/family_parts.h"

#include <string.h>

/* A tile larger than the matrix only pads; batched, columns and depths are the batch's; but a row
 * of a tile of the narrowest format must be able to fill the bus. More multipliers than the board
 * has DSPs for, of the format that needs the fewest, cannot be built. */
static double max_useful(const struct barista_model *model, size_t knob)
{
	const struct barista_lowered *lowered = model->lowered;
	double batch = (double)lowered->net->batch, least_dsp = INFINITY, narrowest = INFINITY;
	double largest[BARISTA_LAYERED_KNOBS] = {
		[LAYERED_M] = (double)lowered->max_m,
		[LAYERED_N] = (double)lowered->max_n * batch,
		[LAYERED_K] = (double)lowered->max_k * batch,
		[LAYERED_BATCHED] = 1,
		[LAYERED_FUSED] = 1,
		[LAYERED_PRECISION] = barista_layered_knobs[LAYERED_PRECISION].hi,
	};

	for (int p = 0; p < BARISTA_NPRECISIONS; p++)
		if (model->dev->has_precision[p]) {
			least_dsp = fmin(least_dsp, model->dev->pe[p][BARISTA_PE_DSP].value);
			narrowest = fmin(narrowest, barista_precision_defs[p].bits);
		}
	largest[LAYERED_K] =
		fmax(largest[LAYERED_K],
		     barista_ceil_div(model->dev->param[BARISTA_BUS_WIDTH].value, narrowest));
	largest[LAYERED_Q] =
		fmax(1, floor(barista_metric_limit(model->dev, BARISTA_DSP) / least_dsp));
	return fmin(largest[knob], barista_layered_knobs[knob].hi);
}

static int validate(const struct barista_model *model, const struct barista_point *point,
		    struct barista_err *err)
{
	return barista_precision_admit_one(model->dev, point->knob[LAYERED_PRECISION],
					   "64x64x16/q256:fp32", err);
}

static const struct barista_headline headline[] = {
	{BARISTA_LAUNCH_TIME, "launch ", ""},
	{BARISTA_MEM_BANDWIDTH, "memory ", ""},
	{BARISTA_PCIE_BANDWIDTH, "PCIe ", ""},
	{BARISTA_TRANSFER_TIME, "transfer ", ""},
};

const struct barista_family barista_layered = {
	.name = "layered",
	.summary = "a GEMM kernel and one for each other kind of layer, started one by one over "
		   "OpenCL, as FeCaffe's",
	.notation = "T_MxT_NxT_K/qQ:PRECISION, e.g. 64x64x16/q256:fp32, or with /batch and /fused: "
		    "64x64x16/q256/batch/fused:fp32",
	BARISTA_FAMILY_DEFAULTS("s10-gx2800-520n", "fp32", "64x64x16/q256:fp32"),
	.all_layers = true,
	.other_layers = true,
	.distinct_layers = true,
	.scaling_knob = SIZE_MAX,
	BARISTA_FAMILY_HEADLINE(headline),
	BARISTA_FAMILY_PARTS(layered),
	BARISTA_FAMILY_ENUMERATED(layered),
	.dominance_rule = "a smaller tile makes as many tiles of every GEMM with as many "
			  "multipliers or fewer, a shallower one fills the "
			  "bus and pads no deeper, this one does not fill the bus, or the design "
			  "does not fuse or batch where it may",
};
