/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_WINDOW_H
#define IMPORT_WINDOW_H

#include "import/graph.h"

/* These functions size the outputs of layers, by rules that Caffe and ONNX share. Their messages of
 * BARISTA_E_INPUT tell only what does not fit, since they do not know how the format names a layer;
 * the caller puts that before the message. */

/* Multiplies the sizes of the axes from..to-1; without axes the product is 1. Returns false, and
 * leaves *out as it was, when it passes 2^53. */
bool barista_dims_product(const struct barista_dims *d, size_t from, size_t to, int64_t *out);
/* Writes sizes as people do, "1x3x224x224", and "scalar" without axes. */
void barista_dims_text(char *buf, size_t size, const struct barista_dims *d);
bool barista_dims_equal(const struct barista_dims *a, const struct barista_dims *b);
/* Turns a number from -n to n-1 into an axis of n, where negative ones count from the end. Returns
 * false, and leaves *out as it was, for other numbers. */
bool barista_dims_axis(int64_t axis, size_t n, size_t *out);

/* A window slides over the n axes behind the channels. All numbers are elements along an axis; the
 * padding may be negative at the end only. Numbers out of range are found when it is used. */
struct barista_window {
	size_t n;
	int64_t kernel[BARISTA_MAX_AXES], stride[BARISTA_MAX_AXES], dilation[BARISTA_MAX_AXES];
	int64_t begin[BARISTA_MAX_AXES], end[BARISTA_MAX_AXES]; /* padding */
};

/* How a number of positions that is not whole is rounded. */
enum barista_round { BARISTA_FLOOR, BARISTA_CEIL };

/* Counts the positions of a window along one axis of an input of `in` elements, which are floor or
 * ceil((in + begin + end - dilation (kernel - 1) - 1) / stride) + 1. With clip a last window that
 * would begin in the padding behind the input does not count. Errors: BARISTA_E_INPUT. */
int barista_window_out(int64_t *out, int64_t in, const struct barista_window *w, size_t axis,
		       enum barista_round round, bool clip, struct barista_err *err);

struct barista_convolution {
	bool transposed; /* it is a deconvolution */
	int64_t cout, groups;
	struct barista_window window;
};

/* Convolves input 0 of the op, whose axes are the batch, the channels, and those of the window,
 * into output 0. It sets the sizes of the output, but not how far they are known, and the
 * multiply-accumulates of the op; what no layer of a workload can hold becomes a problem of the op
 * instead. The input and output must exist. Errors: BARISTA_E_INPUT when the sizes do not fit or
 * more than 2^53 multiply-accumulates would have to be counted; BARISTA_E_SYSTEM. */
int barista_convolve(struct barista_graph *g, struct barista_op *op,
		     const struct barista_convolution *c, struct barista_err *err);

/* Sets the multiply-accumulates of a fully connected layer, which turns rows x cin elements into
 * rows x cout; the caller sets the sizes of the output. Rows that are no multiple of the batch, or
 * more than 2^24 per image, become a problem of the op. Errors: as barista_convolve(). */
int barista_connect(struct barista_graph *g, struct barista_op *op, int64_t rows, int64_t cin,
		    int64_t cout, struct barista_err *err);

#endif
