/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search/ranking.h"

#include "barista/family.h"
#include "model/point.h"
#include "search/search.h"

#include <string.h>

bool barista_ranking_init(struct barista_ranking *top, struct barista_arena *arena, size_t cap)
{
	top->n = 0;
	top->cap = cap;
	/* One slot more than is kept: the newcomer is written there, then moved into place. */
	top->item = barista_arena_alloc(arena, cap + 1, sizeof *top->item);
	return top->item;
}

static int compare_unrolls(const struct barista_unroll *a, const struct barista_unroll *b)
{
	if (a->in != b->in)
		return a->in < b->in ? -1 : 1;
	if (a->out != b->out)
		return a->out < b->out ? -1 : 1;
	return (a->kernel > b->kernel) - (a->kernel < b->kernel);
}

int barista_tie_order(const struct barista_family *family, const double *metric_a,
		      const struct barista_point *a, const double *metric_b,
		      const struct barista_point *b)
{
	static const enum barista_metric fewer[] = {BARISTA_DSP, BARISTA_BRAM};

	for (size_t i = 0; i < 2; i++)
		if (metric_a[fewer[i]] != metric_b[fewer[i]])
			return metric_a[fewer[i]] < metric_b[fewer[i]] ? -1 : 1;
	for (size_t k = 0; k < family->nknobs; k++)
		if (a->knob[k] != b->knob[k])
			return a->knob[k] < b->knob[k] ? -1 : 1;
	for (size_t i = 0; i < a->nstages && i < b->nstages; i++) {
		int order = compare_unrolls(&a->stage[i], &b->stage[i]);

		if (order)
			return order;
	}
	return 0;
}

/* Returns a negative number when the scored point ranks before the candidate, 0 when they are the
 * same point. */
static int against(const struct barista_candidate *c, const struct barista_model *model,
		   const struct barista_scored *g, double score)
{
	if (score != c->score)
		return score > c->score ? -1 : 1;
	return barista_tie_order(model->family, g->metric, &g->point, c->metric, &c->point);
}

bool barista_ranking_admits(const struct barista_ranking *top, const struct barista_model *model,
			    const struct barista_scored *scored, double score)
{
	return top->n < top->cap || against(&top->item[top->n - 1], model, scored, score) < 0;
}

static void fill(struct barista_candidate *c, const struct barista_scored *g, double score)
{
	c->score = score;
	barista_point_copy(&c->point, &g->point);
	memcpy(c->metric, g->metric, sizeof c->metric);
	c->class_ppw = c->class_time = NULL;
}

void barista_ranking_insert(struct barista_ranking *top, const struct barista_model *model,
			    const struct barista_scored *g, double score)
{
	size_t at = top->n;
	struct barista_candidate fresh;
	int order = 1;

	if (!barista_ranking_admits(top, model, g, score))
		return;
	while (at && (order = against(&top->item[at - 1], model, g, score)) < 0)
		at--;
	if (!order)
		return;
	fresh = top->item[top->n];
	fill(&fresh, g, score);
	memmove(&top->item[at + 1], &top->item[at], (top->n - at) * sizeof *top->item);
	top->item[at] = fresh;
	if (top->n < top->cap)
		top->n++;
}
