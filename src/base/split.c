/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists whose items are separated by commas. */
#include "base/split.h"

#include <stdio.h>
#include <string.h>

size_t barista_split_next(const char **rest, char *buf, size_t size)
{
	size_t n = strcspn(*rest, ",");

	snprintf(buf, size, "%.*s", (int)n, *rest);
	*rest = (*rest)[n] ? *rest + n + 1 : NULL;
	return n;
}
