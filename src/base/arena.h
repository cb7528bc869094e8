/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

/* An arena gives out memory that is freed all at once, with the arena. */
struct barista_arena;

struct barista_arena *barista_arena_make(void);
void barista_arena_free(struct barista_arena *arena);

/* Returns n * size zeroed bytes, aligned for any type, which live as long as the arena; NULL
 * without memory or when the product overflows. */
void *barista_arena_alloc(struct barista_arena *arena, size_t n, size_t size);
/* Makes an arena and in it a zeroed object of `size` bytes, which is freed with it. Returns NULL,
 * and leaves *arena as it was, without memory. */
void *barista_arena_object(size_t size, struct barista_arena **arena);
/* Returns a copy of the string; NULL without memory. */
char *barista_arena_strdup(struct barista_arena *arena, const char *s);

#endif
