/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_ONNX_ONNX_H
#define IMPORT_ONNX_ONNX_H

#include "import/graph.h"
#include "import/source.h"

/* Reads models, as the format's `read` in import/format.h. */
int barista_onnx_read(struct barista_source *src, struct barista_graph *graph,
		      struct barista_err *err);

#endif
