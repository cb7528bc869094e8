/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The design that is least over the budgets: what is over grows with multipliers and with block
 * RAMs, so that it is among those that no other beats in these two. */
#include "base/err.h"
#include "barista/family.h"
#include "families/streaming/front.h"
#include "model/metric.h"

#include <math.h>
#include <stdlib.h>

/* A design of the layers up to one: what it takes, its option there, and the one of the layers
 * before. */
struct state {
	double multipliers, bram;
	size_t before;
	uint32_t option;
};
struct states {
	struct state *s;
	size_t n;
};

static int by_multipliers(const void *a, const void *b)
{
	const struct state *x = a, *y = b;

	if (x->multipliers != y->multipliers)
		return x->multipliers < y->multipliers ? -1 : 1;
	return (x->bram > y->bram) - (x->bram < y->bram);
}

static void keep_unbeaten(struct states *states)
{
	double least = INFINITY;
	size_t kept = 0;

	qsort(states->s, states->n, sizeof *states->s, by_multipliers);
	for (size_t i = 0; i < states->n; i++) {
		if (!(states->s[i].bram < least))
			continue;
		least = states->s[i].bram;
		states->s[kept++] = states->s[i];
	}
	states->n = kept;
}

static int add_layer(const struct streaming_options *menu, const struct states *from,
		     struct states *to, struct barista_err *err)
{
	struct states own = {malloc(menu->n * sizeof *own.s), 0};

	if (!own.s)
		return barista_no_memory(err);
	for (size_t i = 0; i < menu->n; i++)
		own.s[own.n++] = (struct state){menu->option[i].multipliers, menu->option[i].bram,
						0, (uint32_t)i};
	keep_unbeaten(&own);
	to->s = malloc(from->n * own.n * sizeof *to->s);
	for (size_t i = 0; to->s && i < from->n; i++)
		for (size_t k = 0; k < own.n; k++)
			to->s[to->n++] =
				(struct state){from->s[i].multipliers + own.s[k].multipliers,
					       from->s[i].bram + own.s[k].bram, i, own.s[k].option};
	free(own.s);
	if (!to->s)
		return barista_no_memory(err);
	keep_unbeaten(to);
	return 0;
}

static double excess_of(const struct streaming_front *f, const struct state *s)
{
	double metric[BARISTA_NMETRICS], excess = 0;

	barista_streaming_resource_metrics(f->enumeration->model, f->knob, s->multipliers, s->bram,
					   metric);
	for (int b = 0; b < BARISTA_NBUDGETS; b++) {
		const struct barista_budget_def *def = &barista_budget_defs[b];
		double limit = barista_budget_limit(f->enumeration->model->dev, b);

		if (!def->at_least && metric[def->metric] > limit)
			excess += metric[def->metric] / limit - 1;
	}
	return excess;
}

static void choose(const struct streaming_front *f, const struct states *states, double *excess,
		   uint32_t *choice)
{
	const struct states *last = &states[f->nlayers];
	size_t best = 0;

	*excess = INFINITY;
	for (size_t i = 0; i < last->n; i++) {
		double over = excess_of(f, &last->s[i]);

		if (over < *excess) {
			*excess = over;
			best = i;
		}
	}
	for (size_t l = f->nlayers; l-- > 0;) {
		choice[l] = states[l + 1].s[best].option;
		best = states[l + 1].s[best].before;
	}
}

int barista_streaming_least_over_budget(const struct streaming_front *f, double *excess,
					uint32_t *choice, struct barista_err *err)
{
	struct state none = {0};
	struct states states[BARISTA_MAX_UNROLLED + 1] = {{&none, 1}};
	int rc = 0;

	for (size_t l = 0; l < f->nlayers && !rc; l++)
		rc = add_layer(&f->options[l], &states[l], &states[l + 1], err);
	if (!rc)
		choose(f, states, excess, choice);
	for (size_t l = 0; l < f->nlayers; l++)
		free(states[l + 1].s);
	return rc;
}
