/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_LISTING_H
#define SEARCH_LISTING_H

#include "search/keep.h"

/* Evaluates the designs that the family lists. When none fits, *nearest is the one that is least over its
 * budgets. */
int barista_listing_run(struct barista_search *search, const struct barista_space *space,
			const struct barista_search_options *options, struct barista_point *nearest,
			struct barista_err *err);

#endif
