/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one list of rankings. To add one: an enumerator in barista.h and a row here. Its score must
 * be a bound when it is given bounds, so that branch and bound can prune by it: it may only grow
 * when times shrink and when resources do. */
#include "search/rankings.h"

#include "model/device.h"

#include <math.h>

static double by_mean_ppw(const struct barista_search *s, const struct barista_scored *scored)
{
	(void)s;
	return scored->metric[BARISTA_PPW_MEAN];
}

static double by_time(const struct barista_search *s, const struct barista_scored *scored)
{
	(void)s;
	return -scored->metric[BARISTA_TIME];
}

/* Mean over the layers when each runs where its PPW is higher: on the board or on the baseline. A
 * layer whose baseline is not known runs on the board. */
static double by_offload(const struct barista_search *s, const struct barista_scored *scored)
{
	const struct barista_lowered *lowered = s->model->lowered;
	double sum = 0;

	for (size_t l = 0; l < lowered->nlayers; l++) {
		double board = scored->ppw[lowered->class_of[l]];

		sum += s->baseline[l] > board ? s->baseline[l] : board;
	}
	return sum / (double)lowered->nlayers;
}

const struct barista_ranking_def barista_ranking_defs[BARISTA_NRANKINGS] = {
	[BARISTA_RANK_PPW] = {.name = "mean PPW", .score = by_mean_ppw, .keeps_several = true},
	[BARISTA_RANK_PPW_ROUTABLE] = {.name = "mean PPW, routable",
				       .score = by_mean_ppw,
				       .routable = true},
	[BARISTA_RANK_TIME_ROUTABLE] = {.name = "time, routable",
					.score = by_time,
					.routable = true},
	[BARISTA_RANK_TIME] = {.name = "time", .score = by_time},
	[BARISTA_RANK_OFFLOAD] = {.name = "mean PPW, the best of board and baseline per layer",
				  .score = by_offload,
				  .needs_baseline = true},
};

static bool is_used(const struct barista_search *s, size_t rank)
{
	return s->baseline || !barista_ranking_defs[rank].needs_baseline;
}

size_t barista_rankings_used(const struct barista_search *s)
{
	size_t n = BARISTA_NRANKINGS;

	while (n && !is_used(s, n - 1))
		n--;
	return n;
}

static bool is_routable(const struct barista_search *s, const struct barista_scored *scored)
{
	const struct barista_quantity *param = s->model->dev->param;

	return scored->metric[BARISTA_DSP] <=
	       param[BARISTA_FLAG_DSP].value * param[BARISTA_RES_DSP].value;
}

double barista_ranking_score(const struct barista_search *s, enum barista_rank rank,
			     const struct barista_scored *scored)
{
	const struct barista_ranking_def *def = &barista_ranking_defs[rank];
	bool taken = is_used(s, rank) && (!def->routable || is_routable(s, scored));

	return taken ? def->score(s, scored) : (double)NAN;
}
