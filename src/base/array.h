/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

/* A growing array is a pointer from malloc (NULL at first), how many items it has room for (0 at
 * first), and how many there are, which is the caller's to count. Room at least doubles, so that
 * adding n items one by one copies fewer than 2n.
 *
 * Makes room for n items of item_size bytes. items: the address of the pointer. Returns false, and
 * leaves all as it was, without memory or when the size overflows. */
bool barista_array_reserve(void *items, size_t *room, size_t n, size_t item_size);

#endif
