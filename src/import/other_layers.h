/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_OTHER_LAYERS_H
#define IMPORT_OTHER_LAYERS_H

#include "import/graph.h"

/* Per image, of all blobs together; chw: channels, height and width of the only one, or NULL. */
struct barista_layer_size {
	int64_t elements;
	const int64_t *chw;
};
struct barista_sizes {
	int64_t inputs;
	struct barista_layer_size in, out;
};

/* Does this op become an entry of the workload that multiplies nothing? Then its sizes. */
bool barista_op_is_step(const struct barista_graph *g, const struct barista_op *op,
			struct barista_sizes *sizes);
/* It would, but that its sizes are not known. */
bool barista_op_is_unsized(const struct barista_graph *g, const struct barista_op *op);

#endif
