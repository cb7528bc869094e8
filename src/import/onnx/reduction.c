/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file has the operators that reduce axes. */
#include "import/onnx/operators.h"

#include <string.h>

/* Sizes an output from which the marked axes go, or in which they have one element when they are
 * kept. */
static int reduce(struct barista_onnx_node *n, const bool marked[BARISTA_MAX_AXES], bool keep)
{
	const struct barista_dims *x = barista_onnx_in(n, 0);
	struct barista_dims out = {.n = 0};

	for (size_t a = 0; a < x->n; a++)
		if (!marked[a] || keep)
			out.at[out.n++] = marked[a] ? 1 : x->at[a];
	return barista_onnx_set_output(n, 0, &out);
}

/* Marks the axes that go. *found is false when only the data tells which. */
static int reduced_axes(struct barista_onnx_node *n, bool marked[BARISTA_MAX_AXES], bool *found)
{
	const struct barista_dims *x = barista_onnx_in(n, 0);
	int64_t since = strcmp(n->op->type, "ReduceSum") ? 18 : 13;
	size_t axis[BARISTA_MAX_AXES];
	struct barista_onnx_ints axes;
	bool none_if_empty = false;
	int rc;

	if ((rc = barista_onnx_list(n, "axes", n->opset >= since, 1, &axes)) ||
	    (rc = barista_onnx_flag(n, "noop_with_empty_axes", &none_if_empty)))
		return rc;
	*found = axes.got != BARISTA_ONNX_VARIES;
	if (!*found)
		return 0;
	if ((rc = barista_onnx_axes(n, &axes, x->n, axis, marked)))
		return rc;
	for (size_t a = 0; a < x->n && !axes.n && !none_if_empty; a++)
		marked[a] = true;
	return 0;
}

int barista_onnx_reduce(struct barista_onnx_node *n)
{
	bool keep = true, marked[BARISTA_MAX_AXES], found;
	int rc;

	if ((rc = barista_onnx_flag(n, "keepdims", &keep)) ||
	    (rc = reduced_axes(n, marked, &found)))
		return rc;
	return found ? reduce(n, marked, keep) : barista_onnx_size_depends_on(n, "axes");
}

int barista_onnx_arg(struct barista_onnx_node *n)
{
	bool keep = true, marked[BARISTA_MAX_AXES] = {false};
	size_t axis = 0;
	int rc;

	if ((rc = barista_onnx_flag(n, "keepdims", &keep)) ||
	    (rc = barista_onnx_axis(n, "axis", barista_onnx_in(n, 0)->n, &axis)))
		return rc;
	marked[axis] = true;
	return reduce(n, marked, keep);
}

int barista_onnx_topk(struct barista_onnx_node *n)
{
	struct barista_dims out = *barista_onnx_in(n, 0);
	struct barista_onnx_ints k = {.got = BARISTA_ONNX_ABSENT};
	size_t axis = (size_t)-1;
	int64_t count = -1;
	int rc;

	if ((rc = barista_onnx_axis(n, "axis", out.n, &axis)) ||
	    (rc = n->opset < 10 ? barista_onnx_int(n, "k", &count)
				: barista_onnx_list(n, "k", true, 1, &k)))
		return rc;
	if (k.got == BARISTA_ONNX_VARIES)
		return barista_onnx_size_depends_on(n, "k");
	if (k.n == 1)
		count = k.at[0];
	if (count < 0 || count > out.at[axis])
		return barista_onnx_fail_node(n, "'k' must be from 0 to %lld, the size of the axis",
					      (long long)out.at[axis]);
	out.at[axis] = count;
	if ((rc = barista_onnx_set_output(n, 0, &out)))
		return rc;
	return barista_onnx_set_output(n, 1, &out);
}

/* Takes one more number into a sum, product, maximum or minimum. Returns false when it overflows,
 * and for operators that are not computed. */
static bool gather_in(const char *type, int64_t *into, int64_t v)
{
	if (!strcmp(type, "ReduceSum"))
		return !__builtin_add_overflow(*into, v, into);
	if (!strcmp(type, "ReduceProd"))
		return !__builtin_mul_overflow(*into, v, into);
	if (!strcmp(type, "ReduceMax"))
		*into = v > *into ? v : *into;
	else if (!strcmp(type, "ReduceMin"))
		*into = v < *into ? v : *into;
	else
		return false;
	return true;
}

/* Reduces all elements of the input, when they are known whole numbers, to one. */
int barista_onnx_fold_reduce(struct barista_onnx_node *n)
{
	const int64_t *x = barista_onnx_value(n, 0)->whole;
	const struct barista_dims *d = barista_onnx_in(n, 0),
				  *out = &barista_op_out(n->g, n->op, 0)->dims;
	int64_t count, left, sum, *room;
	int rc;

	if (!x || !barista_dims_product(d, 0, d->n, &count) ||
	    !barista_dims_product(out, 0, out->n, &left) || count < 1 || left != 1 ||
	    !gather_in(n->op->type, &(int64_t){0}, 0))
		return 0;
	sum = x[0];
	for (int64_t i = 1; i < count; i++)
		if (!gather_in(n->op->type, &sum, x[i]))
			return 0;
	rc = barista_onnx_alloc_ints(n, 0, &room);
	if (room)
		*room = sum;
	return rc;
}
