/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts that doubles hold exactly, and numbers to and from text. */
#include "base/num.h"

#include <ctype.h>
#include <errno.h>
#include <locale.h>
#include <pthread.h>
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

/* A caller of the library may have set a locale whose decimal point is a comma. */
static locale_t c_locale;

static void make_locale(void)
{
	c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
}

static locale_t use_c_locale(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, make_locale);
	return c_locale ? uselocale(c_locale) : (locale_t)0;
}

static void restore_locale(locale_t before)
{
	if (before)
		uselocale(before);
}

bool barista_parse_real(const char *text, double *out)
{
	locale_t before;
	char *end;
	double v;

	/* strtod() also reads hexadecimal, infinity and NaN, which a data file must not hold. */
	if (text[strspn(text, "+-.0123456789eE")] || !strpbrk(text, "0123456789") ||
	    strchr("eE", text[0]))
		return false;
	before = use_c_locale();
	v = strtod(text, &end);
	restore_locale(before);
	if (*end || !isfinite(v))
		return false;
	*out = v;
	return true;
}

void barista_format_real(char *buf, size_t size, double x)
{
	locale_t before = use_c_locale();

	for (int digits = 15; digits <= 17; digits++) {
		snprintf(buf, size, "%.*g", digits, x);
		if (strtod(buf, NULL) == x)
			break;
	}
	restore_locale(before);
}
