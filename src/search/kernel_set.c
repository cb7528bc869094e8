/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The best k kernels together, each layer on the best of them.
 *
 * 1. The candidates are the kernels that the rankings by the objective keep, of the network and of
 *    each layer.
 * 2. A greedy choice, each kernel the one that adds most, is the first incumbent.
 * 3. All sets are tried, candidate by candidate, except under a choice whose bound (every layer at
 *    the best of what is chosen and of all candidates still to come) does not beat the incumbent.
 * 4. After a fixed number of visits the proof is given up, and `bound` says what may be missed.
 * The cost is at most that number of visits, each a pass over the layer classes. */
#include "search/kernel_set.h"

#include "barista/family.h"
#include "base/err.h"
#include "base/memory.h"
#include "search/search.h"
#include "search/set_edp.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MAX_VISITS 2e7
#define MAX_WORK 2e9 /* visits times layer classes: a few seconds */

/* A score says what a layer class contributes on a kernel, the more the better. Those of the layers
 * are added up to what the set reaches; energy times delay is the product of two such sums. */
struct set_search {
	const struct barista_lowered *lowered;
	enum barista_rank objective;
	const struct barista_candidate **all;
	size_t n, k;
	size_t nscores;            /* layer classes times the sums of the objective */
	double *best;              /* [depth][nscores]: best with the kernels chosen so far */
	double *rest;              /* [n + 1][nscores]: best of candidates i and up */
	struct barista_cost *step; /* of the sets by energy times delay */
	size_t chosen[BARISTA_MAX_SET], winner[BARISTA_MAX_SET];
	double winner_score;
	double budget; /* visits left before the proof is given up */
	const volatile sig_atomic_t *stop;
	bool stopped;
};

static double score_of(const struct set_search *c, const struct barista_candidate *item, size_t i)
{
	size_t nclasses = c->lowered->nclasses;
	double time = item->class_time[i % nclasses];

	if (c->objective == BARISTA_RANK_PPW_MEAN)
		return item->class_ppw[i];
	if (c->objective == BARISTA_RANK_TIME || (c->objective == BARISTA_RANK_EDP && i < nclasses))
		return -time;
	return -(item->metric[BARISTA_POWER] * time);
}

/* What the layers reach with these scores, or more than they do: the sums of energy times delay may
 * be of different choices. */
static double total(const struct set_search *c, const double *score)
{
	size_t nclasses = c->lowered->nclasses;
	double sum[2] = {0, 0};

	for (size_t i = 0; i < c->nscores; i++)
		sum[i >= nclasses] +=
			(double)c->lowered->layer_class[i % nclasses].multiplicity * score[i];
	return c->objective == BARISTA_RANK_EDP ? -(sum[0] * sum[1]) : sum[0];
}

/* What the first n chosen reach, given their best scores. */
static double reached(struct set_search *c, const size_t *chosen, size_t n, const double *score)
{
	const struct barista_candidate *kernel[BARISTA_MAX_SET];
	struct barista_cost cost;
	double most = total(c, score);

	if (c->objective != BARISTA_RANK_EDP || most <= c->winner_score)
		return most;
	for (size_t i = 0; i < n; i++)
		kernel[i] = c->all[chosen[i]];
	c->budget -= (double)(n * n);
	cost = barista_set_least_edp(c->lowered, kernel, n, c->step);
	return -(cost.time * cost.energy);
}

static bool dominates(const struct set_search *c, const struct barista_candidate *a,
		      const struct barista_candidate *b)
{
	for (size_t i = 0; i < c->nscores; i++)
		if (score_of(c, a, i) < score_of(c, b, i))
			return false;
	return true;
}

/* Adds a candidate unless one is there that is at least as good on every layer, and drops those
 * that it beats so. */
static void add(struct set_search *c, const struct barista_candidate *item)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->n; i++)
		if (dominates(c, c->all[i], item))
			return;
	for (size_t i = 0; i < c->n; i++)
		if (!dominates(c, item, c->all[i]))
			c->all[kept++] = c->all[i];
	c->all[kept] = item;
	c->n = kept + 1;
}

/* The better of the scores so far and those of a candidate. */
static void join(const struct set_search *c, const double *now,
		 const struct barista_candidate *item, double *joined)
{
	for (size_t i = 0; i < c->nscores; i++)
		joined[i] = fmax(now[i], score_of(c, item, i));
}

/* Could the scores so far beat the incumbent together with all candidates from one on? */
static bool may_win(const struct set_search *c, const double *now, size_t from, double *scratch)
{
	for (size_t i = 0; i < c->nscores; i++)
		scratch[i] = fmax(now[i], c->rest[from * c->nscores + i]);
	return total(c, scratch) > c->winner_score;
}

/* Goes through the subsets in order, depth first, and turns back where even all remaining
 * candidates together could not beat the incumbent. */
static void choose(struct set_search *c, size_t depth, size_t from)
{
	const double *now = c->best + depth * c->nscores;
	double *next = c->best + (depth + 1) * c->nscores;

	if (depth == c->k || from == c->n) {
		double score = reached(c, c->chosen, depth, now);

		if (score > c->winner_score) {
			c->winner_score = score;
			memset(c->winner, 0xff, sizeof c->winner);
			memcpy(c->winner, c->chosen, depth * sizeof *c->chosen);
		}
		return;
	}
	for (size_t i = from; i < c->n && c->budget > 0; i++) {
		c->stopped |= c->stop && *c->stop;
		c->budget = c->stopped ? 0 : c->budget - 1;
		if (!may_win(c, now, i, next))
			return;
		join(c, now, c->all[i], next);
		c->chosen[depth] = i;
		choose(c, depth + 1, i + 1);
	}
}

/* Takes the kernel that adds most, k times: the first incumbent. */
static void choose_greedily(struct set_search *c)
{
	double *now = c->best, *trial = c->best + c->nscores;

	memset(c->winner, 0xff, sizeof c->winner);
	c->winner_score = -INFINITY;
	for (size_t d = 0; d < c->k; d++) {
		size_t at = SIZE_MAX;

		for (size_t i = 0; i < c->n; i++) {
			double score;

			join(c, now, c->all[i], trial);
			c->winner[d] = i;
			score = reached(c, c->winner, d + 1, trial);
			if (score > c->winner_score) {
				c->winner_score = score;
				at = i;
			}
		}
		c->winner[d] = at;
		if (at == SIZE_MAX)
			break;
		join(c, now, c->all[at], now);
	}
	for (size_t i = 0; i < c->nscores; i++)
		c->best[i] = -INFINITY;
}

/* A candidate, and which it is in the order in which the rankings list them. */
struct listed {
	const struct barista_candidate *candidate;
	size_t place;
};

static int by_row(const void *a, const void *b)
{
	const struct listed *p = a, *q = b;
	uintptr_t x = (uintptr_t)p->candidate->class_ppw, y = (uintptr_t)q->candidate->class_ppw;

	if (x != y)
		return x < y ? -1 : 1;
	return (p->place > q->place) - (p->place < q->place);
}

static int by_place(const void *a, const void *b)
{
	const struct listed *p = a, *q = b;

	return (p->place > q->place) - (p->place < q->place);
}

static size_t list_ranking(struct listed *list, size_t n, const struct barista_ranking *top)
{
	for (size_t i = 0; i < top->n; i++, n++)
		list[n] = (struct listed){&top->item[i], n};
	return n;
}

/* Lists each design once, at its first place; the rankings of many layers keep the same. */
static size_t list_designs(struct listed *list, const struct barista_search *search, size_t k)
{
	size_t n = list_ranking(list, 0, barista_search_top(search)), kept = 0;

	if (k == 1)
		return 1;
	for (size_t s = 0; s < search->nranked; s++)
		n = list_ranking(list, n, &search->class_ranking[s]);
	qsort(list, n, sizeof *list, by_row);
	for (size_t i = 0; i < n; i++)
		if (!i || list[i].candidate->class_ppw != list[i - 1].candidate->class_ppw)
			list[kept++] = list[i];
	qsort(list, kept, sizeof *list, by_place);
	return kept;
}

static bool prepare(struct set_search *c, const struct barista_search *search)
{
	size_t room = barista_search_top(search)->n;
	struct listed *list;

	for (size_t s = 0; s < search->nranked; s++)
		room += search->class_ranking[s].n;
	if (!(list = calloc(room, sizeof *list)))
		return false;
	room = list_designs(list, search, c->k);
	c->all = calloc(room + 1, sizeof *c->all);
	c->best = calloc((c->k + 2) * c->nscores, sizeof *c->best);
	c->rest = calloc((room + 1) * c->nscores, sizeof *c->rest);
	c->step = calloc(c->lowered->nclasses * c->k, sizeof *c->step);
	for (size_t i = 0; c->all && i < room; i++)
		add(c, list[i].candidate);
	free(list);
	if (!c->all || !c->best || !c->rest || !c->step)
		return false;
	for (size_t i = 0; i < c->nscores; i++)
		c->best[i] = c->rest[c->n * c->nscores + i] = -INFINITY;
	for (size_t i = c->n; i-- > 0;)
		join(c, c->rest + (i + 1) * c->nscores, c->all[i], c->rest + i * c->nscores);
	return true;
}

/* Do the lists that the candidates come from hold every feasible kernel? */
static bool all_kept(const struct barista_search *search)
{
	const struct barista_certificate *c = &search->certificate;

	return !search->truncated && c->pruned + c->dominated + c->unvisited == 0 &&
	       c->evaluated <= (double)search->class_ranking[0].cap;
}

/* What the objective makes of sums of scores: the mean, the time, the energy, the total PPW. */
static double value_of(const struct set_search *c, double score)
{
	switch (c->objective) {
	case BARISTA_RANK_PPW_MEAN: return score / (double)c->lowered->nlayers;
	case BARISTA_RANK_PPW_TOTAL: return c->lowered->ops / -score;
	default: return -score;
	}
}

/* No set is better than one with a kernel for each layer. The product of the sums of time and
 * energy is at least the square of the sum of the roots of each layer's product (Cauchy). */
static double bound_score(const struct set_search *c, const struct barista_search *search)
{
	bool edp = c->objective == BARISTA_RANK_EDP;
	double sum = 0;

	for (size_t s = 0; s < search->nranked; s++) {
		double best = search->class_ranking[s].item[0].score;

		sum += (double)c->lowered->layer_class[s].multiplicity * (edp ? sqrt(-best) : best);
	}
	return edp ? -(sum * sum) : sum;
}

/* What the layers take, each where it runs. */
static struct barista_cost add_up(const struct barista_kernel_set *set,
				  const struct barista_lowered *lowered)
{
	struct barista_cost all = {0, 0};

	for (size_t s = 0; s < lowered->nclasses; s++) {
		const struct barista_candidate *on = barista_kernel_set_choose(set, s);
		double time = (double)lowered->layer_class[s].multiplicity * on->class_time[s];

		all.time += time;
		all.energy += on->metric[BARISTA_POWER] * time;
	}
	return all;
}

static void fill(struct set_search *c, const struct barista_search *search,
		 struct barista_kernel_set *out)
{
	double bound = bound_score(c, search);
	struct barista_cost cost;

	*out = (struct barista_kernel_set){.objective = c->objective,
					   .value = value_of(c, c->winner_score),
					   .bound = value_of(c, bound),
					   .stopped = c->stopped};
	for (size_t i = 0; i < c->k && c->winner[i] != SIZE_MAX; i++)
		out->kernel[out->n++] = c->all[c->winner[i]];
	if (c->objective == BARISTA_RANK_EDP)
		cost = barista_set_least_edp(c->lowered, out->kernel, out->n, c->step);
	else
		cost = add_up(out, c->lowered);
	out->time = cost.time;
	out->energy = cost.energy;
	out->exact = c->k == 1 || c->winner_score >= bound - 1e-14 * fabs(bound) ||
		     (c->budget > 0 && all_kept(search));
}

int barista_search_kernel_set(const struct barista_search *search, size_t k,
			      const volatile sig_atomic_t *stop, struct barista_kernel_set *out,
			      struct barista_err *err)
{
	const struct barista_lowered *lowered = search->model->lowered;
	struct set_search c = {.lowered = lowered,
			       .objective = search->objective,
			       .k = k,
			       .budget = fmin(MAX_VISITS, MAX_WORK / (double)lowered->nclasses),
			       .stop = stop};
	int rc = 0;

	if (k < 1 || k > BARISTA_MAX_SET)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "the number of kernels must be from 1 to %d", BARISTA_MAX_SET);
	if (search->nranked != lowered->nclasses)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "the search kept no kernels of single layers");
	c.nscores = lowered->nclasses * (c.objective == BARISTA_RANK_EDP ? 2 : 1);
	if (prepare(&c, search)) {
		choose_greedily(&c);
		choose(&c, 0, 0);
		fill(&c, search, out);
	} else {
		rc = barista_no_memory(err);
	}
	barista_free_all(c.all, c.best, c.rest, c.step);
	return rc;
}

/* What a layer adds to the objective on a kernel, the less the better. Of all choices the least
 * energy times delay T*E is the one with the least E*t + T*e: any other with less would have a
 * smaller product too. */
static double penalty(const struct barista_kernel_set *set, const struct barista_candidate *c,
		      size_t class)
{
	double time = c->class_time[class], energy = c->metric[BARISTA_POWER] * time;

	switch (set->objective) {
	case BARISTA_RANK_PPW_MEAN: return -c->class_ppw[class];
	case BARISTA_RANK_TIME: return time;
	case BARISTA_RANK_EDP: return set->energy * time + set->time * energy;
	default: return energy;
	}
}

const struct barista_candidate *barista_kernel_set_choose(const struct barista_kernel_set *set,
							  size_t class)
{
	const struct barista_candidate *best = set->kernel[0];

	for (size_t i = 1; i < set->n; i++)
		if (penalty(set, set->kernel[i], class) < penalty(set, best, class))
			best = set->kernel[i];
	return best;
}
