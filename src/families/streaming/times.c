/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The times of streaming designs, a batch at a time: of a sample, and of each layer by itself. */
#include "families/streaming/streaming.h"

#include <math.h>

/* Cycles per sample of a layer if it were alone: shared engines run its gradients one after the
 * other. */
static double layer_cycles(const struct streaming_stage_cost *c, double engines)
{
	return c->ii_fp + (engines == STREAMING_ENGINES_SEPARATE ? fmax(c->ii_bp, c->ii_wg)
								 : c->ii_bp + c->ii_wg);
}

/* Unrolls that divide their sizes leave no multiplier idle: the forward pass does exactly the
 * layer's MACs. */
static bool conserves_macs(const struct streaming_stage *s, const struct streaming_stage_cost *c,
			   struct barista_unroll u)
{
	return s->positions_fp * c->folds * ((double)u.in * u.out * u.kernel) == s->macs;
}

static void point_times(const struct barista_model *model, const struct streaming_stage *s,
			struct barista_batch *b, size_t i)
{
	const struct barista_lowered *lowered = model->lowered;
	const struct barista_point *point = &b->points[i];
	double f = barista_streaming_clock_hz(model->dev, b->metric[BARISTA_DSP][i]);
	struct streaming_sample t = {.additive = 0};

	for (size_t l = 0; l < lowered->nlayers; l++) {
		struct barista_unroll u = barista_streaming_unroll(point, &s[l], l);
		struct streaming_stage_cost c =
			barista_streaming_stage_cost(model, &s[l], u, point->knob);

		barista_streaming_sample_add(&t, &s[l], &c);
		b->class_time[lowered->class_of[l] * b->n + i] =
			layer_cycles(&c, point->knob[STREAMING_ENGINES]) / f;
		b->not_conserved[i] |= !conserves_macs(&s[l], &c, u);
	}
	b->metric[BARISTA_TIME][i] = barista_streaming_sample_cycles(&t) / f;
}

void barista_streaming_times(const struct barista_model *model, struct barista_batch *b)
{
	struct streaming_pipeline pipeline;

	pipeline.engines = 0;
	for (size_t i = 0; i < b->n; i++)
		point_times(model,
			    barista_streaming_pipeline_for(&pipeline, model->lowered,
							   b->points[i].knob[STREAMING_ENGINES]),
			    b, i);
}
