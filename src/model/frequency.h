/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_FREQUENCY_H
#define MODEL_FREQUENCY_H

/* Returns the fraction that is left of the clock when a kernel uses this share of the DSPs. One
 * that does not fit is taken to use all. As the slope is at most 0.9, the fraction is above 0. */
static inline double barista_clock_left(double share, double above, double slope)
{
	double beyond = (share < 1 ? share : 1) - above;

	return 1 - slope * (beyond > 0 ? beyond : 0);
}

#endif
