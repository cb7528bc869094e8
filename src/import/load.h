/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_LOAD_H
#define IMPORT_LOAD_H

#include "import/format.h"

/* barista_workload_load() reads either a workload file, by name or path, or a file of a foreign
 * format. These are its two ways, for callers that know the format already; options may be NULL.
 * Errors: those of barista_workload_load() and barista_workload_import(). */
int barista_workload_load_native(struct barista_workload **out, const char *name,
				 const char *data_dir, struct barista_err *err);
int barista_workload_import_as(struct barista_workload **out, const char *path,
			       const struct barista_import_format *format,
			       const struct barista_import_options *options,
			       struct barista_err *err);

#endif
