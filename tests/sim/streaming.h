/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A simulator of the streaming architecture, to check the model's closed form:
 * rows of samples pass from stage to stage through line buffers of so many rows.
 * It shares no code with the model. Times are exact: an engine's time is split
 * evenly over its rows, in fractions of a cycle.
 */
#ifndef SIM_STREAMING_H
#define SIM_STREAMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sim_status {
	SIM_OK,
	SIM_DEADLOCK, /* every engine waits for another */
	SIM_RANGE,    /* times do not fit */
	SIM_MEMORY,
	SIM_BAD /* a stage's sizes are wrong */
};

enum sim_layer_type { SIM_CONV, SIM_FC, SIM_DECONV };

/* Elements. Pads may differ by side; those of a deconvolution crop its output. */
struct sim_layer {
	enum sim_layer_type type;
	int64_t cin, h, w, cout, oh, ow;
	int64_t kh, kw, stride_h, stride_w, dil_h, dil_w, groups;
	int64_t pad_top, pad_bottom, pad_left, pad_right;
	bool input_gradient, weight_gradient;
	int64_t unroll_in, unroll_out, unroll_kernel;
};

/* One pass of a stage: rows_in rows come, rows_out leave, in so many cycles per sample. */
struct sim_rows {
	int64_t rows_in, rows_out;
	int64_t kernel, stride, pad; /* kernel: rows that it spans */
	bool transposed;             /* rows spread over stride rows each, as in a deconvolution */
	int64_t cycles;
	int64_t cycles_in; /* to take all words in: how fast a source can be */
	int64_t line_rows; /* of the line buffer */
};

struct sim_stage {
	struct sim_rows forward, backward; /* backward.cycles 0: no input gradient */
	int64_t wgrad_cycles;              /* 0: frozen */
};

/* Counts words and multiply steps of a layer row by row. The line buffers are Kh_eff + stride and
 * ceil(Kh_eff/stride) + 1 rows, which may be too few: see sim_widen(). */
int sim_stage_count(const struct sim_layer *layer, struct sim_stage *stage);

/* Rows of input that output row r needs to have come, and the first that it reads; r may be
 * rows_out. */
int64_t sim_need(const struct sim_rows *p, int64_t r);
int64_t sim_first(const struct sim_rows *p, int64_t r);

/* Rows of input that exist once the producer has made `made` of its `rows` rows of a sample. */
int64_t sim_arrived(const struct sim_rows *p, int64_t rows, int64_t made);

/* Gives every stage the fewest rows of line buffer with which stages never wait that all make their
 * rows evenly over the same time, each as late as its first rows make it. Then samples leave every
 * F cycles, F of the slowest stage: that schedule keeps every rule, and engines only run ahead of
 * it.
 */
void sim_widen(struct sim_stage *stage, size_t n);

enum sim_source {
	SIM_PACED, /* rows evenly over the cycles of the slowest stage */
	SIM_FREE   /* as fast as the first stage takes words */
};

struct sim_options {
	enum sim_source source;
	bool separate; /* weight gradients have engines of their own, along with the backward pass
			*/
};

/* Cycles. Stalls are those that engines (the source too) waited on full buffers, summed. */
struct sim_sample {
	double forward, backward, wgrad, total;
	double stall_forward, stall_backward;
};

/* Runs one sample through empty stages: forward, then backward, then (unless separate) the weight
 * gradients. A pass ends when the last row that no other stage reads has left. */
int sim_sample(const struct sim_stage *stage, size_t n, const struct sim_options *opt,
	       struct sim_sample *out);

struct sim_interval {
	double first;  /* cycles until sample 0 has left the last stage */
	double mean;   /* cycles per sample, over the second half of the samples */
	int64_t exact; /* the interval when it is the same whole number for all of that half, else
			  -1 */
	double stall;
};

/* Runs samples (at least 4) back to back, forward only. */
int sim_interval(const struct sim_stage *stage, size_t n, int64_t samples, enum sim_source source,
		 struct sim_interval *out);

/* Makes a random network of 1 to `most` layers, with unroll factors. It has convolutions, some of
 * them grouped, dilated or transposed, with any pads; there are pools between some, and at times
 * fully connected layers at the end. Returns how many layers, 0 when nothing came of it. */
size_t sim_random_network(uint64_t *seed, struct sim_layer *layer, size_t most);

/* Checks cases worked out by hand, and the interval of n random networks. Prints what fails and
 * returns how many do. */
int sim_streaming_self(uint64_t seed, size_t n);

#endif
