/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search/top.h"

#include <string.h>

bool barista_top_init(struct barista_top *top, struct barista_arena *arena, size_t cap,
		      size_t nshapes)
{
	top->n = 0;
	top->cap = cap;
	top->dropped = false;
	/* One slot more than is kept: the newcomer is written there, then moved into place. */
	top->item = barista_arena_alloc(arena, cap + 1, sizeof *top->item);
	for (size_t i = 0; top->item && i <= cap; i++) {
		top->item[i].shape_ppw = barista_arena_alloc(arena, nshapes, sizeof(double));
		top->item[i].shape_time = barista_arena_alloc(arena, nshapes, sizeof(double));
		if (!top->item[i].shape_ppw || !top->item[i].shape_time)
			return false;
	}
	return top->item;
}

/* Higher score; then fewer DSPs, fewer block RAMs, smaller knobs in their order. */
static bool ranks_before(const struct barista_candidate *a, const struct barista_candidate *b,
			 size_t nknobs)
{
	static const enum barista_metric fewer[] = {BARISTA_DSP, BARISTA_BRAM};

	if (a->score != b->score)
		return a->score > b->score;
	for (size_t i = 0; i < 2; i++)
		if (a->metric[fewer[i]] != b->metric[fewer[i]])
			return a->metric[fewer[i]] < b->metric[fewer[i]];
	for (size_t k = 0; k < nknobs; k++)
		if (a->point.knob[k] != b->point.knob[k])
			return a->point.knob[k] < b->point.knob[k];
	return false;
}

static void fill(struct barista_candidate *c, const struct barista_model *model,
		 const struct barista_batch *b, size_t i, double score)
{
	c->score = score;
	memset(&c->point, 0, sizeof c->point);
	for (size_t k = 0; k < model->family->nknobs; k++)
		c->point.knob[k] = b->knob[k] ? b->knob[k][i] : model->family->knob[k].preset;
	for (int m = 0; m < BARISTA_NMETRICS; m++)
		c->metric[m] = b->metric[m][i];
	for (size_t s = 0; s < model->plan->nshapes; s++) {
		c->shape_time[s] = b->shape_time[s * b->n + i];
		c->shape_ppw[s] = barista_shape_ppw(&model->plan->shape[s], c->shape_time[s],
						    c->metric[BARISTA_POWER]);
	}
}

void barista_top_offer(struct barista_top *top, const struct barista_model *model,
		       const struct barista_batch *b, size_t i, double score)
{
	size_t at = top->n;

	if (!barista_top_wants(top, score)) {
		top->dropped = true;
		return;
	}
	fill(&top->item[at], model, b, i, score);
	while (at && ranks_before(&top->item[at], &top->item[at - 1], model->family->nknobs)) {
		struct barista_candidate swap = top->item[at];

		top->item[at] = top->item[at - 1];
		top->item[--at] = swap;
	}
	if (top->n < top->cap)
		top->n++;
	else
		top->dropped = true;
}
