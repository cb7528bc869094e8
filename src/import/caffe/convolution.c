/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file sizes the layers that multiply, Convolution, Deconvolution and InnerProduct, and with
 * them Im2col, which has the window of a convolution, and Embed, which has the parameters of an
 * InnerProduct. */
#include "import/caffe/caffe.h"

#include "base/num.h"

#include <stdio.h>
#include <string.h>

int barista_caffe_per_axis(struct barista_caffe_layer *l, const struct barista_proto *params,
			   const char *name, const char *prefix, int64_t lo, int64_t preset,
			   size_t naxes, int64_t *out)
{
	static const char axis_letter[] = {'h', 'w'};
	const struct barista_proto_text *text = &l->net->text;
	size_t n, found = 0;
	int rc = barista_proto_ints(text, params, name, lo, INT32_MAX, BARISTA_MAX_AXES, out, &n,
				    l->net->err);

	if (rc)
		return rc;
	/* A guessed input may have more axes or fewer than the layer expects, so that the numbers
	 * of the file are taken as they are. */
	if (n > 1 && n != naxes)
		return barista_caffe_forgive(
			l, barista_caffe_fail_shape(l, "'%s' stands %zu times for %zu axes", name,
						    n, naxes));
	for (size_t a = n; a < naxes; a++)
		out[a] = n ? out[0] : preset;
	for (size_t a = 0; a < 2; a++) {
		char key[32];
		struct barista_proto *f;

		snprintf(key, sizeof key, "%s_%c", prefix, axis_letter[a]);
		f = params ? barista_proto_find(params->first, key) : NULL;
		if (!f)
			continue;
		found++;
		if (n)
			return barista_fail_proto(l->net->err, text, f,
						  "either '%s' or '%s_h' and '%s_w'", name, prefix,
						  prefix);
		if (naxes != 2)
			return barista_caffe_forgive(
				l, barista_caffe_fail_shape(l, "'%s' is for two axes, not %zu", key,
							    naxes));
		if ((rc = barista_caffe_int(l, params, key, lo, INT32_MAX, &out[a])))
			return rc;
	}
	/* Caffe takes 0 for the missing one, which only a padding may be. */
	if (found == 1 && lo)
		return barista_caffe_fail_layer(l, "it has one of '%s_h' and '%s_w', expected both",
						prefix, prefix);
	return 0;
}

/* Reads the window over the w->n axes behind the channels. */
static int read_window(struct barista_caffe_layer *l, struct barista_proto *params,
		       struct barista_window *w)
{
	int rc;

	if ((rc = barista_caffe_per_axis(l, params, "kernel_size", "kernel", 1, 0, w->n,
					 w->kernel)) ||
	    (rc = barista_caffe_per_axis(l, params, "stride", "stride", 1, 1, w->n, w->stride)) ||
	    (rc = barista_caffe_per_axis(l, params, "pad", "pad", 0, 0, w->n, w->begin)) ||
	    (rc = barista_caffe_per_axis(l, params, "dilation", "dilation", 1, 1, w->n,
					 w->dilation)))
		return rc;
	memcpy(w->end, w->begin, sizeof w->end);
	for (size_t a = 0; a < w->n; a++)
		if (!w->kernel[a])
			return barista_caffe_fail_layer(l, "its kernel_size is missing");
	return 0;
}

static int check_pairs(struct barista_caffe_layer *l)
{
	if (l->op->nin && l->op->nin == l->op->nout)
		return 0;
	return barista_caffe_fail_layer(l, "bottoms: %zu, tops: %zu, expected as many of both",
					l->op->nin, l->op->nout);
}

static int read_convolution(struct barista_caffe_layer *l, struct barista_convolution *c)
{
	struct barista_proto *params;
	int64_t axis = 1;
	int rc;

	*c = (struct barista_convolution){.groups = 1};
	if ((rc = check_pairs(l)) || (rc = barista_caffe_params(l, &params)) ||
	    (rc = barista_caffe_int(l, params, "num_output", 1, INT32_MAX, &c->cout)) ||
	    (rc = barista_caffe_int(l, params, "group", 1, INT32_MAX, &c->groups)) ||
	    (rc = barista_caffe_int(l, params, "axis", -BARISTA_MAX_AXES, BARISTA_MAX_AXES, &axis)))
		return rc;
	if (!c->cout)
		return barista_caffe_fail_layer(l, "its num_output is missing");
	if (axis != 1 && axis + (int64_t)barista_caffe_in(l, 0)->n != 1)
		return barista_caffe_fail_layer(
			l, "channels on axis %lld: only axis 1 is understood", (long long)axis);
	if (barista_caffe_in(l, 0)->n < 3)
		return barista_caffe_fail_shape(
			l, "its input has %zu axes, expected images, channels, height, width",
			barista_caffe_in(l, 0)->n);
	c->window.n = barista_caffe_in(l, 0)->n - 2;
	return read_window(l, params, &c->window);
}

static int convolve(struct barista_caffe_layer *l, struct barista_op *op,
		    const struct barista_convolution *c)
{
	struct barista_blob *out = barista_op_out(l->net->g, op, 0);
	int rc = barista_convolve(l->net->g, op, c, l->net->err);

	/* When a guessed input does not fit, the other inputs may still do. */
	if (rc)
		return barista_caffe_forgive(l, barista_caffe_at_layer(l, rc));
	out->known = l->known;
	return 0;
}

/* Makes an op of its own for input and output i of a layer, since a convolution with several
 * bottoms works on each of them, with the same weights. network.c has counted these ops by their
 * tops. */
static int split_off(struct barista_caffe_layer *l, size_t i, struct barista_op **out)
{
	struct barista_op *op;
	int rc = barista_graph_op(l->net->g, l->op->name, l->op->type, 1, 1, &op, l->net->err);

	if (rc)
		return rc;
	op->line = l->op->line;
	op->col = l->op->col;
	op->multiplies = true;
	op->learns = l->op->learns;
	op->weights_learn = l->op->weights_learn;
	op->bias = l->op->bias;
	op->flow[0] = l->op->flow[i];
	op->in[0] = l->op->in[i];
	op->out[0] = l->op->out[i];
	l->op->in[i] = l->op->out[i] = BARISTA_NO_BLOB;
	*out = op;
	return 0;
}

static int convolve_all(struct barista_caffe_layer *l, const struct barista_convolution *c)
{
	int rc = convolve(l, l->op, c);

	for (size_t i = 1; i < l->op->nin && !rc; i++) {
		struct barista_op *op;

		if (!(rc = split_off(l, i, &op)))
			rc = convolve(l, op, c);
	}
	return rc;
}

/* In forks of Caffe a depthwise convolution may leave `group` out; then every channel is a
 * group. */
static int read_and_convolve(struct barista_caffe_layer *l, bool depthwise, bool transposed)
{
	struct barista_convolution c;
	int rc = read_convolution(l, &c);

	if (rc)
		return rc;
	if (depthwise && c.groups == 1)
		c.groups = barista_caffe_in(l, 0)->at[1];
	c.transposed = transposed;
	return convolve_all(l, &c);
}

int barista_caffe_convolution(struct barista_caffe_layer *l)
{
	return read_and_convolve(l, false, false);
}

int barista_caffe_depthwise(struct barista_caffe_layer *l)
{
	return read_and_convolve(l, true, false);
}

int barista_caffe_deconvolution(struct barista_caffe_layer *l)
{
	return read_and_convolve(l, false, true);
}

int barista_caffe_im2col(struct barista_caffe_layer *l)
{
	const struct barista_dims *in = barista_caffe_in(l, 0);
	struct barista_window w = {.n = in->n < 3 ? 0 : in->n - 2};
	struct barista_dims out = *in;
	struct barista_proto *params;
	int64_t taps;
	int rc = barista_caffe_params(l, &params);

	if (rc || (rc = read_window(l, params, &w)))
		return rc;
	if (!barista_mul_exact(&taps, w.n, w.kernel) ||
	    !barista_mul_exact(&out.at[1], 2, (int64_t[]){taps, in->at[1]}))
		return barista_caffe_fail_shape(l, "its output is too large");
	for (size_t a = 0; a < w.n; a++)
		if ((rc = barista_window_out(&out.at[a + 2], in->at[a + 2], &w, a, BARISTA_FLOOR,
					     false, l->net->err)))
			return barista_caffe_at_layer(l, rc);
	return barista_caffe_out(l, 0, &out);
}

int barista_caffe_inner_product(struct barista_caffe_layer *l)
{
	const struct barista_dims *in;
	struct barista_proto *params;
	struct barista_dims out;
	int64_t axis = 1, cout = 0, rows, cin;
	size_t from;
	int rc = barista_caffe_params(l, &params);

	if (l->op->nin != 1 || l->op->nout != 1)
		return barista_caffe_fail_layer(l, "bottoms: %zu, tops: %zu, expected one of both",
						l->op->nin, l->op->nout);
	if (rc || (rc = barista_caffe_int(l, params, "num_output", 1, INT32_MAX, &cout)) ||
	    (rc = barista_caffe_int(l, params, "axis", -BARISTA_MAX_AXES, BARISTA_MAX_AXES, &axis)))
		return rc;
	if (!cout)
		return barista_caffe_fail_layer(l, "its num_output is missing");
	in = barista_caffe_in(l, 0);
	if (!barista_dims_axis(axis, in->n, &from))
		return barista_caffe_fail_shape(l, "axis %lld of an input of %zu axes",
						(long long)axis, in->n);
	if (!barista_dims_product(in, 0, from, &rows) ||
	    !barista_dims_product(in, from, in->n, &cin))
		return barista_caffe_fail_shape(l, "its input is too large");
	if ((rc = barista_connect(l->net->g, l->op, rows, cin, cout, l->net->err)))
		return barista_caffe_at_layer(l, rc);
	out = *in;
	out.at[from] = cout;
	out.n = from + 1;
	return barista_caffe_out(l, 0, &out);
}

int barista_caffe_embed(struct barista_caffe_layer *l)
{
	struct barista_dims out = *barista_caffe_in(l, 0);
	struct barista_proto *params;
	int64_t cout = 0;
	int rc = barista_caffe_params(l, &params);

	if (rc || (rc = barista_caffe_int(l, params, "num_output", 1, INT32_MAX, &cout)))
		return rc;
	if (!cout || out.n == BARISTA_MAX_AXES)
		return barista_caffe_fail_layer(l, cout ? "its input has too many axes"
							: "its num_output is missing");
	out.at[out.n++] = cout;
	return barista_caffe_out(l, 0, &out);
}
