/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What callers of the library may ask of a finished search, and its end. */
#include "search/search.h"

#include "base/arena.h"

#include <stdlib.h>

void barista_search_free(struct barista_search *search)
{
	if (!search)
		return;
	free(search->front.item);
	free(search->front.value);
	free(search->curve.item);
	barista_arena_free(search->arena);
}

static const struct barista_candidate *item(const struct barista_ranking *ranking, size_t i)
{
	return i < ranking->n ? &ranking->item[i] : NULL;
}

const struct barista_candidate *barista_search_best(const struct barista_search *search,
						    enum barista_rank rank, size_t i)
{
	return rank < BARISTA_NRANKINGS ? item(&search->ranking[rank], i) : NULL;
}

const struct barista_candidate *barista_search_layer_best(const struct barista_search *search,
							  size_t layer, size_t i)
{
	const struct barista_lowered *lowered = search->model->lowered;

	if (!search->nranked || layer >= lowered->nlayers)
		return NULL;
	return item(&search->class_ranking[lowered->class_of[layer]], i);
}

const struct barista_candidate *barista_search_front(const struct barista_search *search, size_t i)
{
	return i < search->front.n ? &search->front.item[i] : NULL;
}

bool barista_search_partial(const struct barista_search *search)
{
	return search->partial;
}

struct barista_certificate barista_search_certificate(const struct barista_search *search)
{
	return search->certificate;
}
