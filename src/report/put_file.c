/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A file of a folder of results is written whole or not at all. */
#include "report/put_file.h"

#include "io/file.h"

int barista_put_file(const char *dir, const char *name,
		     int (*put)(const void *data, FILE *f, struct barista_err *err),
		     const void *data, struct barista_err *err)
{
	struct barista_out_file out;
	char path[4400];
	int rc;

	snprintf(path, sizeof path, "%.4300s/%.64s", dir, name);
	if ((rc = barista_out_open(&out, path, err)))
		return rc;
	rc = put(data, out.f, err);
	if (rc)
		barista_out_abandon(&out);
	else
		rc = barista_out_commit(&out, err);
	return rc;
}
