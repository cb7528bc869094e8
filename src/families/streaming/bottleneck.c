/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What binds a streaming design, in words: the pass that takes longest, and how far the time of a
 * sample, by the closed form, is from that of its rows one by one. */
#include "families/streaming/row_simulation.h"
#include "families/streaming/streaming.h"
#include "io/unit.h"
#include "network/workload.h"

#include <math.h>
#include <stdio.h>

struct design {
	size_t n; /* layers */
	bool separate;
	const struct barista_mac_layer *layer[BARISTA_MAX_UNROLLED];
	struct streaming_intervals ii[BARISTA_MAX_UNROLLED];
	double source_fp, source_bp;
	double multipliers;
	double cycles; /* of a sample, by the closed form */
};

static void evaluate(struct design *d, const struct barista_model *model,
		     const struct barista_point *point)
{
	struct streaming_stage s[BARISTA_MAX_UNROLLED];
	struct streaming_sample t = {.additive = 0};

	*d = (struct design){.n = model->lowered->nlayers,
			     .separate =
				     point->knob[STREAMING_ENGINES] == STREAMING_ENGINES_SEPARATE};
	barista_streaming_stages(model->lowered, point->knob[STREAMING_ENGINES], s);
	for (size_t l = 0; l < d->n; l++) {
		struct streaming_stage_cost c = barista_streaming_stage_cost(
			model, &s[l], barista_streaming_unroll(point, &s[l], l), point->knob);

		d->layer[l] = &model->lowered->net->mac_layer[model->lowered->mac_layer[l]];
		d->ii[l] = (struct streaming_intervals){c.ii_fp, c.ii_bp, c.ii_wg};
		d->source_fp += c.source_fp;
		d->source_bp += c.source_bp;
		d->multipliers += c.multipliers;
		barista_streaming_sample_add(&t, &s[l], &c);
	}
	d->cycles = barista_streaming_sample_cycles(&t);
}

/* A pass of a layer, and the verb that goes with it. */
struct bottleneck {
	const char *pass, *verb;
	size_t layer;
	double interval; /* cycles */
};

static struct bottleneck find_slowest(const struct design *d)
{
	struct bottleneck slowest = {"forward", "binds", 0, 0};

	for (size_t l = 0; l < d->n; l++) {
		const struct bottleneck passes[STREAMING_PASSES] = {
			{"forward", "binds", l, d->ii[l].fp},
			{"errors", "bind", l, d->ii[l].bp},
			{"weight gradient", "binds", l, d->ii[l].wg},
		};

		for (size_t p = 0; p < STREAMING_PASSES; p++)
			if (passes[p].interval > slowest.interval)
				slowest = passes[p];
	}
	return slowest;
}

/* Cycles of a sample row by row; NaN where there are too many rows. Shared engines compute all
 * weight gradients at once, after the errors. */
static double row_by_row(const struct design *d)
{
	struct streaming_intervals ii[BARISTA_MAX_UNROLLED];
	const struct streaming_row_pipeline rows = {d->n, d->layer, ii, d->source_fp, d->source_bp};
	double forward, backward, weights = 0;

	for (size_t l = 0; l < d->n; l++) {
		ii[l] = d->ii[l];
		if (d->separate)
			continue;
		weights = fmax(weights, ii[l].wg);
		ii[l].wg = 0;
	}
	if (!barista_streaming_simulate_rows(&rows, &forward, &backward))
		return (double)NAN;
	return forward + backward + weights;
}

void barista_streaming_bottleneck(const struct barista_model *model,
				  const struct barista_point *point, char *buf, size_t size)
{
	struct design d;
	struct bottleneck slowest;
	double cycles, f_hz;
	char time[64], text[256];
	int n;

	evaluate(&d, model, point);
	slowest = find_slowest(&d);
	n = snprintf(text, sizeof text, "%s at %.40s %s: interval %.0f cycles", slowest.pass,
		     model->lowered->name[slowest.layer], slowest.verb, slowest.interval);
	cycles = row_by_row(&d);
	f_hz = barista_streaming_clock_hz(
		model->dev, barista_streaming_dsp(model->dev, point->knob, d.multipliers));
	if (!isnan(cycles)) {
		barista_quantity_format(time, sizeof time, cycles / f_hz, BARISTA_DIM_SECOND);
		snprintf(text + n, sizeof text - (size_t)n, "; row by row %s (%+.1f %%)", time,
			 100 * (cycles / d.cycles - 1));
	}
	snprintf(buf, size, "%s", text);
}
