/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* Lines of text that grow in an arena; data is NULL while there are none. */
struct barista_buffer {
	char *data;
	size_t size, room, lines;
};
/* Adds bytes, and a NUL behind them that does not count; false when there is no memory. */
bool barista_buffer_append(struct barista_buffer *t, struct barista_arena *arena, const void *bytes,
			   size_t n);

#endif
