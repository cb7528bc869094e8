/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search/branch_bound_parts.h"

#include "base/err.h"
#include "base/isa.h"
#include "model/point.h"

#include <stdlib.h>

static bool make_plane(struct plane *p, size_t nvalues, size_t span, size_t nshapes)
{
	p->value = calloc(nvalues, sizeof *p->value);
	p->metric = calloc((size_t)BARISTA_NMETRICS * BATCH, sizeof *p->metric);
	p->time = calloc(nshapes * BATCH, sizeof *p->time);
	p->ppw = calloc(nshapes * BATCH, sizeof *p->ppw);
	p->glance = calloc(BATCH, sizeof *p->glance);
	p->keep = calloc(span, 1);
	return p->value && p->metric && p->time && p->ppw && p->glance && p->keep;
}

bool barista_exact_make(struct exact *x)
{
	const struct barista_levels *l = x->levels;
	size_t nshapes = x->model->plan->nshapes;

	for (size_t d = 0; d < l->n; d++) {
		const struct barista_range *r = &l->space->range[l->knob[d]];

		if (!make_plane(&x->plane[d], l->size[d], d ? (size_t)(r->hi - r->lo) + 1 : 1, nshapes))
			return false;
		x->plane[d].growing = true;
		for (size_t e = d; e < l->n; e++)
			x->plane[d].growing &= x->model->family->knob[l->knob[e]].grows || l->size[e] == 1;
	}
	x->pick = calloc(l->n * barista_keep_rankings(x->out), sizeof *x->pick);
	return make_plane(&x->again, BATCH, 1, nshapes) && x->pick;
}

static void free_plane(struct plane *p)
{
	free(p->value);
	free(p->metric);
	free(p->time);
	free(p->glance);
	free(p->ppw);
	free(p->keep);
}

static void drop_lanes(struct lane **from)
{
	struct lane *next;

	for (struct lane *lane = *from; lane; lane = next) {
		next = lane->next;
		barista_walk_free(lane->walk);
		free(lane);
	}
	*from = NULL;
}

void barista_exact_free(struct exact *x)
{
	for (size_t d = 0; d < x->levels->n; d++)
		free_plane(&x->plane[d]);
	free_plane(&x->again);
	free(x->pick);
	drop_lanes(&x->lane);
}

static bool same_needs(unsigned needs, const struct barista_point *a, const struct barista_point *b)
{
	for (size_t k = 0; needs >> k; k++)
		if (needs >> k & 1 && a->knob[k] != b->knob[k])
			return false;
	return true;
}

/* Are dominated values of the level left out? */
static bool is_thin(const struct exact *x, size_t d)
{
	return x->thin && d && !x->levels->space->range[x->levels->knob[d]].powers_of_two && x->levels->size[d] > 1;
}

/* The knobs that the list of a level depends on. */
static unsigned needs_of(const struct exact *x, size_t d)
{
	return is_thin(x, d) ? x->model->family->knob[x->levels->knob[d]].needs : d ? 0 : 1U << x->levels->knob[0];
}

void barista_exact_list(struct exact *x, size_t d)
{
	struct plane *p = &x->plane[d];
	unsigned needs = needs_of(x, d);
	bool thin = is_thin(x, d);

	if (p->listed && same_needs(needs, &p->listed_lo, &x->lo) && same_needs(needs, &p->listed_hi, &x->hi))
		return;
	p->listed = true;
	p->listed_lo = x->lo;
	p->listed_hi = x->hi;
	p->n = 0;
	if (thin)
		x->model->family->undominated(x->model, &x->lo, &x->hi, x->levels->knob[d], p->keep);
	for (size_t i = 0; i < x->levels->size[d]; i++)
		if (!thin || p->keep[i])
			p->value[p->n++] = barista_levels_value(x->levels, d, i);
}

/* The box under a level: what is below it is free again. */
void barista_exact_open(struct exact *x, size_t d)
{
	for (size_t e = d; e < x->levels->n; e++) {
		size_t k = x->levels->knob[e], last = x->levels->size[e] - 1;

		x->lo.knob[k] = barista_levels_value(x->levels, e, 0);
		x->hi.knob[k] = barista_levels_value(x->levels, e, last);
	}
}

void barista_exact_set(struct exact *x, size_t d, double value)
{
	barista_exact_open(x, d);
	x->lo.knob[x->levels->knob[d]] = x->hi.knob[x->levels->knob[d]] = value;
}

/* The walk over the undominated inner values of the point that is set. */
static int find_lane(struct exact *x, struct barista_walk **out)
{
	enum { MOST_LANES = 256 };
	size_t inner = x->levels->n - 1, count = 0;
	struct lane *lane, **at;
	int rc;

	for (at = &x->lane; *at; at = &(*at)->next) {
		lane = *at;
		if (++count == MOST_LANES) {
			drop_lanes(at);
			break;
		}
		if (!same_needs(needs_of(x, inner), &lane->point, &x->lo))
			continue;
		*at = lane->next;
		lane->next = x->lane;
		x->lane = lane;
		*out = lane->walk;
		return 0;
	}
	lane = calloc(1, sizeof *lane);
	if (!lane)
		return barista_no_memory(x->err);
	barista_exact_list(x, inner);
	lane->point = x->lo;
	rc = barista_walk_make(&lane->walk, x->model, x->out, x->plane[inner].value, x->plane[inner].n, x->err);
	if (rc) {
		free(lane);
		return rc;
	}
	lane->next = x->lane;
	x->lane = lane;
	*out = lane->walk;
	return 0;
}

/* Values of a level from the first over an upper budget on are all over it. */
size_t barista_exact_within(struct exact *x, size_t d)
{
	struct plane *p = &x->plane[d];
	double metric[BARISTA_NMETRICS];
	size_t lo = 0, hi = p->n;

	while (p->growing && lo < hi) {
		size_t middle = lo + (hi - lo) / 2;
		struct barista_point point;

		barista_point_copy(&point, &x->lo);
		point.knob[x->levels->knob[d]] = p->value[middle];
		if (barista_walk_over(x->model, &point, metric) & barista_upper_budgets())
			hi = middle;
		else
			lo = middle + 1;
	}
	return hi;
}

static bool box_over(const struct exact *x, const double *metric)
{
	for (int b = 0; b < BARISTA_NBUDGETS; b++) {
		const struct barista_budget_def *def = &barista_budget_defs[b];
		double used = metric[def->metric], limit = barista_budget_limit(x->model->dev, b);

		if (def->at_least ? used < limit : used > limit)
			return true;
	}
	return false;
}

size_t barista_exact_bound(struct exact *x, size_t d, struct plane *p, const double *value, size_t n, double dsp_limit)
{
	struct barista_boxes boxes = {
		.model = x->model, .lo = x->lo, .hi = x->hi, .n = n, .value = value, .shape_time = p->time,
		.varied = x->levels->knob[d], .isa = (int)barista_isa_best(), .dsp_limit = dsp_limit,
	};
	size_t left = 0;

	for (size_t m = 0; m < BARISTA_NMETRICS; m++)
		boxes.metric[m] = p->metric + m * n;
	x->model->family->bound(&boxes);
	for (size_t i = 0; i < n; i++) {
		struct barista_glance *g = &p->glance[i];

		for (size_t m = 0; m < BARISTA_NMETRICS; m++)
			g->metric[m] = boxes.metric[m][i];
		if (box_over(x, g->metric))
			continue;
		barista_point_copy(&g->point, &x->lo);
		g->point.knob[x->levels->knob[d]] = value[i];
		g->time = p->time + i;
		g->stride = n;
		g->ppw = p->ppw + i * x->model->plan->nshapes;
		barista_glance_totals(g, x->model->plan);
		p->order[left++] = i;
	}
	return left;
}

int barista_exact_walk(struct exact *x, double *over, double *evaluated, double *dominated)
{
	struct barista_walk *walk = NULL;
	bool any;
	int rc = find_lane(x, &walk);

	if (rc)
		return rc;
	walk->over = walk->evaluated = 0;
	rc = barista_walk_run(walk, &x->lo, &any, x->err);
	*over += walk->over;
	*evaluated += walk->evaluated;
	*dominated += (double)(x->levels->size[x->levels->n - 1] - walk->n);
	return rc;
}
