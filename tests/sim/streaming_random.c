/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random networks with random unroll factors. */
#include "random.h"
#include "streaming.h"

static int64_t random_divisor(uint64_t *seed, int64_t n)
{
	int64_t divisor = sim_random_int(seed, 1, n);

	while (n % divisor)
		divisor--;
	return divisor;
}

static int64_t random_channels(uint64_t *seed)
{
	static const int64_t channels[] = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64};

	return channels[sim_random_int(seed, 0, 11)];
}

/* A pad is nothing, half of the kernel, or anything up to it. */
static int64_t random_pad(uint64_t *seed, int64_t reach)
{
	switch (sim_random_int(seed, 0, 2)) {
	case 0: return 0;
	case 1: return reach / 2;
	default: return sim_random_int(seed, 0, reach);
	}
}

static int64_t out_size(const struct sim_layer *l, int64_t in, int64_t reach, int64_t stride,
			int64_t pads)
{
	if (l->type == SIM_DECONV)
		return (in - 1) * stride + reach + 1 - pads;
	return in + pads - reach - 1 < 0 ? 0 : (in + pads - reach - 1) / stride + 1;
}

static void set_window(uint64_t *seed, struct sim_layer *l)
{
	l->kh = sim_random_int(seed, 1, 7);
	l->kw = sim_random_int(seed, 0, 2) ? l->kh : sim_random_int(seed, 1, 7);
	l->stride_h = sim_random_int(seed, 0, 2) ? 1 : sim_random_int(seed, 2, 3);
	l->stride_w = sim_random_int(seed, 0, 2) ? 1 : sim_random_int(seed, 2, 3);
	l->dil_h = sim_random_int(seed, 0, 3) ? 1 : 2;
	l->dil_w = sim_random_int(seed, 0, 3) ? 1 : 2;
	l->pad_top = random_pad(seed, (l->kh - 1) * l->dil_h);
	l->pad_bottom =
		sim_random_int(seed, 0, 3) ? l->pad_top : random_pad(seed, (l->kh - 1) * l->dil_h);
	l->pad_left = l->pad_right = random_pad(seed, (l->kw - 1) * l->dil_w);
}

static void set_unroll(uint64_t *seed, struct sim_layer *l)
{
	l->unroll_in = random_divisor(seed, l->cin / l->groups);
	l->unroll_out = random_divisor(seed, l->cout / l->groups);
	l->unroll_kernel = random_divisor(seed, l->kh * l->kw);
}

static bool make_conv(uint64_t *seed, struct sim_layer *l, const int64_t in[3])
{
	*l = (struct sim_layer){.type = sim_random_int(seed, 0, 15) ? SIM_CONV : SIM_DECONV,
				.cin = in[0],
				.h = in[1],
				.w = in[2],
				.cout = random_channels(seed),
				.groups = 1,
				.input_gradient = true,
				.weight_gradient = true};
	set_window(seed, l);
	if (!sim_random_int(seed, 0, 9) && l->cout % l->cin == 0)
		l->groups = random_divisor(seed, l->cin);
	l->oh = out_size(l, l->h, (l->kh - 1) * l->dil_h, l->stride_h, l->pad_top + l->pad_bottom);
	l->ow = out_size(l, l->w, (l->kw - 1) * l->dil_w, l->stride_w, l->pad_left + l->pad_right);
	set_unroll(seed, l);
	return l->oh >= 1 && l->ow >= 1 && l->oh <= 80 && l->ow <= 80;
}

/* Windows that are too large for what is left of the image are drawn again; false: none fits. */
static bool make_stage(uint64_t *seed, struct sim_layer *l, const int64_t in[3])
{
	for (int i = 0; i < 20; i++)
		if (make_conv(seed, l, in))
			return true;
	return false;
}

static void make_fc(uint64_t *seed, struct sim_layer *l, int64_t in)
{
	*l = (struct sim_layer){.type = SIM_FC,
				.cin = in,
				.h = 1,
				.w = 1,
				.cout = 2 * sim_random_int(seed, 5, 100),
				.oh = 1,
				.ow = 1,
				.kh = 1,
				.kw = 1,
				.stride_h = 1,
				.stride_w = 1,
				.dil_h = 1,
				.dil_w = 1,
				.groups = 1,
				.input_gradient = true,
				.weight_gradient = true};
	set_unroll(seed, l);
}

size_t sim_random_network(uint64_t *seed, struct sim_layer *layer, size_t most)
{
	size_t n = 0, convs = (size_t)sim_random_int(seed, 1, (int64_t)most);
	int64_t size[3] = {random_channels(seed), sim_random_int(seed, 8, 64),
			   sim_random_int(seed, 8, 64)};

	while (n < convs && make_stage(seed, &layer[n], size)) {
		int64_t pool = sim_random_int(seed, 0, 2) ? 1 : sim_random_int(seed, 2, 3);

		size[0] = layer[n].cout;
		size[1] = (layer[n].oh + pool - 1) / pool;
		size[2] = (layer[n].ow + pool - 1) / pool;
		n++;
	}
	size[0] *= size[1] * size[2];
	for (int64_t fcs = n ? sim_random_int(seed, 0, 3) : 0; fcs && n < most; fcs--, n++) {
		make_fc(seed, &layer[n], size[0]);
		size[0] = layer[n].cout;
	}
	layer[0].input_gradient = false;
	return n;
}
