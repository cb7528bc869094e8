/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_KERNEL_SET_H
#define SEARCH_KERNEL_SET_H

#include "search/search.h"

enum { BARISTA_MAX_SET = 8 };

/* The best k kernels together, by the objective of a search, each layer on one of them. */
struct barista_kernel_set {
	enum barista_rank objective;
	size_t n;
	const struct barista_candidate *kernel[BARISTA_MAX_SET];
	double value;        /* of the objective's metric */
	double bound;        /* no set of any size from this space has a better value */
	double time, energy; /* s and J per image, of all layers */
	bool exact;   /* proven best of the whole space; else bound says what may be missed */
	bool stopped; /* the proof was given up because *stop was not 0 */
};

/* One kernel is the best of the search, within its deadline; several are chosen without one. When
 * *stop is not 0 the proof is given up; stop may be NULL. Errors: BARISTA_E_ARGUMENT when k is not
 * from 1 to 8, or the search has no rankings of layers; BARISTA_E_SYSTEM. */
int barista_search_kernel_set(const struct barista_search *search, size_t k,
			      const volatile sig_atomic_t *stop, struct barista_kernel_set *out,
			      struct barista_err *err);

/* The kernel of a set that a layer class runs on. */
const struct barista_candidate *barista_kernel_set_choose(const struct barista_kernel_set *set,
							  size_t layer_class);

#endif
