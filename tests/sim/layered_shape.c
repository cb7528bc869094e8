// SPDX-License-Identifier: GPL-3.0-or-later
/* Sizes as Caffe rounds them. */
#include "layered.h"

static int or_one(int v)
{
	return v ? v : 1;
}

static int conv_out(int in, int kernel, const struct sim_caffe_layer *l)
{
	return (in + 2 * l->pad - (or_one(l->dilation) * (kernel - 1) + 1)) / l->stride + 1;
}

static int pool_out(int in, int kernel, const struct sim_caffe_layer *l)
{
	int out = (in + 2 * l->pad - kernel + l->stride - 1) / l->stride + 1;

	if (l->pad && (out - 1) * l->stride >= in + l->pad)
		out--;
	return out;
}

void sim_caffe_out(const struct sim_caffe_layer *l, int *h, int *w)
{
	*h = l->in_h;
	*w = l->in_w;
	if (l->kind == SIM_CONV) {
		*h = conv_out(l->in_h, l->kernel_h, l);
		*w = conv_out(l->in_w, l->kernel_w, l);
	} else if (l->kind == SIM_POOL) {
		*h = pool_out(l->in_h, l->kernel_h, l);
		*w = pool_out(l->in_w, l->kernel_w, l);
	} else if (l->kind == SIM_FC) {
		*h = *w = 1;
	}
}
