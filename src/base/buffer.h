/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* A text that grows in an arena. Once data is not NULL, data[size] is a NUL, and the `room` bytes
 * from data on hold the text and that NUL. */
struct barista_buffer {
	char *data;
	size_t size, room;
	size_t lines; /* the caller's to count */
};

/* Appends n bytes. Returns false, and leaves the text as it was, without memory. */
bool barista_buffer_append(struct barista_buffer *t, struct barista_arena *arena, const void *bytes,
			   size_t n);

#endif
