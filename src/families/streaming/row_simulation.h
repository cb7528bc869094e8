/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FAMILIES_STREAMING_ROW_SIMULATION_H
#define FAMILIES_STREAMING_ROW_SIMULATION_H

/* The exact time of a sample, row by row, which the closed form of latency.h approximates. Private
 * to the family. */
#include "barista/family.h"
#include "network/workload.h"

enum { STREAMING_MAX_ROWS = 4096 }; /* of a stage, in either direction */

/* Cycles per sample of a stage's passes; 0: it does not run. */
struct streaming_intervals {
	double fp, bp, wg;
};

/* The stages of a pipeline, in the order of the data. Weight gradients count only where they have
 * engines of their own; else wg is 0. */
struct streaming_row_pipeline {
	size_t n;
	const struct barista_mac_layer *const *layer; /* [n] */
	const struct streaming_intervals *ii;         /* [n] */
	double source_fp, source_bp;                  /* cycles per sample of the sources */
};

/* Cycles of the two passes of one sample; false when a stage makes more than STREAMING_MAX_ROWS. */
bool barista_streaming_simulate_rows(const struct streaming_row_pipeline *s, double *forward,
				     double *backward);

#endif
