/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file counts how many elements the update changes in the parameters of layers that multiply
 * nothing. */
#include "import/caffe/caffe.h"

/* Gives the message of that name in the layer, or NULL when it is absent. */
static int message(struct barista_caffe_layer *l, const char *name, struct barista_proto **out)
{
	*out = NULL;
	return barista_proto_message(&l->net->text, l->p, name, out, l->net->err);
}

/* Counts the elements of Scale and Bias: one for each element of num_axes axes of the input from
 * `axis` on, of all of them when it is -1. When the scale is the second input, the bias beside it
 * has the size of that. */
int barista_caffe_scale(struct barista_caffe_layer *l, int i, int64_t *elements)
{
	const struct barista_dims *in = barista_caffe_in(l, 0);
	int64_t axis = 1, naxes = 1;
	struct barista_proto *params;
	size_t from, to;
	int rc = message(l, l->type->message ? l->type->message : "bias_param", &params);

	(void)i; /* scale and bias are of one size */
	if (rc ||
	    (rc = barista_caffe_int(l, params, "axis", -BARISTA_MAX_AXES, BARISTA_MAX_AXES,
				    &axis)) ||
	    (rc = barista_caffe_int(l, params, "num_axes", -1, BARISTA_MAX_AXES, &naxes)))
		return rc;
	if (l->op->nin > 1)
		return barista_dims_product(barista_caffe_in(l, 1), 0, barista_caffe_in(l, 1)->n,
					    elements)
			       ? 0
			       : barista_caffe_fail_shape(l, "its second input is too large");
	if (!barista_dims_axis(axis, in->n, &from) || naxes > (int64_t)(in->n - from))
		return barista_caffe_fail_shape(
			l, "its %lld axes from axis %lld, of an input of %zu axes",
			(long long)naxes, (long long)axis, in->n);
	to = naxes < 0 ? in->n : from + (size_t)naxes;
	return barista_dims_product(in, from, to, elements)
		       ? 0
		       : barista_caffe_fail_shape(l, "its input is too large");
}

/* Counts the elements of BN, Normalize and PReLU: one per channel, or one that all share. */
int barista_caffe_per_channel(struct barista_caffe_layer *l, int i, int64_t *elements)
{
	static const char *const names[] = {"prelu_param", "norm_param"};
	const struct barista_dims *in = barista_caffe_in(l, 0);
	bool shared = false;

	(void)i;
	for (size_t k = 0; k < 2; k++) {
		struct barista_proto *params;
		int rc = message(l, names[k], &params);

		if (params)
			shared = k == 1; /* it is shared by default in norm_param only */
		if (rc || (rc = barista_proto_bool(&l->net->text, params, "channel_shared", &shared,
						   l->net->err)))
			return rc;
	}
	*elements = shared || in->n < 2 ? 1 : in->at[1];
	return 0;
}

/* Counts the elements of Embed: a row per word, and a bias per column. */
int barista_caffe_embedding(struct barista_caffe_layer *l, int i, int64_t *elements)
{
	const struct barista_blob *out = barista_op_out(l->net->g, l->op, 0);
	int64_t words = 1;
	struct barista_proto *params;
	int rc = barista_caffe_params(l, &params);

	if (rc || !out || !out->dims.n ||
	    (rc = barista_caffe_int(l, params, "input_dim", 1, INT32_MAX, &words)))
		return rc;
	*elements = out->dims.at[out->dims.n - 1] * (i ? 1 : words);
	return 0;
}

int barista_caffe_count_learned(struct barista_caffe_layer *l)
{
	if (!l->type->learned || !l->op->nin || l->known == BARISTA_UNKNOWN)
		return 0;
	for (int i = 0; i < 2; i++) {
		int64_t elements = 0;
		int rc = l->learning[i] ? l->type->learned(l, i, &elements) : 0;

		if ((rc = barista_caffe_forgive(l, rc)))
			return rc;
		l->op->params += elements;
		l->op->blobs += elements > 0;
	}
	return 0;
}
