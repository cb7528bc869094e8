/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search/incumbents.h"

#include "model/point.h"

#include <math.h>
#include <string.h>

/* Rankings after those of the shapes. */
enum { SINGLE, UNFLAGGED, FASTEST, FASTEST_FLAGGED, OFFLOAD, NTOTALS };

struct barista_top *barista_keep_top(const struct barista_search *s, size_t ranking)
{
	struct barista_search *all = (struct barista_search *)s;
	struct barista_top *const totals[NTOTALS] = {
		&all->single, &all->unflagged, &all->fastest, &all->fastest_flagged, &all->offload,
	};

	return ranking < s->nranked ? &s->shape[ranking] : totals[ranking - s->nranked];
}

size_t barista_keep_rankings(const struct barista_search *s)
{
	return s->nranked + (s->baseline ? NTOTALS : OFFLOAD);
}

bool barista_keep_init(struct barista_search *s, const struct barista_search_options *options)
{
	size_t nshapes = s->model->plan->nshapes;

	s->nranked = s->model->family->per_layer ? nshapes : 0;
	s->baseline = s->model->family->per_layer ? options->baseline : NULL;
	s->shape = barista_arena_alloc(s->arena, s->nranked, sizeof *s->shape);
	s->scratch = barista_arena_alloc(s->arena, 2 * nshapes, sizeof *s->scratch);
	if (!s->shape || !s->scratch)
		return false;
	for (size_t r = 0; r < s->nranked + NTOTALS; r++)
		if (!barista_top_init(barista_keep_top(s, r), s->arena, r <= s->nranked ? options->top : 1, nshapes))
			return false;
	s->front.nmetrics = options->npareto;
	for (size_t m = 0; m < options->npareto; m++)
		s->front.metric[m] = options->pareto[m];
	return true;
}

void barista_glance_totals(struct barista_glance *g, const struct barista_plan *plan)
{
	barista_totals(plan, g->time, g->stride, g->metric, g->ppw);
}

/* Mean over the layers when each runs where its PPW is higher. */
static double offload_mean(const struct barista_search *s, const struct barista_glance *g)
{
	const struct barista_plan *plan = s->model->plan;
	double sum = 0;

	for (size_t l = 0; l < plan->nlayers; l++) {
		size_t shape = plan->layer_shape[l];

		/* NaN: the FPGA */
		sum += s->baseline[l] > g->ppw[shape] ? s->baseline[l] : g->ppw[shape];
	}
	return sum / (double)plan->nlayers;
}

static bool flagged(const struct barista_search *s, const struct barista_glance *g)
{
	const struct barista_fact *fact = s->model->dev->fact;

	return g->metric[BARISTA_DSP] > fact[BARISTA_FLAG_DSP].value * fact[BARISTA_RES_DSP].value;
}

double barista_keep_score(const struct barista_search *s, size_t ranking, const struct barista_glance *g)
{
	if (ranking < s->nranked)
		return g->ppw[ranking];
	switch (ranking - s->nranked) {
	case SINGLE: return g->metric[BARISTA_PPW_MEAN];
	case UNFLAGGED: return flagged(s, g) ? (double)NAN : g->metric[BARISTA_PPW_MEAN];
	case FASTEST: return flagged(s, g) ? (double)NAN : -g->metric[BARISTA_TIME];
	case FASTEST_FLAGGED: return -g->metric[BARISTA_TIME];
	default: return offload_mean(s, g);
	}
}

static bool ranking_admits(const struct barista_search *s, size_t ranking, const struct barista_glance *g)
{
	double score = barista_keep_score(s, ranking, g);

	return !isnan(score) && barista_top_admits(barista_keep_top(s, ranking), s->model, g, score);
}

enum barista_wish barista_keep_wish(const struct barista_search *s, const struct barista_glance *g, double *dsp_limit)
{
	enum barista_wish wish = BARISTA_UNWANTED;

	*dsp_limit = 0;
	for (size_t r = 0; r < barista_keep_rankings(s); r++) {
		const struct barista_top *top = barista_keep_top(s, r);
		const struct barista_candidate *last = &top->item[top->n - (top->n > 0)];
		double score = barista_keep_score(s, r, g);

		if (isnan(score) || !barista_top_admits(top, s->model, g, score))
			continue;
		if (top->n < top->cap || score > last->score)
			return BARISTA_BETTER;
		wish = BARISTA_TIES;
		*dsp_limit = fmax(*dsp_limit, last->metric[BARISTA_DSP]);
	}
	return s->front.nmetrics && barista_front_admits(&s->front, s->model, g) ? BARISTA_BETTER : wish;
}

static void offer(struct barista_search *s, size_t ranking, const struct barista_glance *g)
{
	double score = barista_keep_score(s, ranking, g);

	if (!isnan(score))
		barista_top_offer(barista_keep_top(s, ranking), s->model, g, score);
}

bool barista_keep_offer(struct barista_search *s, const struct barista_glance *g)
{
	for (size_t r = 0; r < barista_keep_rankings(s); r++)
		offer(s, r, g);
	return !s->front.nmetrics || barista_front_offer(&s->front, s->model, g);
}

static bool totals_admit(const struct barista_search *s, const struct barista_glance *g)
{
	for (size_t r = s->nranked; r < barista_keep_rankings(s); r++)
		if (ranking_admits(s, r, g))
			return true;
	return s->front.nmetrics && barista_front_admits(&s->front, s->model, g);
}

/* What all points of the run share. */
static void look_at(const struct barista_run *run, struct barista_glance *g)
{
	barista_point_copy(&g->point, &run->point);
	memcpy(g->metric, run->metric, sizeof g->metric);
}

/* The best that the run could be: each shape at its own best point. */
static void optimistic(const struct barista_search *s, const struct barista_run *run, struct barista_glance *g)
{
	look_at(run, g);
	g->time = run->least;
	g->stride = 1;
	g->ppw = s->scratch;
	g->point.knob[run->model->family->inner] = run->value[run->from];
	barista_glance_totals(g, run->model->plan);
}

bool barista_keep_run(struct barista_search *s, const struct barista_run *run)
{
	const struct barista_plan *plan = s->model->plan;
	size_t inner = run->model->family->inner;
	struct barista_glance best, g;
	bool totals;

	optimistic(s, run, &best);
	totals = totals_admit(s, &best);
	look_at(run, &g);
	g.stride = run->n;
	g.ppw = s->scratch + plan->nshapes;
	for (size_t shape = 0; shape < s->nranked; shape++) {
		const double *time = run->shape_time + shape * run->n;

		if (!ranking_admits(s, shape, &best))
			continue;
		for (size_t i = 0; i < run->n; i++) {
			double worst = s->shape[shape].n == s->shape[shape].cap
					       ? s->shape[shape].item[s->shape[shape].n - 1].score : 0;

			if (barista_shape_ppw(&plan->shape[shape], time[i], g.metric[BARISTA_POWER]) < worst)
				continue;
			g.time = run->shape_time + i;
			g.point.knob[inner] = run->value[run->from + i];
			barista_glance_totals(&g, plan);
			offer(s, shape, &g);
		}
	}
	for (size_t i = 0; totals && i < run->n; i++) {
		g.time = run->shape_time + i;
		g.point.knob[inner] = run->value[run->from + i];
		barista_glance_totals(&g, plan);
		for (size_t r = s->nranked; r < barista_keep_rankings(s); r++)
			offer(s, r, &g);
		if (s->front.nmetrics && !barista_front_offer(&s->front, s->model, &g))
			return false;
	}
	return true;
}

static bool same_point(const struct barista_family *f, const struct barista_point *a, const struct barista_point *b)
{
	return !memcmp(a->knob, b->knob, f->nknobs * sizeof *a->knob) && a->nstages == b->nstages &&
	       !memcmp(a->stage, b->stage, a->nstages * sizeof *a->stage);
}

bool barista_keep_holds(const struct barista_search *s, const struct barista_point *point)
{
	for (size_t r = 0; r < barista_keep_rankings(s); r++) {
		const struct barista_top *top = barista_keep_top(s, r);

		for (size_t i = 0; i < top->n; i++)
			if (same_point(s->model->family, &top->item[i].point, point))
				return true;
	}
	for (size_t i = 0; i < s->front.n; i++)
		if (same_point(s->model->family, &s->front.item[i].point, point))
			return true;
	return false;
}

static struct barista_glance glance_of(const struct barista_candidate *c)
{
	struct barista_glance g = {.point = c->point, .time = c->shape_time, .stride = 1, .ppw = c->shape_ppw};

	for (int m = 0; m < BARISTA_NMETRICS; m++)
		g.metric[m] = c->metric[m];
	return g;
}

bool barista_keep_merge(struct barista_search *into, const struct barista_search *from)
{
	for (size_t r = 0; r < barista_keep_rankings(from); r++) {
		const struct barista_top *top = barista_keep_top(from, r);

		for (size_t i = 0; i < top->n; i++) {
			struct barista_glance g = glance_of(&top->item[i]);

			barista_top_offer(barista_keep_top(into, r), into->model, &g, top->item[i].score);
		}
	}
	for (size_t i = 0; i < from->front.n; i++) {
		struct barista_glance g = glance_of(&from->front.item[i]);

		if (!barista_front_offer(&into->front, into->model, &g))
			return false;
	}
	return true;
}

void barista_keep_forget_front(struct barista_search *s)
{
	s->front.n = 0;
}
