/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one list of rankings. To add one: an enumerator in barista.h and a row here. Its score must
 * be a bound when it is given bounds, so that branch and bound can prune by it: it may only grow
 * when times shrink and when resources do. */
#include "search/rankings.h"

#include "model/device.h"
#include "model/evaluate.h"
#include "model/metric.h"

#include <math.h>

static double by_objective(const struct barista_search *s, const struct barista_scored *scored)
{
	return barista_ranking_score(s, s->objective, scored);
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
	[BARISTA_RANK_PPW_MEAN] = {.name = "ppw-mean", .metric = BARISTA_PPW_MEAN},
	[BARISTA_RANK_PPW_TOTAL] = {.name = "ppw-total", .metric = BARISTA_PPW_TOTAL},
	[BARISTA_RANK_TIME] = {.name = "time", .metric = BARISTA_TIME},
	[BARISTA_RANK_ENERGY] = {.name = "energy", .metric = BARISTA_ENERGY},
	[BARISTA_RANK_EDP] = {.name = "edp", .metric = BARISTA_EDP},
	[BARISTA_RANK_ROUTABLE] = {.name = "the objective, routable",
				   .score = by_objective,
				   .routable = true},
	[BARISTA_RANK_OFFLOAD] = {.name = "mean PPW, the best of board and baseline per layer",
				  .score = by_offload,
				  .needs_baseline = true},
};

const char *barista_objective_name(enum barista_rank objective)
{
	return objective < BARISTA_NOBJECTIVES ? barista_ranking_defs[objective].name : NULL;
}

enum barista_metric barista_objective_metric(enum barista_rank objective)
{
	return barista_ranking_defs[objective].metric;
}

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

double barista_metric_score(enum barista_metric metric, const double *value)
{
	return barista_metric_defs[metric].better * value[metric];
}

double barista_ranking_score(const struct barista_search *s, enum barista_rank rank,
			     const struct barista_scored *scored)
{
	const struct barista_ranking_def *def = &barista_ranking_defs[rank];

	if (!is_used(s, rank) || (def->routable && !is_routable(s, scored)))
		return (double)NAN;
	if (def->score)
		return def->score(s, scored);
	/* The fastest design is wanted when none is within the deadline. */
	if (rank != BARISTA_RANK_TIME && scored->metric[BARISTA_TIME] > s->deadline)
		return (double)NAN;
	return barista_metric_score(def->metric, scored->metric);
}

double barista_class_score(const struct barista_search *s, size_t class, double time_s,
			   double power_w)
{
	switch (s->objective) {
	case BARISTA_RANK_PPW_MEAN:
		return barista_class_ppw(&s->model->lowered->layer_class[class], time_s, power_w);
	case BARISTA_RANK_TIME: return -time_s;
	case BARISTA_RANK_EDP: return -(power_w * time_s * time_s);
	default: return -(power_w * time_s);
	}
}
