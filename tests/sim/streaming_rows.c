/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "streaming_rows.h"

struct map {
	int64_t rows;
	double left[SIM_MOST_ROWS];   /* when each row does */
};

static void leave_source(const struct sim_rows *first, struct map *out)
{
	out->rows = first->rows_in;
	for (int64_t r = 0; r < out->rows; r++)
		out->left[r] = (double)(r + 1) * (double)first->cycles_in / (double)out->rows;
}

/* Returns when the last row leaves. */
static double leave(const struct sim_rows *p, const struct map *in, struct map *out)
{
	double now = 0;

	out->rows = p->rows_out;
	for (int64_t r = 0; r < p->rows_out; r++) {
		int64_t made = (sim_need(p, r) * in->rows + p->rows_in - 1) / p->rows_in;

		if (in->left[made - 1] > now)
			now = in->left[made - 1];
		now += (double)p->cycles / (double)p->rows_out;
		out->left[r] = now;
	}
	return now;
}

static double end_of_forward(const struct sim_stage *stage, size_t n, struct map map[2])
{
	double end = 0;

	leave_source(&stage[0].forward, &map[0]);
	for (size_t i = 0; i < n; i++)
		end = leave(&stage[i].forward, &map[i % 2], &map[1 - i % 2]);
	return end;
}

static double end_of_wgrad(const struct sim_stage *stage, const struct map *error, struct map *scratch)
{
	struct sim_rows p = { .rows_in = stage->backward.rows_in, .rows_out = stage->backward.rows_in,
			      .kernel = 1, .stride = 1, .cycles = stage->wgrad_cycles };

	return p.cycles ? leave(&p, error, scratch) : 0;
}

static double end_of_backward(const struct sim_stage *stage, size_t n, bool separate, struct map map[2])
{
	double end = 0;
	size_t at = 0;

	leave_source(&stage[n - 1].backward, &map[0]);
	for (size_t i = n; i-- > 0; at = 1 - at) {
		double wgrad = separate ? end_of_wgrad(&stage[i], &map[at], &map[1 - at]) : 0;
		double errors = stage[i].backward.cycles ? leave(&stage[i].backward, &map[at], &map[1 - at]) : 0;

		end = wgrad > end ? wgrad : end;
		end = errors > end ? errors : end;
		if (!stage[i].backward.cycles)
			break;
	}
	return end;
}

bool sim_recurrence(const struct sim_stage *stage, size_t n, bool separate, double *forward, double *backward)
{
	struct map map[2];

	for (size_t i = 0; i < n; i++)
		if (stage[i].forward.rows_in > SIM_MOST_ROWS || stage[i].forward.rows_out > SIM_MOST_ROWS)
			return false;
	*forward = end_of_forward(stage, n, map);
	*backward = end_of_backward(stage, n, separate, map);
	return true;
}
