/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_ENUMERATED_H
#define SEARCH_ENUMERATED_H

#include "search/incumbents.h"

/* Evaluates the designs that the family lists. When none fits, *nearest is the one that is least
 * over its budgets. */
int barista_enumerated_search(struct barista_search *search, const struct barista_space *space,
			      const struct barista_search_options *options,
			      struct barista_point *nearest, struct barista_err *err);

#endif
