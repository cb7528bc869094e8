/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layers that multiply, as a workload file has them. */
#include "network/layers.h"

#include "base/num.h"
#include "base/text.h"
#include "io/schema.h"

static const double max_size = 1 << 24; /* of one dimension: far above any network */

const char *const barista_mac_layer_types[] = {"conv", "fc", "deconv", NULL};

struct raw_layer {
	const char *name, *type;
	const struct barista_node *in, *out;
	const struct barista_node *pad;
	int64_t kernel[2], stride[2], dilation[2], groups, positions;
	bool input_gradient, weight_gradient, bias;
};

static int fail_layer(struct barista_err *err, const struct barista_doc *doc,
		      const struct barista_node *node, const char *name, const char *what)
{
	return barista_fail_node(err, doc, node, "layer '%.80s': %s", name, what);
}

/* Output size of a convolution along one axis, Caffe's rule; 0 when nothing fits. */
static int64_t conv_out(int64_t in, int64_t k, int64_t stride, int64_t pads, int64_t dil)
{
	int64_t room = in + pads - (dil * (k - 1) + 1);

	return room < 0 ? 0 : room / stride + 1;
}

static int64_t deconv_out(int64_t in, int64_t k, int64_t stride, int64_t pads, int64_t dil)
{
	return stride * (in - 1) + dil * (k - 1) + 1 - pads;
}

/* [height, width], or [top, left, bottom, right]. The end of a deconvolution's padding may be
 * negative: rows and columns that it adds there. */
static int decode_pad(struct barista_mac_layer *l, const struct barista_doc *doc,
		      const struct barista_node *node, struct barista_err *err)
{
	int64_t pad[4] = {0};
	bool four = node && node->kind == BARISTA_SEQUENCE && node->n == 4;
	double lo = four && l->type == BARISTA_DECONV ? -65536 : 0;
	int rc =
		node ? barista_decode_ints(doc, node, "pad", lo, 65536, four ? 4 : 2, pad, err) : 0;

	if (rc)
		return rc;
	if (pad[0] < 0 || pad[1] < 0)
		return barista_fail_node(err, doc, node,
					 "only the last two of four pads may be negative");
	l->pad_h = pad[0], l->pad_w = pad[1];
	l->pad_end_h = four ? pad[2] : pad[0], l->pad_end_w = four ? pad[3] : pad[1];
	return 0;
}

static int count_macs(struct barista_mac_layer *l, const struct barista_doc *doc,
		      const struct barista_node *node, struct barista_err *err)
{
	/* A deconvolution multiplies at its input's positions, a convolution at its output's. */
	bool deconv = l->type == BARISTA_DECONV;
	int64_t weights[] = {l->cout, l->cin / l->groups, l->kh, l->kw};
	int64_t positions = deconv ? l->h * l->w : l->oh * l->ow;

	/* fc: h and oh are the rows that it works on per image. */
	if (!barista_mul_exact(&l->weights, 4, weights) ||
	    !barista_mul_exact(&l->macs, 2, (int64_t[]){l->weights, positions}))
		return fail_layer(
			err, doc, node, l->name,
			"more than 2^53 multiply-accumulates per image: counts would not be exact");
	return 0;
}

static int finish_conv(struct barista_mac_layer *l, const struct raw_layer *raw,
		       const struct barista_doc *doc, const struct barista_node *node,
		       struct barista_err *err)
{
	int64_t in[3], out;
	int rc = barista_decode_ints(doc, raw->in, "in", 1, max_size, 3, in, err);

	if (rc || (rc = barista_decode_int(doc, raw->out, "out", 1, max_size, &out, err)))
		return rc;
	if (!raw->kernel[0])
		return fail_layer(err, doc, node, l->name, "missing key 'kernel'");
	l->cin = in[0], l->h = in[1], l->w = in[2], l->cout = out;
	l->kh = raw->kernel[0], l->kw = raw->kernel[1];
	l->stride_h = raw->stride[0], l->stride_w = raw->stride[1];
	if ((rc = decode_pad(l, doc, raw->pad, err)))
		return rc;
	l->dil_h = raw->dilation[0], l->dil_w = raw->dilation[1];
	l->groups = raw->groups;
	if (barista_node_get(node, "positions"))
		return barista_fail_node(err, doc, barista_node_get(node, "positions"),
					 "'positions' belongs to layers of type fc");
	if (l->cin % l->groups || l->cout % l->groups)
		return fail_layer(err, doc, node, l->name,
				  "'groups' must divide both channel counts");
	if (l->type == BARISTA_CONV) {
		l->oh = conv_out(l->h, l->kh, l->stride_h, l->pad_h + l->pad_end_h, l->dil_h);
		l->ow = conv_out(l->w, l->kw, l->stride_w, l->pad_w + l->pad_end_w, l->dil_w);
	} else {
		l->oh = deconv_out(l->h, l->kh, l->stride_h, l->pad_h + l->pad_end_h, l->dil_h);
		l->ow = deconv_out(l->w, l->kw, l->stride_w, l->pad_w + l->pad_end_w, l->dil_w);
	}
	if (l->oh < 1 || l->ow < 1)
		return fail_layer(
			err, doc, node, l->name,
			l->type == BARISTA_CONV
				? "the output is empty: the kernel is larger than the padded input"
				: "the output is empty: the padding takes all of it");
	return count_macs(l, doc, node, err);
}

static int finish_fc(struct barista_mac_layer *l, const struct raw_layer *raw,
		     const struct barista_doc *doc, const struct barista_node *node,
		     struct barista_err *err)
{
	static const char *const conv_only[] = {"kernel",   "stride", "pad",
						"dilation", "groups", NULL};
	int rc = barista_decode_int(doc, raw->in, "in", 1, 1e12, &l->cin, err);

	if (rc || (rc = barista_decode_int(doc, raw->out, "out", 1, 1e12, &l->cout, err)))
		return rc;
	for (size_t i = 0; conv_only[i]; i++)
		if (barista_node_get(node, conv_only[i]))
			return barista_fail_node(err, doc, barista_node_get(node, conv_only[i]),
						 "'%s' does not belong to a layer of type fc",
						 conv_only[i]);
	l->w = l->kh = l->kw = l->stride_h = l->stride_w = l->dil_h = l->dil_w = l->groups = l->ow =
		1;
	l->h = l->oh = raw->positions;
	return count_macs(l, doc, node, err);
}

int barista_mac_layer_decode(struct barista_mac_layer *l, const struct barista_doc *doc,
			     const struct barista_node *node, struct barista_err *err)
{
	static const struct barista_field fields[] = {
		BARISTA_FIELD("name", STRING, struct raw_layer, name, .required = true),
		BARISTA_FIELD("type", STRING, struct raw_layer, type, .required = true),
		BARISTA_FIELD("in", ANY, struct raw_layer, in, .required = true),
		BARISTA_FIELD("out", ANY, struct raw_layer, out, .required = true),
		BARISTA_FIELD("kernel", INTS, struct raw_layer, kernel, .lo = 1, .hi = 65536,
			      .count = 2),
		BARISTA_FIELD("stride", INTS, struct raw_layer, stride, .lo = 1, .hi = 65536,
			      .count = 2),
		BARISTA_FIELD("pad", ANY, struct raw_layer, pad, .required = false),
		BARISTA_FIELD("dilation", INTS, struct raw_layer, dilation, .lo = 1, .hi = 65536,
			      .count = 2),
		BARISTA_FIELD("groups", INT, struct raw_layer, groups, .lo = 1, .hi = 1 << 24),
		BARISTA_FIELD("positions", INT, struct raw_layer, positions, .lo = 1,
			      .hi = 1 << 24),
		BARISTA_FIELD("weight_gradient", BOOL, struct raw_layer, weight_gradient,
			      .required = false),
		BARISTA_FIELD("input_gradient", BOOL, struct raw_layer, input_gradient,
			      .required = false),
		BARISTA_FIELD("bias", BOOL, struct raw_layer, bias, .required = false),
	};
	struct raw_layer raw = {.stride = {1, 1},
				.dilation = {1, 1},
				.groups = 1,
				.positions = 1,
				.input_gradient = true,
				.weight_gradient = true,
				.bias = true};
	enum barista_mac_layer_type t;
	int rc;

	if ((rc = barista_decode(doc, node, fields, sizeof fields / sizeof *fields, &raw, err)))
		return rc;
	t = (enum barista_mac_layer_type)barista_word_index(barista_mac_layer_types, raw.type);
	*l = (struct barista_mac_layer){.name = raw.name,
					.type = t,
					.input_gradient = raw.input_gradient,
					.weight_gradient = raw.weight_gradient,
					.bias = raw.bias};
	return t == BARISTA_FC ? finish_fc(l, &raw, doc, node, err)
			       : finish_conv(l, &raw, doc, node, err);
}
