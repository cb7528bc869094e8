/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Networks to check the streaming model on, as the model and as the simulator have them, and how
 * their layers are unrolled. */
#include <math.h>
#include <string.h>

#include "families/streaming/streaming.h"
#include "barista/family.h"
#include "model/precision.h"
#include "network/workload.h"
#include "random.h"
#include "streaming_designs.h"

static double folds(const struct barista_mac_layer *l, const struct sim_layer *u)
{
	double groups = (double)l->groups;

	return groups * ceil((double)l->cin / groups / (double)u->unroll_in) *
	       ceil((double)l->cout / groups / (double)u->unroll_out) *
	       ceil((double)(l->kh * l->kw) / (double)u->unroll_kernel);
}

/* The interval of the forward pass. */
static double cycles_of(const struct barista_mac_layer *l, const struct sim_layer *u)
{
	double in = (double)(l->h * l->w), out = (double)(l->oh * l->ow);
	double padded =
		(double)((l->h + l->pad_h + l->pad_end_h) * (l->w + l->pad_w + l->pad_end_w));
	double words_in = padded * (double)l->cin / (double)u->unroll_in;
	double words_out = out * (double)l->cout / (double)u->unroll_out;
	double at = l->type == BARISTA_DECONV ? in : out;

	return fmax(at * folds(l, u), fmax(words_in, words_out));
}

/* ---- the two kinds of layers ---- */

static struct barista_mac_layer model_layer(const struct sim_layer *s)
{
	static const enum barista_mac_layer_type types[] = {
		[SIM_CONV] = BARISTA_CONV, [SIM_FC] = BARISTA_FC, [SIM_DECONV] = BARISTA_DECONV};

	return (struct barista_mac_layer){
		.name = "layer",
		.type = types[s->type],
		.cin = s->cin,
		.h = s->h,
		.w = s->w,
		.cout = s->cout,
		.kh = s->kh,
		.kw = s->kw,
		.stride_h = s->stride_h,
		.stride_w = s->stride_w,
		.pad_h = s->pad_top,
		.pad_w = s->pad_left,
		.dil_h = s->dil_h,
		.dil_w = s->dil_w,
		.groups = s->groups,
		.pad_end_h = s->pad_bottom,
		.pad_end_w = s->pad_right,
		.oh = s->oh,
		.ow = s->ow,
		.input_gradient = s->input_gradient,
		.weight_gradient = s->weight_gradient,
		.weights = s->cout * (s->cin / s->groups) * s->kh * s->kw,
		.macs = (s->type == SIM_DECONV ? s->h * s->w : s->oh * s->ow) * s->cout *
			(s->cin / s->groups) * s->kh * s->kw,
	};
}

static struct sim_layer sim_layer_of(const struct barista_mac_layer *l)
{
	static const enum sim_layer_type types[] = {
		[BARISTA_CONV] = SIM_CONV, [BARISTA_FC] = SIM_FC, [BARISTA_DECONV] = SIM_DECONV};

	return (struct sim_layer){
		.type = types[l->type],
		.cin = l->cin,
		.h = l->h,
		.w = l->w,
		.cout = l->cout,
		.oh = l->oh,
		.ow = l->ow,
		.kh = l->kh,
		.kw = l->kw,
		.stride_h = l->stride_h,
		.stride_w = l->stride_w,
		.dil_h = l->dil_h,
		.dil_w = l->dil_w,
		.groups = l->groups,
		.pad_top = l->pad_h,
		.pad_bottom = l->pad_end_h,
		.pad_left = l->pad_w,
		.pad_right = l->pad_end_w,
		.input_gradient = l->input_gradient,
		.weight_gradient = l->weight_gradient,
		.unroll_in = 1,
		.unroll_out = 1,
		.unroll_kernel = 1,
	};
}

static void set_model_layers(struct design *d)
{
	for (size_t i = 0; i < d->n; i++)
		d->mac_layer[i] = model_layer(&d->sim[i]);
}

/* ---- networks ---- */

static bool within_points(const struct sim_layer *l)
{
	return l->unroll_in <= UINT16_MAX && l->unroll_out <= UINT16_MAX &&
	       l->unroll_kernel <= UINT16_MAX;
}

bool design_arbitrary(uint64_t *seed, struct design *d)
{
	d->n = sim_random_network(seed, d->sim, 12);
	set_model_layers(d);
	for (size_t i = 0; i < d->n; i++)
		if (!within_points(&d->sim[i]))
			return false;
	return d->n > 0;
}

static struct sim_layer realistic_conv(uint64_t *seed, const int64_t in[3])
{
	static const int64_t kernels[] = {1, 3, 3, 3, 3, 5, 7},
			     channels[] = {8, 16, 16, 24, 32, 32, 48, 64};
	int64_t kernel = kernels[sim_random_int(seed, 0, 6)],
		stride = in[1] > 7 && !sim_random_int(seed, 0, 4) ? 2 : 1;
	int64_t out = channels[sim_random_int(seed, 0, 7)];

	return (struct sim_layer){.type = SIM_CONV,
				  .cin = in[0],
				  .h = in[1],
				  .w = in[2],
				  .cout = out,
				  .oh = (in[1] - 1) / stride + 1,
				  .ow = (in[2] - 1) / stride + 1,
				  .kh = kernel,
				  .kw = kernel,
				  .stride_h = stride,
				  .stride_w = stride,
				  .dil_h = 1,
				  .dil_w = 1,
				  .groups = 1,
				  .pad_top = kernel / 2,
				  .pad_bottom = kernel / 2,
				  .pad_left = kernel / 2,
				  .pad_right = kernel / 2,
				  .input_gradient = true,
				  .weight_gradient = true,
				  .unroll_in = 1,
				  .unroll_out = 1,
				  .unroll_kernel = 1};
}

static struct sim_layer realistic_fc(uint64_t *seed, int64_t in)
{
	static const int64_t sizes[] = {10, 64, 100, 128, 256};

	return (struct sim_layer){.type = SIM_FC,
				  .cin = in,
				  .h = 1,
				  .w = 1,
				  .cout = sizes[sim_random_int(seed, 0, 4)],
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
				  .weight_gradient = true,
				  .unroll_in = 1,
				  .unroll_out = 1,
				  .unroll_kernel = 1};
}

void design_realistic(uint64_t *seed, struct design *d)
{
	int64_t size = sim_random_int(seed, 16, 64),
		in[3] = {sim_random_int(seed, 0, 1) ? 3 : 1, size, size};
	int64_t convs = sim_random_int(seed, 1, 12), fcs = sim_random_int(seed, 0, 2);

	d->n = 0;
	for (int64_t i = 0; i < convs; i++) {
		struct sim_layer *l = &d->sim[d->n++];
		int64_t pool = in[1] > 7 && !sim_random_int(seed, 0, 2) ? 2 : 1;

		*l = realistic_conv(seed, in);
		in[0] = l->cout;
		in[1] = (l->oh + pool - 1) / pool;
		in[2] = (l->ow + pool - 1) / pool;
	}
	in[0] *= in[1] * in[2];
	for (int64_t i = 0; i < fcs; i++) {
		d->sim[d->n] = realistic_fc(seed, in[0]);
		in[0] = d->sim[d->n++].cout;
	}
	d->sim[0].input_gradient = false;
	set_model_layers(d);
}

bool design_of_network(const struct barista_workload *net, struct design *d)
{
	if (net->nmac_layers > DESIGN_LAYERS)
		return false;
	d->n = net->nmac_layers;
	memcpy(d->mac_layer, net->mac_layer, d->n * sizeof(*d->mac_layer));
	for (size_t i = 0; i < d->n; i++)
		d->sim[i] = sim_layer_of(&d->mac_layer[i]);
	return true;
}

struct barista_workload design_workload(struct design *d)
{
	for (size_t i = 0; i < d->n; i++)
		d->layer[i] = (struct barista_layer){
			.name = "layer", .type = BARISTA_LAYER_MAC, .mac_layer = i};
	return (struct barista_workload){.name = "design",
					 .batch = 1,
					 .iterations = 1,
					 .nmac_layers = d->n,
					 .mac_layer = d->mac_layer,
					 .nlayers = d->n,
					 .layer = d->layer,
					 .macs_only = true};
}

struct barista_point design_point(const struct design *d, bool separate)
{
	struct barista_point p = {.nstages = d->n};

	p.knob[STREAMING_PRECISION] = barista_precision_knob_all(BARISTA_INT16);
	p.knob[STREAMING_ENGINES] =
		separate ? STREAMING_ENGINES_SEPARATE : STREAMING_ENGINES_SHARED;
	for (size_t i = 0; i < d->n; i++)
		p.stage[i] = (struct barista_unroll){(uint16_t)d->sim[i].unroll_in,
						     (uint16_t)d->sim[i].unroll_out,
						     (uint16_t)d->sim[i].unroll_kernel};
	return p;
}

/* ---- unroll factors ---- */

/* A random divisor that the 16 bits of an unroll hold. */
static int64_t random_divisor(uint64_t *seed, int64_t n)
{
	int64_t divisors = 0, which;

	for (int64_t i = 1; i <= n && i <= UINT16_MAX; i++)
		divisors += n % i == 0;
	which = sim_random_int(seed, 1, divisors);
	for (int64_t i = 1;; i++)
		if (n % i == 0 && !--which)
			return i;
}

static void unroll(uint64_t *seed, struct sim_layer *l)
{
	l->unroll_in = random_divisor(seed, l->cin / l->groups);
	l->unroll_out = random_divisor(seed, l->cout / l->groups);
	l->unroll_kernel = random_divisor(seed, l->kh * l->kw);
}

void design_unroll(uint64_t *seed, struct design *d)
{
	for (size_t i = 0; i < d->n; i++)
		unroll(seed, &d->sim[i]);
}

/* Of some random unrolls, takes the slowest that keeps the interval; where none does, all
 * multipliers at once. */
static void tune(uint64_t *seed, const struct barista_mac_layer *layer, struct sim_layer *l,
		 double interval)
{
	enum { TRIES = 50 };
	struct sim_layer best = *l;
	double slowest = 0;

	best.unroll_in = l->cin / l->groups;
	best.unroll_out = l->cout / l->groups;
	best.unroll_kernel = l->kh * l->kw;
	for (int i = 0; i < TRIES; i++) {
		double cycles;

		unroll(seed, l);
		cycles = cycles_of(layer, l);
		if (cycles <= interval && cycles > slowest) {
			slowest = cycles;
			best = *l;
		}
	}
	*l = best;
}

void design_tune(uint64_t *seed, struct design *d)
{
	double slowest = 0;

	for (size_t i = 0; i < d->n; i++) {
		d->sim[i].unroll_in = d->sim[i].unroll_out = d->sim[i].unroll_kernel = 1;
		slowest = fmax(slowest, cycles_of(&d->mac_layer[i], &d->sim[i]));
	}
	slowest /= (double)sim_random_int(seed, 1, 64);
	for (size_t i = 0; i < d->n; i++)
		tune(seed, &d->mac_layer[i], &d->sim[i], slowest);
}
