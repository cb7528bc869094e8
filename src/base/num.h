/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The largest count that a double holds exactly together with all below it. */
#define BARISTA_EXACT_MAX ((int64_t)1 << 53)

/* Product of n factors, all >= 0; false when it passes BARISTA_EXACT_MAX. */
bool barista_mul_exact(int64_t *out, size_t n, const int64_t *factor);

/* ceil(a/b) for 0 <= a < 2^53, 1 <= b: exact, because the quotient's distance from the
 * nearest integer, at least 1/b, is far above the division's rounding error. */
static inline double barista_ceil_div(double a, double b)
{
	return ceil(a / b);
}

/* A whole decimal number or a finite decimal real, nothing before or after it. */
bool barista_parse_int(const char *text, int64_t *out);
bool barista_parse_real(const char *text, double *out);

/* Shortest decimal text that reads back as x: the same bytes everywhere. */
void barista_format_real(char *buf, size_t size, double x);

#endif
