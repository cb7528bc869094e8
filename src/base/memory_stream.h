/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_MEMORY_STREAM_H
#define BASE_MEMORY_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A stream into memory, for what must be whole before any of it goes anywhere. */
struct barista_memory_stream {
	FILE *f;
	char *text;
	size_t size, room;
	bool failed;
};

/* Returns the stream, or NULL without memory. m must stay where it is until it is closed. */
FILE *barista_memory_stream_open(struct barista_memory_stream *m);

/* Closes the stream and returns its text, which is for free() and ends with a zero byte; m->size is
 * its length. NULL when memory ran out at any time since it was opened, or it was not open. */
char *barista_memory_stream_close(struct barista_memory_stream *m);

#endif
