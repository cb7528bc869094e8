/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search/incumbents.h"

#include "barista/family.h"
#include "model/evaluate.h"
#include "model/point.h"
#include "search/rankings.h"
#include "search/search.h"

#include <math.h>
#include <string.h>

struct barista_ranking *barista_incumbents_ranking(const struct barista_search *s, size_t ranking)
{
	struct barista_search *all = (struct barista_search *)s;

	return ranking < s->nranked ? &all->class_ranking[ranking]
				    : &all->ranking[ranking - s->nranked];
}

size_t barista_incumbents_nrankings(const struct barista_search *s)
{
	return s->nranked + barista_rankings_used(s);
}

/* A ranking keeps so many candidates. */
static size_t capacity(const struct barista_search *s, size_t ranking, size_t keep)
{
	return ranking < s->nranked || ranking - s->nranked == s->objective ? keep : 1;
}

bool barista_incumbents_init(struct barista_search *s, const struct barista_search_options *options)
{
	size_t nclasses = s->model->lowered->nclasses;

	s->objective = options->objective;
	s->deadline = options->deadline > 0 ? options->deadline : (double)INFINITY;
	s->nranked = s->model->family->per_layer && !options->network_only ? nclasses : 0;
	s->baseline = s->model->family->per_layer ? options->baseline : NULL;
	s->class_ranking = barista_arena_alloc(s->arena, s->nranked, sizeof *s->class_ranking);
	s->scratch = barista_arena_alloc(s->arena, 2 * nclasses, sizeof *s->scratch);
	s->admitting = barista_arena_alloc(s->arena, s->nranked, sizeof *s->admitting);
	if (!s->class_ranking || !s->scratch || !s->admitting)
		return false;
	for (size_t r = 0; r < s->nranked + BARISTA_NRANKINGS; r++)
		if (!barista_ranking_init(barista_incumbents_ranking(s, r), s->arena,
					  capacity(s, r, options->keep)))
			return false;
	s->front.nmetrics = options->npareto;
	for (size_t m = 0; m < options->npareto; m++)
		s->front.metric[m] = options->pareto[m];
	return true;
}

void barista_scored_totals(struct barista_scored *g, const struct barista_lowered *lowered)
{
	barista_totals(lowered, g->class_time, g->stride, g->metric, g->ppw);
}

double barista_incumbents_score(const struct barista_search *s, size_t ranking,
				const struct barista_scored *g)
{
	if (ranking < s->nranked && s->objective == BARISTA_RANK_PPW_MEAN)
		return g->ppw[ranking];
	if (ranking < s->nranked)
		return barista_class_score(s, ranking, g->class_time[ranking * g->stride],
					   g->metric[BARISTA_POWER]);
	return barista_ranking_score(s, (enum barista_rank)(ranking - s->nranked), g);
}

static bool ranking_admits(const struct barista_search *s, size_t ranking,
			   const struct barista_scored *g)
{
	double score = barista_incumbents_score(s, ranking, g);

	return !isnan(score) &&
	       barista_ranking_admits(barista_incumbents_ranking(s, ranking), s->model, g, score);
}

enum barista_prune barista_incumbents_classify(const struct barista_search *s,
					       const struct barista_scored *g, double *dsp_limit)
{
	enum barista_prune decision = BARISTA_PRUNE;

	*dsp_limit = 0;
	for (size_t r = 0; r < barista_incumbents_nrankings(s); r++) {
		const struct barista_ranking *top = barista_incumbents_ranking(s, r);
		const struct barista_candidate *last = &top->item[top->n - (top->n > 0)];
		double score = barista_incumbents_score(s, r, g);

		if (isnan(score) || !barista_ranking_admits(top, s->model, g, score))
			continue;
		if (top->n < top->cap || score > last->score)
			return BARISTA_EXPLORE;
		decision = BARISTA_PRUNE_UNLESS_FEWER_DSPS;
		*dsp_limit = fmax(*dsp_limit, last->metric[BARISTA_DSP]);
	}
	return s->front.nmetrics && barista_front_admits(&s->front, s->model, g) ? BARISTA_EXPLORE
										 : decision;
}

static void offer(struct barista_search *s, size_t ranking, const struct barista_scored *g)
{
	double score = barista_incumbents_score(s, ranking, g);

	if (!isnan(score))
		barista_ranking_insert(barista_incumbents_ranking(s, ranking), s->model, g, score);
}

bool barista_incumbents_insert(struct barista_search *s, const struct barista_scored *g)
{
	for (size_t r = 0; r < barista_incumbents_nrankings(s); r++)
		offer(s, r, g);
	return !s->front.nmetrics || barista_front_insert(&s->front, s->model, g);
}

static bool totals_admit(const struct barista_search *s, const struct barista_scored *g)
{
	for (size_t r = s->nranked; r < barista_incumbents_nrankings(s); r++)
		if (ranking_admits(s, r, g))
			return true;
	return s->front.nmetrics && barista_front_admits(&s->front, s->model, g);
}

/* All points of the batch share their other knobs and their resources. */
static void look_at(const struct barista_inner_batch *run, struct barista_scored *g)
{
	barista_point_copy(&g->point, &run->point);
	memcpy(g->metric, run->metric, sizeof g->metric);
}

/* No point of the batch is better than this one, which takes the least time of every layer class,
 * each at its own best point. */
static void optimistic(const struct barista_search *s, const struct barista_inner_batch *run,
		       struct barista_scored *g)
{
	look_at(run, g);
	g->class_time = run->least;
	g->stride = 1;
	g->ppw = s->scratch;
	g->point.knob[run->model->family->inner_knob] = run->value[run->from];
	barista_scored_totals(g, run->model->lowered);
}

/* Lists the layer classes that may take a point of the batch, of which `best` is a bound. */
static size_t list_admitting(struct barista_search *s, const struct barista_scored *best)
{
	size_t n = 0;

	for (size_t class = 0; class < s->nranked; class ++)
		if (ranking_admits(s, class, best))
			s->admitting[n++] = class;
	return n;
}

/* Inserts a point into the rankings of the first n of those layer classes. Its totals cost a pass
 * over all classes: they are filled in when a ranking takes it, unless they are already. */
static void insert_into_classes(struct barista_search *s, struct barista_scored *g, size_t n,
				bool filled)
{
	const struct barista_lowered *lowered = s->model->lowered;

	for (size_t i = 0; i < n; i++) {
		size_t class = s->admitting[i];
		struct barista_ranking *top = &s->class_ranking[class];
		double score = barista_class_score(s, class, g->class_time[class * g->stride],
						   g->metric[BARISTA_POWER]);

		if (!barista_ranking_admits(top, s->model, g, score))
			continue;
		if (!filled)
			barista_scored_totals(g, lowered);
		filled = true;
		barista_ranking_insert(top, s->model, g, score);
	}
}

bool barista_incumbents_insert_batch(struct barista_search *s,
				     const struct barista_inner_batch *run)
{
	const struct barista_lowered *lowered = s->model->lowered;
	size_t inner = run->model->family->inner_knob, nadmitting;
	struct barista_scored best, g;
	bool totals;

	optimistic(s, run, &best);
	totals = totals_admit(s, &best);
	nadmitting = list_admitting(s, &best);
	look_at(run, &g);
	g.stride = run->n;
	g.ppw = s->scratch + lowered->nclasses;
	for (size_t i = 0; i < run->n && (totals || nadmitting); i++) {
		g.class_time = run->class_time + i;
		g.point.knob[inner] = run->value[run->from + i];
		if (totals)
			barista_scored_totals(&g, lowered);
		insert_into_classes(s, &g, nadmitting, totals);
		for (size_t r = s->nranked; totals && r < barista_incumbents_nrankings(s); r++)
			offer(s, r, &g);
		if (totals && s->front.nmetrics && !barista_front_insert(&s->front, s->model, &g))
			return false;
	}
	return true;
}

static bool same_point(const struct barista_family *f, const struct barista_point *a,
		       const struct barista_point *b)
{
	return !memcmp(a->knob, b->knob, f->nknobs * sizeof *a->knob) && a->nstages == b->nstages &&
	       !memcmp(a->stage, b->stage, a->nstages * sizeof *a->stage);
}

bool barista_incumbents_hold(const struct barista_search *s, const struct barista_point *point)
{
	for (size_t r = 0; r < barista_incumbents_nrankings(s); r++) {
		const struct barista_ranking *top = barista_incumbents_ranking(s, r);

		for (size_t i = 0; i < top->n; i++)
			if (same_point(s->model->family, &top->item[i].point, point))
				return true;
	}
	for (size_t i = 0; i < s->front.n; i++)
		if (same_point(s->model->family, &s->front.item[i].point, point))
			return true;
	return false;
}

static struct barista_scored scored_of(const struct barista_candidate *c)
{
	struct barista_scored g = {.point = c->point};

	for (int m = 0; m < BARISTA_NMETRICS; m++)
		g.metric[m] = c->metric[m];
	return g;
}

bool barista_incumbents_merge(struct barista_search *into, const struct barista_search *from)
{
	for (size_t r = 0; r < barista_incumbents_nrankings(from); r++) {
		const struct barista_ranking *top = barista_incumbents_ranking(from, r);

		for (size_t i = 0; i < top->n; i++) {
			struct barista_scored g = scored_of(&top->item[i]);

			barista_ranking_insert(barista_incumbents_ranking(into, r), into->model, &g,
					       top->item[i].score);
		}
	}
	for (size_t i = 0; i < from->front.n; i++) {
		struct barista_scored g = scored_of(&from->front.item[i]);

		if (!barista_front_insert(&into->front, into->model, &g))
			return false;
	}
	return true;
}

void barista_incumbents_clear_front(struct barista_search *s)
{
	s->front.n = 0;
}
