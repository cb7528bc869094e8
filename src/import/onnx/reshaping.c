/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file has the operators that arrange the same elements in other axes, or repeat them. */
#include "import/onnx/operators.h"

#include "base/num.h"

#include <string.h>

/* Fails because the input cannot take a shape. */
static int refuse_reshape(struct barista_onnx_node *n, const struct barista_onnx_ints *shape)
{
	struct barista_dims d = {.n = shape->n < BARISTA_MAX_AXES ? shape->n : BARISTA_MAX_AXES};
	char text[2][80];

	memcpy(d.at, shape->at, d.n * sizeof *d.at);
	barista_dims_text(text[0], sizeof text[0], barista_onnx_in(n, 0));
	barista_dims_text(text[1], sizeof text[1], &d);
	return barista_onnx_fail_node(n, "%s cannot be reshaped to %s", text[0], text[1]);
}

/* Appends the sizes of a new shape to *out. A 0 copies the size of the input's axis in its place,
 * unless the file allows zeros; a single -1 takes what is left, for which *out has 1 at *rest.
 * *rest is the number of sizes when there is none. */
static int target_shape(struct barista_onnx_node *n, const struct barista_onnx_ints *shape,
			struct barista_dims *out, size_t *rest)
{
	const struct barista_dims *x = barista_onnx_in(n, 0);
	bool allow_zero = false;
	int rc;

	if ((rc = barista_onnx_flag(n, "allowzero", &allow_zero)))
		return rc;
	*rest = shape->n;
	for (size_t i = 0; i < shape->n; i++) {
		int64_t size = shape->at[i];

		if (size < -1 || (size == -1 && *rest != shape->n) ||
		    (!size && !allow_zero && i >= x->n))
			return refuse_reshape(n, shape);
		if (size == -1)
			*rest = i;
		if ((rc = barista_onnx_append_axis(n, out,
						   size == -1           ? 1
						   : size || allow_zero ? size
									: x->at[i])))
			return rc;
	}
	return 0;
}

int barista_onnx_reshape(struct barista_onnx_node *n)
{
	const struct barista_dims *x = barista_onnx_in(n, 0);
	struct barista_dims out = {.n = 0};
	struct barista_onnx_ints shape;
	int64_t have, want;
	size_t rest;
	int rc;

	if ((rc = barista_onnx_known_list(n, "shape", true, 1, &shape)) ||
	    shape.got == BARISTA_ONNX_VARIES)
		return rc;
	if ((rc = target_shape(n, &shape, &out, &rest)))
		return rc;
	if (!barista_dims_product(x, 0, x->n, &have) ||
	    !barista_dims_product(&out, 0, out.n, &want))
		return refuse_reshape(n, &shape);
	if (rest < out.n) {
		if (!want || have % want)
			return refuse_reshape(n, &shape);
		out.at[rest] = have / want;
	} else if (have != want)
		return refuse_reshape(n, &shape);
	return barista_onnx_set_reshaped(n, &out);
}

int barista_onnx_flatten(struct barista_onnx_node *n)
{
	const struct barista_dims *x = barista_onnx_in(n, 0);
	struct barista_dims out = {.n = 2};
	int64_t axis = 1;
	size_t at;
	int rc;

	if ((rc = barista_onnx_int(n, "axis", &axis)))
		return rc;
	at = (size_t)axis;
	if (axis != (int64_t)x->n && !barista_dims_axis(axis, x->n, &at))
		return barista_onnx_fail_node(n, "'axis' is %lld, and there are %zu axes",
					      (long long)axis, x->n);
	if (!barista_dims_product(x, 0, at, &out.at[0]) ||
	    !barista_dims_product(x, at, x->n, &out.at[1]))
		return barista_onnx_fail_node(n, "its output has more than 2^53 elements");
	return barista_onnx_set_reshaped(n, &out);
}

int barista_onnx_transpose(struct barista_onnx_node *n)
{
	const struct barista_dims *x = barista_onnx_in(n, 0);
	struct barista_dims out = {.n = x->n};
	int64_t stride[BARISTA_MAX_AXES], moved[BARISTA_MAX_AXES];
	size_t axis[BARISTA_MAX_AXES];
	bool marked[BARISTA_MAX_AXES];
	struct barista_onnx_ints perm;
	int rc;

	if ((rc = barista_onnx_ints(n, "perm", &perm)) ||
	    (rc = barista_onnx_axes(n, &perm, x->n, axis, marked)))
		return rc;
	if (perm.got == BARISTA_ONNX_GIVEN && perm.n != x->n)
		return barista_onnx_fail_node(n, "'perm' has %zu values, and there are %zu axes",
					      perm.n, x->n);
	barista_onnx_strides(x, x, stride);
	for (size_t a = 0; a < x->n; a++) {
		size_t from = perm.got == BARISTA_ONNX_GIVEN ? axis[a] : x->n - 1 - a;

		out.at[a] = x->at[from];
		moved[a] = stride[from];
	}
	if ((rc = barista_onnx_set_output(n, 0, &out)))
		return rc;
	return barista_onnx_gather_values(n, 0, 0, moved);
}

static int read_axes(struct barista_onnx_node *n, struct barista_onnx_ints *axes)
{
	return barista_onnx_known_list(n, "axes", n->opset >= 13, 1, axes);
}

int barista_onnx_squeeze(struct barista_onnx_node *n)
{
	const struct barista_dims *x = barista_onnx_in(n, 0);
	struct barista_dims out = {.n = 0};
	size_t axis[BARISTA_MAX_AXES];
	bool marked[BARISTA_MAX_AXES];
	struct barista_onnx_ints axes;
	int rc;

	if ((rc = read_axes(n, &axes)) || axes.got == BARISTA_ONNX_VARIES)
		return rc;
	if ((rc = barista_onnx_axes(n, &axes, x->n, axis, marked)))
		return rc;
	for (size_t a = 0; a < x->n; a++) {
		if (marked[a] && x->at[a] != 1)
			return barista_onnx_fail_node(n, "axis %zu has the size %lld, expected 1",
						      a, (long long)x->at[a]);
		if (axes.got == BARISTA_ONNX_GIVEN ? !marked[a] : x->at[a] != 1)
			out.at[out.n++] = x->at[a];
	}
	return barista_onnx_set_reshaped(n, &out);
}

int barista_onnx_unsqueeze(struct barista_onnx_node *n)
{
	const struct barista_dims *x = barista_onnx_in(n, 0);
	struct barista_dims out = {.n = 0};
	size_t axis[BARISTA_MAX_AXES], from = 0;
	bool marked[BARISTA_MAX_AXES];
	struct barista_onnx_ints axes;
	int rc;

	if ((rc = read_axes(n, &axes)) || axes.got == BARISTA_ONNX_VARIES)
		return rc;
	if (axes.got == BARISTA_ONNX_ABSENT)
		return barista_onnx_fail_node(n, "'axes' is missing");
	if (axes.n > BARISTA_MAX_AXES - x->n)
		return barista_onnx_fail_node(n, "its output has more than %d axes",
					      BARISTA_MAX_AXES);
	out.n = x->n + axes.n;
	if ((rc = barista_onnx_axes(n, &axes, out.n, axis, marked)))
		return rc;
	for (size_t a = 0; a < out.n; a++)
		out.at[a] = marked[a] ? 1 : x->at[from++];
	return barista_onnx_set_reshaped(n, &out);
}

int barista_onnx_expand(struct barista_onnx_node *n)
{
	const struct barista_dims *x = barista_onnx_in(n, 0);
	struct barista_dims out = {.n = 0};
	int64_t stride[BARISTA_MAX_AXES];
	struct barista_onnx_ints shape;
	int rc;

	if ((rc = barista_onnx_known_list(n, "shape", true, 1, &shape)) ||
	    shape.got == BARISTA_ONNX_VARIES)
		return rc;
	if ((rc = barista_onnx_append_axes(n, &out, shape.n, shape.at)))
		return rc;
	if ((rc = barista_onnx_common(n, &out, x)) || (rc = barista_onnx_set_output(n, 0, &out)))
		return rc;
	barista_onnx_strides(x, &out, stride);
	return barista_onnx_gather_values(n, 0, 0, stride);
}

int barista_onnx_tile(struct barista_onnx_node *n)
{
	struct barista_dims out = *barista_onnx_in(n, 0);
	struct barista_onnx_ints repeats;
	int rc;

	if ((rc = barista_onnx_known_list(n, "repeats", true, 1, &repeats)) ||
	    repeats.got == BARISTA_ONNX_VARIES)
		return rc;
	if (repeats.n != out.n)
		return barista_onnx_fail_node(n, "'repeats' has %zu values, and there are %zu axes",
					      repeats.n, out.n);
	for (size_t a = 0; a < out.n; a++)
		if (repeats.at[a] < 0 ||
		    !barista_mul_exact(&out.at[a], 2, (int64_t[]){out.at[a], repeats.at[a]}))
			return barista_onnx_fail_node(n, "'repeats' is out of range");
	return barista_onnx_set_output(n, 0, &out);
}
