/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What binds a streaming design, in words: the pass that takes longest, and how far the time of a
 * sample is from that of its rows one by one, which the closed form leaves out in part. */
#include "families/streaming/row_simulation.h"
#include "barista/family.h"
#include "families/streaming/streaming.h"
#include "io/unit.h"
#include "network/workload.h"

#include <math.h>
#include <stdio.h>

struct design {
	size_t n;
	bool separate;
	const struct barista_mac_layer *layer[BARISTA_MAX_UNROLLED];
	struct streaming_intervals ii[BARISTA_MAX_UNROLLED];
	double source_fp, source_bp;
	double multipliers, cycles; /* of a sample, by the closed form */
};

static void look(struct design *d, const struct barista_model *model,
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

static const char *slowest(const struct design *d, size_t *layer, double *cycles)
{
	const char *pass = "forward";

	*layer = 0;
	*cycles = 0;
	for (size_t l = 0; l < d->n; l++) {
		const struct {
			const char *name;
			double cycles;
		} passes[] = {
			{"forward", d->ii[l].fp},
			{"errors", d->ii[l].bp},
			{"weight gradient", d->ii[l].wg},
		};

		for (size_t p = 0; p < STREAMING_PASSES; p++) {
			if (!(passes[p].cycles > *cycles))
				continue;
			pass = passes[p].name;
			*layer = l;
			*cycles = passes[p].cycles;
		}
	}
	return pass;
}

/* Cycles of a sample row by row; NaN where there are too many. */
static double row_by_row(struct design *d)
{
	const struct streaming_row_pipeline rows = {d->n, d->layer, d->ii, d->source_fp,
						    d->source_bp};
	double forward, backward, weights = 0;

	for (size_t l = 0; l < d->n && !d->separate; l++) {
		weights = fmax(weights, d->ii[l].wg);
		d->ii[l].wg = 0;
	}
	return barista_streaming_simulate_rows(&rows, &forward, &backward)
		       ? forward + backward + weights
		       : (double)NAN;
}

/* Without the rows where there are too many of them: nothing is allocated. */
void barista_streaming_bottleneck(const struct barista_model *model,
				  const struct barista_point *point, char *buf, size_t size)
{
	struct design d;
	double interval, cycles, f;
	size_t layer;
	const char *pass;
	char time[64], text[256];
	int n;

	look(&d, model, point);
	pass = slowest(&d, &layer, &interval);
	n = snprintf(text, sizeof text, "%s at %.40s bind%s: interval %.0f cycles", pass,
		     model->lowered->name[layer], *pass == 'e' ? "" : "s", interval);
	cycles = row_by_row(&d);
	f = barista_streaming_clock_hz(
		model->dev, barista_streaming_dsp(model->dev, point->knob, d.multipliers));
	if (!isnan(cycles)) {
		barista_quantity_format(time, sizeof time, cycles / f, BARISTA_DIM_SECOND);
		snprintf(text + n, sizeof text - (size_t)n, "; row by row %s (%+.1f %%)", time,
			 100 * (cycles / d.cycles - 1));
	}
	snprintf(buf, size, "%s", text);
}
