/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An arena is a list of blocks. A request takes the next bytes of the newest block, or begins a new
 * block when that has too few left; what the older blocks have left stays unused. */
#include "base/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct block {
	struct block *next;
	size_t used, size;
	max_align_t data[];
};

struct barista_arena {
	struct block *block;
};

struct barista_arena *barista_arena_make(void)
{
	return calloc(1, sizeof(struct barista_arena));
}

void barista_arena_free(struct barista_arena *arena)
{
	if (!arena)
		return;
	while (arena->block) {
		struct block *next = arena->block->next;

		free(arena->block);
		arena->block = next;
	}
	free(arena);
}

void *barista_arena_alloc(struct barista_arena *arena, size_t n, size_t size)
{
	enum { ALIGN = _Alignof(max_align_t), BLOCK = 16384 };
	struct block *b = arena->block;
	size_t want;
	void *p;

	if (size && n > (SIZE_MAX - BLOCK) / size)
		return NULL;
	want = (n * size + ALIGN - 1) / ALIGN * ALIGN;
	if (!b || b->size - b->used < want) {
		size_t room = want > BLOCK ? want : BLOCK;

		b = calloc(1, sizeof *b + room);
		if (!b)
			return NULL;
		b->size = room;
		b->next = arena->block;
		arena->block = b;
	}
	p = (char *)b->data + b->used;
	b->used += want;
	return p;
}

void *barista_arena_object(size_t size, struct barista_arena **arena)
{
	struct barista_arena *made = barista_arena_make();
	void *object = made ? barista_arena_alloc(made, 1, size) : NULL;

	if (object)
		*arena = made;
	else
		barista_arena_free(made);
	return object;
}

char *barista_arena_strdup(struct barista_arena *arena, const char *s)
{
	size_t n = strlen(s) + 1;
	char *p = barista_arena_alloc(arena, n, 1);

	return p ? memcpy(p, s, n) : NULL;
}
