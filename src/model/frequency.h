/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_FREQUENCY_H
#define MODEL_FREQUENCY_H

/* What is left of the clock when a kernel uses this share of the DSPs; one that does not fit is
 * taken as using all. The slope is at most 0.9, so something is. */
static inline double barista_clock_left(double share, double above, double slope)
{
	double beyond = (share < 1 ? share : 1) - above;

	return 1 - slope * (beyond > 0 ? beyond : 0);
}

#endif
