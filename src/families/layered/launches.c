/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kernels that the layers start. Numbers of launches follow Caffe's layer code (its GPU side,
 * with one kernel per call of its math functions); so do the elements that each reads and writes.
 * What Caffe does per image and what per batch is kept: convolutions are per image unless batched,
 * all else is per batch. */
#include "families/layered/layered.h"

#include "barista/family.h"
#include "network/workload.h"

#include <math.h>

struct launches {
	struct barista_launch *item;
	size_t n;
	double batch;
};

static void push(struct launches *to, struct barista_launch launch)
{
	to->item[to->n++] = launch;
}

/* A kernel that multiplies nothing. */
static void push_plain(struct launches *to, enum barista_layered_pass pass, const char *name,
		       double count, double elements)
{
	push(to, (struct barista_launch){
			 .name = name, .pass = pass, .count = count, .elements = elements});
}

/* ---- layers that multiply ---- */

/* Sizes of a layer for one image. A deconvolution is the convolution from its output to its input.
 */
struct sizes {
	double images, times;       /* of one launch; launches per iteration */
	double channels, positions; /* of the output */
	double columns; /* elements that im2col or col2im reads and writes; 0: neither runs */
};

/* As in Caffe, whose GEMM reads the image itself then. */
static bool is_pointwise(const struct barista_mac_layer *l)
{
	return l->kh == 1 && l->kw == 1 && l->stride_h == 1 && l->stride_w == 1 && !l->pad_h &&
	       !l->pad_w && !l->pad_end_h && !l->pad_end_w;
}

static struct sizes sizes_of(const struct barista_mac_layer *l, double batch, bool batched)
{
	bool at_once = batched || l->type == BARISTA_FC, deconv = l->type == BARISTA_DECONV;
	double channels = (double)(deconv ? l->cout : l->cin), window = (double)(l->kh * l->kw);
	double image = channels * (double)(deconv ? l->oh * l->ow : l->h * l->w);
	double steps = (double)(deconv ? l->h * l->w : l->oh * l->ow);

	return (struct sizes){
		.images = at_once ? batch : 1,
		.times = at_once ? 1 : batch,
		.channels = (double)l->cout,
		.positions = (double)(l->oh * l->ow),
		.columns = l->type == BARISTA_FC || is_pointwise(l)
				   ? 0
				   : image + channels * window * steps,
	};
}

/* The GEMM of a pass, one per group; the lowered network's may be of an image or of the batch. */
static void push_gemm(struct launches *to, const struct barista_lowered *lowered, size_t l,
		      enum barista_pass pass, const struct sizes *size)
{
	static const char *const names[] = {"fwd gemm", "wgrad gemm", "igrad gemm"};
	const struct barista_layer_class *class = &lowered->layer_class[lowered->class_of[l]];
	const struct barista_mac_layer *layer = &lowered->net->mac_layer[lowered->mac_layer[l]];
	double have = layer->type == BARISTA_FC || lowered->lowering.batched_gemm ? to->batch : 1;

	for (size_t i = 0; i < class->ngemms; i++) {
		const struct barista_gemm *g = &lowered->gemm[class->gemm[i]];
		struct barista_launch launch = {
			.name = names[pass],
			.pass = pass == BARISTA_FWD ? BARISTA_LAYERED_FORWARD
						    : BARISTA_LAYERED_BACKWARD,
			.count = (double)layer->groups * size->times,
			.accumulates = pass == BARISTA_WGRAD,
			.m = (double)g->m,
			.n = (double)g->n,
			.k = (double)g->k,
		};

		if (g->pass != pass)
			continue;
		if (layer->type != BARISTA_FC)
			*(pass == BARISTA_WGRAD ? &launch.k : &launch.n) *= size->images / have;
		push(to, launch);
	}
}

static void push_columns(struct launches *to, enum barista_layered_pass pass, const char *name,
			 const struct sizes *size)
{
	if (size->columns > 0)
		push_plain(to, pass, name, size->times, size->images * size->columns);
}

/* The bias is added as a product with a vector of ones, by the kernel that multiplies. */
static void push_bias(struct launches *to, const struct barista_mac_layer *l,
		      const struct sizes *size)
{
	double channels = size->channels, ones = size->images * size->positions;
	bool fc = l->type == BARISTA_FC;

	push(to, (struct barista_launch){.name = "fwd bias",
					 .pass = BARISTA_LAYERED_FORWARD,
					 .count = size->times,
					 .m = fc ? ones : channels,
					 .n = fc ? channels : ones,
					 .k = 1,
					 .accumulates = true,
					 .bias = true});
}

static void multiply_forward(struct launches *to, const struct barista_lowered *lowered, size_t l,
			     const struct sizes *size, bool fused)
{
	const struct barista_mac_layer *layer = &lowered->net->mac_layer[lowered->mac_layer[l]];
	bool deconv = layer->type == BARISTA_DECONV;

	if (!deconv)
		push_columns(to, BARISTA_LAYERED_FORWARD, "fwd im2col", size);
	push_gemm(to, lowered, l, BARISTA_FWD, size);
	if (deconv)
		push_columns(to, BARISTA_LAYERED_FORWARD, "fwd col2im", size);
	if (layer->bias && !fused)
		push_bias(to, layer, size);
}

/* im2col is done again for the weights; a deconvolution's input gradient uses it too. */
static void multiply_backward(struct launches *to, const struct barista_lowered *lowered, size_t l,
			      const struct sizes *size)
{
	const struct barista_mac_layer *layer = &lowered->net->mac_layer[lowered->mac_layer[l]];
	bool deconv = layer->type == BARISTA_DECONV;
	double ones = size->images * size->positions;

	/* A product of a matrix and a vector, added to the gradient. */
	if (layer->bias && layer->weight_gradient)
		push_plain(to, BARISTA_LAYERED_BACKWARD, "bwd bias", size->times,
			   size->channels * ones + ones + 2 * size->channels);
	if (layer->weight_gradient || (deconv && layer->input_gradient))
		push_columns(to, BARISTA_LAYERED_BACKWARD, "bwd im2col", size);
	push_gemm(to, lowered, l, BARISTA_WGRAD, size);
	push_gemm(to, lowered, l, BARISTA_IGRAD, size);
	if (layer->input_gradient && !deconv)
		push_columns(to, BARISTA_LAYERED_BACKWARD, "igrad col2im", size);
}

/* ---- the others, a whole batch at a time ---- */

/* Kernels of a step, and how often they move its inputs and outputs, all launches together. */
struct rule {
	enum barista_layer_type type;
	enum barista_layered_pass pass;
	const char *name;
	double launches;
	enum { ONCE, PER_INPUT, PER_IMAGE } how;
	double in, out;
};

#define FORWARD BARISTA_LAYERED_FORWARD
#define BACKWARD BARISTA_LAYERED_BACKWARD

/* Pooling writes a mask beside the output, and clears the gradient before it adds to it; average
 * pooling is taken to move as much. LRN keeps its scale, dropout its mask. A softmax is copy,
 * maximum, subtract, exp, sum and divide; the loss of one adds the loss and its sum, and backward
 * copies, subtracts and scales: its inputs are scores and one label, with which less is done. A sum
 * clears its output and adds the inputs (axpy).
 *
 * Batch normalisation, scale and softmax as in batch_norm_layer.cu, scale_layer.cu, bias_layer.cu,
 * softmax_layer.cu and softmax_loss_layer.cu of BVLC Caffe, for training and in place; axpby is
 * scal and axpy (math_functions.cu). Forward batch_norm takes the mean (2 gemv) and subtracts it (2
 * gemm), squares (mul), takes the variance (2 gemv), updates both running statistics (2 axpby),
 * adds epsilon, takes the root, spreads it (2 gemm), divides and copies: 17. Backward is copy, mul,
 * 2 gemv, 2 gemm, mul, 2 gemv, 2 gemm, axpby and div: 14. (Not in place the copy of backward is
 * done forward.) Scale copies and scales; backward its bias is a gemv per image, its factors mul
 * and 2 gemv, its input one kernel. Products with vectors of ones are as fast as the memory here,
 * and of what is kept per channel nothing is counted: how many channels these layers have is not
 * known. */
static const struct rule rules[] = {
	{BARISTA_LAYER_MAX_POOL, FORWARD, "fwd pool", 1, ONCE, 1, 2},
	{BARISTA_LAYER_MAX_POOL, BACKWARD, "bwd memset", 1, ONCE, 1, 0},
	{BARISTA_LAYER_MAX_POOL, BACKWARD, "bwd pool", 1, ONCE, 1, 2},
	{BARISTA_LAYER_AVE_POOL, FORWARD, "fwd pool", 1, ONCE, 1, 2},
	{BARISTA_LAYER_AVE_POOL, BACKWARD, "bwd memset", 1, ONCE, 1, 0},
	{BARISTA_LAYER_AVE_POOL, BACKWARD, "bwd pool", 1, ONCE, 1, 2},
	{BARISTA_LAYER_ACTIVATION, FORWARD, "fwd activation", 1, ONCE, 1, 1},
	{BARISTA_LAYER_ACTIVATION, BACKWARD, "bwd activation", 1, ONCE, 2, 1},
	{BARISTA_LAYER_LRN, FORWARD, "fwd lrn", 2, ONCE, 4, 1},
	{BARISTA_LAYER_LRN, BACKWARD, "bwd lrn", 1, ONCE, 3, 2},
	{BARISTA_LAYER_BATCH_NORM, FORWARD, "fwd batch_norm", 17, ONCE, 7, 6},
	{BARISTA_LAYER_BATCH_NORM, BACKWARD, "bwd batch_norm", 14, ONCE, 11, 10},
	{BARISTA_LAYER_SCALE, FORWARD, "fwd scale", 2, ONCE, 2, 2},
	{BARISTA_LAYER_SCALE, BACKWARD, "bwd scale", 1, ONCE, 1, 1},
	{BARISTA_LAYER_DROPOUT, FORWARD, "fwd random", 1, ONCE, 0, 1},
	{BARISTA_LAYER_DROPOUT, FORWARD, "fwd multiply", 1, ONCE, 1, 2},
	{BARISTA_LAYER_DROPOUT, BACKWARD, "bwd multiply", 1, ONCE, 1, 2},
	{BARISTA_LAYER_SUM, FORWARD, "fwd memset", 1, ONCE, 0, 1},
	{BARISTA_LAYER_SUM, FORWARD, "fwd axpy", 1, PER_INPUT, 3, 0},
	{BARISTA_LAYER_SUM, BACKWARD, "bwd copy", 1, PER_INPUT, 2, 0},
	{BARISTA_LAYER_CONCAT, FORWARD, "fwd copy", 1, PER_INPUT, 1, 1},
	{BARISTA_LAYER_CONCAT, BACKWARD, "bwd copy", 1, PER_INPUT, 1, 1},
	{BARISTA_LAYER_SOFTMAX, FORWARD, "fwd softmax", 6, ONCE, 1, 9},
	{BARISTA_LAYER_SOFTMAX, BACKWARD, "bwd softmax", 4, ONCE, 1, 8},
	{BARISTA_LAYER_LOSS, FORWARD, "fwd softmax", 6, ONCE, 10, -6},
	{BARISTA_LAYER_LOSS, FORWARD, "fwd loss", 2, ONCE, 0, 5},
	{BARISTA_LAYER_LOSS, BACKWARD, "bwd loss", 3, ONCE, 4, 0},
	{BARISTA_LAYER_OTHER, FORWARD, "fwd other", 1, ONCE, 1, 1},
	{BARISTA_LAYER_OTHER, BACKWARD, "bwd other", 1, ONCE, 1, 1},
};

/* What a scale that learns does for its own gradients. */
static const struct rule learning[] = {
	{BARISTA_LAYER_SCALE, BACKWARD, "wgrad scale", 3, ONCE, 2, 2},
	{BARISTA_LAYER_SCALE, BACKWARD, "wgrad bias", 1, PER_IMAGE, 0, 1},
};

static void push_rule(struct launches *to, const struct barista_layer *step, const struct rule *r)
{
	double times[] = {[ONCE] = 1, [PER_INPUT] = (double)step->inputs, [PER_IMAGE] = to->batch};
	double count = r->launches * times[r->how];

	push_plain(to, r->pass, r->name, count,
		   to->batch * fmax(0, r->in * (double)step->in + r->out * (double)step->out) /
			   count);
}

static void push_rules(struct launches *to, const struct barista_layer *step,
		       enum barista_layer_type type, enum barista_layered_pass pass)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (rules[i].type == type && rules[i].pass == pass)
			push_rule(to, step, &rules[i]);
	if (type == BARISTA_LAYER_SCALE && pass == BACKWARD)
		for (int64_t i = 0; i < 2 && i < step->blobs; i++)
			push_rule(to, step, &learning[i]);
}

/* In Caffe a batch normalisation that learns is two layers. */
static void step_launches(struct launches *to, const struct barista_layer *step,
			  enum barista_layered_pass pass)
{
	bool scales = step->type == BARISTA_LAYER_BATCH_NORM && step->blobs > 0;

	if (scales && pass == BACKWARD)
		push_rules(to, step, BARISTA_LAYER_SCALE, pass);
	push_rules(to, step, step->type, pass);
	if (scales && pass == FORWARD)
		push_rules(to, step, BARISTA_LAYER_SCALE, pass);
}

/* An activation that works on what the layer before it has just written. */
static bool is_epilogue(const struct barista_lowered *lowered, size_t l)
{
	const struct barista_layer *step = &lowered->net->layer[lowered->layer[l]];
	const struct barista_mac_layer *before;

	if (!l || step->type != BARISTA_LAYER_ACTIVATION || lowered->mac_layer[l] != SIZE_MAX ||
	    lowered->mac_layer[l - 1] == SIZE_MAX)
		return false;
	before = &lowered->net->mac_layer[lowered->mac_layer[l - 1]];
	return step->in == before->cout * before->oh * before->ow;
}

/* SGD with momentum and weight decay: decay is added to the gradient (axpy), the history scaled
 * (scal), the gradient added to it and it to the weights (axpy); per blob, once in net->iterations
 * passes. */
static void update_launches(struct launches *to, const struct barista_lowered *lowered, size_t l)
{
	const struct barista_layer *step = &lowered->net->layer[lowered->layer[l]];
	double blobs = (double)step->blobs, params = (double)step->params,
	       passes = (double)lowered->net->iterations;

	if (lowered->mac_layer[l] != SIZE_MAX) {
		const struct barista_mac_layer *layer =
			&lowered->net->mac_layer[lowered->mac_layer[l]];

		blobs = layer->weight_gradient ? 1 + layer->bias : 0;
		params = (double)layer->weights + (layer->bias ? (double)layer->cout : 0);
	}
	if (!(blobs > 0))
		return;
	push_plain(to, BARISTA_LAYERED_UPDATE, "update axpy", 3 * blobs / passes,
		   3 * params / blobs);
	push_plain(to, BARISTA_LAYERED_UPDATE, "update scal", blobs / passes, 2 * params / blobs);
}

/* ---- transfers ---- */

static void push_transfer(struct launches *to, const char *name, double elements, double bits)
{
	push(to, (struct barista_launch){.name = name,
					 .pass = FORWARD,
					 .count = 1,
					 .transfer = true,
					 .sent = elements,
					 .sent_bits = bits});
}

/* The layer that the loss is read from: the last loss, or the last layer. */
static size_t loss_layer(const struct barista_lowered *lowered)
{
	for (size_t l = lowered->nlayers; l-- > 0;)
		if (lowered->mac_layer[l] == SIZE_MAX &&
		    lowered->net->layer[lowered->layer[l]].type == BARISTA_LAYER_LOSS)
			return l;
	return lowered->nlayers - 1;
}

static void input_transfers(struct launches *to, const struct barista_workload *net)
{
	double image = (double)net->input[0] * (double)net->input[1] * (double)net->input[2];

	push_transfer(to, "images", to->batch * image, 0);
	push_transfer(to, "labels", 0, to->batch * 32);
}

size_t barista_layered_launches(const struct barista_lowered *lowered, size_t l,
				struct barista_layered_mode mode,
				struct barista_launch out[BARISTA_LAYERED_LAUNCHES])
{
	const struct barista_layer *step = &lowered->net->layer[lowered->layer[l]];
	struct launches to = {.item = out, .batch = (double)lowered->net->batch};

	if (!l)
		input_transfers(&to, lowered->net);
	if (lowered->mac_layer[l] != SIZE_MAX) {
		struct sizes size = sizes_of(&lowered->net->mac_layer[lowered->mac_layer[l]],
					     to.batch, mode.batched);

		multiply_forward(&to, lowered, l, &size, mode.fused);
		multiply_backward(&to, lowered, l, &size);
	} else {
		if (!mode.fused || !is_epilogue(lowered, l))
			step_launches(&to, step, FORWARD);
		if (step->input_gradient)
			step_launches(&to, step, BACKWARD);
	}
	update_launches(&to, lowered, l);
	if (l == loss_layer(lowered))
		push_transfer(&to, "loss", 0, 32);
	return to.n;
}
