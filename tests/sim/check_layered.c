/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The layered model against the simulator of Caffe's launches: check-layered [SEED [COUNT]], from
 * the root of the repository. Of random networks on random boards and designs: launches,
 * multiply-accumulates and transfers of every pass are the same numbers, bytes are to rounding, and
 * the time of each pass is within 5 %, unless the design itself shows why not: much of the pass is
 * spent in GEMMs of which some tile steps wait for the memory and others do not. So is the time of
 * an iteration then.
 */
#include "barista.h"
#include "barista/family.h"
#include "layered_random.h"
#include "families/layered/layered.h"
#include "model/device.h"
#include "model/evaluate.h"
#include "model/family.h"
#include "model/precision.h"
#include "network/lowering.h"
#include "network/workload.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLOSE 0.05
#define SAME 1e-12
/* Of a pass that the model may miss: spent in GEMMs of which some steps wait for the memory and
 * others do not. */
#define SHARE 0.10
/* Of those: a class does not excuse any error (measured: 0.94; -32 to +9 %). */
#define LEAST_CLOSE 0.85
#define LEAST_OFF -0.4
#define MOST_OFF 0.15

enum { BYTES = 4, BITS = 8 };

/* A network as the model has it. */
struct network {
	struct barista_workload net;
	struct barista_mac_layer layer[SIM_RANDOM_LAYERS];
	struct barista_layer step[SIM_RANDOM_LAYERS];
};

struct tally {
	size_t designs, equal, close;
	double low, high, low_total, high_total;
};

struct check {
	struct barista_device *dev;
	struct tally launch[4]; /* by launch time */
	struct tally gap[2];    /* passes beyond 5 % whose design does not and does show why */
	size_t failed;
};

static const struct {
	const char *name;
	double below_s;
} launch_times[] = {
	{"no launch time", 1e-12},
	{"below 10 us", 10e-6},
	{"below 30 us", 30e-6},
	{"30 to 60 us", 1},
};

/* ---- the network ---- */

static int or_one(int v)
{
	return v ? v : 1;
}

static struct barista_mac_layer multiplying(const struct sim_caffe_layer *l)
{
	int h, w, groups = or_one(l->groups), dilation = or_one(l->dilation);
	struct barista_mac_layer out = {.name = "l",
					.type = BARISTA_CONV,
					.cin = l->in_c,
					.h = l->in_h,
					.w = l->in_w,
					.cout = l->out_c,
					.kh = l->kernel_h,
					.kw = l->kernel_w,
					.stride_h = l->stride,
					.stride_w = l->stride,
					.pad_h = l->pad,
					.pad_w = l->pad,
					.pad_end_h = l->pad,
					.pad_end_w = l->pad,
					.dil_h = dilation,
					.dil_w = dilation,
					.groups = groups};

	if (l->kind == SIM_FC)
		out = (struct barista_mac_layer){.name = "l",
						 .type = BARISTA_FC,
						 .cin = (int64_t)l->in_c * l->in_h * l->in_w,
						 .h = 1,
						 .w = 1,
						 .cout = l->out_c,
						 .kh = 1,
						 .kw = 1,
						 .stride_h = 1,
						 .stride_w = 1,
						 .dil_h = 1,
						 .dil_w = 1,
						 .groups = 1};
	sim_caffe_out(l, &h, &w);
	out.oh = h;
	out.ow = w;
	out.weights = out.cout * out.cin / out.groups * out.kh * out.kw;
	out.macs = out.weights * h * w;
	out.bias = l->bias;
	out.input_gradient = l->input_gradient;
	out.weight_gradient = l->learns;
	return out;
}

static const enum barista_layer_type step_types[] = {
	[SIM_CONV] = BARISTA_LAYER_MAC,
	[SIM_FC] = BARISTA_LAYER_MAC,
	[SIM_POOL] = BARISTA_LAYER_MAX_POOL,
	[SIM_ACTIVATION] = BARISTA_LAYER_ACTIVATION,
	[SIM_LRN] = BARISTA_LAYER_LRN,
	[SIM_DROPOUT] = BARISTA_LAYER_DROPOUT,
	[SIM_BATCH_NORM] = BARISTA_LAYER_BATCH_NORM,
	[SIM_SCALE] = BARISTA_LAYER_SCALE,
	[SIM_SOFTMAX_LOSS] = BARISTA_LAYER_LOSS,
};

/* The loss reads a label too; a scale learns one number per channel and blob. */
static struct barista_layer step_of(const struct sim_caffe_layer *l)
{
	int64_t in = (int64_t)l->in_c * l->in_h * l->in_w,
		blobs = l->kind == SIM_SCALE && l->learns ? 1 + l->bias : 0;
	int h, w;

	sim_caffe_out(l, &h, &w);
	return (struct barista_layer){.name = "s",
				      .type = step_types[l->kind],
				      .mac_layer = SIZE_MAX,
				      .inputs = 1,
				      .in = l->kind == SIM_SOFTMAX_LOSS ? in + 1 : in,
				      .out = l->kind == SIM_SOFTMAX_LOSS ? 1
									 : (int64_t)l->in_c * h * w,
				      .window = or_one(l->kernel_h * l->kernel_w),
				      .params = blobs * l->in_c,
				      .blobs = blobs,
				      .input_gradient = l->input_gradient};
}

static void translate(const struct sim_layered *s, struct network *out)
{
	const struct sim_caffe_layer *first = s->layers;

	memset(out, 0, sizeof(*out));
	out->net = (struct barista_workload){.name = "random",
					     .batch = s->batch,
					     .iterations = 1,
					     .input = {first->in_c, first->in_h, first->in_w},
					     .mac_layer = out->layer,
					     .layer = out->step};
	for (int i = 0; i < s->n; i++) {
		struct barista_layer *step = &out->step[out->net.nlayers++];

		*step = step_of(&s->layers[i]);
		if (step->type != BARISTA_LAYER_MAC)
			continue;
		step->mac_layer = out->net.nmac_layers;
		out->layer[out->net.nmac_layers++] = multiplying(&s->layers[i]);
	}
}

/* ---- the comparison ---- */

static struct barista_point point_of(struct barista_device *dev, const struct sim_layered *s)
{
	struct barista_quantity *fact = dev->param;

	fact[BARISTA_LAUNCH_TIME].value = s->launch_s;
	fact[BARISTA_TRANSFER_TIME].value = s->transfer_s;
	fact[BARISTA_MEM_BANDWIDTH].value = BITS * s->memory_bytes_hz;
	fact[BARISTA_STREAM_SHARE].value = 1;
	fact[BARISTA_PCIE_BANDWIDTH].value = BITS * s->pcie_bytes_hz;
	fact[BARISTA_CLOCK].value = s->clock_hz;
	return (struct barista_point){
		.knob = {[LAYERED_M] = s->tile_m,
			 [LAYERED_N] = s->tile_n,
			 [LAYERED_K] = s->tile_k,
			 [LAYERED_Q] = s->macs_per_cycle,
			 [LAYERED_BATCHED] = s->batched,
			 [LAYERED_FUSED] = s->fused,
			 [LAYERED_PRECISION] = barista_precision_knob_all(BARISTA_FP32)}};
}

/* Time of a pass; and of that, what mixed GEMMs take. */
struct pass_time {
	double seconds, mixed;
};

static double last_of(double size, double tile, double tiles)
{
	return size - (tiles - 1) * tile;
}

/* Does one step of a tile wait for the memory and another for the multipliers? The least that a
 * step loads are the last tiles of A and B, the most full ones while C moves too. */
static int is_mixed(const struct barista_layered_params *s, const struct barista_launch *k,
		    const struct barista_layered_times *t)
{
	double step_s = s->t_m * s->t_n * s->t_k / s->q / s->f,
	       word_s = s->wl / (s->eta * s->b_mem);
	double m = last_of(k->m, s->t_m, t->n_m), n = last_of(k->n, s->t_n, t->n_n);

	return step_s > word_s * (m + n) * last_of(k->k, s->t_k, t->n_k) && step_s < t->t_ends;
}

static void time_passes(const struct barista_model *model, const struct barista_point *point,
			struct pass_time out[SIM_PASSES])
{
	struct barista_layered_params set = barista_layered_params(model->dev, point);
	struct barista_launch launch[BARISTA_LAYERED_LAUNCHES];

	memset(out, 0, SIM_PASSES * sizeof(*out));
	for (size_t l = 0; l < model->lowered->nlayers; l++) {
		size_t n = barista_layered_launches(model->lowered, l, barista_layered_mode(point),
						    launch);

		for (size_t i = 0; i < n; i++) {
			const struct barista_launch *k = &launch[i];
			struct barista_layered_times t = barista_layered_launch_times(&set, k);
			struct pass_time *to = &out[k->pass];

			if (k->transfer)
				continue;
			to->seconds += k->count * t.t_total;
			if (k->m > 0 && is_mixed(&set, k, &t))
				to->mixed += k->count * t.t_run;
		}
	}
}

static int equal_counts(const struct barista_model *model, const struct barista_point *point,
			const struct sim_layered_result *sim)
{
	struct barista_layered_count count[BARISTA_LAYERED_PASSES];
	int equal = 1;

	barista_layered_count(model, point, count);
	for (int i = 0; i < SIM_PASSES; i++) {
		double bytes = count[i].bits / BITS;

		equal &= count[i].launches == (double)sim->launches[i] &&
			 count[i].macs == sim->macs[i] &&
			 fabs(bytes - sim->bytes[i]) <= SAME * bytes;
	}
	return equal && count[SIM_FORWARD].transfers == sim->transfers &&
	       fabs(count[SIM_FORWARD].pcie_bits / BITS - sim->transfer_bytes) <=
		       SAME * sim->transfer_bytes;
}

static void note(double off, double *low, double *high)
{
	*low = fmin(*low, off);
	*high = fmax(*high, off);
}

static void describe(const char *what, size_t i, const struct sim_layered *s)
{
	fprintf(stderr,
		"design %zu: %s; %dx%dx%d, Q %g, batch %d%s%s, launch %g us, memory %g GB/s\n", i,
		what, s->tile_m, s->tile_n, s->tile_k, s->macs_per_cycle, s->batch,
		s->batched ? ", batched" : "", s->fused ? ", fused" : "", 1e6 * s->launch_s,
		1e-9 * s->memory_bytes_hz);
}

static size_t row_of(double launch_s)
{
	size_t i = 0;

	while (launch_s > launch_times[i].below_s)
		i++;
	return i;
}

/* A pass that is off by 5 % spends a tenth of its time in mixed GEMMs or more (a share found on
 * 19,000 designs). */
static int shows_gap(const struct pass_time *pass)
{
	return pass->mixed >= SHARE * pass->seconds;
}

static void compare_passes(struct check *c, size_t i, const struct sim_layered *s,
			   const struct pass_time *pass, const struct sim_layered_result *sim)
{
	struct tally *t = &c->launch[row_of(s->launch_s)];
	int close = 1;

	for (int p = 0; p < SIM_PASSES; p++) {
		double off = sim->pass_s[p] > 0 ? pass[p].seconds / sim->pass_s[p] - 1 : 0;
		struct tally *gap = &c->gap[shows_gap(&pass[p])];

		note(off, &t->low, &t->high);
		note(off, &gap->low, &gap->high);
		gap->designs++;
		gap->close += fabs(off) <= CLOSE;
		close &= fabs(off) <= CLOSE;
		if (fabs(off) > CLOSE && !shows_gap(&pass[p])) {
			describe("a pass is off by more than 5 %, and nothing shows why", i, s);
			c->failed++;
		}
	}
	t->close += (size_t)close;
}

static void compare(struct check *c, size_t i, const struct sim_layered *s,
		    const struct barista_model *model, const struct barista_point *point)
{
	struct tally *t = &c->launch[row_of(s->launch_s)];
	struct pass_time pass[SIM_PASSES];
	struct sim_layered_result sim;
	double time[SIM_RANDOM_LAYERS];
	struct barista_result r = {.class_time = time};
	struct barista_err err;
	int equal;

	sim_layered_run(s, &sim);
	if (barista_evaluate_point(model, point, &r, &err)) {
		describe(err.msg, i, s);
		c->failed++;
		return;
	}
	time_passes(model, point, pass);
	equal = equal_counts(model, point, &sim);
	t->designs++;
	t->equal += (size_t)equal;
	if (!equal) {
		describe("launches, bytes, multiply-accumulates or transfers differ", i, s);
		c->failed++;
	}
	note(r.metric[BARISTA_TIME] * s->batch / sim.iteration_s - 1, &t->low_total,
	     &t->high_total);
	compare_passes(c, i, s, pass, &sim);
}

/* Tile steps of the largest GEMM, about: the simulator walks each. */
static double steps_of(const struct sim_layered *s)
{
	double most = 0;

	for (int i = 0; i < s->n; i++) {
		const struct sim_caffe_layer *l = &s->layers[i];
		double taps = l->kind == SIM_FC ? (double)l->in_c * l->in_h * l->in_w
						: (double)l->in_c * l->kernel_h * l->kernel_w;
		double outputs = l->kind == SIM_FC
					 ? s->batch
					 : (double)l->in_h * l->in_w * (s->batched ? s->batch : 1);

		if (l->kind == SIM_CONV || l->kind == SIM_FC)
			most = fmax(most,
				    taps * outputs * l->out_c / s->tile_m / s->tile_n / s->tile_k);
	}
	return most;
}

static int check_random(struct check *c, uint64_t *seed, size_t i)
{
	static struct network network;
	struct sim_caffe_layer layer[SIM_RANDOM_LAYERS];
	struct barista_model model = {.dev = c->dev, .family = barista_family_find("layered")};
	struct barista_lowered *lowered;
	struct sim_layered s;
	struct barista_point point;
	struct barista_err err;
	int n = sim_random_caffe(seed, layer);

	do {
		s = sim_random_layered(seed);
		s.layers = layer;
		s.n = n;
	} while (steps_of(&s) > 2e5);
	translate(&s, &network);
	if (barista_lower(&lowered, &network.net,
			  barista_family_lowering(model.family, false, BARISTA_LAYERS_DEFAULT),
			  &err)) {
		fprintf(stderr, "%s\n", err.msg);
		return 1;
	}
	model.lowered = lowered;
	point = point_of(c->dev, &s);
	compare(c, i, &s, &model, &point);
	barista_lowered_free(lowered);
	return 0;
}

static void check_class(struct check *c)
{
	const struct tally *t = &c->gap[1];

	if (t->designs >= 30 && ((double)t->close < LEAST_CLOSE * (double)t->designs ||
				 t->low < LEAST_OFF || t->high > MOST_OFF)) {
		fprintf(stderr, "mixed GEMMs: %zu of %zu passes within 5 %%, %+.1f to %+.1f %%\n",
			t->close, t->designs, 100 * t->low, 100 * t->high);
		c->failed++;
	}
}

static void print_tables(const struct check *c)
{
	static const char *const gaps[] = {"others", "mixed GEMMs"};
	size_t designs = 0;

	printf("%-16s %8s %8s %12s  %18s  %18s\n", "launch", "designs", "equal", "within 5 %",
	       "pass, worst", "iteration, worst");
	for (size_t i = 0; i < sizeof(launch_times) / sizeof(*launch_times); i++) {
		const struct tally *t = &c->launch[i];

		printf("%-16s %8zu %8zu %12zu  %+7.1f %+7.1f %%  %+7.1f %+7.1f %%\n",
		       launch_times[i].name, t->designs, t->equal, t->close, 100 * t->low,
		       100 * t->high, 100 * t->low_total, 100 * t->high_total);
		designs += t->designs;
	}
	printf("\n%-24s %8s %12s  %18s\n", "class", "passes", "within 5 %", "worst");
	for (int i = 0; i < 2; i++)
		printf("%-24s %8zu %12zu  %+7.1f %+7.1f %%\n", gaps[i], c->gap[i].designs,
		       c->gap[i].close, 100 * c->gap[i].low, 100 * c->gap[i].high);
	printf("\nlayered: %zu designs, %zu failures\n", designs, c->failed);
}

int main(int argc, char **argv)
{
	static struct check c;
	uint64_t seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
	size_t count = argc > 2 ? strtoull(argv[2], NULL, 10) : 500;
	struct barista_err err;

	seed = seed ? seed : 1;
	if (barista_device_load(&c.dev, "s10-gx2800-520n", ".", &err)) {
		fprintf(stderr, "%s\n", err.msg);
		return 4;
	}
	for (size_t i = 0; i < count; i++)
		c.failed += (size_t)check_random(&c, &seed, i);
	check_class(&c);
	print_tables(&c);
	barista_device_free(c.dev);
	return c.failed > 0;
}
