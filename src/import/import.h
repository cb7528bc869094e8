/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_IMPORT_H
#define IMPORT_IMPORT_H

#include "import/format.h"

/* Reads a file of src->format and makes of it the text of a workload, *yaml with its closing NUL at
 * *size, in src->arena. The caller has set format, options and arena of the source. Errors:
 * BARISTA_E_INPUT with the line or node; BARISTA_E_ARGUMENT for options that do not fit the file;
 * BARISTA_E_SYSTEM. */
int barista_import(struct barista_source *src, const char *path, const char **yaml, size_t *size,
		   struct barista_err *err);

#endif
