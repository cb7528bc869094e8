/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file reads the attributes of operators with a sliding window. */
#include "import/onnx/window.h"

#include "base/num.h"

#include <string.h>

int barista_onnx_per_axis(struct barista_onnx_node *n, const char *name, size_t axes,
			  int64_t preset, int64_t out[BARISTA_MAX_AXES])
{
	struct barista_onnx_ints list;
	int rc;

	if ((rc = barista_onnx_ints(n, name, &list)))
		return rc;
	if (list.got == BARISTA_ONNX_GIVEN && list.n != axes)
		return barista_onnx_fail_node(n, "'%s' has %zu values, expected %zu", name, list.n,
					      axes);
	for (size_t a = 0; a < axes; a++)
		out[a] = list.got == BARISTA_ONNX_GIVEN ? list.at[a] : preset;
	return 0;
}

static int read_auto_pad(struct barista_onnx_node *n, enum barista_onnx_auto_pad *how)
{
	static const char *const words[] = {"NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID", NULL};
	size_t word = BARISTA_ONNX_NOTSET;
	int rc;

	if ((rc = barista_onnx_word(n, "auto_pad", words, &word)))
		return rc;
	if (!words[word])
		return barista_onnx_fail_node(
			n, "'auto_pad' must be NOTSET, SAME_UPPER, SAME_LOWER or VALID");
	*how = (enum barista_onnx_auto_pad)word;
	return 0;
}

/* Reads the padding, which has the beginnings of all axes first, and then the ends. */
static int read_pads(struct barista_onnx_node *n, struct barista_window *w)
{
	struct barista_onnx_ints list;
	int rc;

	if ((rc = barista_onnx_ints(n, "pads", &list)))
		return rc;
	if (list.got == BARISTA_ONNX_ABSENT)
		return 0;
	if (list.n != 2 * w->n)
		return barista_onnx_fail_node(n, "'pads' has %zu values, expected %zu", list.n,
					      2 * w->n);
	memcpy(w->begin, list.at, w->n * sizeof *list.at);
	memcpy(w->end, list.at + w->n, w->n * sizeof *list.at);
	return 0;
}

/* Pads axis a so that there are ceil(in / stride) positions. Numbers out of range are left alone,
 * for barista_window_out() to refuse. */
static void pad_same(struct barista_window *w, size_t a, int64_t in, bool upper)
{
	int64_t span, total, s = w->stride[a];

	if (s < 1 || s > 1LL << 31 || w->dilation[a] < 1 || w->kernel[a] < 1 ||
	    !barista_mul_exact(&span, 2, (int64_t[]){w->dilation[a], w->kernel[a] - 1}))
		return;
	total = ((in + s - 1) / s - 1) * s + span + 1 - in;
	if (total < 0)
		total = 0;
	w->begin[a] = upper ? total / 2 : total - total / 2;
	w->end[a] = total - w->begin[a];
}

int barista_onnx_window(struct barista_onnx_node *n, const int64_t *in, struct barista_window *w,
			enum barista_onnx_auto_pad *how)
{
	int rc;

	memset(w->begin, 0, sizeof w->begin);
	memset(w->end, 0, sizeof w->end);
	if ((rc = barista_onnx_per_axis(n, "strides", w->n, 1, w->stride)) ||
	    (rc = barista_onnx_per_axis(n, "dilations", w->n, 1, w->dilation)) ||
	    (rc = read_auto_pad(n, how)) || (*how == BARISTA_ONNX_NOTSET && (rc = read_pads(n, w))))
		return rc;
	if (*how == BARISTA_ONNX_SAME_UPPER || *how == BARISTA_ONNX_SAME_LOWER)
		for (size_t a = 0; a < w->n; a++)
			pad_same(w, a, in[a], *how == BARISTA_ONNX_SAME_UPPER);
	return 0;
}
