/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FAMILIES_STREAMING_LATENCY_H
#define FAMILIES_STREAMING_LATENCY_H

/*
 * Time of one sample through the stages of the streaming architecture, a stage per layer (derived;
 * checked against a simulator of rows, tests/sim). A pass takes
 *
 *   sum over segments of ( sum of add_i/rows_i * interval_i + maximum of most_i/rows_i * interval_i
 * )
 *
 * over what works in it: stages, and the source that gives the rows of the first one as fast as
 * that takes words. A stage that can't start before the one before it has ended begins a segment.
 * The weights come from geometry alone; intervals are cycles per sample.
 */
#include "barista.h"
#include "barista/family.h"

/* One pass through one stage. Rows are those that it makes; all zero when it does not run. */
struct streaming_pass {
	int64_t rows;
	int64_t useful_rows; /* rows that anything waits for: the end of the pass does not wait for
			   the others */
	int64_t fill_rows;   /* rows of the producer before the first of these */
	int64_t tail_rows; /* of those needed, how many wait for the last needed row of the producer
			    */
	int64_t line_buffer_rows; /* rows of its input that the line buffer holds, so that nobody
			 waits at an even pace */
	size_t segment;           /* from 0, in the order of the pass */
	double additive_weight, competing_weight; /* of those needed: that add to the time of the
			     others, that compete with theirs */
};

/* What gives a pass its first rows. Its interval: the words by the unroll of the first stage on
 * that side. */
struct streaming_source {
	double words; /* 0: the pass does not run */
	struct streaming_pass pass;
};

/* wg runs only where the backward pass has engines of its own for it. Its line buffer and that of
 * bp are one: the larger counts. Along with bp it adds nothing, and competes with what its stage
 * adds, too. */
struct streaming_passes {
	struct streaming_pass fp, bp, wg;
};
struct streaming_sources {
	struct streaming_source fp, bp;
};

/* Layers in the order of the data. separate: weight gradients are computed while errors flow on.
 * The backward pass goes from the last layer to the first that has no input gradient. */
void barista_streaming_latency_weights(const struct barista_mac_layer *const *layer, size_t n,
				       bool separate, struct streaming_passes *stage,
				       struct streaming_sources *source);

/* That a sample brings into a stage. */
double barista_streaming_words_in(const struct barista_mac_layer *l);

/* ---- rows along the height of a layer; private to the files of time and rows ---- */

/* A window of `reach` rows gathers, or (spread) every row of the input spreads over as many of the
 * output. */
struct streaming_axis {
	int64_t in, out, reach, stride, pad;
	bool spread;
};

struct streaming_axis barista_streaming_axis(const struct barista_mac_layer *l,
					     enum barista_pass pass);

/* Rows of a producer, which makes so many, before row r can start. */
int64_t barista_streaming_needed_rows(const struct streaming_axis *a, int64_t producer, int64_t r);
int64_t barista_streaming_line_buffer_rows(const struct streaming_axis *a, int64_t producer);

#endif
