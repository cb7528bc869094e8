/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_WINDOW_H
#define IMPORT_WINDOW_H

#include "import/graph.h"

/* Sizes of outputs. The messages of failures with BARISTA_E_INPUT tell only what does not fit: the
 * caller puts the layer or node before them. */

/* Product of axes from..to-1; false when it passes 2^53. */
bool barista_dims_product(const struct barista_dims *d, size_t from, size_t to, int64_t *out);
/* "1x3x224x224" */
void barista_dims_text(char *buf, size_t size, const struct barista_dims *d);
bool barista_dims_equal(const struct barista_dims *a, const struct barista_dims *b);
/* An axis counted from the end when negative; false when it is not within 0..n-1. */
bool barista_dims_axis(int64_t axis, size_t n, size_t *out);

/* A sliding window over the axes behind the channels. */
struct barista_window {
	size_t n; /* spatial axes */
	int64_t kernel[BARISTA_MAX_AXES], stride[BARISTA_MAX_AXES], dilation[BARISTA_MAX_AXES];
	int64_t begin[BARISTA_MAX_AXES], end[BARISTA_MAX_AXES]; /* padding */
};

enum barista_round { BARISTA_FLOOR, BARISTA_CEIL };

/* Positions of a window along one axis: floor or ceil((in + begin + end - dilation (kernel - 1) -
 * 1) / stride) + 1. clip: the last window must begin inside the input or the padding before it. */
int barista_window_out(int64_t *out, int64_t in, const struct barista_window *w, size_t axis,
		       enum barista_round round, bool clip, struct barista_err *err);

struct barista_convolution {
	bool transposed;
	int64_t cout, groups;
	struct barista_window window;
};

/* Convolution or deconvolution of op's input 0 (batch, channels, space...) to output 0: sets the
 * output's sizes, and the op's multiply-accumulates when the input is known. What a workload has no
 * layer for becomes a problem of the op. Errors: BARISTA_E_INPUT when the sizes do not fit. */
int barista_convolve(struct barista_graph *g, struct barista_op *op,
		     const struct barista_convolution *c, struct barista_err *err);

/* A fully connected layer on op's input 0: rows x cin to rows x cout; the caller sets the output's
 * sizes. The rows must be whole images. */
int barista_connect(struct barista_graph *g, struct barista_op *op, int64_t rows, int64_t cin,
		    int64_t cout, struct barista_err *err);

#endif
