/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FAMILIES_STREAMING_LATENCY_H
#define FAMILIES_STREAMING_LATENCY_H

/* The time of one sample through the stages of the streaming architecture, in closed form: the
 * weights that latency.c finds, from the geometry of the layers alone. Private to the family. */
#include "barista/family.h"
#include "network/workload.h"

/* One pass through one stage, or through the source that feeds the first of them. Rows are those
 * that it makes itself, unless said otherwise; all is 0 when the pass does not run. */
struct streaming_pass {
	int64_t rows;             /* per sample */
	int64_t useful_rows;      /* that anything waits for: the pass ends without the others */
	int64_t fill_rows;        /* of the producer, before the first row here can start */
	int64_t tail_rows;        /* of the useful: they wait for the producer's last useful row */
	int64_t line_buffer_rows; /* of its input, held so that nobody waits at an even pace */
	size_t segment;           /* from 0, in the order of the pass */
	double additive_weight;   /* useful rows whose time adds to that of the other stages */
	double competing_weight;  /* the other useful rows: the longest of a segment counts */
};

/* What gives a pass its first rows, as fast as the first stage on that side takes the words. */
struct streaming_source {
	double words; /* per sample; 0: the pass does not run */
	struct streaming_pass pass;
};

struct streaming_sources {
	struct streaming_source fp, bp;
};

/* The passes of a stage are named as in [BP]: fp forward, bp the errors backward, wg the weight
 * gradient. wg is here only where the backward pass has engines of its own for it. It reads the
 * same line buffer as bp, which has the larger of their two sizes. Along with bp it adds nothing,
 * but competes with all that its stage does, what the stage adds included. */
struct streaming_passes {
	struct streaming_pass fp, bp, wg;
};

/* Layers are in the order of the data. With `separate` engines weight gradients are computed while
 * errors flow on. The backward pass goes from the last layer to the first without input gradient.
 */
void barista_streaming_latency_weights(const struct barista_mac_layer *const *layer, size_t n,
				       bool separate, struct streaming_passes *passes,
				       struct streaming_sources *source);

/* Words per sample that stream into a stage; pads are words as well. */
double barista_streaming_words_in(const struct barista_mac_layer *l);

#endif
