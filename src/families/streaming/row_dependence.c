/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rows of a stage wait for which of the one before it (derived). */
#include "families/streaming/latency.h"

#include "barista/family.h"

static int64_t min_i(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t max_i(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

static int64_t ceil_div(int64_t a, int64_t b)
{
	return -floor_div(-a, b);
}

/* A weight gradient takes the errors row by row. */
struct streaming_axis barista_streaming_axis(const struct barista_mac_layer *l,
					     enum barista_pass pass)
{
	bool back = pass != BARISTA_FWD;

	if (pass == BARISTA_WGRAD)
		return (struct streaming_axis){.in = l->oh, .out = l->oh, .reach = 1, .stride = 1};
	return (struct streaming_axis){.in = back ? l->oh : l->h,
				       .out = back ? l->h : l->oh,
				       .reach = (l->kh - 1) * l->dil_h + 1,
				       .stride = l->stride_h,
				       .pad = l->pad_h,
				       .spread = (l->type == BARISTA_DECONV) != back};
}

/* Input rows that must have come before row r; at least one, whatever the pads. */
static int64_t need(const struct streaming_axis *a, int64_t r)
{
	int64_t last = a->spread ? floor_div(r + a->pad, a->stride) + 1
				 : r * a->stride + a->reach - a->pad;

	return min_i(a->in, max_i(last, 1));
}

/* The first input row that row r reads. */
static int64_t first(const struct streaming_axis *a, int64_t r)
{
	int64_t row =
		a->spread ? ceil_div(r + a->pad - a->reach + 1, a->stride) : r * a->stride - a->pad;

	return max_i(0, min_i(row, need(a, r) - 1));
}

/* Between stages of different sizes (pooling, branches) input row j is there when as large a share
 * of the producer's rows is. */
int64_t barista_streaming_needed_rows(const struct streaming_axis *a, int64_t producer, int64_t r)
{
	return ceil_div(need(a, r) * producer, a->in);
}

/* Both make their rows evenly over the same time, the stage `late` behind so that it never waits,
 * in units of 1 / (producer * out) of that time: the most rows that are in the buffer, those that
 * the producer is about to give included. */
int64_t barista_streaming_line_buffer_rows(const struct streaming_axis *a, int64_t producer)
{
	int64_t late = 0, most = 0;

	for (int64_t r = 0; r < a->out; r++)
		late = max_i(late,
			     barista_streaming_needed_rows(a, producer, r) * a->out - r * producer);
	for (int64_t r = 0; r < a->out; r++) {
		int64_t made = ceil_div(late + (r + 1) * producer, a->out);

		most = max_i(most, made * a->in / producer - first(a, r));
	}
	return most;
}
