/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_NEAREST_MISS_H
#define SEARCH_NEAREST_MISS_H

#include "search/space.h"

/* The infeasible point that is least over its budgets; in a very large space the least of a million
 * that were looked at. */
struct barista_point barista_nearest_miss(const struct barista_model *model,
					  const struct barista_levels *levels);

/* How far metrics are over the budgets of the mask: the sum of the fractions by which they are. */
double barista_excess(const struct barista_device *dev, unsigned over, const double *metric);

#endif
