/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The layered family against a simulator of Caffe's launches that shares no code with it. */
#include "check.h"

#include "../sim/layered.h"
#include "barista/family.h"
#include "families/layered/layered.h"
#include "model/device.h"
#include "model/evaluate.h"
#include "model/family.h"
#include "network/lowering.h"
#include "network/workload.h"

enum { MOST = 64 };

static void multiplying(const struct barista_mac_layer *l, struct sim_caffe_layer *out)
{
	*out = (struct sim_caffe_layer){
		.kind = l->type == BARISTA_FC ? SIM_FC : SIM_CONV,
		.in_c = (int)l->cin,
		.in_h = (int)l->h,
		.in_w = (int)l->w,
		.out_c = (int)l->cout,
		.kernel_h = (int)l->kh,
		.kernel_w = (int)l->kw,
		.stride = (int)l->stride_h,
		.pad = (int)l->pad_h,
		.dilation = (int)l->dil_h,
		.groups = (int)l->groups,
		.bias = l->bias,
		.learns = l->weight_gradient,
		.input_gradient = l->input_gradient,
	};
}

/* A row of elements; of the loss's all but the label. */
static bool between(const struct barista_layer *s, struct sim_caffe_layer *out)
{
	static const struct {
		enum barista_layer_type type;
		enum sim_caffe_kind kind;
	} kinds[] = {
		{BARISTA_LAYER_MAX_POOL, SIM_POOL},         {BARISTA_LAYER_AVE_POOL, SIM_POOL},
		{BARISTA_LAYER_ACTIVATION, SIM_ACTIVATION}, {BARISTA_LAYER_LRN, SIM_LRN},
		{BARISTA_LAYER_DROPOUT, SIM_DROPOUT},       {BARISTA_LAYER_LOSS, SIM_SOFTMAX_LOSS},
	};

	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (kinds[i].type != s->type)
			continue;
		*out = (struct sim_caffe_layer){.kind = kinds[i].kind,
						.in_c = (int)s->in,
						.in_h = 1,
						.in_w = 1,
						.input_gradient = s->input_gradient};
		if (s->type == BARISTA_LAYER_LOSS)
			out->in_c--;
		if (kinds[i].kind == SIM_POOL) {
			/* A window over a row of as many elements leaves as many. */
			out->in_c = 1;
			out->in_h = (int)s->in;
			out->kernel_h = (int)(s->in - s->out) + 1;
			out->kernel_w = out->stride = 1;
		}
		return true;
	}
	return false;
}

static bool translate(const struct barista_workload *net, struct sim_caffe_layer *layer, int *n)
{
	*n = 0;
	for (size_t i = 0; i < net->nlayers; i++) {
		const struct barista_layer *s = &net->layer[i];

		if (*n == MOST)
			return false;
		if (s->mac_layer != SIZE_MAX)
			multiplying(&net->mac_layer[s->mac_layer], &layer[(*n)++]);
		else if (s->type != BARISTA_LAYER_VIEW && !between(s, &layer[(*n)++]))
			return false;
	}
	return true;
}

static struct sim_layered board_of(const struct fixture *f, const struct barista_point *p,
				   const struct sim_caffe_layer *layer, int n)
{
	const struct barista_quantity *fact = f->dev->param;

	return (struct sim_layered){
		.layers = layer,
		.n = n,
		.launch_s = fact[BARISTA_LAUNCH_TIME].value,
		.transfer_s = fact[BARISTA_TRANSFER_TIME].value,
		.memory_bytes_hz =
			fact[BARISTA_MEM_BANDWIDTH].value * fact[BARISTA_STREAM_SHARE].value / 8,
		.pcie_bytes_hz = fact[BARISTA_PCIE_BANDWIDTH].value / 8,
		.macs_per_cycle = p->knob[LAYERED_Q],
		.clock_hz = fact[BARISTA_CLOCK].value,
		.tile_m = (int)p->knob[LAYERED_M],
		.tile_n = (int)p->knob[LAYERED_N],
		.tile_k = (int)p->knob[LAYERED_K],
		.batch = (int)f->net->batch,
		.batched = p->knob[LAYERED_BATCHED] > 0,
		.fused = p->knob[LAYERED_FUSED] > 0,
	};
}

/* Launches, bytes and multiply-accumulates are the same numbers. */
static void check_counts(const struct fixture *f, const struct barista_point *p,
			 const struct sim_layered_result *sim)
{
	struct barista_layered_count count[BARISTA_LAYERED_PASSES];

	barista_layered_count(&f->model, p, count);
	for (int i = 0; i < BARISTA_LAYERED_PASSES; i++) {
		CHECK(count[i].launches == (double)sim->launches[i],
		      "pass %d: %g launches, simulated %ld", i, count[i].launches,
		      sim->launches[i]);
		CHECK(near(count[i].bits, 8 * sim->bytes[i], 1e-13),
		      "pass %d: %.17g bytes, simulated %.17g", i, count[i].bits / 8, sim->bytes[i]);
		CHECK(count[i].macs == sim->macs[i], "pass %d: %g MACs, simulated %g", i,
		      count[i].macs, sim->macs[i]);
	}
	assert_true(count[0].transfers == sim->transfers &&
		    count[0].pcie_bits == 8 * sim->transfer_bytes);
}

/* The closed form leaves out tiles of which one is bound by memory and another by compute, and
 * takes the last tile to be full. */
static double check_time(const struct fixture *f, const struct barista_point *p,
			 const struct sim_layered_result *sim)
{
	double time[MOST], iteration_s;
	struct barista_result r = {.class_time = time};
	struct barista_err err;

	CHECK_OK(barista_evaluate_point(&f->model, p, &r, &err), &err);
	iteration_s = r.metric[BARISTA_TIME] * (double)f->net->batch;
	return sim->iteration_s / iteration_s - 1;
}

static double compare(struct fixture *f, const char *design)
{
	struct sim_caffe_layer layer[MOST];
	struct sim_layered_result result;
	struct sim_layered sim;
	struct barista_point p;
	struct barista_err err;
	int n;

	CHECK_OK(f->model.family->parse(design, &p, &err), &err);
	CHECK(translate(f->net, layer, &n), "%s has layers that the simulator does not know",
	      f->net->name);
	sim = board_of(f, &p, layer, n);
	sim_layered_run(&sim, &result);
	check_counts(f, &p, &result);
	return check_time(f, &p, &result);
}

/* Some files are of networks as they are used: trained they end in a loss. */
static void open_trained(struct fixture *f, const char *name, int64_t batch)
{
	const struct barista_family *family = barista_family_find("layered");
	struct barista_layer *last;
	struct barista_err err;

	CHECK_OK(barista_device_load(&f->dev, "s10-gx2800-520n", ".", &err), &err);
	CHECK_OK(barista_workload_load(&f->net, name, ".", &err), &err);
	last = &f->net->layer[f->net->nlayers - 1];
	if (last->type == BARISTA_LAYER_SOFTMAX) {
		last->type = BARISTA_LAYER_LOSS;
		last->in++;
		last->out = 1;
		last->input_gradient = true;
	}
	f->net->batch = batch;
	CHECK_OK(barista_lower(&f->lowered, f->net,
			       barista_family_lowering(family, false, BARISTA_LAYERS_DEFAULT),
			       &err),
		 &err);
	f->model = (struct barista_model){f->dev, f->lowered, family};
}

static void networks(void **state)
{
	static const struct {
		const char *net;
		int64_t batch;
	} rows[] = {
		{"lenet-mnist", 1}, {"lenet-mnist", 8}, {"lenet-mnist", 64}, {"cifar10-quick", 3},
		{"caffenet", 2},    {"alexnet", 1},     {"vgg16", 1},
	};
	static const char *const designs[] = {"64x64x16/q256:fp32", "32x128x8/q512/batch:fp32",
					      "64x64x16/q1024/fused:fp32",
					      "72x128x1/q4608/batch/fused:fp32"};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fixture f;

		open_trained(&f, rows[i].net, rows[i].batch);
		for (size_t d = 0; d < COUNT(designs); d++) {
			double off = compare(&f, designs[d]);

			CHECK(fabs(off) < 0.01, "%s, batch %d, %s: simulated %+.2f %%", rows[i].net,
			      (int)rows[i].batch, designs[d], 100 * off);
		}
		fixture_close(&f);
	}
}

/* Whatever the board: the same counts, and about the same time. */
static void random_boards(void **state)
{
	static const char *const nets[] = {"lenet-mnist", "cifar10-quick"};
	struct random r = {23};

	(void)state;
	for (int i = 0; i < 40; i++) {
		struct fixture f;
		char design[80];
		double off;

		open_trained(&f, nets[i % 2], random_int(&r, 1, 4));
		f.dev->param[BARISTA_MEM_BANDWIDTH].value = 1e8 * exp(7 * random_unit(&r));
		f.dev->param[BARISTA_CLOCK].value = 1e7 * exp(5 * random_unit(&r));
		f.dev->param[BARISTA_LAUNCH_TIME].value = 1e-4 * random_unit(&r);
		snprintf(design, sizeof design, "%dx%dx%d/q%d/%s/%s:fp32",
			 (int)random_int(&r, 4, 100), (int)random_int(&r, 4, 100),
			 (int)random_int(&r, 1, 64), (int)random_int(&r, 1, 2000),
			 i & 2 ? "batch" : "image", i & 4 ? "fused" : "plain");
		off = compare(&f, design);
		CHECK(fabs(off) < 0.1, "%s: simulated %+.1f %%", design, 100 * off);
		fixture_close(&f);
	}
}

int test_layered_sim(void)
{
	static const struct CMUnitTest tests[] = {cmocka_unit_test(networks),
						  cmocka_unit_test(random_boards)};

	return GROUP(tests);
}
