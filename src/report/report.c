/* SPDX-License-Identifier: GPL-3.0-or-later */
/* These figures of a report follow from its searches. */
#include "report/report.h"

#include "model/baseline.h"
#include "model/device.h"
#include "model/metric.h"
#include "search/rankings.h"
#include "search/uncertainty.h"

#include <string.h>

size_t barista_smallest_board(const struct barista_report *r)
{
	size_t best = r->nboards;

	for (size_t i = 0; i < r->nboards; i++) {
		const struct barista_quantity *f = r->board[i].dev->param;
		const struct barista_quantity *g =
			best < r->nboards ? r->board[best].dev->param : NULL;

		if (!r->board[i].meets_deadline)
			continue;
		if (!g || f[BARISTA_RES_DSP].value < g[BARISTA_RES_DSP].value ||
		    (f[BARISTA_RES_DSP].value == g[BARISTA_RES_DSP].value &&
		     f[BARISTA_RES_BRAM].value < g[BARISTA_RES_BRAM].value))
			best = i;
	}
	return best;
}

bool barista_ranks_layers(const struct barista_report *r)
{
	return r->board[0].model.family->per_layer;
}

const char *barista_baseline_label(const struct barista_report *r)
{
	return strcmp(r->baseline->kind, "gpu") ? "CPU" : "GPU";
}

double barista_regret(const struct barista_board *b)
{
	enum barista_metric m = barista_objective_metric(b->search->objective);
	double best = b->set.bound, single = barista_board_choice(b)->metric[m];

	return barista_metric_defs[m].better * (best - single) / best;
}

size_t barista_count_ties(const struct barista_board *b)
{
	size_t ties = 0;

	for (size_t i = 1; i < barista_search_top(b->search)->n; i++)
		ties += b->uncertainty[i].win_share < BARISTA_CLEAR_WIN_SHARE;
	return ties;
}

bool barista_report_partial(const struct barista_report *r)
{
	bool partial = false;

	for (size_t i = 0; i < r->nboards; i++)
		partial |= r->board[i].search->partial;
	for (size_t i = 0; i < r->nexcluded; i++)
		partial |= r->excluded[i].stopped;
	return partial;
}
