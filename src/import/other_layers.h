/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_OTHER_LAYERS_H
#define IMPORT_OTHER_LAYERS_H

#include "import/graph.h"

/* What a layer that multiplies nothing reads, or what it writes, per image. */
struct barista_layer_size {
	int64_t elements;   /* of all its blobs together, at least 1 */
	const int64_t *chw; /* channels, height and width, when it is one blob of them, or NULL */
};
struct barista_sizes {
	int64_t inputs; /* blobs that it reads */
	struct barista_layer_size in, out;
};

/* Returns whether the op becomes an entry of the workload that multiplies nothing, with *sizes. It
 * does when it is understood, does something at run time, and all its sizes are known. chw points
 * into the graph. */
bool barista_op_is_step(const struct barista_graph *g, const struct barista_op *op,
			struct barista_sizes *sizes);
/* Returns whether the op would become such an entry if its sizes were known. */
bool barista_op_is_unsized(const struct barista_graph *g, const struct barista_op *op);

#endif
