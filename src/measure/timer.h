/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MEASURE_TIMER_H
#define MEASURE_TIMER_H

#include <stddef.h>

/* What to time: code that stays in the calling thread. */
typedef void (*barista_timed)(void *arg);

/* Runs fn at least `least` times and until `enough` seconds have passed; the smallest
 * processor time of one run, in seconds: what the machine does when nothing else disturbs
 * it. Time in which another process had the processor is not counted. */
double barista_time_min(barista_timed fn, void *arg, size_t least, double enough);

/* Joules used by the processor packages since some point, or NaN when unreadable; and the same of
 * the counters, in microjoules, in all files whose paths match a pattern. */
double barista_package_joules(void);
double barista_joules_of(const char *pattern);

#endif
