/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory_stream.h"

#include <stdbool.h>
#include <stdlib.h>

FILE *barista_memory_stream_open(struct barista_memory_stream *m)
{
	*m = (struct barista_memory_stream){.f = NULL};
	m->f = open_memstream(&m->text, &m->size);
	return m->f;
}

/* The C library may close the stream without an error and yet have no memory for its text. */
char *barista_memory_stream_close(struct barista_memory_stream *m)
{
	bool failed;

	if (!m->f)
		return NULL;
	failed = fflush(m->f) || ferror(m->f);
	failed |= fclose(m->f) != 0;
	m->f = NULL;
	if (!failed && m->text)
		return m->text;
	free(m->text);
	m->text = NULL;
	return NULL;
}
