/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MEASURE_WORKERS_H
#define MEASURE_WORKERS_H

#include <stddef.h>

/* Runs one(arg, i) once for every i below n, in the calling thread and in up to threads - 1 others,
 * and returns when all are done. The others sleep between calls and never spin. One that gets no
 * processor in time just misses the call: the caller does its part, and waits only for those that
 * are at work. Two callers at once: the second one works alone. */
void barista_workers_run(size_t threads, size_t n, void (*one)(void *arg, size_t i), void *arg);

#endif
