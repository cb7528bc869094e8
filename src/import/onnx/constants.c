/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file has the operators that make blobs of constants, of sizes, or of nothing but
 * attributes. */
#include "import/onnx/operators.h"
#include "import/onnx/tensor.h"

#include <math.h>
#include <string.h>

int barista_onnx_shape(struct barista_onnx_node *n)
{
	const struct barista_dims *x = barista_onnx_in(n, 0);
	int64_t naxes = (int64_t)x->n, start = 0, end = naxes, *to;
	struct barista_dims out = {.n = 1};
	int rc;

	if (n->opset >= 15 && ((rc = barista_onnx_int(n, "start", &start)) ||
			       (rc = barista_onnx_int(n, "end", &end))))
		return rc;
	start = start < -naxes ? 0 : start < 0 ? start + naxes : start > naxes ? naxes : start;
	end = end < -naxes ? 0 : end < 0 ? end + naxes : end > naxes ? naxes : end;
	out.at[0] = end > start ? end - start : 0;
	if ((rc = barista_onnx_set_output(n, 0, &out)))
		return rc;
	rc = barista_onnx_alloc_ints(n, 0, &to);
	if (to)
		memcpy(to, x->at + start, (size_t)out.at[0] * sizeof *to);
	return rc;
}

int barista_onnx_size(struct barista_onnx_node *n)
{
	const struct barista_dims *x = barista_onnx_in(n, 0);
	int64_t size, *to;
	int rc;

	if ((rc = barista_onnx_set_output(n, 0, &(struct barista_dims){.n = 0})))
		return rc;
	if (!barista_dims_product(x, 0, x->n, &size))
		return 0;
	rc = barista_onnx_alloc_ints(n, 0, &to);
	if (to)
		*to = size;
	return rc;
}

static int range_of_reals(struct barista_onnx_node *n)
{
	double start = *barista_onnx_value(n, 0)->real, limit = *barista_onnx_value(n, 1)->real,
	       delta = *barista_onnx_value(n, 2)->real, count = ceil((limit - start) / delta);

	if (!(fabs(count) <= 0x1p31))
		return barista_onnx_fail_node(n, "its output has more than 2^31 elements");
	return barista_onnx_set_output(n, 0,
				       &(struct barista_dims){1, {count > 0 ? (int64_t)count : 0}});
}

static int range_of_wholes(struct barista_onnx_node *n)
{
	int64_t start = *barista_onnx_value(n, 0)->whole, limit = *barista_onnx_value(n, 1)->whole,
		delta = *barista_onnx_value(n, 2)->whole, span, count, *to;
	int rc;

	if (!delta || delta == INT64_MIN || __builtin_sub_overflow(limit, start, &span) ||
	    span == INT64_MIN)
		return barista_onnx_fail_node(n, "its step is 0, or its limits are out of range");
	if (delta < 0) {
		span = -span;
		delta = -delta;
	}
	count = span > 0 ? (span - 1) / delta + 1 : 0;
	if ((rc = barista_onnx_set_output(n, 0, &(struct barista_dims){1, {count}})))
		return rc;
	delta = *barista_onnx_value(n, 2)->whole;
	rc = barista_onnx_alloc_ints(n, 0, &to);
	for (int64_t i = 0; to && i < count; i++)
		to[i] = start + i * delta;
	return rc;
}

int barista_onnx_range(struct barista_onnx_node *n)
{
	bool whole = true, real = true;

	for (size_t i = 0; i < 3; i++) {
		const struct barista_dims *d = barista_onnx_in(n, i);

		if (d->n > 1 || (d->n && d->at[0] != 1))
			return barista_onnx_fail_node(n, "its input %zu must be one number", i + 1);
		whole &= barista_onnx_value(n, i)->whole != NULL;
		real &= barista_onnx_value(n, i)->real != NULL;
	}
	if (whole || real)
		return whole ? range_of_wholes(n) : range_of_reals(n);
	return barista_onnx_size_depends_on(n, "start, limit and delta");
}

/* Fills output 0 with the element of attribute `value`, or with the real number 0 without it. */
static int fill(struct barista_onnx_node *n)
{
	const Barista__Onnx__AttributeProto *a = barista_onnx_attribute(n, "value");
	const struct barista_dims *d = &barista_op_out(n->g, n->op, 0)->dims;
	struct barista_onnx_value v = {.constant = true};
	struct barista_dims one;
	int64_t count, *whole = NULL;
	double *real = NULL;
	int rc;

	if (a && !a->t)
		return barista_onnx_fail_node(n, "'value' must be a tensor");
	if (a && (rc = barista_onnx_tensor(n->model, a->t, &one, &v)))
		return barista_onnx_at_node(n, rc);
	if (!barista_dims_product(d, 0, d->n, &count) || (a && !v.whole && !v.real))
		return 0;
	if (a && (!barista_dims_product(&one, 0, one.n, &count) || count != 1))
		return barista_onnx_fail_node(n, "'value' must hold one element");
	barista_dims_product(d, 0, d->n, &count);
	rc = v.whole ? barista_onnx_alloc_ints(n, 0, &whole)
		     : barista_onnx_alloc_reals(n, 0, &real);
	for (int64_t i = 0; i < count && whole; i++)
		whole[i] = *v.whole;
	for (int64_t i = 0; i < count && real; i++)
		real[i] = v.real ? *v.real : 0;
	return rc;
}

int barista_onnx_constant_of_shape(struct barista_onnx_node *n)
{
	struct barista_dims out = {.n = 0};
	struct barista_onnx_ints shape;
	int rc;

	if ((rc = barista_onnx_known_list(n, "input", true, 0, &shape)) ||
	    shape.got == BARISTA_ONNX_VARIES)
		return rc;
	if ((rc = barista_onnx_append_axes(n, &out, shape.n, shape.at)))
		return rc;
	if ((rc = barista_onnx_set_output(n, 0, &out)))
		return rc;
	return fill(n);
}

/* Makes output 0 of an attribute that holds a number, or a list of them. */
static int constant_of_numbers(struct barista_onnx_node *n, const Barista__Onnx__AttributeProto *a,
			       bool list)
{
	bool real = !strncmp(a->name, "value_float", 11);
	size_t count = !list ? 1 : real ? a->n_floats : a->n_ints;
	struct barista_dims d = {.n = list, .at = {(int64_t)count}};
	int64_t *whole = NULL;
	double *to = NULL;
	int rc;

	if ((rc = barista_onnx_set_output(n, 0, &d)))
		return rc;
	rc = real ? barista_onnx_alloc_reals(n, 0, &to) : barista_onnx_alloc_ints(n, 0, &whole);
	for (size_t i = 0; i < count && whole; i++)
		whole[i] = list ? a->ints[i] : a->i;
	for (size_t i = 0; i < count && to; i++)
		to[i] = (double)(list ? a->floats[i] : a->f);
	return rc;
}

int barista_onnx_make_constant(struct barista_onnx_node *n)
{
	static const char *const names[] = {"value_float", "value_int", "value_floats",
					    "value_ints"};
	const Barista__Onnx__AttributeProto *a = barista_onnx_attribute(n, "value");
	struct barista_onnx_value *v = &n->model->value[n->op->out[0]];
	struct barista_dims d;
	int rc;

	v->constant = true;
	if (a && a->t) {
		rc = barista_onnx_tensor(n->model, a->t, &d, v);
		return rc ? barista_onnx_at_node(n, rc) : barista_onnx_set_output(n, 0, &d);
	}
	if (a)
		return barista_onnx_fail_node(n, "'value' must be a tensor");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if ((a = barista_onnx_attribute(n, names[i])))
			return constant_of_numbers(n, a, i >= 2);
	return barista_op_problem(n->g, n->op, 0, n->model->err,
				  "only constants that are tensors or numbers are understood");
}

int barista_onnx_random(struct barista_onnx_node *n)
{
	struct barista_dims out = {.n = 0};
	struct barista_onnx_ints shape;
	int rc;

	if ((rc = barista_onnx_ints(n, "shape", &shape)))
		return rc;
	if (shape.got == BARISTA_ONNX_ABSENT)
		return barista_onnx_fail_node(n, "'shape' is missing");
	if ((rc = barista_onnx_append_axes(n, &out, shape.n, shape.at)))
		return rc;
	return barista_onnx_set_output(n, 0, &out);
}

int barista_onnx_one_hot(struct barista_onnx_node *n)
{
	const struct barista_dims *x = barista_onnx_in(n, 0);
	const struct barista_onnx_value *depth = barista_onnx_value(n, 1);
	struct barista_dims out = {.n = 0};
	size_t axis = (size_t)-1;
	int rc;

	if ((rc = barista_onnx_axis(n, "axis", x->n + 1, &axis)))
		return rc;
	if (barista_onnx_in(n, 1)->n > 1 ||
	    (barista_onnx_in(n, 1)->n && barista_onnx_in(n, 1)->at[0] != 1))
		return barista_onnx_fail_node(n, "its depth must be one number");
	if (!depth->whole && !(depth->real && *depth->real >= 0 && *depth->real <= 0x1p31))
		return barista_onnx_size_depends_on(n, "depth");
	for (size_t a = 0; a < x->n + 1; a++)
		if ((rc = barista_onnx_append_axis(n, &out,
						   a == axis ? depth->whole ? *depth->whole
									    : (int64_t)*depth->real
							     : x->at[a - (a > axis)])))
			return rc;
	return barista_onnx_set_output(n, 0, &out);
}
