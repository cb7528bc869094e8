/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_ONNX_OPERATORS_H
#define IMPORT_ONNX_OPERATORS_H

#include "import/onnx/node.h"
#include "network/workload.h"

/* Sets the sizes of the outputs of an operator, whose inputs have known or guessed sizes, or makes
 * them a problem of the op. Errors: BARISTA_E_INPUT when the inputs do not fit;
 * BARISTA_E_SYSTEM. */
typedef int barista_onnx_shape_fn(struct barista_onnx_node *n);

struct barista_onnx_operator {
	const char *type;
	size_t inputs; /* the first so many inputs must be there */
	barista_onnx_shape_fn *shape;
	/* Computes the elements of output 0 when those of all inputs are known, where it can; NULL
	 * when it never can. */
	int (*fold)(struct barista_onnx_node *n);
	bool multiplies;     /* it has multiply-accumulates, which must not be lost unnoticed */
	const char *problem; /* says why it is not understood, when `shape` is NULL */
	enum barista_layer_type layer_type; /* BARISTA_NLAYER_TYPES: it does nothing at run time */
};

/* Returns the standard operator of that type, or NULL when it is not known. */
const struct barista_onnx_operator *barista_onnx_operator(const char *type);

/* These are the shape() and fold() of all operators, by the file that has them: convolution.c,
 * matmul.c, pooling.c with resize.c, elementwise.c, reduction.c, reshaping.c, indexing.c, and
 * constants.c with constant_folding.c. */
barista_onnx_shape_fn barista_onnx_conv, barista_onnx_conv_transpose;
barista_onnx_shape_fn barista_onnx_gemm, barista_onnx_matmul;
barista_onnx_shape_fn barista_onnx_pool, barista_onnx_global_pool, barista_onnx_pad,
	barista_onnx_resize, barista_onnx_depth_to_space, barista_onnx_space_to_depth;
barista_onnx_shape_fn barista_onnx_same, barista_onnx_broadcast, barista_onnx_normalize,
	barista_onnx_layer_norm, barista_onnx_prelu, barista_onnx_lrn, barista_onnx_loss;
barista_onnx_shape_fn barista_onnx_reduce, barista_onnx_arg, barista_onnx_topk;
barista_onnx_shape_fn barista_onnx_reshape, barista_onnx_flatten, barista_onnx_transpose,
	barista_onnx_squeeze, barista_onnx_unsqueeze, barista_onnx_expand, barista_onnx_tile;
barista_onnx_shape_fn barista_onnx_concat, barista_onnx_split, barista_onnx_slice,
	barista_onnx_gather, barista_onnx_gather_elements, barista_onnx_gather_nd;
barista_onnx_shape_fn barista_onnx_shape, barista_onnx_size, barista_onnx_range,
	barista_onnx_constant_of_shape, barista_onnx_make_constant, barista_onnx_random,
	barista_onnx_one_hot, barista_onnx_cast;

int barista_onnx_fold_binary(struct barista_onnx_node *n);
int barista_onnx_fold_unary(struct barista_onnx_node *n);
int barista_onnx_fold_where(struct barista_onnx_node *n);
int barista_onnx_fold_reduce(struct barista_onnx_node *n);

/* Broadcasts two shapes as numpy does; *out, the first one, becomes their common shape. Errors:
 * BARISTA_E_INPUT when they have none. */
int barista_onnx_common(struct barista_onnx_node *n, struct barista_dims *out,
			const struct barista_dims *d);
/* Computes how many elements of a blob of shape d lie between neighbours along each axis of the
 * shape `to`, to which d is broadcast. It is 0 along axes that d lacks or that are stretched
 * from 1. */
void barista_onnx_strides(const struct barista_dims *d, const struct barista_dims *to,
			  int64_t stride[BARISTA_MAX_AXES]);
/* Copies the elements of input 0, when they are known, to an output whose sizes are set: element
 * (i, j, ...) of the output is the one at base + i stride[0] + j stride[1] + ... of the input.
 * Errors: BARISTA_E_SYSTEM. */
int barista_onnx_gather_values(struct barista_onnx_node *n, size_t out, int64_t base,
			       const int64_t stride[BARISTA_MAX_AXES]);
/* Copy the elements of input 0 to output 0 in the same order; barista_onnx_set_reshaped() sets the
 * shape of the output before. Errors: BARISTA_E_SYSTEM; BARISTA_E_INPUT for the shape. */
int barista_onnx_copy_values(struct barista_onnx_node *n);
int barista_onnx_set_reshaped(struct barista_onnx_node *n, const struct barista_dims *shape);
/* Goes from the coordinates at[] in shape d to the next ones, row by row, and returns the offset
 * that belongs to them, given that of the old ones. After the last element both begin again. */
int64_t barista_onnx_step(const struct barista_dims *d, const int64_t stride[BARISTA_MAX_AXES],
			  int64_t at[BARISTA_MAX_AXES], int64_t offset);

#endif
