/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/power.h"

#include "barista/family.h"
#include "model/device.h"

#include <math.h>

double barista_board_power(const struct barista_device *dev, const double *used)
{
	const struct barista_quantity *fact = dev->param;

	if (!isnan(fact[BARISTA_POWER_TOTAL].value))
		return fact[BARISTA_POWER_TOTAL].value;
	return fact[BARISTA_POWER_STATIC].value +
	       fact[BARISTA_POWER_DSP].value * used[BARISTA_DSP] +
	       fact[BARISTA_POWER_BRAM].value * used[BARISTA_BRAM] +
	       fact[BARISTA_POWER_LUT].value * used[BARISTA_LUT] +
	       fact[BARISTA_POWER_FF].value * used[BARISTA_FF];
}
