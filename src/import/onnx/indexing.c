/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file has the operators that join, cut and pick parts of blobs. */
#include "import/onnx/operators.h"

#include <string.h>

/* Adds shape d to *out along an axis; the other axes must be the same. */
static int join(struct barista_onnx_node *n, const struct barista_dims *d, size_t axis,
		struct barista_dims *out)
{
	char text[2][80];

	for (size_t a = 0; a < out->n; a++)
		if (d->n != out->n || (a != axis && d->at[a] != out->at[a])) {
			barista_dims_text(text[0], sizeof text[0], out);
			barista_dims_text(text[1], sizeof text[1], d);
			return barista_onnx_fail_node(n,
						      "%s and %s cannot be joined along axis %zu",
						      text[0], text[1], axis);
		}
	if (__builtin_add_overflow(out->at[axis], d->at[axis], &out->at[axis]))
		return barista_onnx_fail_node(n, "its output is too large");
	return 0;
}

/* Joins the elements of lists of whole numbers. Others stay unknown, because models join nothing
 * else to make sizes. */
static int join_values(struct barista_onnx_node *n)
{
	int64_t *to;
	int rc;

	for (size_t i = 0; i < n->op->nin; i++)
		if (barista_onnx_in(n, i)->n != 1 || !barista_onnx_value(n, i)->whole)
			return 0;
	rc = barista_onnx_alloc_ints(n, 0, &to);
	for (size_t i = 0; to && i < n->op->nin; i++) {
		size_t count = (size_t)barista_onnx_in(n, i)->at[0];

		memcpy(to, barista_onnx_value(n, i)->whole, count * sizeof *to);
		to += count;
	}
	return rc;
}

int barista_onnx_concat(struct barista_onnx_node *n)
{
	struct barista_dims out = *barista_onnx_in(n, 0);
	size_t axis = 0;
	int rc;

	if (!barista_onnx_attribute(n, "axis"))
		return barista_onnx_fail_node(n, "'axis' is missing");
	if ((rc = barista_onnx_axis(n, "axis", out.n, &axis)))
		return rc;
	for (size_t i = 1; i < n->op->nin; i++) {
		if (!barista_onnx_in(n, i))
			return barista_onnx_fail_node(n, "its input %zu is missing", i + 1);
		if ((rc = join(n, barista_onnx_in(n, i), axis, &out)))
			return rc;
	}
	if ((rc = barista_onnx_set_output(n, 0, &out)))
		return rc;
	return join_values(n);
}

/* Computes the size of part i when `total` elements are cut into equal parts, one for each output.
 * Since version 18 the last part may be smaller. */
static int equal_part(struct barista_onnx_node *n, int64_t total, size_t i, int64_t *size)
{
	int64_t parts = (int64_t)n->op->nout, full, from;
	bool numbered = n->opset >= 18;
	int rc;

	if (numbered && (rc = barista_onnx_int(n, "num_outputs", &parts)))
		return rc;
	if (parts != (int64_t)n->op->nout)
		return barista_onnx_fail_node(n, "'num_outputs' is %lld, but it has %zu outputs",
					      (long long)parts, n->op->nout);
	full = (total + parts - 1) / parts;
	from = full * (int64_t)i;
	*size = from >= total ? 0 : total - from < full ? total - from : full;
	if (!numbered && total % parts)
		return barista_onnx_fail_node(n, "%lld cannot be split into %lld equal parts",
					      (long long)total, (long long)parts);
	return 0;
}

/* Sizes the outputs of Split, and copies their elements. */
static int split(struct barista_onnx_node *n, size_t axis, const struct barista_onnx_ints *parts)
{
	const struct barista_dims *x = barista_onnx_in(n, 0);
	int64_t stride[BARISTA_MAX_AXES], from = 0;
	struct barista_dims out = *x;
	int rc;

	barista_onnx_strides(x, x, stride);
	for (size_t i = 0; i < n->op->nout; i++) {
		int64_t *size = &out.at[axis];

		if (parts->got == BARISTA_ONNX_GIVEN)
			*size = parts->at[i];
		else if ((rc = equal_part(n, x->at[axis], i, size)))
			return rc;
		if (*size < 0 || *size > x->at[axis] - from)
			return barista_onnx_fail_node(n, "'split' does not add up to %lld",
						      (long long)x->at[axis]);
		if ((rc = barista_onnx_set_output(n, i, &out)) ||
		    (rc = barista_onnx_gather_values(n, i, from * stride[axis], stride)))
			return rc;
		from += *size;
	}
	if (from != x->at[axis])
		return barista_onnx_fail_node(n, "'split' does not add up to %lld",
					      (long long)x->at[axis]);
	return 0;
}

int barista_onnx_split(struct barista_onnx_node *n)
{
	const struct barista_dims *x = barista_onnx_in(n, 0);
	struct barista_onnx_ints parts;
	size_t axis = 0;
	int rc;

	if ((rc = barista_onnx_axis(n, "axis", x->n, &axis)) ||
	    (rc = barista_onnx_known_list(n, "split", n->opset >= 13, 1, &parts)) ||
	    parts.got == BARISTA_ONNX_VARIES)
		return rc;
	if (parts.got == BARISTA_ONNX_GIVEN && parts.n != n->op->nout)
		return barista_onnx_fail_node(n, "'split' has %zu values, but it has %zu outputs",
					      parts.n, n->op->nout);
	return split(n, axis, &parts);
}

/* The lists that Slice cuts by: an element for every axis that is cut. */
struct slice {
	struct barista_onnx_ints start, end, axes, step;
};

static int read_slice(struct barista_onnx_node *n, struct slice *s)
{
	bool late = n->opset >= 10;
	int rc;

	s->step = (struct barista_onnx_ints){.got = BARISTA_ONNX_ABSENT};
	if ((rc = barista_onnx_list(n, "starts", late, 1, &s->start)) ||
	    (rc = barista_onnx_list(n, "ends", late, 2, &s->end)) ||
	    (rc = barista_onnx_list(n, "axes", late, 3, &s->axes)))
		return rc;
	return late ? barista_onnx_list(n, "steps", late, 4, &s->step) : 0;
}

/* Brings the start or end of a slice into least..most; a negative one counts from the end of `size`
 * elements. No sum is made that could overflow, as models write INT64_MAX for the end. */
static int64_t clamp(int64_t v, int64_t size, int64_t least, int64_t most)
{
	if (v < 0)
		v = v < -size ? least : v + size;
	return v < least ? least : v > most ? most : v;
}

/* Returns how many elements of an axis are left, and brings *start into the axis. */
static int64_t slice_axis(int64_t size, int64_t *start, int64_t end, int64_t step)
{
	int64_t span;

	if (!size)
		return 0;
	if (step > 0) {
		*start = clamp(*start, size, 0, size);
		span = clamp(end, size, 0, size) - *start;
	} else {
		*start = clamp(*start, size, 0, size - 1);
		span = *start - clamp(end, size, -1, size - 1);
		step = step == INT64_MIN ? INT64_MAX : -step;
	}
	return span > 0 ? (span - 1) / step + 1 : 0;
}

/* Sizes the output of Slice, and copies its elements. axis[i] is cut by element i of the lists. */
static int slice(struct barista_onnx_node *n, const struct slice *s, const size_t *axis)
{
	const struct barista_dims *x = barista_onnx_in(n, 0);
	int64_t stride[BARISTA_MAX_AXES], base = 0;
	struct barista_dims out = *x;
	int rc;

	barista_onnx_strides(x, x, stride);
	for (size_t i = 0; i < s->start.n; i++) {
		int64_t start = s->start.at[i],
			step = s->step.got == BARISTA_ONNX_GIVEN ? s->step.at[i] : 1, *size;

		if (!step)
			return barista_onnx_fail_node(n, "'steps' must not be 0");
		size = &out.at[axis[i]];
		*size = slice_axis(x->at[axis[i]], &start, s->end.at[i], step);
		/* Where one element or none is left of an axis, the step is never taken. It may be
		 * any number then, so that the product could overflow. */
		base += *size ? start * stride[axis[i]] : 0;
		stride[axis[i]] *= *size > 1 ? step : 0;
	}
	if ((rc = barista_onnx_set_output(n, 0, &out)))
		return rc;
	return barista_onnx_gather_values(n, 0, base, stride);
}

int barista_onnx_slice(struct barista_onnx_node *n)
{
	size_t axis[BARISTA_MAX_AXES], naxes = barista_onnx_in(n, 0)->n;
	bool marked[BARISTA_MAX_AXES];
	struct slice s;
	int rc;

	if ((rc = read_slice(n, &s)))
		return rc;
	if (s.start.got == BARISTA_ONNX_ABSENT || s.end.got == BARISTA_ONNX_ABSENT)
		return barista_onnx_fail_node(n, "'starts' or 'ends' is missing");
	if (s.start.got == BARISTA_ONNX_VARIES || s.end.got == BARISTA_ONNX_VARIES ||
	    s.axes.got == BARISTA_ONNX_VARIES || s.step.got == BARISTA_ONNX_VARIES)
		return barista_onnx_size_depends_on(n, s.start.got == BARISTA_ONNX_VARIES ? "starts"
											  : "ends");
	if (s.start.n > naxes || s.end.n != s.start.n ||
	    (s.axes.got == BARISTA_ONNX_GIVEN && s.axes.n != s.start.n) ||
	    (s.step.got == BARISTA_ONNX_GIVEN && s.step.n != s.start.n))
		return barista_onnx_fail_node(
			n,
			"'starts', 'ends', 'axes' and 'steps' must be lists of one length, at "
			"most %zu",
			naxes);
	for (size_t i = 0; i < s.start.n; i++)
		axis[i] = i;
	if ((rc = barista_onnx_axes(n, &s.axes, naxes, axis, marked)))
		return rc;
	return slice(n, &s, axis);
}

/* Picks elements of a list of whole numbers, which is how models take single sizes out of a shape.
 * Elements of other blobs stay unknown. */
static int pick_values(struct barista_onnx_node *n)
{
	const struct barista_onnx_value *from = barista_onnx_value(n, 0),
					*index = barista_onnx_value(n, 1);
	const struct barista_dims *x = barista_onnx_in(n, 0), *d = barista_onnx_in(n, 1);
	int64_t count, *to;
	int rc;

	if (x->n != 1 || !from->whole || !index->whole || !barista_dims_product(d, 0, d->n, &count))
		return 0;
	for (int64_t i = 0; i < count; i++)
		if (index->whole[i] < -x->at[0] || index->whole[i] >= x->at[0])
			return 0;
	rc = barista_onnx_alloc_ints(n, 0, &to);
	for (int64_t i = 0; to && i < count; i++)
		to[i] = from->whole[index->whole[i] < 0 ? index->whole[i] + x->at[0]
							: index->whole[i]];
	return rc;
}

int barista_onnx_gather(struct barista_onnx_node *n)
{
	const struct barista_dims *x = barista_onnx_in(n, 0), *index = barista_onnx_in(n, 1);
	struct barista_dims out = {.n = 0};
	size_t axis = 0;
	int rc;

	if ((rc = barista_onnx_axis(n, "axis", x->n, &axis)))
		return rc;
	for (size_t a = 0; a < x->n; a++) {
		if (a != axis && (rc = barista_onnx_append_axis(n, &out, x->at[a])))
			return rc;
		for (size_t i = 0; a == axis && i < index->n; i++)
			if ((rc = barista_onnx_append_axis(n, &out, index->at[i])))
				return rc;
	}
	if ((rc = barista_onnx_set_output(n, 0, &out)))
		return rc;
	return pick_values(n);
}

int barista_onnx_gather_elements(struct barista_onnx_node *n)
{
	const struct barista_dims *index = barista_onnx_in(n, 1);

	if (index->n != barista_onnx_in(n, 0)->n)
		return barista_onnx_fail_node(n, "its data has %zu axes, its indices %zu",
					      barista_onnx_in(n, 0)->n, index->n);
	return barista_onnx_set_output(n, 0, index);
}

int barista_onnx_gather_nd(struct barista_onnx_node *n)
{
	const struct barista_dims *x = barista_onnx_in(n, 0), *index = barista_onnx_in(n, 1);
	struct barista_dims out = *index;
	int64_t batch = 0, depth = index->n ? index->at[index->n - 1] : 0;
	int rc;

	if ((rc = barista_onnx_int(n, "batch_dims", &batch)))
		return rc;
	if (!index->n || batch < 0 || batch >= (int64_t)index->n || depth > (int64_t)x->n - batch)
		return barista_onnx_fail_node(
			n, "its indices have more coordinates than its data axes");
	out.n--;
	for (size_t a = (size_t)(batch + depth); a < x->n; a++)
		if ((rc = barista_onnx_append_axis(n, &out, x->at[a])))
			return rc;
	return barista_onnx_set_output(n, 0, &out);
}
