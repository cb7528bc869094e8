/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The exact time of one sample through streaming stages whose line buffers never hold them up
 * (derived; equal to the simulator of tests/sim). It is a recurrence over the rows:
 *  1. Row r of a source leaves at (r + 1)/rows of the cycles that the source takes.
 *  2. Row r of a stage starts when row r - 1 has left and the rows of the producer that it needs
 *     have, and it leaves II/rows cycles later.
 *  3. The forward pass ends with the last row of the last stage. The backward pass ends with the
 *     last row of any input or weight gradient, as nothing need come after these.
 * A pass costs as much as there are rows in all stages, and keeps the times of two stages.
 */
#include "families/streaming/row_simulation.h"
#include "families/streaming/row_dependence.h"

#include <math.h>

/* When each row of a stage leaves, in cycles. */
struct row_times {
	int64_t rows;
	double left[STREAMING_MAX_ROWS];
};

static void run_source(struct row_times *out, int64_t rows, double cycles)
{
	out->rows = rows;
	for (int64_t r = 0; r < rows; r++)
		out->left[r] = (double)(r + 1) * cycles / (double)rows;
}

/* Returns when the last row leaves, and writes into out, unless that is NULL, when each does. */
static double run_stage(const struct streaming_axis *a, double cycles, const struct row_times *in,
			struct row_times *out)
{
	double now = 0;

	for (int64_t r = 0; r < a->out; r++) {
		now = fmax(now, in->left[barista_streaming_needed_rows(a, in->rows, r) - 1]) +
		      cycles / (double)a->out;
		if (out)
			out->left[r] = now;
	}
	if (out)
		out->rows = a->out;
	return now;
}

static double end_of_forward(const struct streaming_row_pipeline *s, struct row_times times[2])
{
	double end = 0;

	run_source(&times[0], s->layer[0]->h, s->source_fp);
	for (size_t i = 0; i < s->n; i++) {
		struct streaming_axis a = barista_streaming_axis(s->layer[i], BARISTA_FWD);

		end = run_stage(&a, s->ii[i].fp, &times[i % 2], &times[1 - i % 2]);
	}
	return end;
}

static double end_of_backward(const struct streaming_row_pipeline *s, struct row_times times[2])
{
	double end = 0;
	size_t in = 0;

	run_source(&times[0], s->layer[s->n - 1]->oh, s->source_bp);
	for (size_t i = s->n; i-- > 0; in = 1 - in) {
		struct streaming_axis errors = barista_streaming_axis(s->layer[i], BARISTA_IGRAD);
		struct streaming_axis weights = barista_streaming_axis(s->layer[i], BARISTA_WGRAD);

		if (s->ii[i].wg > 0)
			end = fmax(end, run_stage(&weights, s->ii[i].wg, &times[in], NULL));
		if (!(s->ii[i].bp > 0))
			break;
		end = fmax(end, run_stage(&errors, s->ii[i].bp, &times[in], &times[1 - in]));
	}
	return end;
}

bool barista_streaming_simulate_rows(const struct streaming_row_pipeline *s, double *forward,
				     double *backward)
{
	struct row_times times[2];

	for (size_t i = 0; i < s->n; i++)
		if (s->layer[i]->h > STREAMING_MAX_ROWS || s->layer[i]->oh > STREAMING_MAX_ROWS)
			return false;
	*forward = end_of_forward(s, times);
	*backward = end_of_backward(s, times);
	return true;
}
