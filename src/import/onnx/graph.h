/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_ONNX_GRAPH_H
#define IMPORT_ONNX_GRAPH_H

#include "import/onnx/node.h"

/* Adds node `number`, from 0, to the graph as an op, with its outputs and what is known of them.
 * Errors: BARISTA_E_INPUT at the node; BARISTA_E_ARGUMENT when the user has to size an input;
 * BARISTA_E_SYSTEM. */
int barista_onnx_read_node(struct barista_onnx *m, const Barista__Onnx__NodeProto *proto,
			   size_t number);

#endif
