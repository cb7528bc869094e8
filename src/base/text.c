/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of words, and the word of a list that a misspelt one may have meant. */
#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { MAX_WORD = 64 };

/* Levenshtein distance in one row of its matrix: O(|a| |b|) time, O(|b|) memory. Words too long
 * for the row are infinitely far apart. */
static size_t distance(const char *a, const char *b)
{
	size_t row[MAX_WORD + 1], na = strlen(a), nb = strlen(b);

	if (na > MAX_WORD || nb > MAX_WORD)
		return SIZE_MAX;
	for (size_t j = 0; j <= nb; j++)
		row[j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t best = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[nb];
}

void barista_suggest(char *buf, size_t size, const char *word, barista_name_at at, const void *list)
{
	size_t best = strlen(word) / 3 + 2; /* edits from which on it is another word */
	const char *found = NULL, *name;

	for (size_t i = 0; (name = at(list, i)); i++) {
		size_t d = distance(word, name);

		if (strlen(word) >= 3 && !strncmp(word, name, strlen(word)))
			d = 1; /* it is an abbreviation */
		else if (strlen(word) >= 3 && strstr(name, word) && d > 2)
			d = 2; /* it is a part of the name */
		if (d < best) {
			best = d;
			found = name;
		}
	}
	buf[0] = '\0';
	if (found)
		snprintf(buf, size, ", did you mean '%s'", found);
}

bool barista_ends_with(const char *text, const char *ending)
{
	size_t n = strlen(text), e = strlen(ending);

	return n >= e && !strcmp(text + n - e, ending);
}

size_t barista_word_index(const char *const *words, const char *word)
{
	size_t i = 0;

	while (words[i] && strcmp(words[i], word))
		i++;
	return i;
}

static const char *array_at(const void *list, size_t i)
{
	return ((const char *const *)list)[i];
}

void barista_suggest_from(char *buf, size_t size, const char *word, const char *const *names)
{
	barista_suggest(buf, size, word, array_at, names);
}
