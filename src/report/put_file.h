/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_PUT_FILE_H
#define REPORT_PUT_FILE_H

#include "base/err.h"

#include <stdio.h>

/* Writes the file NAME of a folder of results: put() gets `data` and the open file. The file
 * appears only when put() returns 0. */
int barista_put_file(const char *dir, const char *name,
		     int (*put)(const void *data, FILE *f, struct barista_err *err),
		     const void *data, struct barista_err *err);

#endif
