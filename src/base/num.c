/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts that doubles hold exactly, and numbers to and from text. */
#include "base/num.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool barista_mul_exact(int64_t *out, size_t n, const int64_t *factor)
{
	int64_t p = 1;

	for (size_t i = 0; i < n; i++)
		if (__builtin_mul_overflow(p, factor[i], &p) || p > BARISTA_EXACT_MAX)
			return false;
	*out = p;
	return true;
}

bool barista_parse_int(const char *text, int64_t *out)
{
	char *end;
	long long v;

	if (!isdigit((unsigned char)text[text[0] == '-']))
		return false;
	errno = 0;
	v = strtoll(text, &end, 10);
	if (errno || *end)
		return false;
	*out = v;
	return true;
}

bool barista_parse_real(const char *text, double *out)
{
	char *end;
	double v;

	/* strtod() also reads hexadecimal, infinity and NaN, which a data file must not hold. */
	if (text[strspn(text, "+-.0123456789eE")] || !strpbrk(text, "0123456789") ||
	    strchr("eE", text[0]))
		return false;
	errno = 0;
	v = strtod(text, &end);
	if (*end || !isfinite(v))
		return false;
	*out = v;
	return true;
}

void barista_format_real(char *buf, size_t size, double x)
{
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(buf, size, "%.*g", digits, x);
		if (strtod(buf, NULL) == x)
			return;
	}
}
