/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

/* A growing array is three things that its owner keeps: a pointer from malloc() (NULL at first),
 * the number of items that it has room for (0 at first), and the number that there are. The
 * invariant is that the pointer has memory for `room` items; what is counted never passes it. As
 * room at least doubles, appending n items one by one copies fewer than 2n. free() ends the array.
 *
 * This makes room for n items of item_size bytes. items is the address of the pointer, whatever its
 * type. Returns false, and leaves all as it was, without memory or when the size overflows.
 *
 *	if (!barista_array_reserve(&item, &room, n + 1, sizeof *item))
 *		return barista_no_memory(err);
 *	item[n++] = new_one;
 */
bool barista_array_reserve(void *items, size_t *room, size_t n, size_t item_size);

#endif
