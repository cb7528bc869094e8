/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_SPLIT_H
#define BASE_SPLIT_H

#include <stddef.h>

/* Takes the next item of a list that commas separate: copies it to buf, with a closing NUL, and
 * moves *rest behind its comma, or to NULL after the last one. Returns the item's length, which is
 * size or more when it was cut short. Items may be empty; the empty list holds one such item.
 *
 *	for (const char *rest = list; rest;)
 *		barista_split_next(&rest, item, sizeof item);
 */
size_t barista_split_next(const char **rest, char *buf, size_t size);

#endif
