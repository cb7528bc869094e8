/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text in Markdown. A backslash before a sign makes it mean nothing but itself. */
#define _GNU_SOURCE /* fopencookie() */
#include "io/markdown.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Signs that start markup on their own; within a table there are more. */
static const char signs[] = "*<&`\\", cell_signs[] = "*<&`\\|_";

/* Signs that make a link with the one before: [text](url), [text]: url, http://, www. and a@b. */
static bool makes_link(char before, char c)
{
	return (before == ']' && strchr("([:", c)) || (before == ':' && c == '/') ||
	       ((before == 'w' || before == 'W') && c == '.') || c == '@';
}

static void put(FILE *f, char before, char c, const char *escaped)
{
	if (strchr(escaped, c) || makes_link(before, c))
		putc('\\', f);
	putc(c, f);
}

void barista_markdown_cell(FILE *f, const char *text)
{
	for (char before = '\0'; *text; before = *text++)
		put(f, before, *text, cell_signs);
}

struct stream {
	FILE *to;
	char before;
};

static ssize_t stream_write(void *cookie, const char *text, size_t n)
{
	struct stream *s = cookie;

	for (size_t i = 0; i < n; s->before = text[i++])
		put(s->to, s->before, text[i], signs);
	return ferror(s->to) ? 0 : (ssize_t)n;
}

static int stream_close(void *cookie)
{
	free(cookie);
	return 0;
}

FILE *barista_markdown_stream(FILE *to)
{
	struct stream *s = calloc(1, sizeof *s);
	FILE *f;

	if (!s)
		return NULL;
	s->to = to;
	f = fopencookie(s, "w",
			(cookie_io_functions_t){.write = stream_write, .close = stream_close});
	if (!f)
		free(s);
	return f;
}
