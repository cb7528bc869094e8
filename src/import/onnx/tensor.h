/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_ONNX_TENSOR_H
#define IMPORT_ONNX_TENSOR_H

#include "import/onnx/node.h"

/* Reads the sizes of a tensor, and its elements when they are numbers, in the file itself and few.
 * Errors: BARISTA_E_INPUT, with a message that tells only what is wrong, so that the caller names
 * the tensor or the node before it; BARISTA_E_SYSTEM. */
int barista_onnx_tensor(struct barista_onnx *m, const Barista__Onnx__TensorProto *t,
			struct barista_dims *d, struct barista_onnx_value *v);

/* Copies a name of the file into the arena, with '?' in place of every byte that no terminal should
 * see; a text of NULL becomes an empty name. Returns NULL without memory. */
const char *barista_onnx_name(struct barista_arena *arena, const char *text);

#endif
