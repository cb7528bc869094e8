/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clock by which durations are measured. */
#include "base/clock.h"

#include <time.h>

double barista_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}
