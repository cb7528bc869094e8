/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file has the operators Conv and ConvTranspose. */
#include "base/num.h"
#include "import/onnx/operators.h"
#include "import/onnx/window.h"

#include <string.h>

/* Reads the groups, and takes the kernel and cout from the weights, which are input 1. Conv's are
 * cout x cin/groups x kernel, ConvTranspose's are cin x cout/groups x kernel. */
static int read_weights(struct barista_onnx_node *n, struct barista_convolution *c)
{
	const struct barista_dims *x = barista_onnx_in(n, 0), *w = barista_onnx_in(n, 1);
	int64_t kernel[BARISTA_MAX_AXES], channels;
	char text[2][160];
	int rc;

	c->groups = 1;
	barista_dims_text(text[0], sizeof text[0], x);
	barista_dims_text(text[1], sizeof text[1], w);
	if (x->n < 3 || w->n != x->n)
		return barista_onnx_fail_node(
			n,
			"the input is %.80s, the weights are %.80s: expected as many axes, at "
			"least 3",
			text[0], text[1]);
	c->window.n = x->n - 2;
	memcpy(c->window.kernel, w->at + 2, c->window.n * sizeof *w->at);
	if ((rc = barista_onnx_int(n, "group", &c->groups)) ||
	    (rc = barista_onnx_per_axis(n, "kernel_shape", c->window.n, INT64_MIN, kernel)))
		return rc;
	for (size_t a = 0; a < c->window.n; a++)
		if (kernel[a] != INT64_MIN && kernel[a] != w->at[a + 2])
			return barista_onnx_fail_node(
				n, "'kernel_shape' does not fit the weights, which are %.80s",
				text[1]);
	if (c->groups < 1 || c->groups > 1LL << 31)
		return barista_onnx_fail_node(n, "'group' must be at least 1");
	channels = c->transposed ? w->at[0] : w->at[1] * c->groups;
	c->cout = c->transposed ? w->at[1] * c->groups : w->at[0];
	if (channels != x->at[1])
		return barista_onnx_fail_node(
			n,
			"the input is %.80s, but weights of %.80s in %lld groups want %lld "
			"channels",
			text[0], text[1], (long long)c->groups, (long long)channels);
	return 0;
}

static int convolve(struct barista_onnx_node *n, const struct barista_convolution *c)
{
	struct barista_dims out;
	int rc;

	/* Weights that are an input or are computed get a gradient like constant ones, because
	 * whatever makes them may need it. */
	n->op->learns = n->op->weights_learn = true;
	n->op->bias = barista_op_in(n->g, n->op, 2) != NULL;
	if ((rc = barista_convolve(n->g, n->op, c, n->model->err)))
		return barista_onnx_at_node(n, rc);
	out = barista_op_out(n->g, n->op, 0)->dims;
	return barista_onnx_set_output(n, 0, &out);
}

int barista_onnx_conv(struct barista_onnx_node *n)
{
	struct barista_convolution c = {.transposed = false};
	enum barista_onnx_auto_pad how;
	int rc;

	if ((rc = read_weights(n, &c)) ||
	    (rc = barista_onnx_window(n, barista_onnx_in(n, 0)->at + 2, &c.window, &how)))
		return rc;
	return convolve(n, &c);
}

/* Pads axis a so that the output has `want` elements, as the ONNX specification of ConvTranspose
 * does: the larger half of the padding is at the end for SAME_UPPER only. `extra` is
 * output_padding. The end becomes negative when the output has to be larger than without padding.
 */
static int pad_to(struct barista_onnx_node *n, struct barista_window *w, size_t a, int64_t in,
		  int64_t want, int64_t extra, enum barista_onnx_auto_pad how)
{
	int64_t span, steps, full, total;

	if (w->stride[a] < 1 || w->dilation[a] < 1 || w->kernel[a] < 1 || in < 1 ||
	    !barista_mul_exact(&span, 2, (int64_t[]){w->dilation[a], w->kernel[a] - 1}) ||
	    !barista_mul_exact(&steps, 2, (int64_t[]){w->stride[a], in - 1}))
		return barista_onnx_fail_node(
			n, "kernel, stride, dilation and input must be at least 1, and not huge");
	if (want < 1 || want > 1LL << 31)
		return barista_onnx_fail_node(n, "its output would have the size %lld",
					      (long long)want);
	full = steps + span + 1;
	total = full + extra - want;
	if (total < 0)
		total = 0;
	w->begin[a] = how == BARISTA_ONNX_SAME_UPPER ? total / 2 : total - total / 2;
	w->end[a] = full - want - w->begin[a];
	return 0;
}

/* Turns output_padding and output_shape into padding at the end, which may become negative. */
static int pad_transposed(struct barista_onnx_node *n, struct barista_window *w,
			  enum barista_onnx_auto_pad how)
{
	const int64_t *in = barista_onnx_in(n, 0)->at + 2;
	int64_t extra[BARISTA_MAX_AXES], want[BARISTA_MAX_AXES];
	bool same = how == BARISTA_ONNX_SAME_UPPER || how == BARISTA_ONNX_SAME_LOWER;
	int rc;

	if ((rc = barista_onnx_per_axis(n, "output_padding", w->n, 0, extra)) ||
	    (rc = barista_onnx_per_axis(n, "output_shape", w->n, INT64_MIN, want)))
		return rc;
	for (size_t a = 0; a < w->n; a++) {
		if (extra[a] < 0 || extra[a] > 1LL << 31)
			return barista_onnx_fail_node(n, "'output_padding' must be at least 0");
		if (want[a] == INT64_MIN && same &&
		    !barista_mul_exact(&want[a], 2, (int64_t[]){in[a], w->stride[a]}))
			return barista_onnx_fail_node(n, "the stride must be at least 1");
		if (want[a] != INT64_MIN) {
			if ((rc = pad_to(n, w, a, in[a], want[a], extra[a], how)))
				return rc;
		} else if (__builtin_sub_overflow(w->end[a], extra[a], &w->end[a]))
			return barista_onnx_fail_node(n, "the padding is out of range");
	}
	return 0;
}

int barista_onnx_conv_transpose(struct barista_onnx_node *n)
{
	struct barista_convolution c = {.transposed = true};
	enum barista_onnx_auto_pad how;
	int rc;

	if ((rc = read_weights(n, &c)) ||
	    (rc = barista_onnx_window(n, barista_onnx_in(n, 0)->at + 2, &c.window, &how)) ||
	    (rc = pad_transposed(n, &c.window, how)))
		return rc;
	return convolve(n, &c);
}
