/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_IMPORT_H
#define IMPORT_IMPORT_H

#include "import/format.h"

/* Reads a file of src->format and makes the text of a workload of it, in src->arena; format,
 * options and arena of the source are the caller's. Errors: BARISTA_E_INPUT with the line or node;
 * BARISTA_E_ARGUMENT for options that do not fit the file. */
int barista_import(struct barista_source *src, const char *path, const char **yaml, size_t *size,
		   struct barista_err *err);

#endif
