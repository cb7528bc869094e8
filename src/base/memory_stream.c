/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The C library's own streams into memory lose text without an error when memory runs out. */
#define _GNU_SOURCE /* fopencookie() */
#include "base/memory_stream.h"

#include "base/array.h"

#include <stdlib.h>
#include <string.h>

static ssize_t write_text(void *stream, const char *text, size_t n)
{
	struct barista_memory_stream *m = stream;

	m->failed = m->failed || !barista_array_reserve(&m->text, &m->room, m->size + n + 1, 1);
	if (m->failed)
		return 0;
	memcpy(m->text + m->size, text, n);
	m->size += n;
	m->text[m->size] = '\0';
	return (ssize_t)n;
}

FILE *barista_memory_stream_open(struct barista_memory_stream *m)
{
	*m = (struct barista_memory_stream){.f = NULL};
	m->f = fopencookie(m, "w", (cookie_io_functions_t){.write = write_text});
	return m->f;
}

char *barista_memory_stream_close(struct barista_memory_stream *m)
{
	if (!m->f)
		return NULL;
	if (!m->text)
		write_text(m, "", 0);
	if (fclose(m->f))
		m->failed = true;
	m->f = NULL;
	if (!m->failed)
		return m->text;
	free(m->text);
	m->text = NULL;
	return NULL;
}
