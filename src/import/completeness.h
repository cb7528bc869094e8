/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_COMPLETENESS_H
#define IMPORT_COMPLETENESS_H

#include "import/graph.h"
#include "import/source.h"

/* What of the graph goes into the workload: fails at what is not understood, unless lenient; then
 * `incomplete` says, in a few words, what share of the multiply-accumulates is missing, else it is
 * empty. */
int barista_graph_check_complete(const struct barista_graph *g, struct barista_source *src,
				 char *incomplete, size_t size, struct barista_err *err);

/* Does this op become a layer of the workload? */
bool barista_op_is_layer(const struct barista_graph *g, const struct barista_op *op);

#endif
