/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a sweep over the designs of the layered family knows before it starts. */
#include "base/err.h"
#include "base/memory.h"
#include "barista/family.h"
#include "base/num.h"
#include "families/layered/sweep.h"
#include "model/metric.h"
#include "model/precision.h"
#include "network/workload.h"

#include <stdlib.h>

static int collect_launches(struct barista_layered_sweep *s, struct barista_err *err)
{
	const struct barista_lowered *lowered = s->enumeration->model->lowered;
	size_t most = lowered->nlayers * BARISTA_LAYERED_LAUNCHES;

	s->launch = calloc(most, sizeof *s->launch);
	s->gemm = calloc(most, sizeof *s->gemm);
	s->share = calloc(most, sizeof *s->share);
	s->gemm_time = calloc(most, sizeof *s->gemm_time);
	s->layer = calloc(lowered->nlayers, sizeof *s->layer);
	if (!s->launch || !s->gemm || !s->share || !s->gemm_time || !s->layer)
		return barista_no_memory(err);
	for (size_t l = 0; l < lowered->nlayers; l++) {
		s->nlaunches += barista_layered_launches(
			lowered, l, barista_layered_mode(&s->point), s->launch + s->nlaunches);
		s->layer[l].end = s->nlaunches;
		s->layer[l].ops = lowered->layer_class[lowered->class_of[l]].ops;
	}
	return 0;
}

/* Index of the GEMM among the distinct ones. */
static size_t add_gemm(struct barista_layered_sweep *s, const struct barista_launch *k,
		       double per_image)
{
	size_t i = 0;

	while (i < s->ngemms && !(s->gemm[i].m == k->m && s->gemm[i].n == k->n &&
				  s->gemm[i].k == k->k && s->gemm[i].accumulates == k->accumulates))
		i++;
	if (i == s->ngemms)
		s->gemm[s->ngemms++] = (struct barista_layered_gemm){
			.m = k->m, .n = k->n, .k = k->k, .accumulates = k->accumulates};
	s->gemm[i].per_image += per_image;
	return i;
}

/* Shares are times per image until all GEMMs are known. */
static void collect_gemms(struct barista_layered_sweep *s, const struct barista_layered_params *set)
{
	const struct barista_lowered *lowered = s->enumeration->model->lowered;
	double batch = (double)lowered->net->batch;

	for (size_t l = 0, i = 0; l < lowered->nlayers; l++) {
		for (; i < s->layer[l].end; i++) {
			const struct barista_launch *k = &s->launch[i];
			double each = k->m > 0 ? set->t_launch
					       : barista_layered_launch_times(set, k).t_total;

			s->layer[l].fixed += k->count / batch * each;
			if (k->m > 0)
				s->share[s->nshares++] = (struct barista_layered_gemm_share){
					add_gemm(s, k, k->count / batch), k->count / batch};
		}
		s->layer[l].shares = s->nshares;
	}
	for (size_t i = 0; i < s->nshares; i++)
		s->share[i].share /= s->gemm[s->share[i].gemm].per_image;
}

/* Times in an order of additions that suits a sweep: near those of the model, but for rounding. */
static void rate_gemms(struct barista_layered_sweep *s, const struct barista_layered_params *set)
{
	for (size_t i = 0; i < s->ngemms; i++) {
		struct barista_layered_gemm *g = &s->gemm[i];
		double element = g->per_image * set->wl / (set->eta * set->b_mem);

		g->comp = g->per_image * (barista_ceil_div(g->k, set->t_k) * set->t_k) / set->f;
		g->a = element * (g->m * g->k);
		g->b = element * (g->k * g->n);
		g->load = element * fmin(set->t_k, g->k);
		g->move = element * (g->accumulates ? 2 : 1);
		g->c = element * (g->accumulates ? 2 : 1) * (g->m * g->n);
	}
}

static int make_levels(struct barista_layered_sweep *s, struct barista_err *err)
{
	s->limit = barista_metric_limit(s->enumeration->model->dev, BARISTA_BRAM);
	s->nlevels = (size_t)(2 * s->limit) + 1;
	for (int c = 0; c < BARISTA_LAYERED_COSTS; c++) {
		s->best[c] = calloc(s->nlevels, sizeof *s->best[c]);
		if (!s->best[c])
			return barista_no_memory(err);
		for (size_t i = 0; i < s->nlevels; i++)
			s->best[c][i] = INFINITY;
	}
	return 0;
}

int barista_layered_sweep_make(struct barista_layered_sweep *s, struct barista_err *err)
{
	struct barista_layered_params set =
		barista_layered_params(s->enumeration->model->dev, &s->point);
	int rc;

	s->precision = barista_pass_precision(s->point.knob[LAYERED_PRECISION], BARISTA_FWD);
	if (!s->least && (rc = collect_launches(s, err)))
		return rc;
	if (!s->least)
		collect_gemms(s, &set);
	rate_gemms(s, &set);
	if ((rc = barista_layered_tree_make(&s->m, s, false, err)) ||
	    (rc = barista_layered_tree_make(&s->n, s, true, err)))
		return rc;
	return make_levels(s, err);
}

void barista_layered_sweep_free(struct barista_layered_sweep *s)
{
	for (int c = 0; c < BARISTA_LAYERED_COSTS; c++)
		free(s->best[c]);
	barista_free_all(s->launch, s->gemm, s->share, s->layer, s->gemm_time, s->design);
	barista_layered_tree_free(&s->m);
	barista_layered_tree_free(&s->n);
}
