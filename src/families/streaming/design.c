/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a streaming design is for each layer, and what it takes of the board. */
#include "base/num.h"
#include "families/streaming/streaming.h"
#include "model/device.h"
#include "model/frequency.h"
#include "model/power.h"
#include "model/precision.h"
#include "network/workload.h"

#include <math.h>

struct streaming_stage barista_streaming_stage_at(const struct barista_lowered *lowered, size_t i)
{
	return barista_streaming_stage(&lowered->net->mac_layer[lowered->mac_layer[i]]);
}

static uint16_t divisor_at_most(uint16_t factor, double size)
{
	double v = fmin(factor, size);

	while (v > 1 && fmod(size, v) != 0)
		v--;
	return (uint16_t)v;
}

struct barista_unroll barista_streaming_unroll(const struct barista_point *point,
					       const struct streaming_stage *s, size_t i)
{
	struct barista_unroll u = point->stage[point->nstages == 1 ? 0 : i];

	if (point->nstages == 1)
		u = (struct barista_unroll){divisor_at_most(u.in, s->in_channels),
					    divisor_at_most(u.out, s->out_channels),
					    divisor_at_most(u.kernel, s->taps)};
	return u;
}

double barista_streaming_clock_hz(const struct barista_device *dev, double dsp)
{
	const struct barista_quantity *fact = dev->param;

	return fact[BARISTA_CLOCK].value * barista_clock_left(dsp / fact[BARISTA_RES_DSP].value,
							      fact[BARISTA_DERATE_ABOVE].value,
							      fact[BARISTA_DERATE_SLOPE].value);
}

double barista_streaming_dsp(const struct barista_device *dev, const double *knob,
			     double multipliers)
{
	enum barista_precision p = barista_pass_precision(knob[STREAMING_PRECISION], BARISTA_FWD);

	return ceil(multipliers * dev->pe[p][BARISTA_PE_DSP].value);
}

/* The fixed parts of a device file are fitted on Barista's shell, which is not here. */
void barista_streaming_resource_metrics(const struct barista_model *model, const double *knob,
					double multipliers, double bram,
					double used[BARISTA_NMETRICS])
{
	const struct barista_device *dev = model->dev;
	const struct barista_quantity *cost =
		dev->pe[barista_pass_precision(knob[STREAMING_PRECISION], BARISTA_FWD)];

	used[BARISTA_DSP] = barista_streaming_dsp(dev, knob, multipliers);
	used[BARISTA_BRAM] = bram;
	used[BARISTA_LUT] = ceil(multipliers * cost[BARISTA_PE_LUT].value);
	used[BARISTA_FF] = ceil(multipliers * cost[BARISTA_PE_FF].value);
	used[BARISTA_POWER] = barista_board_power(dev, used);
	used[BARISTA_PEAK] = 2 * multipliers * barista_streaming_clock_hz(dev, used[BARISTA_DSP]);
	used[BARISTA_ROW_BITS] = INFINITY;
	used[BARISTA_TILE_DIVIDES] = 1;
}
