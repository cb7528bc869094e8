/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random networks of Caffe's layers, boards and designs. */
#include "layered_random.h"

#include <math.h>

static double pick_unit(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (double)(*seed * 0x2545f4914f6cdd1d >> 11) / 9007199254740992.0;
}

int sim_pick(uint64_t *seed, int low, int high)
{
	return low + (int)(pick_unit(seed) * (high - low + 1));
}

double sim_pick_decades(uint64_t *seed, double low, double high)
{
	return low * exp(pick_unit(seed) * log(high / low));
}

struct growing {
	uint64_t *seed;
	struct sim_caffe_layer *layer;
	int n;
	int c, h, w;  /* what the next layer reads */
	int gradient; /* something so far learns */
};

static struct sim_caffe_layer *grow(struct growing *g, enum sim_caffe_kind kind)
{
	struct sim_caffe_layer *l = &g->layer[g->n++];

	*l = (struct sim_caffe_layer){.kind = kind,
				      .in_c = g->c,
				      .in_h = g->h,
				      .in_w = g->w,
				      .input_gradient = g->gradient};
	return l;
}

static void read_next(struct growing *g, const struct sim_caffe_layer *l)
{
	sim_caffe_out(l, &g->h, &g->w);
	if (l->out_c)
		g->c = l->out_c;
	g->gradient |= l->learns;
}

static int one_in(struct growing *g, int n)
{
	return !sim_pick(g->seed, 0, n - 1);
}

static void grow_conv(struct growing *g)
{
	struct sim_caffe_layer *l = grow(g, SIM_CONV);
	int most = g->h < g->w ? g->h : g->w;

	l->kernel_h = one_in(g, 4) ? 1 : sim_pick(g->seed, 1, most < 5 ? most : 5);
	l->kernel_w = one_in(g, 5) && l->kernel_h > 1 ? 1 : l->kernel_h;
	l->stride = one_in(g, 4) ? 2 : 1;
	l->pad = one_in(g, 2) ? l->kernel_w / 2 : 0;
	l->groups = one_in(g, 5) ? 2 : 1;
	while (g->c % l->groups)
		l->groups--;
	l->out_c = l->groups * sim_pick(g->seed, 1, 96 / l->groups);
	l->bias = !one_in(g, 3);
	l->learns = !one_in(g, 8);
	read_next(g, l);
}

static void grow_pool(struct growing *g)
{
	struct sim_caffe_layer *l;

	if (g->h < 3 || g->w < 3)
		return;
	l = grow(g, SIM_POOL);
	l->kernel_h = l->kernel_w = sim_pick(g->seed, 2, 3);
	l->stride = sim_pick(g->seed, 1, 2);
	read_next(g, l);
}

static void grow_scale(struct growing *g)
{
	struct sim_caffe_layer *l = grow(g, SIM_SCALE);

	l->bias = !one_in(g, 4);
	l->learns = !one_in(g, 8);
	read_next(g, l);
}

static void grow_behind(struct growing *g)
{
	if (one_in(g, 4)) {
		grow(g, SIM_BATCH_NORM);
		grow_scale(g);
	}
	if (!one_in(g, 4))
		grow(g, SIM_ACTIVATION);
	if (one_in(g, 6))
		grow(g, SIM_LRN);
	if (one_in(g, 3))
		grow_pool(g);
}

static void grow_fc(struct growing *g)
{
	struct sim_caffe_layer *l = grow(g, SIM_FC);

	l->out_c = sim_pick(g->seed, 2, 300);
	l->bias = !one_in(g, 4);
	l->learns = !one_in(g, 8);
	read_next(g, l);
	if (one_in(g, 2))
		grow(g, SIM_ACTIVATION);
	if (one_in(g, 3))
		grow(g, SIM_DROPOUT);
}

int sim_random_caffe(uint64_t *seed, struct sim_caffe_layer *layer)
{
	struct growing g = {
		seed, layer, 0, sim_pick(seed, 1, 4), sim_pick(seed, 6, 40), sim_pick(seed, 6, 40),
		0};
	int convs = sim_pick(seed, 1, 7), fcs = sim_pick(seed, 0, 3);

	for (int i = 0; i < convs && g.h > 2 && g.w > 2; i++) {
		grow_conv(&g);
		grow_behind(&g);
	}
	for (int i = 0; i < fcs; i++)
		grow_fc(&g);
	/* its labels are one per image */
	if (g.h > 1 || g.w > 1)
		grow_fc(&g);
	grow(&g, SIM_SOFTMAX_LOSS);
	return g.n;
}

struct sim_layered sim_random_layered(uint64_t *seed)
{
	struct sim_layered s = {
		.launch_s = sim_pick(seed, 0, 2) ? 60e-6 * pick_unit(seed) : 0,
		.transfer_s = 60e-6 * pick_unit(seed),
		.memory_bytes_hz = sim_pick_decades(seed, 1e9, 1e11),
		.pcie_bytes_hz = sim_pick_decades(seed, 1e8, 1e10),
		.clock_hz = sim_pick_decades(seed, 1e8, 4e8),
		.tile_m = (int)sim_pick_decades(seed, 2, 257),
		.tile_n = (int)sim_pick_decades(seed, 2, 257),
		.tile_k = (int)sim_pick_decades(seed, 1, 257),
		.batch = sim_pick(seed, 1, 24),
		.batched = sim_pick(seed, 0, 1),
		.fused = sim_pick(seed, 0, 1),
	};
	int most = s.tile_m * s.tile_n;

	s.macs_per_cycle = floor(sim_pick_decades(seed, 1, most < 8192 ? most : 8192));
	return s;
}
