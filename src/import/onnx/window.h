/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_ONNX_WINDOW_H
#define IMPORT_ONNX_WINDOW_H

#include "import/onnx/node.h"

/* The values of the attribute auto_pad. SAME pads so that a stride of 1 keeps the size; UPPER puts
 * the larger half of the padding at the end, and LOWER at the beginning. */
enum barista_onnx_auto_pad {
	BARISTA_ONNX_NOTSET,
	BARISTA_ONNX_SAME_UPPER,
	BARISTA_ONNX_SAME_LOWER,
	BARISTA_ONNX_VALID
};

/* Reads an attribute with a number for each of `axes` axes; without it every number is `preset`.
 * Errors: BARISTA_E_INPUT when it has another length. */
int barista_onnx_per_axis(struct barista_onnx_node *n, const char *name, size_t axes,
			  int64_t preset, int64_t out[BARISTA_MAX_AXES]);

/* Reads stride, dilation and padding of a window, of which w->n and w->kernel are set, and
 * auto_pad. in[w->n] are the sizes of the input behind the channels, from which SAME computes the
 * padding. For ConvTranspose that is another padding, which the caller computes. Errors:
 * BARISTA_E_INPUT. */
int barista_onnx_window(struct barista_onnx_node *n, const int64_t *in, struct barista_window *w,
			enum barista_onnx_auto_pad *how);

#endif
