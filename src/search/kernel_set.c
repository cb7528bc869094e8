/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The best k kernels together, each layer on the best of them.
 *
 * 1. The candidates are the kernels that the rankings by PPW keep, of the network and of each
 *    layer.
 * 2. A greedy choice, each kernel the one that adds most, is the first incumbent.
 * 3. All sets are tried, candidate by candidate, except under a choice whose bound (every layer at
 *    the best of what is chosen and of all candidates still to come) does not beat the incumbent.
 * 4. After a fixed number of visits the proof is given up, and `bound` says what may be missed.
 * The cost is at most that number of visits, each a pass over the layer classes. */
#include "base/err.h"
#include "barista/family.h"
#include "base/num.h"
#include "search/kernel_set.h"
#include "search/search.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MAX_VISITS 2e7
#define MAX_WORK 2e9 /* visits times layer classes: a few seconds */

struct set_search {
	const struct barista_lowered *lowered;
	const struct barista_candidate **all;
	size_t n, k;
	double *best; /* [depth][nclasses]: best PPW with the kernels chosen so far */
	double *rest; /* [n + 1][nclasses]: best PPW of candidates i and up */
	size_t chosen[8], winner[8];
	double winner_sum;
	double budget; /* visits left before the proof is given up */
	const volatile sig_atomic_t *stop;
	bool stopped;
};

static double weighted_sum(const struct barista_lowered *lowered, const double *ppw)
{
	double sum = 0;

	for (size_t s = 0; s < lowered->nclasses; s++)
		sum += (double)lowered->layer_class[s].multiplicity * ppw[s];
	return sum;
}

static bool dominates(const struct barista_candidate *a, const struct barista_candidate *b,
		      size_t n)
{
	for (size_t s = 0; s < n; s++)
		if (a->class_ppw[s] < b->class_ppw[s])
			return false;
	return true;
}

/* Adds a candidate unless one is there that is at least as good on every layer, and drops those
 * that it beats so. */
static void add(struct set_search *c, const struct barista_candidate *item)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->n; i++)
		if (dominates(c->all[i], item, c->lowered->nclasses))
			return;
	for (size_t i = 0; i < c->n; i++)
		if (!dominates(item, c->all[i], c->lowered->nclasses))
			c->all[kept++] = c->all[i];
	c->all[kept] = item;
	c->n = kept + 1;
}

/* Goes through the subsets in order, depth first, and turns back where even all remaining
 * candidates together could not beat the incumbent. */
static void choose(struct set_search *c, size_t depth, size_t from)
{
	size_t nclasses = c->lowered->nclasses;
	const double *now = c->best + depth * nclasses;

	if (depth == c->k || from == c->n) {
		double sum = weighted_sum(c->lowered, now);

		if (sum > c->winner_sum) {
			c->winner_sum = sum;
			memset(c->winner, 0xff, sizeof c->winner);
			memcpy(c->winner, c->chosen, depth * sizeof *c->chosen);
		}
		return;
	}
	for (size_t i = from; i < c->n && c->budget > 0; i++) {
		const double *rest = c->rest + i * nclasses;
		double *next = c->best + (depth + 1) * nclasses, bound = 0;

		c->stopped |= c->stop && *c->stop;
		c->budget = c->stopped ? 0 : c->budget - 1;
		for (size_t s = 0; s < nclasses; s++)
			bound += (double)c->lowered->layer_class[s].multiplicity *
				 fmax(now[s], rest[s]);
		if (bound <= c->winner_sum)
			return;
		for (size_t s = 0; s < nclasses; s++)
			next[s] = fmax(now[s], c->all[i]->class_ppw[s]);
		c->chosen[depth] = i;
		choose(c, depth + 1, i + 1);
	}
}

/* Takes the kernel that adds most, k times: the first incumbent. */
static void choose_greedily(struct set_search *c)
{
	size_t nclasses = c->lowered->nclasses;
	double *now = c->best, *trial = c->best + nclasses;

	memset(c->winner, 0xff, sizeof c->winner);
	for (size_t d = 0; d < c->k; d++) {
		size_t at = SIZE_MAX;

		for (size_t i = 0; i < c->n; i++) {
			double sum;

			for (size_t s = 0; s < nclasses; s++)
				trial[s] = fmax(now[s], c->all[i]->class_ppw[s]);
			sum = weighted_sum(c->lowered, trial);
			if (sum > c->winner_sum) {
				c->winner_sum = sum;
				at = i;
			}
		}
		if (at == SIZE_MAX)
			break;
		c->winner[d] = at;
		for (size_t s = 0; s < nclasses; s++)
			now[s] = fmax(now[s], c->all[at]->class_ppw[s]);
	}
	memset(c->best, 0, nclasses * sizeof *c->best);
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
static size_t list_designs(struct listed *list, const struct barista_search *search,
			   size_t nclasses)
{
	size_t n = list_ranking(list, 0, &search->ranking[BARISTA_RANK_PPW]), kept = 0;

	for (size_t s = 0; s < nclasses; s++)
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
	size_t nclasses = c->lowered->nclasses, room = search->ranking[BARISTA_RANK_PPW].n;
	struct listed *list;

	for (size_t s = 0; s < nclasses; s++)
		room += search->class_ranking[s].n;
	if (!(list = calloc(room, sizeof *list)))
		return false;
	room = list_designs(list, search, nclasses);
	c->all = calloc(room + 1, sizeof *c->all);
	c->best = calloc((c->k + 2) * nclasses, sizeof *c->best);
	c->rest = calloc((room + 1) * nclasses, sizeof *c->rest);
	for (size_t i = 0; c->all && i < room; i++)
		add(c, list[i].candidate);
	free(list);
	if (!c->all || !c->best || !c->rest)
		return false;
	for (size_t i = c->n; i-- > 0;)
		for (size_t s = 0; s < nclasses; s++)
			c->rest[i * nclasses + s] =
				fmax(c->rest[(i + 1) * nclasses + s], c->all[i]->class_ppw[s]);
	return true;
}

/* Do the lists that the candidates come from hold every feasible kernel? */
static bool all_kept(const struct barista_search *search)
{
	const struct barista_certificate *c = &search->certificate;

	return !search->truncated && c->pruned + c->dominated + c->unvisited == 0 &&
	       c->evaluated <= (double)search->class_ranking[0].cap;
}

int barista_search_kernel_set(const struct barista_search *search, size_t k,
			      const volatile sig_atomic_t *stop, struct barista_kernel_set *out,
			      struct barista_err *err)
{
	const struct barista_lowered *lowered = search->model->lowered;
	struct set_search c = {.lowered = lowered,
			       .k = k,
			       .budget = fmin(MAX_VISITS, MAX_WORK / (double)lowered->nclasses),
			       .stop = stop};
	double layers = (double)lowered->nlayers;
	int rc = 0;

	if (k < 1 || k > 8)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "the number of kernels must be from 1 to 8");
	if (search->nranked != lowered->nclasses)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "the search kept no kernels of single layers");
	if (prepare(&c, search)) {
		choose_greedily(&c);
		choose(&c, 0, 0);
		*out = (struct barista_kernel_set){.ppw_mean = c.winner_sum / layers,
						   .stopped = c.stopped};
		for (size_t i = 0; i < k && c.winner[i] != SIZE_MAX; i++)
			out->kernel[out->n++] = c.all[c.winner[i]];
		for (size_t s = 0; s < c.lowered->nclasses; s++)
			out->bound += (double)c.lowered->layer_class[s].multiplicity *
				      search->class_ranking[s].item[0].score / layers;
		out->exact = k == 1 || out->ppw_mean >= out->bound * (1 - 1e-14) ||
			     (c.budget > 0 && all_kept(search));
	} else {
		rc = barista_no_memory(err);
	}
	free(c.all);
	free(c.best);
	free(c.rest);
	return rc;
}
