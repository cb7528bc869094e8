/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the user is told about a file that is imported. */
#include "import/source.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MAX_REMARKS = 100 };

/* Without memory the line is lost; whoever needs memory next will say so. */
static void add_line(struct barista_buffer *t, struct barista_arena *arena, char *line)
{
	size_t n = strlen(line);

	line[n] = '\n'; /* instead of its NUL */
	barista_buffer_append(t, arena, line, n + 1);
}

void barista_source_note(struct barista_source *src, const char *fmt, ...)
{
	char line[900];
	va_list ap;

	if (src->remarks.lines++ >= MAX_REMARKS)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	for (char *p = line; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	add_line(&src->remarks, src->arena, line);
}

void barista_source_close_notes(struct barista_source *src)
{
	char line[64];

	if (src->remarks.lines <= MAX_REMARKS)
		return;
	snprintf(line, sizeof line, "and %zu more remarks", src->remarks.lines - MAX_REMARKS);
	add_line(&src->remarks, src->arena, line);
}
