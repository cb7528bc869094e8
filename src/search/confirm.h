/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_CONFIRM_H
#define SEARCH_CONFIRM_H

#include "base/err.h"
#include "search/search.h"

#include <signal.h>

/* Evaluates every design that is kept once more, and gives those of the rankings their class_ppw
 * and class_time, one row for all candidates of a design. Of a search that is stopped, before or
 * meanwhile, each of very many layers keeps its best design only: all would take seconds. Fails
 * with BARISTA_E_SYSTEM when the search had other bits. */
int barista_search_confirm(struct barista_search *search, const volatile sig_atomic_t *stop,
			   struct barista_err *err);

#endif
