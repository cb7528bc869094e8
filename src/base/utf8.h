/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Returns how many bytes the character of UTF-8 at `text` has; 0 when they are no valid character,
 * or a control character, which no terminal should see. The text ends with a zero. */
size_t barista_utf8_length(const char *text);

/* Is every character of the text one that can be shown? */
bool barista_utf8_valid(const char *text);

#endif
