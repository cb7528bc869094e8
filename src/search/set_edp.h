/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_SET_EDP_H
#define SEARCH_SET_EDP_H

#include "search/kernel_set.h"

/* What one layer takes on one kernel, or all layers take. */
struct barista_cost {
	double time, energy; /* s, J per image */
};

/* Returns what all layers take together when each runs on the kernel of the n that makes the energy
 * times delay of the network the least. step is room for nclasses * n. */
struct barista_cost barista_set_least_edp(const struct barista_lowered *lowered,
					  const struct barista_candidate *const *kernel, size_t n,
					  struct barista_cost *step);

#endif
