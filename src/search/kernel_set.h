/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_KERNEL_SET_H
#define SEARCH_KERNEL_SET_H

#include "search/search.h"

/* The best k kernels together, each layer on the best of them. */
struct barista_kernel_set {
	size_t n;
	const struct barista_candidate *kernel[8];
	double ppw_mean; /* op/s/W */
	double bound;    /* no set of any size from this space has a higher mean */
	bool exact;      /* proven best of the whole space; else bound says what may be missed */
	bool stopped;    /* the proof was given up because *stop was not 0 */
};

/* When *stop is not 0 the proof is given up; stop may be NULL. Errors: BARISTA_E_ARGUMENT when k is
 * not from 1 to 8, or the search has no rankings of layers; BARISTA_E_SYSTEM. */
int barista_search_kernel_set(const struct barista_search *search, size_t k,
			      const volatile sig_atomic_t *stop, struct barista_kernel_set *out,
			      struct barista_err *err);

#endif
