/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_SNAPSHOT_H
#define SEARCH_SNAPSHOT_H

#include "search/incumbents.h"
#include "search/space.h"

#include <jansson.h>

/* What a sweep has so far goes through JSON, into a checkpoint and between processes. Kernels are
 * stored as their knobs alone and evaluated again when they are read. */

/* Adds "over", "evaluated" and "kernels" to an object; false without memory. */
bool barista_snapshot_encode(json_t *to, const struct barista_search *search, double over,
			     double evaluated);

/* Inserts the kernels of a snapshot into a search, and adds to its certificate. */
int barista_snapshot_decode(const json_t *from, struct barista_search *search,
			    const struct barista_space *space, struct barista_err *err);

#endif
