/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_SCALING_CURVE_H
#define SEARCH_SCALING_CURVE_H

#include "search/ranking.h"
#include "search/search.h"

/* Inserts the design if it is the fastest for its value of the family's scaling knob; false
 * without memory. */
bool barista_scaling_curve_insert(struct barista_scaling_curve *curve,
				  const struct barista_model *model,
				  const struct barista_scored *scored);

#endif
