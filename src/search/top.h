/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_TOP_H
#define SEARCH_TOP_H

#include "base/arena.h"
#include "barista.h"

/* Room for cap candidates with nshapes figures each; false without memory. */
bool barista_top_init(struct barista_top *top, struct barista_arena *arena, size_t cap,
		      size_t nshapes);

/* Keeps point i of the batch under this score if it ranks among the best. */
void barista_top_offer(struct barista_top *top, const struct barista_model *model,
		       const struct barista_batch *batch, size_t i, double score);

/* Can a score still enter? Cheap, for use before barista_top_offer(). */
static inline bool barista_top_wants(const struct barista_top *top, double score)
{
	return top->n < top->cap || score >= top->item[top->n - 1].score;
}

#endif
