/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole network on one FPGA, trained on samples that stream through it: a stage for each layer
 * that multiplies, in the network's order, batch 1. Pooling and activations work on the stream as
 * it passes and take no time of their own. The architecture is that of "Automated CNN
 * back-propagation pipeline generation for FPGA online training" (Journal of Real-Time Image
 * Processing, 2021), [BP]; equations derived. */
#include "families/streaming/streaming.h"
#include "base/err.h"
#include "model/family.h"
#include "model/precision.h"
#include "network/workload.h"
#include "model/family_parts.h"

#include <math.h>

static double max_useful(const struct barista_model *model, size_t knob)
{
	(void)model;
	return barista_streaming_knobs[knob].hi;
}

static int validate_factor(const struct barista_lowered *lowered, size_t l, const char *factor_name,
			   unsigned factor, const char *size_name, double size,
			   struct barista_err *err)
{
	if (factor && fmod(size, factor) == 0)
		return 0;
	return barista_fail(err, BARISTA_E_ARGUMENT,
			    "layer '%.80s': %s = %u does not divide its %.0f %s", lowered->name[l],
			    factor_name, factor, size, size_name);
}

static int validate_unroll(const struct barista_lowered *lowered, size_t l, struct barista_unroll u,
			   struct barista_err *err)
{
	struct streaming_stage s = barista_streaming_stage_at(lowered, l);
	int rc = validate_factor(lowered, l, "P_i", u.in, "input channels (of a group)",
				 s.in_channels, err);

	if (!rc)
		rc = validate_factor(lowered, l, "P_o", u.out, "output channels (of a group)",
				     s.out_channels, err);
	if (!rc)
		rc = validate_factor(lowered, l, "P_k", u.kernel, "weights of a kernel", s.taps,
				     err);
	return rc;
}

static int validate_unrolls(const struct barista_lowered *lowered,
			    const struct barista_point *point, struct barista_err *err)
{
	const struct barista_unroll *u = point->stage;
	int rc = 0;

	if (point->nstages == 1 && u->in && u->out && u->kernel)
		return 0;
	if (point->nstages != lowered->nlayers)
		return barista_fail(
			err, BARISTA_E_ARGUMENT,
			"the design unrolls %zu layers, the network '%.80s' has %zu that multiply "
			"(one unroll stands for all)",
			point->nstages, lowered->net->name, lowered->nlayers);
	for (size_t l = 0; l < lowered->nlayers && !rc; l++)
		rc = validate_unroll(lowered, l, u[l], err);
	return rc;
}

static int validate(const struct barista_model *model, const struct barista_point *point,
		    struct barista_err *err)
{
	const struct barista_lowered *lowered = model->lowered;
	int rc = barista_precision_admit_one(model->dev, point->knob[STREAMING_PRECISION],
					     "shared/4.4.3:int16", err);

	if (rc)
		return rc;
	if (lowered->nlayers > BARISTA_MAX_UNROLLED)
		return barista_fail(err, BARISTA_E_INFEASIBLE,
				    "the network '%.80s' has %zu layers that multiply: a streaming "
				    "design has at most %d",
				    lowered->net->name, lowered->nlayers, BARISTA_MAX_UNROLLED);
	return validate_unrolls(lowered, point, err);
}

const struct barista_family barista_streaming = {
	.name = "streaming",
	.summary = "a pipeline of one stage per layer that samples stream through, forward and "
		   "backward",
	.notation = "ENGINES/UNROLLS:PRECISION, e.g. shared/3.4.9,6*4.4.9,2.2.1:int16: shared or "
		    "separate engines for weight gradients, P_i.P_o.P_k of each layer (N* for N of "
		    "them), or one that stands for all and is lowered to divisors of their sizes, "
		    "e.g. shared/4.4.3:int16",
	BARISTA_FAMILY_DEFAULTS("zynq-7100", "int16", "shared/4.4.3:int16"),
	.all_layers = true,
	.distinct_layers = true,
	.pipelined = true,
	.scaling_knob = SIZE_MAX,
	BARISTA_FAMILY_PARTS(streaming),
	BARISTA_FAMILY_ENUMERATED(streaming),
	.dominance_rule =
		"over a budget, or no faster than a listed one with no more multipliers and block "
		"RAMs (the unrolls of all layers are combined exactly, for every number of both)",
	.bottleneck = barista_streaming_bottleneck,
};
