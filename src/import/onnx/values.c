/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file copies known elements from one blob to another. All its walks are linear in the
 * elements, of which at most BARISTA_ONNX_MAX_ELEMENTS are kept per blob. */
#include "import/onnx/operators.h"

#include <string.h>

void barista_onnx_strides(const struct barista_dims *d, const struct barista_dims *to,
			  int64_t stride[BARISTA_MAX_AXES])
{
	int64_t step = 1, count;

	memset(stride, 0, BARISTA_MAX_AXES * sizeof *stride);
	/* The elements of larger blobs are never known, so that no stride of theirs is used; and
	 * their strides might overflow. */
	if (!barista_dims_product(d, 0, d->n, &count) || count > BARISTA_ONNX_MAX_ELEMENTS)
		return;
	for (size_t a = d->n; a-- > 0;) {
		size_t at = to->n - d->n + a;

		stride[at] = d->at[a] == 1 && to->at[at] != 1 ? 0 : step;
		step *= d->at[a];
	}
}

int64_t barista_onnx_step(const struct barista_dims *d, const int64_t stride[BARISTA_MAX_AXES],
			  int64_t at[BARISTA_MAX_AXES], int64_t offset)
{
	for (size_t a = d->n; a-- > 0;) {
		offset += stride[a];
		if (++at[a] < d->at[a])
			return offset;
		offset -= stride[a] * d->at[a];
		at[a] = 0;
	}
	return offset;
}

int barista_onnx_gather_values(struct barista_onnx_node *n, size_t out, int64_t base,
			       const int64_t stride[BARISTA_MAX_AXES])
{
	const struct barista_onnx_value *from = barista_onnx_value(n, 0);
	const struct barista_blob *b = barista_op_out(n->g, n->op, out);
	int64_t count, at[BARISTA_MAX_AXES] = {0}, *whole = NULL;
	double *real = NULL;
	int rc = 0;

	if (!b || (!from->whole && !from->real) ||
	    !barista_dims_product(&b->dims, 0, b->dims.n, &count))
		return 0;
	if (from->whole)
		rc = barista_onnx_alloc_ints(n, out, &whole);
	else
		rc = barista_onnx_alloc_reals(n, out, &real);
	for (int64_t i = 0; i < count && (whole || real); i++) {
		if (whole)
			whole[i] = from->whole[base];
		else
			real[i] = from->real[base];
		base = barista_onnx_step(&b->dims, stride, at, base);
	}
	return rc;
}

int barista_onnx_copy_values(struct barista_onnx_node *n)
{
	int64_t stride[BARISTA_MAX_AXES];
	const struct barista_dims *d = &barista_op_out(n->g, n->op, 0)->dims;

	barista_onnx_strides(d, d, stride);
	return barista_onnx_gather_values(n, 0, 0, stride);
}

int barista_onnx_set_reshaped(struct barista_onnx_node *n, const struct barista_dims *shape)
{
	int rc = barista_onnx_set_output(n, 0, shape);

	return rc ? rc : barista_onnx_copy_values(n);
}
