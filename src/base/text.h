/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Name i of some list; NULL past its end. */
typedef const char *(*barista_name_at)(const void *list, size_t i);

/* Also when it is the whole text. */
bool barista_ends_with(const char *text, const char *ending);

/* Index of a word in a NULL-terminated list; that of its end when it is not there. */
size_t barista_word_index(const char *const *words, const char *word);

/* Writes ", did you mean 'x'" when a name of the list is near, else "". */
void barista_suggest(char *buf, size_t size, const char *word, barista_name_at at,
		     const void *list);

/* The same for a NULL-terminated array of strings. */
void barista_suggest_from(char *buf, size_t size, const char *word, const char *const *names);

#endif
