/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef HOST_TIMER_H
#define HOST_TIMER_H

#include <stddef.h>

/* Seconds of a clock that never goes back. */
double barista_now(void);

/* What to time; returns false to stop (out of memory). */
typedef void (*barista_timed)(void *arg);

/* Runs fn at least `least` times and until `enough` seconds have passed; the smallest
 * time of one run: what the machine does when nothing else disturbs it. */
double barista_time_min(barista_timed fn, void *arg, size_t least, double enough);

/* Joules used by the processor packages since some point, or NaN when unreadable. */
double barista_package_joules(void);

#endif
