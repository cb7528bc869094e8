/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The resources of streaming designs, a batch at a time: those of all stages together. */
#include "families/streaming/streaming.h"

static const enum barista_metric written[] = {BARISTA_DSP,      BARISTA_BRAM,        BARISTA_LUT,
					      BARISTA_FF,       BARISTA_POWER,       BARISTA_PEAK,
					      BARISTA_ROW_BITS, BARISTA_TILE_DIVIDES};

static void point_resources(const struct barista_model *model, const struct barista_point *point,
			    const struct streaming_stage *s, double metric[BARISTA_NMETRICS])
{
	double multipliers = 0, bram = 0;

	for (size_t l = 0; l < model->lowered->nlayers; l++) {
		struct streaming_stage_cost c = barista_streaming_stage_cost(
			model, &s[l], barista_streaming_unroll(point, &s[l], l), point->knob);

		multipliers += c.multipliers;
		bram += c.bram;
	}
	barista_streaming_resource_metrics(model, point->knob, multipliers, bram, metric);
}

void barista_streaming_resources(const struct barista_model *model, struct barista_batch *b)
{
	struct streaming_pipeline pipeline;

	pipeline.engines = 0;
	for (size_t i = 0; i < b->n; i++) {
		const struct barista_point *point = &b->points[i];
		double metric[BARISTA_NMETRICS];

		point_resources(model, point,
				barista_streaming_pipeline_for(&pipeline, model->lowered,
							       point->knob[STREAMING_ENGINES]),
				metric);
		for (size_t m = 0; m < sizeof written / sizeof *written; m++)
			b->metric[written[m]][i] = metric[written[m]];
	}
}
