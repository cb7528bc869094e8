/* SPDX-License-Identifier: GPL-3.0-or-later */
/* These figures of a report follow from its searches. */
#include "report/report.h"

#include "model/baseline.h"
#include "model/device.h"
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

double barista_per_layer_mean(const struct barista_search *search)
{
	const struct barista_lowered *lowered = search->model->lowered;
	double sum = 0;

	for (size_t l = 0; l < lowered->nlayers; l++)
		sum += search->class_ranking[lowered->class_of[l]].item[0].score;
	return sum / (double)lowered->nlayers;
}

double barista_regret(const struct barista_search *search)
{
	return 1 - search->ranking[BARISTA_RANK_PPW].item[0].score / barista_per_layer_mean(search);
}

size_t barista_count_ties(const struct barista_board *b)
{
	size_t ties = 0;

	for (size_t i = 1; i < b->search->ranking[BARISTA_RANK_PPW].n; i++)
		ties += b->uncertainty[i].win_share < BARISTA_CLEAR_WIN_SHARE;
	return ties;
}

const struct barista_candidate *barista_kernel_set_choose(const struct barista_kernel_set *set,
							  size_t class)
{
	const struct barista_candidate *best = set->kernel[0];

	for (size_t i = 1; i < set->n; i++)
		if (set->kernel[i]->class_ppw[class] > best->class_ppw[class])
			best = set->kernel[i];
	return best;
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
