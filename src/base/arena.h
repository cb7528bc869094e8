/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

/* Memory that is freed all at once. */
struct barista_arena;

struct barista_arena *barista_arena_make(void);
void barista_arena_free(struct barista_arena *arena);

/* n * size zeroed bytes, aligned for any type; NULL when out of memory or overflowing. */
void *barista_arena_alloc(struct barista_arena *arena, size_t n, size_t size);
/* A new arena, and in it a zeroed object of so many bytes, which lives as long; NULL without
 * memory. */
void *barista_arena_object(size_t size, struct barista_arena **arena);
char *barista_arena_strdup(struct barista_arena *arena, const char *s);

#endif
