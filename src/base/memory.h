/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>
#include <stdlib.h>

/* Frees each of these pointers, which may be NULL. */
#define barista_free_all(...)                          \
	barista_free_pointers((void *[]){__VA_ARGS__}, \
			      sizeof((void *[]){__VA_ARGS__}) / sizeof(void *))

static inline void barista_free_pointers(void **pointer, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(pointer[i]);
}

#endif
