/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_SWEEP_H
#define SEARCH_SWEEP_H

#include "search/incumbents.h"
#include "search/space.h"

/* Evaluates every feasible point, in blocks that threads and ranks take as they come. */
int barista_sweep_run(struct barista_search *search, const struct barista_levels *levels,
		      const struct barista_search_options *options, struct barista_err *err);

#endif
