/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_SEAL_H
#define IO_SEAL_H

#include "base/err.h"

#include <stddef.h>
#include <stdio.h>

/* The first line of a YAML file may be a comment that holds the SHA-256 of all that follows it, so
 * that no damage to what was measured goes unseen. */

/* Writes that line, and the text. */
void barista_seal_put(const char *text, size_t size, FILE *f);

/* Fails with BARISTA_E_INPUT when the file begins with such a line that is of another text. */
int barista_seal_check(const char *path, const char *text, size_t size, struct barista_err *err);

/* May a new sealed file take this place? One that is empty may be replaced. Errors:
 * BARISTA_E_ARGUMENT when there is a file without an intact seal, which has been written or changed
 * by hand; those of barista_read_file(). */
int barista_seal_check_replaceable(const char *path, struct barista_err *err);

#endif
