/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Returns name i of some list, or NULL past its end. */
typedef const char *(*barista_name_at)(const void *list, size_t i);

/* Returns whether the text ends so; it does when both are equal. */
bool barista_ends_with(const char *text, const char *ending);

/* Returns the index of a word in a NULL-terminated list; when it is not there, that of the NULL. */
size_t barista_word_index(const char *const *words, const char *word);

/* Writes ", did you mean 'x'" when a name of the list is near, else "". */
void barista_suggest(char *buf, size_t size, const char *word, barista_name_at at,
		     const void *list);

/* The same for a NULL-terminated array of strings. */
void barista_suggest_from(char *buf, size_t size, const char *word, const char *const *names);

#endif
