/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FAMILIES_STREAMING_ROW_SIMULATION_H
#define FAMILIES_STREAMING_ROW_SIMULATION_H

/* When rows leave streaming stages that never wait for room, row after row: what the closed form of
 * streaming_time.h stands for (derived; equals a simulator, tests/sim). Private to the family. */
#include "barista.h"

enum { STREAMING_MAX_ROWS = 4096 }; /* of a stage, at most */

/* Cycles per sample of a stage's passes; 0: it does not run. */
struct streaming_intervals {
	double fp, bp, wg;
};

/* The stages of a pipeline. Weight gradients count only with engines of their own; else wg is 0. */
struct streaming_row_pipeline {
	size_t n;
	const struct barista_mac_layer *const *layer;
	const struct streaming_intervals *ii;
	double source_fp, source_bp; /* cycles of the sources */
};

/* Cycles of the two passes of one sample; false when a stage makes more rows than there is room
 * for. */
bool barista_streaming_simulate_rows(const struct streaming_row_pipeline *s, double *forward,
				     double *backward);

#endif
