/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_ONNX_TENSOR_H
#define IMPORT_ONNX_TENSOR_H

#include "import/onnx/node.h"

/* Sizes of a tensor of the file, and its elements when they are few, numbers, and in the file.
 * Errors: BARISTA_E_INPUT, with a message that the caller has to put the tensor's name before. */
int barista_onnx_tensor(struct barista_onnx *m, const Barista__Onnx__TensorProto *t,
			struct barista_dims *d, struct barista_onnx_value *v);

/* A name of the file, copied: what no terminal should see is replaced by '?'. NULL: out of memory.
 */
const char *barista_onnx_name(struct barista_arena *arena, const char *text);

#endif
