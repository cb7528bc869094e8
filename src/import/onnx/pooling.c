/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file has the operators that pool, pad, and turn pixels into channels or the reverse. */
#include "import/onnx/operators.h"
#include "import/onnx/window.h"

#include <string.h>

static int read_kernel(struct barista_onnx_node *n, struct barista_window *w)
{
	const struct barista_dims *x = barista_onnx_in(n, 0);

	if (!barista_onnx_attribute(n, "kernel_shape"))
		return barista_onnx_fail_node(n, "'kernel_shape' is missing");
	if (x->n < 3)
		return barista_onnx_fail_node(n, "its input has %zu axes, expected at least 3",
					      x->n);
	w->n = x->n - 2;
	return barista_onnx_per_axis(n, "kernel_shape", w->n, 0, w->kernel);
}

/* Keeps the window of a pool for the workload, which has height and width only: the last axis is
 * the width, and the product of those before it the height. */
static void keep_window(struct barista_onnx_node *n, const int64_t *size, size_t naxes)
{
	struct barista_dims d = {.n = naxes};

	memcpy(d.at, size, naxes * sizeof *size);
	n->op->window[0] = n->op->window[1] = 1;
	if (naxes && barista_dims_product(&d, 0, naxes > 1 ? naxes - 1 : 1, &n->op->window[0]) &&
	    naxes > 1)
		n->op->window[1] = size[naxes - 1];
}

int barista_onnx_pool(struct barista_onnx_node *n)
{
	struct barista_dims out = *barista_onnx_in(n, 0);
	enum barista_onnx_auto_pad how;
	struct barista_window w;
	bool ceiling = false;
	int rc;

	if ((rc = barista_onnx_flag(n, "ceil_mode", &ceiling)) || (rc = read_kernel(n, &w)) ||
	    (rc = barista_onnx_window(n, out.at + 2, &w, &how)))
		return rc;
	keep_window(n, w.kernel, w.n);
	/* ONNX rounds up only where the padding is given as numbers. A window that would begin in
	 * the padding at the end does not count then. */
	ceiling &= how == BARISTA_ONNX_NOTSET;
	for (size_t a = 0; a < w.n; a++)
		if ((rc = barista_window_out(&out.at[a + 2], out.at[a + 2], &w, a,
					     ceiling ? BARISTA_CEIL : BARISTA_FLOOR, ceiling,
					     n->model->err)))
			return barista_onnx_at_node(n, rc);
	if ((rc = barista_onnx_set_output(n, 0, &out)))
		return rc;
	return barista_onnx_set_output(n, 1, &out);
}

int barista_onnx_global_pool(struct barista_onnx_node *n)
{
	struct barista_dims out = *barista_onnx_in(n, 0);

	if (out.n < 2)
		return barista_onnx_fail_node(n, "its input has %zu axes, expected at least 2",
					      out.n);
	keep_window(n, out.at + 2, out.n - 2);
	for (size_t a = 2; a < out.n; a++)
		out.at[a] = 1;
	return barista_onnx_set_output(n, 0, &out);
}

int barista_onnx_pad(struct barista_onnx_node *n)
{
	struct barista_dims out = *barista_onnx_in(n, 0);
	struct barista_onnx_ints pads, axes = {.got = BARISTA_ONNX_ABSENT};
	size_t axis[BARISTA_MAX_AXES];
	bool marked[BARISTA_MAX_AXES];
	int rc;

	if ((rc = barista_onnx_list(n, "pads", n->opset >= 11, 1, &pads)) ||
	    (n->opset >= 18 && (rc = barista_onnx_list(n, "axes", true, 3, &axes))))
		return rc;
	if (pads.got == BARISTA_ONNX_VARIES || axes.got == BARISTA_ONNX_VARIES)
		return barista_onnx_size_depends_on(n, pads.got == BARISTA_ONNX_VARIES ? "pads"
										       : "axes");
	if (pads.got == BARISTA_ONNX_ABSENT)
		return barista_onnx_fail_node(n, "'pads' is missing");
	if ((rc = barista_onnx_axes(n, &axes, out.n, axis, marked)))
		return rc;
	if (axes.got == BARISTA_ONNX_ABSENT)
		for (axes.n = 0; axes.n < out.n; axes.n++)
			axis[axes.n] = axes.n;
	if (pads.n != 2 * axes.n)
		return barista_onnx_fail_node(n, "'pads' has %zu values, expected %zu", pads.n,
					      2 * axes.n);
	for (size_t i = 0; i < axes.n; i++)
		if (__builtin_add_overflow(out.at[axis[i]], pads.at[i], &out.at[axis[i]]) ||
		    __builtin_add_overflow(out.at[axis[i]], pads.at[i + axes.n], &out.at[axis[i]]))
			return barista_onnx_fail_node(n, "'pads' is out of range");
	return barista_onnx_set_output(n, 0, &out);
}

/* Reads the side of the blocks of pixels, and checks that the input has four axes. */
static int read_block(struct barista_onnx_node *n, int64_t *block)
{
	int rc;

	*block = 0;
	if ((rc = barista_onnx_int(n, "blocksize", block)))
		return rc;
	if (*block < 1 || *block > 1 << 15)
		return barista_onnx_fail_node(n, "'blocksize' must be from 1 to 32768");
	if (barista_onnx_in(n, 0)->n != 4)
		return barista_onnx_fail_node(n, "its input has %zu axes, expected 4",
					      barista_onnx_in(n, 0)->n);
	return 0;
}

int barista_onnx_depth_to_space(struct barista_onnx_node *n)
{
	struct barista_dims out = *barista_onnx_in(n, 0);
	int64_t block;
	int rc;

	if ((rc = read_block(n, &block)))
		return rc;
	if (out.at[1] % (block * block))
		return barista_onnx_fail_node(
			n, "'blocksize' %lld squared does not divide %lld channels",
			(long long)block, (long long)out.at[1]);
	out.at[1] /= block * block;
	out.at[2] *= block;
	out.at[3] *= block;
	return barista_onnx_set_output(n, 0, &out);
}

int barista_onnx_space_to_depth(struct barista_onnx_node *n)
{
	struct barista_dims out = *barista_onnx_in(n, 0);
	int64_t block;
	int rc;

	if ((rc = read_block(n, &block)))
		return rc;
	if (out.at[2] % block || out.at[3] % block)
		return barista_onnx_fail_node(n, "'blocksize' %lld does not divide %lldx%lld",
					      (long long)block, (long long)out.at[2],
					      (long long)out.at[3]);
	out.at[1] *= block * block;
	out.at[2] /= block;
	out.at[3] /= block;
	return barista_onnx_set_output(n, 0, &out);
}
