/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_ONNX_GRAPH_H
#define IMPORT_ONNX_GRAPH_H

#include "import/onnx/node.h"

/* Node `number` as an op, its outputs and what is known of them. */
int barista_onnx_read_node(struct barista_onnx *m, const Barista__Onnx__NodeProto *proto,
			   size_t number);

#endif
