/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_BRANCH_BOUND_H
#define SEARCH_BRANCH_BOUND_H

#include "search/incumbents.h"
#include "search/space.h"

/* Searches by branch and bound; fills the incumbents of the search and its certificate. */
int barista_branch_bound_run(struct barista_search *search, const struct barista_levels *levels,
			     const struct barista_search_options *options, struct barista_err *err);

#endif
