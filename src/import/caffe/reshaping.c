/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file sizes the layers that only move elements, merge blobs or repeat them, and those that
 * keep the shape of their input. */
#include "import/caffe/caffe.h"

#include <string.h>

/* Reads a field that is an axis of n, which is counted from the end when it is negative. */
static int read_axis(struct barista_caffe_layer *l, struct barista_proto *params, const char *name,
		     int64_t preset, size_t n, size_t *axis)
{
	int64_t a = preset;
	int rc = barista_caffe_int(l, params, name, -BARISTA_MAX_AXES, BARISTA_MAX_AXES, &a);

	if (rc)
		return rc;
	if (!barista_dims_axis(a, n, axis))
		return barista_caffe_fail_shape(l, "'%s' is %lld, of an input of %zu axes", name,
						(long long)a, n);
	return 0;
}

int barista_caffe_same_shape(struct barista_caffe_layer *l)
{
	int rc = 0;

	for (size_t i = 0; i < l->op->nout && !rc; i++)
		rc = barista_caffe_out(l, i, barista_caffe_in(l, 0));
	return rc;
}

/* Sizes a loss: one number, and in further outputs the shape of the input, as SoftmaxWithLoss has
 * the probabilities there. */
int barista_caffe_loss(struct barista_caffe_layer *l)
{
	int rc = barista_caffe_out(l, 0, &(struct barista_dims){.n = 0});

	for (size_t i = 1; i < l->op->nout && !rc; i++)
		rc = barista_caffe_out(l, i, barista_caffe_in(l, 0));
	return rc;
}

/* Leaves the sizes of outputs that the file does not tell unknown, unless the user gives them. */
int barista_caffe_no_outputs(struct barista_caffe_layer *l)
{
	struct barista_caffe *c = l->net;

	for (size_t i = 0; i < l->op->nout; i++) {
		struct barista_blob *b = barista_op_out(c->g, l->op, i);
		const struct barista_dims *given =
			barista_inputs_find(c->src->inputs, b->name, false);

		b->ask = l->op->out[i];
		if (!given)
			continue;
		b->dims = (struct barista_dims){.n = given->n + 1,
						.at = {c->g->batch ? c->g->batch : 1}};
		memcpy(b->dims.at + 1, given->at, given->n * sizeof *given->at);
		b->known = BARISTA_KNOWN;
	}
	return 0;
}

int barista_caffe_eltwise(struct barista_caffe_layer *l)
{
	for (size_t i = 1; i < l->op->nin; i++) {
		char one[160], other[160];

		if (barista_dims_equal(barista_caffe_in(l, 0), barista_caffe_in(l, i)))
			continue;
		barista_dims_text(one, sizeof one, barista_caffe_in(l, 0));
		barista_dims_text(other, sizeof other, barista_caffe_in(l, i));
		return barista_caffe_fail_shape(l,
						"its bottoms differ: '%.60s' is %s, '%.60s' is %s",
						barista_op_in(l->net->g, l->op, 0)->name, one,
						barista_op_in(l->net->g, l->op, i)->name, other);
	}
	return barista_caffe_same_shape(l);
}

/* Reads the axis of Concat or Slice, which has an old name in old files. */
static int joint_axis(struct barista_caffe_layer *l, struct barista_proto *params, const char *old,
		      size_t *axis)
{
	bool is_old = params && barista_proto_find(params->first, old);

	return read_axis(l, params, is_old ? old : "axis", 1, barista_caffe_in(l, 0)->n, axis);
}

int barista_caffe_concat(struct barista_caffe_layer *l)
{
	struct barista_dims out = *barista_caffe_in(l, 0);
	struct barista_proto *params;
	size_t axis;
	int rc = barista_caffe_params(l, &params);

	if (rc || (rc = joint_axis(l, params, "concat_dim", &axis)))
		return rc;
	for (size_t i = 1; i < l->op->nin; i++) {
		struct barista_dims in = *barista_caffe_in(l, i);
		int64_t here = in.n == out.n ? in.at[axis] : 0;
		char one[160], other[160];

		in.at[axis] = out.at[axis];
		if (!barista_dims_equal(&in, &out)) {
			barista_dims_text(one, sizeof one, &out);
			barista_dims_text(other, sizeof other, barista_caffe_in(l, i));
			return barista_caffe_fail_shape(l,
							"bottom '%.60s' is %s, which does not fit "
							"the %s before it along axis %zu",
							barista_op_in(l->net->g, l->op, i)->name,
							other, one, axis);
		}
		if (__builtin_add_overflow(out.at[axis], here, &out.at[axis]))
			return barista_caffe_fail_shape(l, "its output is too large");
	}
	return barista_caffe_out(l, 0, &out);
}

/* Finds where an axis of `size` elements is cut, by the points of the file or into equal parts. The
 * part of top i ends at point[i]. */
static int slice_points(struct barista_caffe_layer *l, struct barista_proto *params, int64_t size,
			int64_t *point)
{
	size_t n, parts = l->op->nout;
	int rc = barista_proto_ints(&l->net->text, params, "slice_point", 1, INT32_MAX, parts,
				    point, &n, l->net->err);

	if (rc)
		return rc;
	if (n && n != parts - 1)
		return barista_caffe_fail_layer(
			l, "it has %zu slice_point for %zu tops, expected one less than tops", n,
			parts);
	if (!n && size % (int64_t)parts)
		return barista_caffe_fail_shape(l, "%lld elements do not divide into %zu tops",
						(long long)size, parts);
	for (size_t i = n; i < parts; i++)
		point[i] = n ? size : size / (int64_t)parts * (int64_t)(i + 1);
	return 0;
}

int barista_caffe_slice(struct barista_caffe_layer *l)
{
	struct barista_dims out = *barista_caffe_in(l, 0);
	struct barista_proto *params;
	int64_t *point, before = 0;
	size_t axis;
	int rc = barista_caffe_params(l, &params);

	if (rc || !l->op->nout || (rc = joint_axis(l, params, "slice_dim", &axis)))
		return rc;
	if (!(point = barista_arena_alloc(l->net->g->arena, l->op->nout, sizeof *point)))
		return barista_no_memory(l->net->err);
	/* An axis without elements has no parts, so that the outputs stay unknown. */
	if ((rc = slice_points(l, params, out.at[axis], point)) || !point[l->op->nout - 1])
		return rc;
	for (size_t i = 0; i < l->op->nout; i++) {
		out.at[axis] = point[i] - before;
		if (out.at[axis] < 1)
			return barista_caffe_fail_shape(
				l, "its slice points do not rise within %lld elements",
				(long long)barista_caffe_in(l, 0)->at[axis]);
		before = point[i];
		if ((rc = barista_caffe_out(l, i, &out)))
			return rc;
	}
	return 0;
}

int barista_caffe_flatten(struct barista_caffe_layer *l)
{
	const struct barista_dims *in = barista_caffe_in(l, 0);
	struct barista_dims out = *in;
	struct barista_proto *params;
	size_t from, to;
	int rc = barista_caffe_params(l, &params);

	if (rc || (rc = read_axis(l, params, "axis", 1, in->n, &from)) ||
	    (rc = read_axis(l, params, "end_axis", -1, in->n, &to)))
		return rc;
	if (to < from)
		return barista_caffe_fail_shape(l, "its end_axis lies before its axis");
	if (!barista_dims_product(in, from, to + 1, &out.at[from]))
		return barista_caffe_fail_shape(l, "its output is too large");
	memcpy(out.at + from + 1, in->at + to + 1, (in->n - to - 1) * sizeof *in->at);
	out.n = in->n - (to - from);
	return barista_caffe_out(l, 0, &out);
}

/* Replaces the axes from..to-1 of the input by the n sizes of dim, of which 0 copies the axis in
 * its place and a single -1 takes what is left. out->n is set already. */
static int fill_reshape(struct barista_caffe_layer *l, const struct barista_dims *in, size_t from,
			size_t to, const int64_t *dim, size_t n, struct barista_dims *out)
{
	int64_t have, all;
	size_t rest = SIZE_MAX;

	for (size_t i = 0; i < n; i++) {
		if (dim[i] == -1 && rest != SIZE_MAX)
			return barista_caffe_fail_layer(l, "it has two dim of -1");
		if (dim[i] == 0 && from + i >= in->n)
			return barista_caffe_fail_shape(
				l, "dim 0 copies axis %zu, of an input of %zu axes", from + i,
				in->n);
		if (dim[i] == -1)
			rest = from + i;
		out->at[from + i] = dim[i] == -1 ? 1 : dim[i] ? dim[i] : in->at[from + i];
	}
	memcpy(out->at + from + n, in->at + to, (in->n - to) * sizeof *in->at);
	if (!barista_dims_product(in, 0, in->n, &have) ||
	    !barista_dims_product(out, 0, out->n, &all))
		return barista_caffe_fail_shape(l, "its output is too large");
	if (rest != SIZE_MAX && (!all || have % all))
		return barista_caffe_fail_shape(
			l, "%lld elements are no multiple of %lld, the product of its other dim",
			(long long)have, (long long)all);
	if (rest != SIZE_MAX)
		out->at[rest] = have / all;
	else if (have != all)
		return barista_caffe_fail_shape(l, "%lld elements cannot take a shape of %lld",
						(long long)have, (long long)all);
	return barista_caffe_out(l, 0, out);
}

int barista_caffe_reshape(struct barista_caffe_layer *l)
{
	const struct barista_dims *in = barista_caffe_in(l, 0);
	struct barista_dims out = *in;
	struct barista_proto *params, *shape = NULL;
	int64_t dim[BARISTA_MAX_AXES], axis = 0, naxes = -1;
	size_t n, from, to;
	int rc = barista_caffe_params(l, &params);

	if (rc ||
	    (rc = barista_proto_message(&l->net->text, params, "shape", &shape, l->net->err)) ||
	    (rc = barista_proto_ints(&l->net->text, shape, "dim", -1, INT32_MAX, BARISTA_MAX_AXES,
				     dim, &n, l->net->err)) ||
	    (rc = barista_caffe_int(l, params, "axis", -BARISTA_MAX_AXES, BARISTA_MAX_AXES,
				    &axis)) ||
	    (rc = barista_caffe_int(l, params, "num_axes", -1, BARISTA_MAX_AXES, &naxes)))
		return rc;
	if (!shape)
		return barista_caffe_fail_layer(l, "its shape is missing");
	if (axis < 0)
		axis += (int64_t)in->n + 1;
	if (axis < 0 || axis > (int64_t)in->n || (naxes >= 0 && axis + naxes > (int64_t)in->n))
		return barista_caffe_fail_shape(l, "axes %lld and on, of an input of %zu axes",
						(long long)axis, in->n);
	from = (size_t)axis;
	to = naxes < 0 ? in->n : from + (size_t)naxes;
	out.n = in->n - (to - from) + n;
	if (out.n > BARISTA_MAX_AXES)
		return barista_caffe_fail_layer(l, "more than %d axes", BARISTA_MAX_AXES);
	return fill_reshape(l, in, from, to, dim, n, &out);
}

int barista_caffe_permute(struct barista_caffe_layer *l)
{
	const struct barista_dims *in = barista_caffe_in(l, 0);
	int64_t order[BARISTA_MAX_AXES];
	struct barista_dims out = {.n = in->n};
	struct barista_proto *params;
	bool taken[BARISTA_MAX_AXES] = {false};
	size_t n;
	int rc = barista_caffe_params(l, &params);

	if (rc || (rc = barista_proto_ints(&l->net->text, params, "order", 0, BARISTA_MAX_AXES - 1,
					   BARISTA_MAX_AXES, order, &n, l->net->err)))
		return rc;
	for (size_t i = 0; i < n; i++) {
		if (order[i] >= (int64_t)in->n)
			return barista_caffe_fail_shape(
				l, "its order names axis %lld, of an input of %zu axes",
				(long long)order[i], in->n);
		if (taken[order[i]])
			return barista_caffe_fail_layer(l, "its order names axis %lld twice",
							(long long)order[i]);
		taken[order[i]] = true;
		out.at[i] = in->at[order[i]];
	}
	for (size_t a = 0; a < in->n; a++)
		if (!taken[a])
			out.at[n++] = in->at[a];
	return barista_caffe_out(l, 0, &out);
}

/* Sizes a Crop, which cuts the axes of its input from `axis` on to the sizes of the second
 * bottom. */
int barista_caffe_crop(struct barista_caffe_layer *l)
{
	const struct barista_dims *in = barista_caffe_in(l, 0), *like;
	struct barista_dims out = *in;
	struct barista_proto *params;
	int64_t offset[BARISTA_MAX_AXES];
	size_t axis, n;
	int rc = barista_caffe_params(l, &params);

	if (rc ||
	    (rc = barista_proto_ints(&l->net->text, params, "offset", 0, INT32_MAX,
				     BARISTA_MAX_AXES, offset, &n, l->net->err)) ||
	    (rc = read_axis(l, params, "axis", 2, in->n, &axis)))
		return rc;
	if (l->op->nin < 2)
		return barista_caffe_fail_layer(l,
						"it needs a second bottom, whose sizes it takes");
	l->op->sizes_only = true;
	like = barista_caffe_in(l, 1);
	if (like->n != in->n)
		return barista_caffe_fail_shape(l, "its bottoms have %zu and %zu axes", in->n,
						like->n);
	for (size_t a = axis; a < in->n; a++) {
		int64_t skip = !n ? 0 : n == 1 ? offset[0] : a - axis < n ? offset[a - axis] : 0;

		out.at[a] = like->at[a];
		if (skip + out.at[a] > in->at[a])
			return barista_caffe_fail_shape(l,
							"axis %zu has %lld elements, too few for "
							"%lld behind an offset of %lld",
							a, (long long)in->at[a],
							(long long)out.at[a], (long long)skip);
	}
	return barista_caffe_out(l, 0, &out);
}

int barista_caffe_tile(struct barista_caffe_layer *l)
{
	struct barista_dims out = *barista_caffe_in(l, 0);
	struct barista_proto *params;
	int64_t tiles = 0;
	size_t axis;
	int rc = barista_caffe_params(l, &params);

	if (rc || (rc = barista_caffe_int(l, params, "tiles", 1, INT32_MAX, &tiles)) ||
	    (rc = read_axis(l, params, "axis", 1, out.n, &axis)))
		return rc;
	if (!tiles)
		return barista_caffe_fail_layer(l, "its tiles are missing");
	out.at[axis] *= tiles;
	return barista_caffe_out(l, 0, &out);
}

int barista_caffe_reduction(struct barista_caffe_layer *l)
{
	struct barista_dims out = *barista_caffe_in(l, 0);
	struct barista_proto *params;
	int rc = barista_caffe_params(l, &params);

	if (rc || (rc = read_axis(l, params, "axis", 0, out.n, &out.n)))
		return rc;
	return barista_caffe_out(l, 0, &out);
}

int barista_caffe_argmax(struct barista_caffe_layer *l)
{
	const struct barista_dims *in = barista_caffe_in(l, 0);
	struct barista_dims out = *in;
	struct barista_proto *params;
	int64_t top_k = 1;
	bool values = false;
	size_t axis;
	int rc = barista_caffe_params(l, &params);

	if (rc || (rc = barista_caffe_int(l, params, "top_k", 1, INT32_MAX, &top_k)) ||
	    (rc = barista_proto_bool(&l->net->text, params, "out_max_val", &values, l->net->err)))
		return rc;
	if (params && barista_proto_find(params->first, "axis")) {
		if ((rc = read_axis(l, params, "axis", 0, in->n, &axis)))
			return rc;
		out.at[axis] = top_k;
		return barista_caffe_out(l, 0, &out);
	}
	out.n = in->n < 3 ? 3 : in->n;
	for (size_t a = 0; a < out.n; a++)
		out.at[a] = a || !in->n ? 1 : in->at[0];
	out.at[1] = values ? 2 : 1;
	out.at[2] = top_k;
	return barista_caffe_out(l, 0, &out);
}

int barista_caffe_batch_reindex(struct barista_caffe_layer *l)
{
	struct barista_dims out = *barista_caffe_in(l, 0);

	if (l->op->nin < 2 || !out.n || !barista_caffe_in(l, 1)->n)
		return barista_caffe_fail_layer(l, "it needs a second bottom: the images to take");
	out.at[0] = barista_caffe_in(l, 1)->at[0];
	return barista_caffe_out(l, 0, &out);
}
