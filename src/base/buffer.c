/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A buffer moves to twice the room when it is full; its old bytes stay in the arena until that is
 * freed. */
#include "base/buffer.h"

#include <string.h>

bool barista_buffer_append(struct barista_buffer *t, struct barista_arena *arena, const void *bytes,
			   size_t n)
{
	if (t->size + n + 1 > t->room) {
		size_t room = 2 * (t->room + n) + 256;
		char *bigger = barista_arena_alloc(arena, room, 1);

		if (!bigger)
			return false;
		if (t->size)
			memcpy(bigger, t->data, t->size);
		t->data = bigger;
		t->room = room;
	}
	memcpy(t->data + t->size, bytes, n);
	t->size += n;
	t->data[t->size] = '\0';
	return true;
}
