/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What there is to choose from for every layer of a streaming design. */
#include "base/err.h"
#include "barista/family.h"
#include "families/streaming/front.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct divisors {
	uint16_t *v;
	size_t n;
};

static size_t count_divisors(double size)
{
	size_t n = 0;

	for (double v = 1; v <= size && v <= UINT16_MAX; v++)
		n += fmod(size, v) == 0;
	return n;
}

/* The divisors of a size that an unroll can hold, ascending. */
static int list_divisors(double size, struct divisors *out, struct barista_err *err)
{
	out->v = malloc(count_divisors(size) * sizeof *out->v);
	if (!out->v)
		return barista_no_memory(err);
	for (double v = 1; v <= size && v <= UINT16_MAX; v++)
		if (fmod(size, v) == 0)
			out->v[out->n++] = (uint16_t)v;
	return 0;
}

double barista_streaming_unroll_triples(const struct streaming_stage *s)
{
	return (double)count_divisors(s->in_channels) * (double)count_divisors(s->out_channels) *
	       (double)count_divisors(s->taps);
}

static struct streaming_option option_of(const struct streaming_stage_cost *c,
					 struct barista_unroll u)
{
	struct streaming_option o = {.unroll = u,
				     .additive = c->additive,
				     .multipliers = c->multipliers,
				     .bram = c->bram};

	memcpy(o.competing, c->competing, sizeof o.competing);
	return o;
}

static bool beats(const struct streaming_option *a, const struct streaming_option *b)
{
	for (int p = 0; p < STREAMING_PASSES; p++)
		if (a->competing[p] > b->competing[p])
			return false;
	return a->additive <= b->additive && a->multipliers <= b->multipliers && a->bram <= b->bram;
}

/* What can beat another stands before it, and of equals one. */
static int by_cost(const void *a, const void *b)
{
	const struct streaming_option *x = a, *y = b;
	const double pair[][2] = {
		{x->multipliers, y->multipliers},   {x->bram, y->bram},
		{x->additive, y->additive},         {x->competing[0], y->competing[0]},
		{x->competing[1], y->competing[1]}, {x->competing[2], y->competing[2]},
		{x->unroll.in, y->unroll.in},       {x->unroll.out, y->unroll.out}};

	for (size_t i = 0; i < sizeof pair / sizeof *pair; i++)
		if (pair[i][0] != pair[i][1])
			return pair[i][0] < pair[i][1] ? -1 : 1;
	return 0;
}

static size_t unbeaten(struct streaming_option *option, size_t n)
{
	size_t kept = 0;

	qsort(option, n, sizeof *option, by_cost);
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < kept && !beats(&option[k], &option[i]))
			k++;
		if (k == kept)
			option[kept++] = option[i];
	}
	return kept;
}

/* All triples of divisors, those aside that alone are over a budget, reduced to the unbeaten. */
static int list_options(struct streaming_front *f, size_t l, bool all, const struct divisors by[3],
			struct barista_err *err)
{
	const struct streaming_stage *s = &f->stage[l];
	size_t n = 0, triples = by[0].n * by[1].n * by[2].n;
	struct streaming_option *option = malloc(triples * sizeof *option);

	if (!option)
		return barista_no_memory(err);
	for (size_t i = 0; i < triples; i++) {
		struct barista_unroll u = {by[0].v[i / by[2].n / by[1].n],
					   by[1].v[i / by[2].n % by[1].n], by[2].v[i % by[2].n]};
		struct streaming_stage_cost c =
			barista_streaming_stage_cost(f->enumeration->model, s, u, f->knob);

		if (all || (c.multipliers <= f->max_multipliers && c.bram <= f->max_bram))
			option[n++] = option_of(&c, u);
	}
	f->options[l] = (struct streaming_options){option, unbeaten(option, n)};
	return 0;
}

static int fill_menu(struct streaming_front *f, size_t l, bool all, struct barista_err *err)
{
	const struct streaming_stage *s = &f->stage[l];
	struct divisors by[3] = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
	int rc = list_divisors(s->in_channels, &by[0], err);

	if (!rc)
		rc = list_divisors(s->out_channels, &by[1], err);
	if (!rc)
		rc = list_divisors(s->taps, &by[2], err);
	if (!rc)
		rc = list_options(f, l, all, by, err);
	for (size_t i = 0; i < 3; i++)
		free(by[i].v);
	for (int p = 0; p < STREAMING_PASSES; p++)
		f->ngroups = s->group[p] < f->ngroups ? f->ngroups : s->group[p] + 1;
	return rc;
}

int barista_streaming_unroll_options(struct streaming_front *f, bool all, struct barista_err *err)
{
	int rc = 0;

	for (size_t l = 0; l < f->nlayers && !rc; l++)
		rc = fill_menu(f, l, all, err);
	return rc;
}

void barista_streaming_unroll_options_free(struct streaming_front *f)
{
	for (size_t l = 0; l < f->nlayers; l++)
		free(f->options[l].option);
	memset(f->options, 0, sizeof f->options);
}

int barista_streaming_add_design(struct streaming_front *f, const uint32_t *choice,
				 struct barista_err *err)
{
	struct barista_point p = {.nstages = f->nlayers};

	memcpy(p.knob, f->knob, sizeof p.knob);
	for (size_t l = 0; l < f->nlayers; l++)
		p.stage[l] = f->options[l].option[choice[l]].unroll;
	return f->enumeration->insert(f->enumeration->user, &p, err);
}
