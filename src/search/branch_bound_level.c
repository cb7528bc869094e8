/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One level of the exact search: which values of its knob are worth a look, and the bounds of their
 * boxes, a batch at a time. */
#include "search/branch_bound_parts.h"

#include "base/memory.h"
#include "base/err.h"
#include "base/isa.h"
#include "model/evaluate.h"
#include "model/metric.h"
#include "model/point.h"

#include <stdlib.h>

static bool make_level_state(struct level_state *p, size_t nvalues, size_t span, size_t nclasses)
{
	size_t batch = nvalues < BATCH ? nvalues : BATCH;

	p->value = calloc(nvalues, sizeof *p->value);
	p->metric = calloc((size_t)BARISTA_NMETRICS * batch, sizeof *p->metric);
	p->time = calloc(nclasses * batch, sizeof *p->time);
	p->ppw = calloc(nclasses * batch, sizeof *p->ppw);
	p->scored = calloc(batch, sizeof *p->scored);
	p->keep = calloc(span, 1);
	return p->value && p->metric && p->time && p->ppw && p->scored && p->keep;
}

bool barista_branch_bound_make(struct branch_bound *x)
{
	const struct barista_levels *l = x->levels;
	size_t nclasses = x->model->lowered->nclasses;

	for (size_t d = 0; d < l->n; d++) {
		const struct barista_range *r = &l->space->range[l->knob[d]];

		if (!make_level_state(&x->level_state[d], l->size[d],
				      d ? (size_t)(r->hi - r->lo) + 1 : 1, nclasses))
			return false;
		x->level_state[d].growing = true;
		for (size_t e = d; e < l->n; e++)
			x->level_state[d].growing &=
				x->model->family->knob[l->knob[e]].monotone_resources ||
				l->size[e] == 1;
	}
	x->best_child = calloc(l->n * barista_incumbents_nrankings(x->out), sizeof *x->best_child);
	return make_level_state(&x->retry, BATCH, 1, nclasses) && x->best_child;
}

static void free_level_state(struct level_state *p)
{
	barista_free_all(p->value, p->metric, p->time, p->scored, p->ppw, p->keep);
}

static void drop_inner_cache(struct inner_cache **from)
{
	struct inner_cache *next;

	for (struct inner_cache *inner_cache = *from; inner_cache; inner_cache = next) {
		next = inner_cache->next;
		barista_inner_loop_free(inner_cache->inner);
		free(inner_cache);
	}
	*from = NULL;
}

void barista_branch_bound_free(struct branch_bound *x)
{
	for (size_t d = 0; d < x->levels->n; d++)
		free_level_state(&x->level_state[d]);
	free_level_state(&x->retry);
	free(x->best_child);
	drop_inner_cache(&x->inner_cache);
}

static bool same_needs(unsigned needs, const struct barista_point *a, const struct barista_point *b)
{
	for (size_t k = 0; needs >> k; k++)
		if (needs >> k & 1 && a->knob[k] != b->knob[k])
			return false;
	return true;
}

/* Are dominated values of the level left out? */
static bool is_thin(const struct branch_bound *x, size_t d)
{
	return x->skip_dominated && d &&
	       !x->levels->space->range[x->levels->knob[d]].powers_of_two && x->levels->size[d] > 1;
}

/* The list of undominated values of a level depends on these knobs. */
static unsigned needs_of(const struct branch_bound *x, size_t d)
{
	return is_thin(x, d) ? x->model->family->knob[x->levels->knob[d]].dominance_depends_on
	       : d           ? 0
			     : 1U << x->levels->knob[0];
}

void barista_branch_bound_list(struct branch_bound *x, size_t d)
{
	struct level_state *p = &x->level_state[d];
	unsigned needs = needs_of(x, d);
	bool skip_dominated = is_thin(x, d);

	if (p->listed && same_needs(needs, &p->listed_lo, &x->lo) &&
	    same_needs(needs, &p->listed_hi, &x->hi))
		return;
	p->listed = true;
	p->listed_lo = x->lo;
	p->listed_hi = x->hi;
	p->n = 0;
	if (skip_dominated)
		x->model->family->mark_undominated(x->model, &x->lo, &x->hi, x->levels->knob[d],
						   p->keep);
	for (size_t i = 0; i < x->levels->size[d]; i++)
		if (!skip_dominated || p->keep[i])
			p->value[p->n++] = barista_levels_value(x->levels, d, i);
}

/* Makes the knobs from this level on free again: the box holds all of their values. */
void barista_branch_bound_open(struct branch_bound *x, size_t d)
{
	for (size_t e = d; e < x->levels->n; e++) {
		size_t k = x->levels->knob[e], last = x->levels->size[e] - 1;

		x->lo.knob[k] = barista_levels_value(x->levels, e, 0);
		x->hi.knob[k] = barista_levels_value(x->levels, e, last);
	}
}

void barista_branch_bound_set(struct branch_bound *x, size_t d, double value)
{
	barista_branch_bound_open(x, d);
	x->lo.knob[x->levels->knob[d]] = x->hi.knob[x->levels->knob[d]] = value;
}

/* Finds the inner loop over the undominated values of the point that is set, or makes it. */
static int find_inner_loop(struct branch_bound *x, struct barista_inner_loop **out)
{
	enum { MOST_INNER_LOOPS = 256 };
	size_t inner = x->levels->n - 1, count = 0;
	struct inner_cache *inner_cache, **at;
	int rc;

	for (at = &x->inner_cache; *at; at = &(*at)->next) {
		inner_cache = *at;
		if (++count == MOST_INNER_LOOPS) {
			drop_inner_cache(at);
			break;
		}
		if (!same_needs(needs_of(x, inner), &inner_cache->point, &x->lo))
			continue;
		*at = inner_cache->next;
		inner_cache->next = x->inner_cache;
		x->inner_cache = inner_cache;
		*out = inner_cache->inner;
		return 0;
	}
	inner_cache = calloc(1, sizeof *inner_cache);
	if (!inner_cache)
		return barista_no_memory(x->err);
	barista_branch_bound_list(x, inner);
	inner_cache->point = x->lo;
	rc = barista_inner_loop_make(&inner_cache->inner, x->model, x->out,
				     x->level_state[inner].value, x->level_state[inner].n, x->err);
	if (rc) {
		free(inner_cache);
		return rc;
	}
	inner_cache->next = x->inner_cache;
	x->inner_cache = inner_cache;
	*out = inner_cache->inner;
	return 0;
}

/* Values of a level from the first over an upper budget on are all over it. */
size_t barista_branch_bound_within(struct branch_bound *x, size_t d)
{
	struct level_state *p = &x->level_state[d];
	double metric[BARISTA_NMETRICS];
	size_t lo = 0, hi = p->n;

	while (p->growing && lo < hi) {
		size_t middle = lo + (hi - lo) / 2;
		struct barista_point point;

		barista_point_copy(&point, &x->lo);
		point.knob[x->levels->knob[d]] = p->value[middle];
		if (barista_budgets_exceeded(x->model, &point, metric) & barista_upper_budgets())
			hi = middle;
		else
			lo = middle + 1;
	}
	return hi;
}

static bool box_over(const struct branch_bound *x, const double *metric)
{
	for (int b = 0; b < barista_nbudgets; b++) {
		const struct barista_budget_def *def = &barista_budget_defs[b];
		double used = metric[def->metric], limit = barista_budget_limit(x->model->dev, b);

		if (def->at_least ? used < limit : used > limit)
			return true;
	}
	return false;
}

size_t barista_branch_bound_batch(struct branch_bound *x, size_t d, struct level_state *p,
				  const double *value, size_t n, double dsp_limit)
{
	struct barista_box_batch boxes = {
		.model = x->model,
		.lo = x->lo,
		.hi = x->hi,
		.n = n,
		.value = value,
		.class_time = p->time,
		.varied = x->levels->knob[d],
		.isa = (int)barista_isa_best(),
		.dsp_limit = dsp_limit,
	};
	size_t left = 0;

	for (size_t m = 0; m < BARISTA_NMETRICS; m++)
		boxes.metric[m] = p->metric + m * n;
	barista_resource_defaults(boxes.metric, n);
	x->model->family->lower_bound(&boxes);
	for (size_t i = 0; i < n; i++) {
		struct barista_scored *g = &p->scored[i];

		for (size_t m = 0; m < BARISTA_NMETRICS; m++)
			g->metric[m] = boxes.metric[m][i];
		if (box_over(x, g->metric))
			continue;
		barista_point_copy(&g->point, &x->lo);
		g->point.knob[x->levels->knob[d]] = value[i];
		g->class_time = p->time + i;
		g->stride = n;
		g->ppw = p->ppw + i * x->model->lowered->nclasses;
		barista_scored_totals(g, x->model->lowered);
		p->order[left++] = i;
	}
	return left;
}

int barista_branch_bound_inner(struct branch_bound *x, double *over, double *evaluated,
			       double *dominated)
{
	struct barista_inner_loop *inner = NULL;
	bool any;
	int rc = find_inner_loop(x, &inner);

	if (rc)
		return rc;
	inner->over = inner->evaluated = 0;
	rc = barista_inner_loop_run(inner, &x->lo, &any, x->err);
	*over += inner->over;
	*evaluated += inner->evaluated;
	*dominated += (double)(x->levels->size[x->levels->n - 1] - inner->n);
	return rc;
}
