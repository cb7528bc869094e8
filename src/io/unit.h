/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_UNIT_H
#define IO_UNIT_H

#include "base/err.h"
#include "barista/family.h"

/* "30 Gbit/s" to SI. A dimensional value must carry a unit of its dimension; a count
 * or fraction is a bare number. On failure writes what is wrong into why and returns
 * false. SI prefixes are powers of 1000, IEC ones (Ki, Mi, Gi) of 1024. */
bool barista_quantity_parse(const char *text, enum barista_dimension dimension, double *out,
			    char *why, size_t size);

/* SI to text for people: four digits and the unit with the best prefix, "30 Gbit/s". */
void barista_quantity_format(char *buf, size_t size, double value,
			     enum barista_dimension dimension);

/* First character of the result: the prefix that suits values up to `largest`, '-' for
 * none; and a value expressed with it. */
const char *barista_dimension_prefix(enum barista_dimension dimension, double largest);
double barista_prefix_apply(double value, char prefix);

/* The SI unit, "bit/s"; "" for counts and fractions. */
const char *barista_dimension_unit(enum barista_dimension dimension);
/* The same as the ending of a machine-readable column, "bit_per_s". */
const char *barista_dimension_suffix(enum barista_dimension dimension);

#endif
