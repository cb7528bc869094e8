/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file collects what the user is told about a file that is imported. */
#include "import/source.h"

#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MAX_REMARKS = 100 };

static int add_line(struct barista_source *src, char *line, struct barista_err *err)
{
	size_t n = strlen(line);

	line[n] = '\n'; /* takes the place of the NUL, which the buffer adds itself */
	return barista_buffer_append(&src->remarks, src->arena, line, n + 1)
		       ? 0
		       : barista_no_memory(err);
}

int barista_source_note(struct barista_source *src, struct barista_err *err, const char *fmt, ...)
{
	char line[900];
	va_list ap;

	if (src->remarks.lines++ >= MAX_REMARKS)
		return 0;
	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	for (char *p = line; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	return add_line(src, line, err);
}

int barista_source_close_notes(struct barista_source *src, struct barista_err *err)
{
	char line[64];

	if (src->remarks.lines <= MAX_REMARKS)
		return 0;
	snprintf(line, sizeof line, "and %zu more remarks", src->remarks.lines - MAX_REMARKS);
	return add_line(src, line, err);
}
