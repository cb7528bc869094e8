/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_COMPLETENESS_H
#define IMPORT_COMPLETENESS_H

#include "import/graph.h"
#include "import/source.h"

/* Checks that the graph can become a workload. What is not understood fails with BARISTA_E_INPUT at
 * the first such layer or node, unless the import is lenient or no multiply-accumulates are lost.
 * `incomplete`, of `size` bytes, receives a few words on the share of the multiply-accumulates that
 * a lenient import leaves out, or an empty text when nothing is missing. A network without any
 * layer that multiplies fails with BARISTA_E_INPUT too. */
int barista_graph_check_complete(const struct barista_graph *g, struct barista_source *src,
				 char *incomplete, size_t size, struct barista_err *err);

/* Returns whether the op becomes a MAC layer of the workload: it multiplies, is understood, and the
 * sizes of all its inputs are known. */
bool barista_op_is_layer(const struct barista_graph *g, const struct barista_op *op);

#endif
