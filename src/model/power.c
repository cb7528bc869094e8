/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Power of a board, from its file and what a design uses. */
#include "model/power.h"

#include "barista/family.h"
#include "model/device.h"

#include <math.h>

double barista_board_power(const struct barista_device *dev, const double *used)
{
	const struct barista_quantity *param = dev->param;

	if (!isnan(param[BARISTA_POWER_TOTAL].value))
		return param[BARISTA_POWER_TOTAL].value;
	return param[BARISTA_POWER_STATIC].value +
	       param[BARISTA_POWER_DSP].value * used[BARISTA_DSP] +
	       param[BARISTA_POWER_BRAM].value * used[BARISTA_BRAM] +
	       param[BARISTA_POWER_LUT].value * used[BARISTA_LUT] +
	       param[BARISTA_POWER_FF].value * used[BARISTA_FF];
}
