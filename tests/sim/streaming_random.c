/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random networks with random unroll factors. */
#include "streaming.h"

static int64_t pick(uint64_t *seed, int64_t low, int64_t high)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return low + (int64_t)((*seed * 0x2545f4914f6cdd1d >> 11) % (uint64_t)(high - low + 1));
}

static int64_t pick_divisor(uint64_t *seed, int64_t n)
{
	int64_t divisor = pick(seed, 1, n);

	while (n % divisor)
		divisor--;
	return divisor;
}

static int64_t pick_channels(uint64_t *seed)
{
	static const int64_t channels[] = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64};

	return channels[pick(seed, 0, 11)];
}

/* No pad, half a kernel, or any. */
static int64_t pick_pad(uint64_t *seed, int64_t reach)
{
	switch (pick(seed, 0, 2)) {
	case 0: return 0;
	case 1: return reach / 2;
	default: return pick(seed, 0, reach);
	}
}

static int64_t out_size(const struct sim_layer *l, int64_t in, int64_t reach, int64_t stride,
			int64_t pads)
{
	if (l->type == SIM_DECONV)
		return (in - 1) * stride + reach + 1 - pads;
	return in + pads - reach - 1 < 0 ? 0 : (in + pads - reach - 1) / stride + 1;
}

static void pick_window(uint64_t *seed, struct sim_layer *l)
{
	l->kh = pick(seed, 1, 7);
	l->kw = pick(seed, 0, 2) ? l->kh : pick(seed, 1, 7);
	l->stride_h = pick(seed, 0, 2) ? 1 : pick(seed, 2, 3);
	l->stride_w = pick(seed, 0, 2) ? 1 : pick(seed, 2, 3);
	l->dil_h = pick(seed, 0, 3) ? 1 : 2;
	l->dil_w = pick(seed, 0, 3) ? 1 : 2;
	l->pad_top = pick_pad(seed, (l->kh - 1) * l->dil_h);
	l->pad_bottom = pick(seed, 0, 3) ? l->pad_top : pick_pad(seed, (l->kh - 1) * l->dil_h);
	l->pad_left = l->pad_right = pick_pad(seed, (l->kw - 1) * l->dil_w);
}

static void pick_unroll(uint64_t *seed, struct sim_layer *l)
{
	l->unroll_in = pick_divisor(seed, l->cin / l->groups);
	l->unroll_out = pick_divisor(seed, l->cout / l->groups);
	l->unroll_kernel = pick_divisor(seed, l->kh * l->kw);
}

static bool pick_conv(uint64_t *seed, struct sim_layer *l, const int64_t in[3])
{
	*l = (struct sim_layer){.type = pick(seed, 0, 15) ? SIM_CONV : SIM_DECONV,
				.cin = in[0],
				.h = in[1],
				.w = in[2],
				.cout = pick_channels(seed),
				.groups = 1,
				.input_gradient = true,
				.weight_gradient = true};
	pick_window(seed, l);
	if (!pick(seed, 0, 9) && l->cout % l->cin == 0)
		l->groups = pick_divisor(seed, l->cin);
	l->oh = out_size(l, l->h, (l->kh - 1) * l->dil_h, l->stride_h, l->pad_top + l->pad_bottom);
	l->ow = out_size(l, l->w, (l->kw - 1) * l->dil_w, l->stride_w, l->pad_left + l->pad_right);
	pick_unroll(seed, l);
	return l->oh >= 1 && l->ow >= 1 && l->oh <= 80 && l->ow <= 80;
}

/* Windows that are too large for what is left of the image are drawn again. */
static bool pick_stage(uint64_t *seed, struct sim_layer *l, const int64_t in[3])
{
	for (int i = 0; i < 20; i++)
		if (pick_conv(seed, l, in))
			return true;
	return false;
}

static void pick_fc(uint64_t *seed, struct sim_layer *l, int64_t in)
{
	*l = (struct sim_layer){.type = SIM_FC,
				.cin = in,
				.h = 1,
				.w = 1,
				.cout = 2 * pick(seed, 5, 100),
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
	pick_unroll(seed, l);
}

size_t sim_random_network(uint64_t *seed, struct sim_layer *layer, size_t most)
{
	size_t n = 0, convs = (size_t)pick(seed, 1, (int64_t)most);
	int64_t size[3] = {pick_channels(seed), pick(seed, 8, 64), pick(seed, 8, 64)};

	while (n < convs && pick_stage(seed, &layer[n], size)) {
		int64_t pool = pick(seed, 0, 2) ? 1 : pick(seed, 2, 3);

		size[0] = layer[n].cout;
		size[1] = (layer[n].oh + pool - 1) / pool;
		size[2] = (layer[n].ow + pool - 1) / pool;
		n++;
	}
	size[0] *= size[1] * size[2];
	for (int64_t fcs = n ? pick(seed, 0, 3) : 0; fcs && n < most; fcs--, n++) {
		pick_fc(seed, &layer[n], size[0]);
		size[0] = layer[n].cout;
	}
	layer[0].input_gradient = false;
	return n;
}
