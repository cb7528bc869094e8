/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_NEAREST_FIT_H
#define SEARCH_NEAREST_FIT_H

#include "barista/family.h"

#include <stdbool.h>
#include <stddef.h>

/* Finds the design within all budgets that is nearest to one that is not: the fewest halvings (and
 * doublings, where something is too small) of any knob, and then of all together, lead to it, and
 * no knob can be moved back any further. Of several the one with the highest peak. Families whose
 * layers are unrolled one by one have none. Returns whether one was found. */
bool barista_nearest_fit(const struct barista_model *model, const struct barista_point *point,
			 struct barista_point *nearest);

/* Writes it and what leads to it, "16x16x16:fp32: raise tile_k to 16"; nothing without one. */
void barista_nearest_fit_text(const struct barista_model *model, const struct barista_point *point,
			      char *buf, size_t size);

#endif
