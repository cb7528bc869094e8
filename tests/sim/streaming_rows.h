/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When rows leave streaming stages that never wait for room: row after row, no events. Equals the
 * simulator, so what a closed form is off by is due to the form, not to the buffers. A row leaves
 * one row's time after the one before it and the rows that it needs.
 */
#ifndef SIM_STREAMING_ROWS_H
#define SIM_STREAMING_ROWS_H

#include "streaming.h"

enum { SIM_MOST_ROWS = 4096 };

/* Cycles of the two passes of one sample from a free source; false when a stage makes more rows
 * than SIM_MOST_ROWS. Without `separate` the backward pass has no weight gradients. */
bool sim_recurrence(const struct sim_stage *stage, size_t n, bool separate, double *forward, double *backward);

#endif
