/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole network on one FPGA, trained on samples that stream through it: a stage for each layer
 * that multiplies, in the network's order, batch 1; pooling and activations work on the stream as
 * it passes and take no time of their own. The architecture is that of "Automated CNN
 * back-propagation pipeline generation for FPGA online training" (Journal of Real-Time Image
 * Processing, 2021), [BP]; equations derived. */
#include "base/err.h"
#include "base/num.h"
#include "families/streaming/streaming.h"
#include "model/device.h"
#include "model/family.h"
#include "model/frequency.h"
#include "model/power.h"
#include "model/precision.h"
#include "network/workload.h"

#include <stdio.h>
#include <string.h>

/* Stages of points one after the other: their rows are the same for the same engines. */
struct pipeline {
	double engines;
	struct streaming_stage stage[BARISTA_MAX_UNROLLED];
};

static const struct streaming_stage *stages_of(struct pipeline *p,
					       const struct barista_lowered *lowered,
					       double engines)
{
	if (p->engines != engines)
		barista_streaming_stages(lowered, engines, p->stage);
	p->engines = engines;
	return p->stage;
}

static void resources(const struct barista_model *model, struct barista_batch *b)
{
	static const enum barista_metric written[] = {
		BARISTA_DSP,   BARISTA_BRAM, BARISTA_LUT,      BARISTA_FF,
		BARISTA_POWER, BARISTA_PEAK, BARISTA_ROW_BITS, BARISTA_TILE_DIVIDES};
	struct pipeline pipeline;

	pipeline.engines = 0;
	for (size_t i = 0; i < b->n; i++) {
		const struct barista_point *point = &b->points[i];
		const struct streaming_stage *s =
			stages_of(&pipeline, model->lowered, point->knob[STREAMING_ENGINES]);
		double used[BARISTA_NMETRICS], multipliers = 0, bram = 0;

		for (size_t l = 0; l < model->lowered->nlayers; l++) {
			struct streaming_stage_cost c = barista_streaming_stage_cost(
				model, &s[l], barista_streaming_unroll(point, &s[l], l),
				point->knob);

			multipliers += c.multipliers;
			bram += c.bram;
		}
		barista_streaming_resource_metrics(model, point->knob, multipliers, bram, used);
		for (size_t m = 0; m < sizeof written / sizeof *written; m++)
			b->metric[written[m]][i] = used[written[m]];
	}
}

/* Cycles of a layer by itself. */
static double alone(const struct streaming_stage_cost *c, double engines)
{
	return c->ii_fp + (engines == STREAMING_ENGINES_SEPARATE ? fmax(c->ii_bp, c->ii_wg)
								 : c->ii_bp + c->ii_wg);
}

static void times(const struct barista_model *model, struct barista_batch *b)
{
	const struct barista_lowered *lowered = model->lowered;
	struct pipeline pipeline;

	pipeline.engines = 0;
	for (size_t i = 0; i < b->n; i++) {
		const struct barista_point *point = &b->points[i];
		const struct streaming_stage *s =
			stages_of(&pipeline, lowered, point->knob[STREAMING_ENGINES]);
		double f = barista_streaming_clock_hz(model->dev, b->metric[BARISTA_DSP][i]);
		struct streaming_sample t = {.additive = 0};

		for (size_t l = 0; l < lowered->nlayers; l++) {
			struct barista_unroll u = barista_streaming_unroll(point, &s[l], l);
			struct streaming_stage_cost c =
				barista_streaming_stage_cost(model, &s[l], u, point->knob);

			barista_streaming_sample_add(&t, &s[l], &c);
			b->class_time[lowered->class_of[l] * b->n + i] =
				alone(&c, point->knob[STREAMING_ENGINES]) / f;
			b->not_conserved[i] |=
				s[l].positions_fp * c.folds * ((double)u.in * u.out * u.kernel) !=
				s[l].macs;
		}
		b->metric[BARISTA_TIME][i] = barista_streaming_sample_cycles(&t) / f;
	}
}

static double useful(const struct barista_model *model, size_t knob)
{
	(void)model;
	return barista_streaming_knobs[knob].hi;
}

static int fail_factor(const struct barista_lowered *lowered, size_t l, const char *what,
		       unsigned factor, const char *size_name, double size, struct barista_err *err)
{
	return barista_fail(err, BARISTA_E_ARGUMENT,
			    "layer '%.80s': %s = %u does not divide its %.0f %s", lowered->name[l],
			    what, factor, size, size_name);
}

static int admit_unroll(const struct barista_lowered *lowered, size_t l, struct barista_unroll u,
			struct barista_err *err)
{
	struct streaming_stage s = barista_streaming_stage_at(lowered, l);

	if (!u.in || fmod(s.in_channels, u.in) != 0)
		return fail_factor(lowered, l, "P_i", u.in, "input channels (of a group)",
				   s.in_channels, err);
	if (!u.out || fmod(s.out_channels, u.out) != 0)
		return fail_factor(lowered, l, "P_o", u.out, "output channels (of a group)",
				   s.out_channels, err);
	if (!u.kernel || fmod(s.taps, u.kernel) != 0)
		return fail_factor(lowered, l, "P_k", u.kernel, "weights of a kernel", s.taps, err);
	return 0;
}

static int admit(const struct barista_model *model, const struct barista_point *point,
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
	if (point->nstages == 1 && point->stage[0].in && point->stage[0].out &&
	    point->stage[0].kernel)
		return 0;
	if (point->nstages != lowered->nlayers)
		return barista_fail(
			err, BARISTA_E_ARGUMENT,
			"the design unrolls %zu layers, the network '%.80s' has %zu that multiply "
			"(one unroll stands for all)",
			point->nstages, lowered->net->name, lowered->nlayers);
	for (size_t l = 0; l < lowered->nlayers && !rc; l++)
		rc = admit_unroll(lowered, l, point->stage[l], err);
	return rc;
}

const struct barista_family barista_streaming = {
	.name = "streaming",
	.summary = "a pipeline of one stage per layer that samples stream through, forward and "
		   "backward",
	.notation = "ENGINES/UNROLLS:PRECISION, e.g. shared/3.4.9,6*4.4.9,2.2.1:int16: shared or "
		    "separate engines for weight "
		    "gradients, P_i.P_o.P_k of each layer (N* for N of them), or one that stands "
		    "for all and is lowered to "
		    "divisors of their sizes, e.g. shared/4.4.3:int16",
	.default_board = "zynq-7100",
	.default_precision = "int16",
	.default_design = "shared/4.4.3:int16",
	.all_layers = true,
	.distinct_layers = true,
	.pipelined = true,
	.knob = barista_streaming_knobs,
	.scaling_knob = SIZE_MAX,
	.nknobs = BARISTA_STREAMING_KNOBS,
	.term = barista_streaming_term_table,
	.nterms = BARISTA_STREAMING_TERMS,
	.parse = barista_streaming_parse,
	.format = barista_streaming_format,
	.max_useful = useful,
	.validate = admit,
	.resources = resources,
	.times = times,
	.enumerate = barista_streaming_enumerate,
	.dominance_rule = "over a budget, or no faster than a listed one with no more multipliers "
			  "and block RAMs (the unrolls of all "
			  "layers are combined exactly, for every number of both)",
	.time_part_count = barista_streaming_time_part_count,
	.time_part = barista_streaming_time_part,
	.bottleneck = barista_streaming_bottleneck,
};
