/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The largest count that a double holds exactly together with all below it. */
#define BARISTA_EXACT_MAX ((int64_t)1 << 53)

/* Multiplies n factors, all >= 0. Returns false, and leaves *out as it was, when the product passes
 * BARISTA_EXACT_MAX. */
bool barista_mul_exact(int64_t *out, size_t n, const int64_t *factor);

/* Returns ceil(a/b) for whole 0 <= a < 2^53 and 1 <= b. The result is exact, because a quotient
 * that is not whole is at least 1/b away from any integer, far more than the division rounds by. */
static inline double barista_ceil_div(double a, double b)
{
	return ceil(a / b);
}

/* Read a whole decimal number, or a finite decimal real. They return false, and leave *out as it
 * was, when there is anything before or after it. */
bool barista_parse_int(const char *text, int64_t *out);
bool barista_parse_real(const char *text, double *out);

/* Writes the shortest decimal text that reads back as x, the same bytes on every machine. */
void barista_format_real(char *buf, size_t size, double x);

#endif
