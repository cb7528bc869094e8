/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_SPACE_H
#define SEARCH_SPACE_H

#include "barista.h"

/* Number of values of a range, and value i (ascending). */
size_t barista_range_size(const struct barista_range *range);
double barista_range_value(const struct barista_range *range, size_t i);

#endif
