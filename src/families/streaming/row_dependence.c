/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rows of a stage wait for which rows of the one before it, and how many of these its line
 * buffer must hold (derived; the simulator of tests/sim counts the same). */
#include "families/streaming/row_dependence.h"

static int64_t smaller(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t larger(int64_t a, int64_t b)
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

/* Input rows that must have come before row r can start. It is at least one, even where the pads
 * are so large that the row reads none. */
static int64_t input_rows_before(const struct streaming_axis *a, int64_t r)
{
	int64_t last = a->spread ? floor_div(r + a->pad, a->stride) + 1
				 : r * a->stride + a->reach - a->pad;

	return smaller(a->in, larger(last, 1));
}

/* The first input row that row r reads; until it is done, the line buffer keeps that row. */
static int64_t first_input_row(const struct streaming_axis *a, int64_t r)
{
	int64_t row =
		a->spread ? ceil_div(r + a->pad - a->reach + 1, a->stride) : r * a->stride - a->pad;

	return larger(0, smaller(row, input_rows_before(a, r) - 1));
}

/* A producer may make more or fewer rows than the stage takes, because pooling lies between them or
 * branches of the network meet there. An input row then counts as there as soon as the producer has
 * made as large a share of its own rows. */
int64_t barista_streaming_needed_rows(const struct streaming_axis *a, int64_t producer_rows,
				      int64_t r)
{
	return ceil_div(input_rows_before(a, r) * producer_rows, a->in);
}

/* Let the producer and the stage both spread their rows evenly over one interval. Times below count
 * in 1/(producer_rows * out) of it.
 *  1. The stage starts so `late` that none of its rows ever waits for a row of the producer.
 *  2. When row r of the stage ends, the producer has `made` so many rows, the one that it is about
 *     to give included. All of them from the first that row r reads lie in the buffer; the largest
 *     such number is the answer. Rows of the next sample count too, as `made` goes past the last.
 * It costs two walks over the rows of the output. */
int64_t barista_streaming_line_buffer_rows(const struct streaming_axis *a, int64_t producer_rows)
{
	int64_t late = 0, most = 0;

	for (int64_t r = 0; r < a->out; r++)
		late = larger(late, barista_streaming_needed_rows(a, producer_rows, r) * a->out -
					    r * producer_rows);
	for (int64_t r = 0; r < a->out; r++) {
		int64_t made = ceil_div(late + (r + 1) * producer_rows, a->out);

		most = larger(most, made * a->in / producer_rows - first_input_row(a, r));
	}
	return most;
}
