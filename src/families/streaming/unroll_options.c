/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ways to unroll each layer that are worth having.
 *  1. The factors of a layer are the divisors of its sizes; all triples of them are options.
 *  2. An option that takes more multipliers or block RAMs than the board has is left out.
 *  3. The others are sorted so that what dominates an option stands before it, and of equals only
 *     the first is kept.
 *  4. An option is kept when none of those kept before dominates it.
 * With n triples of which k are kept this costs n times k comparisons.
 */
#include "families/streaming/front.h"
#include "base/err.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of one size, ascending: those that the 16 bits of an unroll factor hold. */
struct divisors {
	uint16_t *value;
	size_t n;
};

static size_t count_divisors(double size)
{
	size_t n = 0;

	for (double v = 1; v <= size && v <= UINT16_MAX; v++)
		n += fmod(size, v) == 0;
	return n;
}

static int list_divisors(double size, struct divisors *out, struct barista_err *err)
{
	out->value = malloc(count_divisors(size) * sizeof *out->value);
	if (!out->value)
		return barista_no_memory(err);
	for (double v = 1; v <= size && v <= UINT16_MAX; v++)
		if (fmod(size, v) == 0)
			out->value[out->n++] = (uint16_t)v;
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

static bool dominates(const struct streaming_option *a, const struct streaming_option *b)
{
	for (int p = 0; p < STREAMING_PASSES; p++)
		if (a->competing[p] > b->competing[p])
			return false;
	return a->additive <= b->additive && a->multipliers <= b->multipliers && a->bram <= b->bram;
}

/* The unrolls make the order total: two options with the same multipliers and the same factors of
 * inputs and outputs are one. */
static int by_cost(const void *a, const void *b)
{
	const struct streaming_option *x = a, *y = b;
	const double key[][2] = {
		{x->multipliers, y->multipliers},   {x->bram, y->bram},
		{x->additive, y->additive},         {x->competing[0], y->competing[0]},
		{x->competing[1], y->competing[1]}, {x->competing[2], y->competing[2]},
		{x->unroll.in, y->unroll.in},       {x->unroll.out, y->unroll.out}};

	for (size_t i = 0; i < sizeof key / sizeof *key; i++)
		if (key[i][0] != key[i][1])
			return key[i][0] < key[i][1] ? -1 : 1;
	return 0;
}

/* Steps 3 and 4; returns how many are left. */
static size_t remove_dominated(struct streaming_option *option, size_t n)
{
	size_t kept = 0;

	qsort(option, n, sizeof *option, by_cost);
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < kept && !dominates(&option[k], &option[i]))
			k++;
		if (k == kept)
			option[kept++] = option[i];
	}
	return kept;
}

static int list_options(struct streaming_front *f, size_t l, bool over_budget_too,
			const struct divisors factor[3], struct barista_err *err)
{
	const struct divisors *in = &factor[0], *out = &factor[1], *taps = &factor[2];
	size_t n = 0, triples = in->n * out->n * taps->n;
	struct streaming_option *option = malloc(triples * sizeof *option);

	if (!option)
		return barista_no_memory(err);
	for (size_t i = 0; i < triples; i++) {
		struct barista_unroll u = {in->value[i / taps->n / out->n],
					   out->value[i / taps->n % out->n],
					   taps->value[i % taps->n]};
		struct streaming_stage_cost c = barista_streaming_stage_cost(
			f->enumeration->model, &f->stage[l], u, f->knob);

		if (over_budget_too ||
		    (c.multipliers <= f->max_multipliers && c.bram <= f->max_bram))
			option[n++] = option_of(&c, u);
	}
	f->options[l] = (struct streaming_options){option, remove_dominated(option, n)};
	return 0;
}

static int fill_layer(struct streaming_front *f, size_t l, bool over_budget_too,
		      struct barista_err *err)
{
	const struct streaming_stage *s = &f->stage[l];
	const double size[3] = {s->in_channels, s->out_channels, s->taps};
	struct divisors factor[3] = {{NULL, 0}, {NULL, 0}, {NULL, 0}};
	int rc = 0;

	for (size_t i = 0; i < 3 && !rc; i++)
		rc = list_divisors(size[i], &factor[i], err);
	if (!rc)
		rc = list_options(f, l, over_budget_too, factor, err);
	for (size_t i = 0; i < 3; i++)
		free(factor[i].value);
	return rc;
}

int barista_streaming_unroll_options(struct streaming_front *f, bool over_budget_too,
				     struct barista_err *err)
{
	int rc = 0;

	for (size_t l = 0; l < f->nlayers && !rc; l++)
		rc = fill_layer(f, l, over_budget_too, err);
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
