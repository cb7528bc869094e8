/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one place that makes an array grow, and that checks its size for overflow. */
#include "base/array.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool barista_array_reserve(void *items, size_t *room, size_t n, size_t item_size)
{
	enum { FIRST = 64 };
	size_t wanted = *room > SIZE_MAX / 2 ? SIZE_MAX : 2 * *room;
	void *old, *grown;

	if (n <= *room)
		return true;
	if (wanted < n)
		wanted = n < FIRST ? FIRST : n;
	if (wanted > SIZE_MAX / item_size)
		return false;
	memcpy(&old, items, sizeof old);
	grown = realloc(old, wanted * item_size);
	if (!grown)
		return false;
	memcpy(items, &grown, sizeof grown);
	*room = wanted;
	return true;
}
