/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_ONNX_OPERATORS_H
#define IMPORT_ONNX_OPERATORS_H

#include "import/onnx/node.h"
#include "network/workload.h"

/* What an operator makes of its inputs, all of known sizes: sets the outputs that it can, or a
 * problem. Errors: BARISTA_E_INPUT when they do not fit. */
typedef int barista_onnx_shape_fn(struct barista_onnx_node *n);

struct barista_onnx_operator {
	const char *type;
	size_t inputs; /* that it cannot do without */
	barista_onnx_shape_fn *shape;
	int (*fold)(struct barista_onnx_node
			    *n); /* computes values of output 0, when it can; or NULL */
	bool multiplies;         /* its multiply-accumulates must not be lost */
	const char *problem;     /* why it is not understood, instead of `shape` */
	enum barista_layer_type
		layer_type; /* what it does; BARISTA_NLAYER_TYPES: nothing at run time */
};

/* NULL when there is none. */
const struct barista_onnx_operator *barista_onnx_operator(const char *type);

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

/* Several axes broadcast as numpy does: out becomes the common shape. */
int barista_onnx_common(struct barista_onnx_node *n, struct barista_dims *out,
			const struct barista_dims *d);
/* Elements between neighbours along each axis; 0 for axes of size 1 that are stretched to `to`, to
 * which d is aligned at the end. */
void barista_onnx_strides(const struct barista_dims *d, const struct barista_dims *to,
			  int64_t stride[BARISTA_MAX_AXES]);
/* Copies the values of input 0 to an output: element (i, j, ...) is at base + i stride[0] + j
 * stride[1] + ... */
int barista_onnx_gather_values(struct barista_onnx_node *n, size_t out, int64_t base,
			       const int64_t stride[BARISTA_MAX_AXES]);
/* The same elements in the same order; with set_reshaped() in an output of this shape. */
int barista_onnx_copy_values(struct barista_onnx_node *n);
int barista_onnx_set_reshaped(struct barista_onnx_node *n, const struct barista_dims *shape);
/* Steps through coordinates in d: the offset of the next element. */
int64_t barista_onnx_step(const struct barista_dims *d, const int64_t stride[BARISTA_MAX_AXES],
			  int64_t at[BARISTA_MAX_AXES], int64_t offset);

#endif
