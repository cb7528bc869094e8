/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_CSV_H
#define IO_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A field of n bytes takes at most so many. */
#define BARISTA_CSV_ROOM(n) (2 * (n) + 2)

/* Writes a field of CSV (RFC 4180) without a closing NUL and returns its length. It is put into
 * quotes where its text needs them, and quotes inside it are doubled. A text that a spreadsheet
 * would take for a formula gets an apostrophe before it. */
size_t barista_csv_field(char *out, const char *text);

/* Writes the same to a file; with `always` the field is in quotes whatever its text is. */
void barista_csv_put(FILE *f, const char *text, bool always);

#endif
