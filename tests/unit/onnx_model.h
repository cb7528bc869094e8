/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ONNX models from a few words, for tests. */
#ifndef UNIT_ONNX_MODEL_H
#define UNIT_ONNX_MODEL_H

#include "check.h"

#include "import/graph.h"
#include "import/format.h"
#include "import/source.h"
#include "import/onnx/onnx.pb-c.h"
#include "import/window.h"

enum { MODEL_ROOM = 64 };

/* A model whose parts tests may change before it is read. */
struct model {
	struct barista_arena *arena;
	Barista__Onnx__ModelProto proto;
	Barista__Onnx__OperatorSetIdProto opset, *opsets[1];
	Barista__Onnx__GraphProto graph;
	Barista__Onnx__NodeProto *node[MODEL_ROOM];
	Barista__Onnx__TensorProto *tensor[MODEL_ROOM];
	Barista__Onnx__ValueInfoProto *input[MODEL_ROOM];
	struct barista_source src; /* after reading */
	struct barista_graph g;
	struct barista_err err;
};

/* Statements, with a semicolon after each but the last:
 *   in x Nx3x8x8      an input; a size that is no number is a symbol, scalar has none
 *   w name 4x3x3x3    an initialiser whose elements are in another file
 *   c name 1,2        an initialiser of int64 elements; c name 5x for a scalar
 *   f name 1,2.5      one of floats
 *   Conv x w > y group=2 pads=[1,1] auto_pad=VALID       a node; - is an input that is absent; a
 *                         list with a point in it is one of floats */
void model_make(struct model *m, int opset, const char *text);
/* Packs and reads it; --input as given, or NULL. */
int model_read(struct model *m, const char *given);
int model_read_bytes(struct model *m, const void *data, size_t size, const char *given);
void model_free(struct model *m);

/* "1x3x8x8" as a blob has it; "?" when that is unknown, with a "~" in front when it is guessed. */
const char *model_sizes(const struct model *m, const char *blob);
/* Sum over the layers, and over the problems where it is known. */
int64_t model_macs(const struct model *m);
int64_t model_missing(const struct model *m);

#endif
