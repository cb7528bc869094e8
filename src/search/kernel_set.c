/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The best k kernels together: each layer runs on the best of them. */
#include "base/err.h"
#include "base/num.h"

#include <stdlib.h>
#include <string.h>

struct chooser {
	const struct barista_plan *plan;
	const struct barista_candidate **all;
	size_t n, k;
	double *best;           /* [depth][nshapes]: best PPW with the kernels chosen so far */
	double *rest;           /* [n + 1][nshapes]: best PPW of candidates i and up */
	size_t chosen[8], winner[8];
	double winner_sum;
	double budget;          /* visits left before the proof is given up */
};

static double weighted_sum(const struct barista_plan *plan, const double *ppw)
{
	double sum = 0;

	for (size_t s = 0; s < plan->nshapes; s++)
		sum += (double)plan->shape[s].multiplicity * ppw[s];
	return sum;
}

static bool dominates(const struct barista_candidate *a, const struct barista_candidate *b, size_t n)
{
	for (size_t s = 0; s < n; s++)
		if (a->shape_ppw[s] < b->shape_ppw[s])
			return false;
	return true;
}

/* Adds a candidate unless one at least as good on every layer is there; drops those it beats. */
static void add(struct chooser *c, const struct barista_candidate *item)
{
	size_t kept = 0;

	for (size_t i = 0; i < c->n; i++)
		if (dominates(c->all[i], item, c->plan->nshapes))
			return;
	for (size_t i = 0; i < c->n; i++)
		if (!dominates(item, c->all[i], c->plan->nshapes))
			c->all[kept++] = c->all[i];
	c->all[kept] = item;
	c->n = kept + 1;
}

/* Depth-first over subsets in order, cut where even all remaining candidates together
 * could not beat the winner. */
static void choose(struct chooser *c, size_t depth, size_t from)
{
	size_t nshapes = c->plan->nshapes;
	const double *now = c->best + depth * nshapes;

	if (depth == c->k || from == c->n) {
		double sum = weighted_sum(c->plan, now);

		if (sum > c->winner_sum) {
			c->winner_sum = sum;
			memset(c->winner, 0xff, sizeof c->winner);
			memcpy(c->winner, c->chosen, depth * sizeof *c->chosen);
		}
		return;
	}
	for (size_t i = from; i < c->n && c->budget > 0; i++) {
		const double *rest = c->rest + i * nshapes;
		double *next = c->best + (depth + 1) * nshapes, bound = 0;

		c->budget--;
		for (size_t s = 0; s < nshapes; s++)
			bound += (double)c->plan->shape[s].multiplicity * fmax(now[s], rest[s]);
		if (bound <= c->winner_sum)
			return;
		for (size_t s = 0; s < nshapes; s++)
			next[s] = fmax(now[s], c->all[i]->shape_ppw[s]);
		c->chosen[depth] = i;
		choose(c, depth + 1, i + 1);
	}
}

/* A start for the bound: take the kernel that adds most, k times. */
static void choose_greedily(struct chooser *c)
{
	size_t nshapes = c->plan->nshapes;
	double *now = c->best, *trial = c->best + nshapes;

	memset(c->winner, 0xff, sizeof c->winner);
	for (size_t d = 0; d < c->k; d++) {
		size_t at = SIZE_MAX;

		for (size_t i = 0; i < c->n; i++) {
			double sum;

			for (size_t s = 0; s < nshapes; s++)
				trial[s] = fmax(now[s], c->all[i]->shape_ppw[s]);
			sum = weighted_sum(c->plan, trial);
			if (sum > c->winner_sum) {
				c->winner_sum = sum;
				at = i;
			}
		}
		if (at == SIZE_MAX)
			break;
		c->winner[d] = at;
		for (size_t s = 0; s < nshapes; s++)
			now[s] = fmax(now[s], c->all[at]->shape_ppw[s]);
	}
	memset(c->best, 0, nshapes * sizeof *c->best);
}

static bool prepare(struct chooser *c, const struct barista_search *search)
{
	size_t nshapes = c->plan->nshapes, room = search->single.n;

	for (size_t s = 0; s < nshapes; s++)
		room += search->shape[s].n;
	c->all = calloc(room + 1, sizeof *c->all);
	c->best = calloc((c->k + 2) * nshapes, sizeof *c->best);
	c->rest = calloc((room + 1) * nshapes, sizeof *c->rest);
	if (!c->all || !c->best || !c->rest)
		return false;
	for (size_t i = 0; i < search->single.n; i++)
		add(c, &search->single.item[i]);
	for (size_t s = 0; s < nshapes; s++)
		for (size_t i = 0; i < search->shape[s].n; i++)
			add(c, &search->shape[s].item[i]);
	for (size_t i = c->n; i-- > 0;)
		for (size_t s = 0; s < nshapes; s++)
			c->rest[i * nshapes + s] = fmax(c->rest[(i + 1) * nshapes + s], c->all[i]->shape_ppw[s]);
	return true;
}

/* Do the lists that the candidates come from hold every feasible kernel? */
static bool all_kept(const struct barista_search *search)
{
	const struct barista_certificate *c = &search->certificate;

	return c->bounded + c->dominated + c->left == 0 && c->evaluated <= (double)search->shape[0].cap;
}

int barista_search_best_set(const struct barista_search *search, size_t k, struct barista_set *out,
			    struct barista_err *err)
{
	struct chooser c = {.plan = search->model->plan, .k = k, .budget = 2e7};
	double layers = (double)search->model->plan->nlayers;
	int rc = 0;

	if (k < 1 || k > 8)
		return barista_fail(err, BARISTA_USAGE, "the number of kernels must be from 1 to 8");
	if (prepare(&c, search)) {
		choose_greedily(&c);
		choose(&c, 0, 0);
		*out = (struct barista_set){.ppw_mean = c.winner_sum / layers};
		for (size_t i = 0; i < k && c.winner[i] != SIZE_MAX; i++)
			out->kernel[out->n++] = c.all[c.winner[i]];
		for (size_t s = 0; s < c.plan->nshapes; s++)
			out->bound += (double)c.plan->shape[s].multiplicity * search->shape[s].item[0].score /
				      layers;
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
