/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one place that knows how a field of CSV is quoted. */
#include "io/csv.h"

#include <string.h>

/* Spreadsheets take a text that begins so, and goes on, for a formula. */
static bool is_formula(const char *text)
{
	return *text && strchr("=+-@\t", *text) && text[1];
}

static bool needs_quotes(const char *text)
{
	return strpbrk(text, ",\"\r\n") || is_formula(text);
}

/* Copies n bytes and doubles the quotes among them; returns how many bytes they became. */
static size_t double_quotes(char *out, const char *text, size_t n)
{
	char *p = out;

	for (size_t i = 0; i < n; i++) {
		if (text[i] == '"')
			*p++ = '"';
		*p++ = text[i];
	}
	return (size_t)(p - out);
}

size_t barista_csv_field(char *out, const char *text)
{
	size_t n = strlen(text);
	char *p = out;

	if (!needs_quotes(text)) {
		memcpy(out, text, n);
		return n;
	}
	*p++ = '"';
	if (is_formula(text))
		*p++ = '\'';
	p += double_quotes(p, text, n);
	*p++ = '"';
	return (size_t)(p - out);
}

void barista_csv_put(FILE *f, const char *text, bool always)
{
	enum { PIECE = 256 };
	char piece[2 * PIECE];
	size_t left = strlen(text);

	if (!always && !needs_quotes(text)) {
		fputs(text, f);
		return;
	}
	fputs(is_formula(text) ? "\"'" : "\"", f);
	while (left) {
		size_t n = left < PIECE ? left : PIECE;

		fwrite(piece, 1, double_quotes(piece, text, n), f);
		text += n;
		left -= n;
	}
	fputc('"', f);
}
