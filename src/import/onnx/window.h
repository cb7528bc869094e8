/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_ONNX_WINDOW_H
#define IMPORT_ONNX_WINDOW_H

#include "import/onnx/node.h"

enum barista_onnx_auto_pad {
	BARISTA_ONNX_NOTSET,
	BARISTA_ONNX_SAME_UPPER,
	BARISTA_ONNX_SAME_LOWER,
	BARISTA_ONNX_VALID
};

/* A list with a number per spatial axis; without it every number is `preset`. */
int barista_onnx_per_axis(struct barista_onnx_node *n, const char *name, size_t axes,
			  int64_t preset, int64_t out[BARISTA_MAX_AXES]);

/* The window of Conv and the pools, w->n and w->kernel of which are set, with the padding of an
 * input of sizes `in`; of ConvTranspose without SAME. */
int barista_onnx_window(struct barista_onnx_node *n, const int64_t *in, struct barista_window *w,
			enum barista_onnx_auto_pad *how);

#endif
