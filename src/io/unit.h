/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_UNIT_H
#define IO_UNIT_H

#include "base/err.h"
#include "barista/family.h"

/* Reads "30 Gbit/s" into SI. A dimensional value must have a unit of its dimension; a count or a
 * fraction is a bare number. SI prefixes are powers of 1000, IEC ones (Ki, Mi, Gi, Ti) of 1024. On
 * failure it writes what is wrong into why, and returns false. */
bool barista_quantity_parse(const char *text, enum barista_dimension dimension, double *out,
			    char *why, size_t size);

/* Writes an SI value for people: four digits and the unit with the best prefix, "30 Gbit/s". */
void barista_quantity_format(char *buf, size_t size, double value,
			     enum barista_dimension dimension);

/* Returns a text whose first character is the prefix that suits values up to `largest`, or '-' for
 * none. barista_prefix_apply() expresses a value with it. */
const char *barista_dimension_prefix(enum barista_dimension dimension, double largest);
double barista_prefix_apply(double value, char prefix);

/* Returns the SI unit, "bit/s"; "" for counts and fractions. */
const char *barista_dimension_unit(enum barista_dimension dimension);
/* Returns the unit as the ending of a machine-readable column, "bit_per_s". */
const char *barista_dimension_suffix(enum barista_dimension dimension);

#endif
