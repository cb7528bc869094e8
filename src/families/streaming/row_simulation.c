/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row leaves one row's time after the one before it and the rows that it needs. */
#include "families/streaming/row_simulation.h"

#include "barista/family.h"
#include "families/streaming/latency.h"

#include <math.h>

struct map {
	int64_t rows;
	double left[STREAMING_MAX_ROWS]; /* when each row does */
};

static void leave_source(struct map *out, int64_t rows, double cycles)
{
	out->rows = rows;
	for (int64_t r = 0; r < rows; r++)
		out->left[r] = (double)(r + 1) * cycles / (double)rows;
}

/* Returns when the last row leaves; out: when each does, or NULL. */
static double leave(const struct streaming_axis *a, double cycles, const struct map *in,
		    struct map *out)
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

static double end_of_forward(const struct streaming_row_pipeline *s, struct map map[2])
{
	double end = 0;

	leave_source(&map[0], s->layer[0]->h, s->source_fp);
	for (size_t i = 0; i < s->n; i++) {
		struct streaming_axis a = barista_streaming_axis(s->layer[i], BARISTA_FWD);

		end = leave(&a, s->ii[i].fp, &map[i % 2], &map[1 - i % 2]);
	}
	return end;
}

static double end_of_backward(const struct streaming_row_pipeline *s, struct map map[2])
{
	double end = 0;
	size_t at = 0;

	leave_source(&map[0], s->layer[s->n - 1]->oh, s->source_bp);
	for (size_t i = s->n; i-- > 0; at = 1 - at) {
		struct streaming_axis errors = barista_streaming_axis(s->layer[i], BARISTA_IGRAD);
		struct streaming_axis weights = barista_streaming_axis(s->layer[i], BARISTA_WGRAD);

		if (s->ii[i].wg > 0)
			end = fmax(end, leave(&weights, s->ii[i].wg, &map[at], NULL));
		if (!(s->ii[i].bp > 0))
			break;
		end = fmax(end, leave(&errors, s->ii[i].bp, &map[at], &map[1 - at]));
	}
	return end;
}

bool barista_streaming_simulate_rows(const struct streaming_row_pipeline *s, double *forward,
				     double *backward)
{
	struct map map[2];

	for (size_t i = 0; i < s->n; i++)
		if (s->layer[i]->h > STREAMING_MAX_ROWS || s->layer[i]->oh > STREAMING_MAX_ROWS)
			return false;
	*forward = end_of_forward(s, map);
	*backward = end_of_backward(s, map);
	return true;
}
