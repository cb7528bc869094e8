/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_WORKLOAD_WRITER_H
#define IMPORT_WORKLOAD_WRITER_H

#include "import/graph.h"
#include "import/source.h"

/* Writes the graph as the text of a workload file, *yaml with its closing NUL at *size, in the
 * arena of the source. `incomplete` says what share is missing, or is empty. Errors:
 * BARISTA_E_SYSTEM. */
int barista_graph_write(const struct barista_graph *g, const struct barista_source *src,
			const char *incomplete, const char **yaml, size_t *size,
			struct barista_err *err);

#endif
