/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decodes an entry of `layers` of a workload file that multiplies: a convolution, a deconvolution
 * or a fully connected layer. Sizes of outputs and counts follow from what it says. */
#include "network/layers.h"

#include "base/num.h"
#include "base/text.h"
#include "io/schema.h"

/* What one dimension may be at most, far above that of any network. */
static const double max_size = 1 << 24;

const char *const barista_mac_layer_types[] = {
	[BARISTA_CONV] = "conv", [BARISTA_FC] = "fc", [BARISTA_DECONV] = "deconv", NULL};

struct raw_mac_layer {
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

/* Returns the output size of a convolution along one axis, by Caffe's rule; 0 when the kernel does
 * not fit. */
static int64_t conv_out(int64_t in, int64_t k, int64_t stride, int64_t pads, int64_t dil)
{
	int64_t room = in + pads - (dil * (k - 1) + 1);

	return room < 0 ? 0 : room / stride + 1;
}

/* Returns that of a deconvolution: the input size of the convolution that it is the transpose of.
 */
static int64_t deconv_out(int64_t in, int64_t k, int64_t stride, int64_t pads, int64_t dil)
{
	return stride * (in - 1) + dil * (k - 1) + 1 - pads;
}

/* Decodes [height, width], or [top, left, bottom, right]. The last two of a deconvolution's four
 * pads may be negative, for rows and columns that it adds there. */
static int decode_pad(struct barista_mac_layer *mac, const struct barista_doc *doc,
		      const struct barista_node *node, struct barista_err *err)
{
	int64_t pad[4] = {0};
	bool four = node && node->kind == BARISTA_SEQUENCE && node->n == 4;
	double lo = four && mac->type == BARISTA_DECONV ? -65536 : 0;
	int rc =
		node ? barista_decode_ints(doc, node, "pad", lo, 65536, four ? 4 : 2, pad, err) : 0;

	if (rc)
		return rc;
	if (pad[0] < 0 || pad[1] < 0)
		return barista_fail_node(err, doc, node,
					 "only the last two of four pads may be negative");
	mac->pad_h = pad[0], mac->pad_w = pad[1];
	mac->pad_end_h = four ? pad[2] : pad[0], mac->pad_end_w = four ? pad[3] : pad[1];
	return 0;
}

static int count_macs(struct barista_mac_layer *mac, const struct barista_doc *doc,
		      const struct barista_node *node, struct barista_err *err)
{
	/* A deconvolution multiplies at the positions of its input, a convolution at those of its
	 * output. Of a fully connected layer oh is the rows that it works on per image. */
	bool deconv = mac->type == BARISTA_DECONV;
	int64_t weights[] = {mac->cout, mac->cin / mac->groups, mac->kh, mac->kw};
	int64_t positions = deconv ? mac->h * mac->w : mac->oh * mac->ow;

	if (!barista_mul_exact(&mac->weights, 4, weights) ||
	    !barista_mul_exact(&mac->macs, 2, (int64_t[]){mac->weights, positions}))
		return fail_layer(
			err, doc, node, mac->name,
			"more than 2^53 multiply-accumulates per image: counts would not be exact");
	return 0;
}

/* The size of the output: of a convolution, or of a deconvolution. */
static int size_output(struct barista_mac_layer *mac, const struct barista_doc *doc,
		       const struct barista_node *node, struct barista_err *err)
{
	bool conv = mac->type == BARISTA_CONV;
	int64_t (*size)(int64_t in, int64_t kernel, int64_t stride, int64_t pads,
			int64_t dilation) = conv ? conv_out : deconv_out;

	mac->oh = size(mac->h, mac->kh, mac->stride_h, mac->pad_h + mac->pad_end_h, mac->dil_h);
	mac->ow = size(mac->w, mac->kw, mac->stride_w, mac->pad_w + mac->pad_end_w, mac->dil_w);
	if (mac->oh >= 1 && mac->ow >= 1)
		return 0;
	return fail_layer(err, doc, node, mac->name,
			  conv ? "the output is empty: the kernel is larger than the padded input"
			       : "the output is empty: the padding takes all of it");
}

static int finish_conv(struct barista_mac_layer *mac, const struct raw_mac_layer *raw,
		       const struct barista_doc *doc, const struct barista_node *node,
		       struct barista_err *err)
{
	const struct barista_node *positions = barista_node_get(node, "positions");
	int64_t in[3], out;
	int rc = barista_decode_ints(doc, raw->in, "in", 1, max_size, 3, in, err);

	if (rc || (rc = barista_decode_int(doc, raw->out, "out", 1, max_size, &out, err)))
		return rc;
	if (!raw->kernel[0])
		return fail_layer(err, doc, node, mac->name, "missing key 'kernel'");
	mac->cin = in[0], mac->h = in[1], mac->w = in[2], mac->cout = out;
	mac->kh = raw->kernel[0], mac->kw = raw->kernel[1];
	mac->stride_h = raw->stride[0], mac->stride_w = raw->stride[1];
	mac->dil_h = raw->dilation[0], mac->dil_w = raw->dilation[1];
	mac->groups = raw->groups;
	if ((rc = decode_pad(mac, doc, raw->pad, err)))
		return rc;
	if (positions)
		return barista_fail_node(err, doc, positions,
					 "'positions' belongs to layers of type fc");
	if (mac->cin % mac->groups || mac->cout % mac->groups)
		return fail_layer(err, doc, node, mac->name,
				  "'groups' must divide both channel counts");
	rc = size_output(mac, doc, node, err);
	return rc ? rc : count_macs(mac, doc, node, err);
}

static int finish_fc(struct barista_mac_layer *mac, const struct raw_mac_layer *raw,
		     const struct barista_doc *doc, const struct barista_node *node,
		     struct barista_err *err)
{
	static const char *const conv_only[] = {"kernel",   "stride", "pad",
						"dilation", "groups", NULL};
	int rc = barista_decode_int(doc, raw->in, "in", 1, 1e12, &mac->cin, err);

	if (rc || (rc = barista_decode_int(doc, raw->out, "out", 1, 1e12, &mac->cout, err)))
		return rc;
	for (size_t i = 0; conv_only[i]; i++)
		if (barista_node_get(node, conv_only[i]))
			return barista_fail_node(err, doc, barista_node_get(node, conv_only[i]),
						 "'%s' does not belong to a layer of type fc",
						 conv_only[i]);
	mac->w = mac->kh = mac->kw = mac->stride_h = mac->stride_w = mac->dil_h = mac->dil_w =
		mac->groups = mac->ow = 1;
	mac->h = mac->oh = raw->positions;
	return count_macs(mac, doc, node, err);
}

int barista_mac_layer_decode(struct barista_mac_layer *mac, const struct barista_doc *doc,
			     const struct barista_node *node, struct barista_err *err)
{
	static const struct barista_field fields[] = {
		BARISTA_FIELD("name", STRING, struct raw_mac_layer, name, .required = true),
		BARISTA_FIELD("type", STRING, struct raw_mac_layer, type, .required = true),
		BARISTA_FIELD("in", ANY, struct raw_mac_layer, in, .required = true),
		BARISTA_FIELD("out", ANY, struct raw_mac_layer, out, .required = true),
		BARISTA_FIELD("kernel", INTS, struct raw_mac_layer, kernel, .lo = 1, .hi = 65536,
			      .count = 2),
		BARISTA_FIELD("stride", INTS, struct raw_mac_layer, stride, .lo = 1, .hi = 65536,
			      .count = 2),
		BARISTA_FIELD("pad", ANY, struct raw_mac_layer, pad, .required = false),
		BARISTA_FIELD("dilation", INTS, struct raw_mac_layer, dilation, .lo = 1,
			      .hi = 65536, .count = 2),
		BARISTA_FIELD("groups", INT, struct raw_mac_layer, groups, .lo = 1, .hi = 1 << 24),
		BARISTA_FIELD("positions", INT, struct raw_mac_layer, positions, .lo = 1,
			      .hi = 1 << 24),
		BARISTA_FIELD("weight_gradient", BOOL, struct raw_mac_layer, weight_gradient,
			      .required = false),
		BARISTA_FIELD("input_gradient", BOOL, struct raw_mac_layer, input_gradient,
			      .required = false),
		BARISTA_FIELD("bias", BOOL, struct raw_mac_layer, bias, .required = false),
	};
	struct raw_mac_layer raw = {.stride = {1, 1},
				    .dilation = {1, 1},
				    .groups = 1,
				    .positions = 1,
				    .input_gradient = true,
				    .weight_gradient = true,
				    .bias = true};
	enum barista_mac_layer_type type;
	int rc;

	if ((rc = barista_decode(doc, node, fields, sizeof fields / sizeof *fields, &raw, err)))
		return rc;
	type = (enum barista_mac_layer_type)barista_word_index(barista_mac_layer_types, raw.type);
	*mac = (struct barista_mac_layer){.name = raw.name,
					  .type = type,
					  .input_gradient = raw.input_gradient,
					  .weight_gradient = raw.weight_gradient,
					  .bias = raw.bias};
	return type == BARISTA_FC ? finish_fc(mac, &raw, doc, node, err)
				  : finish_conv(mac, &raw, doc, node, err);
}
