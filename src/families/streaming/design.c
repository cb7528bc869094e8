/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a point of the streaming family is on a network and a board: the unrolls of each stage, the
 * clock that its DSPs leave, and the blocks that its multipliers take. */
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

static uint16_t largest_divisor_within(uint16_t factor, double size)
{
	double v = fmin(factor, size);

	while (v > 1 && fmod(size, v) != 0)
		v--;
	return (uint16_t)v;
}

struct barista_unroll barista_streaming_unroll(const struct barista_point *point,
					       const struct streaming_stage *s, size_t i)
{
	struct barista_unroll u = point->stage[0];

	if (point->nstages != 1)
		return point->stage[i];
	return (struct barista_unroll){largest_divisor_within(u.in, s->in_channels),
				       largest_divisor_within(u.out, s->out_channels),
				       largest_divisor_within(u.kernel, s->taps)};
}

double barista_streaming_clock_hz(const struct barista_device *dev, double dsp)
{
	const struct barista_quantity *param = dev->param;

	return param[BARISTA_CLOCK].value * barista_clock_left(dsp / param[BARISTA_RES_DSP].value,
							       param[BARISTA_DERATE_ABOVE].value,
							       param[BARISTA_DERATE_SLOPE].value);
}

static const struct barista_quantity *multiplier_costs(const struct barista_device *dev,
						       const double *knob)
{
	return dev->pe[barista_pass_precision(knob[STREAMING_PRECISION], BARISTA_FWD)];
}

double barista_streaming_dsp(const struct barista_device *dev, const double *knob,
			     double multipliers)
{
	return ceil(multipliers * multiplier_costs(dev, knob)[BARISTA_PE_DSP].value);
}

/* The fixed parts of a device file are fitted on Barista's shell, which is not here. */
void barista_streaming_resource_metrics(const struct barista_model *model, const double *knob,
					double multipliers, double bram,
					double metric[BARISTA_NMETRICS])
{
	const struct barista_device *dev = model->dev;
	const struct barista_quantity *cost = multiplier_costs(dev, knob);

	metric[BARISTA_DSP] = barista_streaming_dsp(dev, knob, multipliers);
	metric[BARISTA_BRAM] = bram;
	metric[BARISTA_LUT] = ceil(multipliers * cost[BARISTA_PE_LUT].value);
	metric[BARISTA_FF] = ceil(multipliers * cost[BARISTA_PE_FF].value);
	metric[BARISTA_POWER] = barista_board_power(dev, metric);
	metric[BARISTA_PEAK] =
		2 * multipliers * barista_streaming_clock_hz(dev, metric[BARISTA_DSP]);
	metric[BARISTA_ROW_BITS] = INFINITY;
	metric[BARISTA_TILE_DIVIDES] = 1;
}
