/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file of a folder of results is written whole or not at all. The folder waits for the disk once,
 * for all of them. */
#include "report/put_file.h"

#include "io/file.h"

int barista_put_file(const char *dir, const char *name,
		     int (*put)(const void *data, FILE *f, struct barista_err *err),
		     const void *data, struct barista_err *err)
{
	char path[4400];

	snprintf(path, sizeof path, "%.4300s/%.64s", dir, name);
	return barista_write_file(path, false, put, data, err);
}
