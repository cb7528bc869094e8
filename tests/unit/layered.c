/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The layered family: launches of LeNet as published by Caffe's code, times by hand, properties on
 * random boards and networks, and its list of designs against all of small spaces. */
#include "check.h"

#include "families/layered/layered.h"
#include "families/layered/tile_side.h"
#include "model/device.h"
#include "model/evaluate.h"
#include "model/family.h"
#include "model/precision.h"
#include "network/lowering.h"
#include "network/workload.h"
#include "search/nearest_miss.h"

static const struct barista_family *layered(void)
{
	return barista_family_find("layered");
}

static struct barista_point design(const char *text)
{
	struct barista_point p;
	struct barista_err err;

	CHECK_OK(layered()->parse(text, &p, &err), &err);
	return p;
}

static void lenet_open(struct fixture *f, int64_t batch, int64_t iterations)
{
	struct barista_err err;

	CHECK_OK(barista_device_load(&f->dev, "s10-gx2800-520n", ".", &err), &err);
	CHECK_OK(barista_workload_load(&f->net, "lenet-mnist", ".", &err), &err);
	f->net->batch = batch;
	f->net->iterations = iterations;
	CHECK_OK(barista_lower(&f->lowered, f->net,
			       barista_family_lowering(layered(), false, BARISTA_LAYERS_DEFAULT),
			       &err),
		 &err);
	f->model = (struct barista_model){f->dev, f->lowered, layered()};
}

static struct barista_result evaluate_design(const struct fixture *f, const struct barista_point *p,
					     double *time)
{
	double *own = calloc(f->lowered->nclasses, sizeof *own);
	struct barista_result r = {.class_time = time ? time : own};
	struct barista_err err;
	int rc;

	assert_non_null(own);
	rc = barista_evaluate_point(&f->model, p, &r, &err);
	free(own);
	CHECK_OK(rc, &err);
	r.class_time = time;
	return r;
}

/* 6B + 15 forward, 8B + 14 backward, 4 per blob; 2.293 and 4.298 million multiply-accumulates per
 * image. */
static void lenet_launches(void **state)
{
	static const int64_t batches[] = {1, 2, 7, 64};

	(void)state;
	for (size_t i = 0; i < COUNT(batches); i++) {
		double b = (double)batches[i];
		struct barista_layered_count count[BARISTA_LAYERED_PASSES];
		struct barista_point p = design("64x64x16/q256");
		struct fixture f;

		lenet_open(&f, batches[i], 1);
		barista_layered_count(&f.model, &p, count);
		assert_true(count[BARISTA_LAYERED_FORWARD].launches == 6 * b + 15);
		assert_true(count[BARISTA_LAYERED_BACKWARD].launches == 8 * b + 14);
		assert_true(count[BARISTA_LAYERED_UPDATE].launches == 4 * 2 * 4);
		assert_true(count[BARISTA_LAYERED_FORWARD].macs == 2293000 * b);
		assert_true(count[BARISTA_LAYERED_BACKWARD].macs == 4298000 * b);
		assert_true(count[BARISTA_LAYERED_UPDATE].macs == 0);
		assert_true(count[BARISTA_LAYERED_FORWARD].transfers == 3);
		assert_true(count[BARISTA_LAYERED_FORWARD].pcie_bits == 32 * (784 * b + b + 1));
		assert_true(count[BARISTA_LAYERED_UPDATE].bits == 8 * 44 * 431080.0);
		p = design("64x64x16/q256/batch/fused");
		barista_layered_count(&f.model, &p, count);
		/* Two im2col and four GEMMs; pools, softmax and loss. */
		assert_true(count[BARISTA_LAYERED_FORWARD].launches == 2 + 4 + 2 + 8);
		assert_true(count[BARISTA_LAYERED_BACKWARD].launches == 8 + 14);
		assert_true(count[BARISTA_LAYERED_FORWARD].macs == 2293000 * b);
		assert_true(count[BARISTA_LAYERED_BACKWARD].macs == 4298000 * b);
		fixture_close(&f);
	}
}

/* The update is once in so many passes. */
static void update_once(void **state)
{
	struct barista_layered_count count[BARISTA_LAYERED_PASSES];
	struct barista_point p = design("64x64x16/q256");
	struct fixture f;

	(void)state;
	lenet_open(&f, 16, 8);
	barista_layered_count(&f.model, &p, count);
	assert_true(count[BARISTA_LAYERED_UPDATE].launches == 4 * 2 * 4 / 8.0);
	assert_true(count[BARISTA_LAYERED_FORWARD].launches == 6 * 16 + 15);
	fixture_close(&f);
}

/* conv1 of LeNet in a batch of 2, by hand: 20 x 576 x 25 on tiles of 8 x 32 x 4 with 64
 * multipliers. */
static void times_by_hand(void **state)
{
	struct barista_point p = design("8x32x4/q64");
	double mem = 1e9, f_hz = 1e8, launch = 1e-5, t0 = 3e-5, pcie = 8e9, time[8], want = 0;
	struct fixture f;

	(void)state;
	lenet_open(&f, 2, 1);
	fixture_set(&f, "memory.bandwidth=2 Gbit/s");
	fixture_set(&f, "opencl.stream_share=0.5");
	fixture_set(&f, "clock.kernel=100 MHz");
	fixture_set(&f, "opencl.launch_time=10 us");
	fixture_set(&f, "opencl.transfer_time=30 us");
	fixture_set(&f, "pcie.bandwidth=8 Gbit/s");
	evaluate_design(&f, &p, time);
	/* Images and labels, once in a batch. */
	want += (t0 + 2 * 784 * 32 / pcie + t0 + 2 * 32 / pcie) / 2;
	/* im2col, twice: 784 read, 25 * 576 written. */
	want += 2 * (launch + 32 * (784 + 14400) / mem);
	/* bias: 20 x 576 x 1, C is added to, one step of 4 in each tile; its gradient, a product
	 * with a vector. In front of and behind all computing, a tile of A, one of B and one of C,
	 * here twice. */
	want += launch +
		fmax(3 * 18 * 1 * 8 * 32 * 4 / 64 / f_hz + 32 * (8 * 1 + 1 * 32 + 2 * 8 * 32) / mem,
		     32 * (18 * 20 * 1 + 3 * 1 * 576 + 2 * 20 * 576) / mem);
	want += launch + 32 * (11520 + 576 + 2 * 20) / mem;
	/* 3 x 18 tiles of C, 7 steps of 4. */
	want += launch +
		fmax(3 * 18 * 7 * 8 * 32 * 4 / 64 / f_hz + 32 * (8 * 4 + 4 * 32 + 8 * 32) / mem,
		     32 * (18 * 20 * 25 + 3 * 25 * 576 + 20 * 576) / mem);
	/* 20 x 25 x 576: 3 x 1 tiles, 144 steps; C is added to. */
	want += launch + fmax(3 * 1 * 144 * 8 * 32 * 4 / 64 / f_hz +
				      32 * (8 * 4 + 4 * 25 + 2 * 8 * 25) / mem,
			      32 * (1 * 20 * 576 + 3 * 25 * 576 + 2 * 20 * 25) / mem);
	/* axpy three times, scal once, for weights and for bias, once in a batch. */
	want += (8 * launch + 32 * (3 * 3 + 2) * 520 / mem) / 2;
	CHECK(near(time[0], want, 1e-14), "%.17g, by hand %.17g", time[0], want);
	/* pool1: 11520 in, 2880 out and its mask; clears, and back. */
	want = (3 * launch + 2 * 32 * (2 * (11520 + 2 * 2880) + 11520) / mem) / 2;
	CHECK(near(time[1], want, 1e-14), "%.17g, by hand %.17g", time[1], want);
	fixture_close(&f);
}

static void resources_by_hand(void **state)
{
	struct barista_point p = design("64x64x16/q256:fp32");
	struct fixture f;
	struct barista_result r;

	(void)state;
	lenet_open(&f, 2, 1);
	r = evaluate_design(&f, &p, NULL);
	assert_true(r.metric[BARISTA_DSP] == 256);
	assert_true(r.metric[BARISTA_LUT] == 25600 && r.metric[BARISTA_FF] == 51200);
	assert_true(r.metric[BARISTA_PEAK] == 2 * 256 * 300e6);
	assert_true(r.metric[BARISTA_ROW_BITS] == 512 && r.metric[BARISTA_TILE_DIVIDES] == 1 &&
		    !r.over);
	/* 16 x 16: twice 64 words of 512 bits for A and B, in 13 M20K each; 16 words of 8192 bits
	 * in 205. */
	CHECK(r.metric[BARISTA_BRAM] == 2 * 13 + 2 * 13 + 205, "%g", r.metric[BARISTA_BRAM]);
	p = design("64x64x16/q96:fp32");
	r = evaluate_design(&f, &p, NULL);
	assert_true(r.metric[BARISTA_TILE_DIVIDES] == 0 && r.over);
	fixture_close(&f);
}

/* A group-wise, a pointwise and a transposed convolution, with and without bias. */
static void launches_of_layers(void **state)
{
	static const struct {
		const char *line;
		double fwd, bwd;
	} rows[] = {
		{"type: conv, in: [8, 9, 9], out: 8, kernel: [3, 3], groups: 4", 1 + 4,
		 1 + 4 + 4 + 1},
		{"type: conv, in: [8, 9, 9], out: 8, kernel: [1, 1]", 1, 2},
		{"type: conv, in: [8, 9, 9], out: 8, kernel: [1, 1], stride: [2, 2]", 2,
		 1 + 1 + 1 + 1},
		{"type: conv, in: [8, 9, 9], out: 8, kernel: [3, 3], weight_gradient: false", 2, 2},
		{"type: deconv, in: [8, 9, 9], out: 8, kernel: [4, 4], stride: [2, 2]", 2, 3},
		{"type: fc, in: 72, out: 8", 1, 2},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_layered_count count[BARISTA_LAYERED_PASSES];
		struct barista_point p = design("8x8x8/q8");
		struct fixture f;
		bool fc = strstr(rows[i].line, "fc") != NULL;

		fixture_layer(&f, "s10-gx2800-520n", rows[i].line, 5, false);
		f.model.family = layered();
		for (int bias = 0; bias < 2; bias++) {
			double images = fc ? 1 : 5, learns = f.net->mac_layer[0].weight_gradient;

			f.net->mac_layer[0].bias = bias;
			barista_layered_count(&f.model, &p, count);
			CHECK(count[BARISTA_LAYERED_FORWARD].launches ==
					      images * (rows[i].fwd + bias) &&
				      count[BARISTA_LAYERED_BACKWARD].launches ==
					      images * (rows[i].bwd + bias * learns) &&
				      count[BARISTA_LAYERED_UPDATE].launches ==
					      4 * learns * (1 + bias),
			      "%s: %g, %g and %g launches", rows[i].line, count[0].launches,
			      count[1].launches, count[2].launches);
		}
		fixture_close(&f);
	}
}

/* ---- text ---- */

static void round_trip(void **state)
{
	struct random r = {31};
	struct barista_device *dev;
	struct barista_err err;

	(void)state;
	CHECK_OK(barista_device_load(&dev, "s10-gx2800-520n", ".", &err), &err);
	for (int i = 0; i < 2000; i++) {
		struct barista_point p = {.nstages = 0}, back;
		char text[BARISTA_POINT_TEXT];

		for (size_t k = 0; k < layered()->nknobs; k++)
			p.knob[k] = layered()->knob[k].lo +
				    (double)random_int(&r, 0,
						       (int64_t)(layered()->knob[k].hi -
								 layered()->knob[k].lo));
		p.knob[LAYERED_PRECISION] = random_precision(&r, dev);
		layered()->format(&p, text, sizeof text);
		CHECK_OK(layered()->parse(text, &back, &err), &err);
		CHECK(!memcmp(&p, &back, sizeof p), "%s", text);
	}
	barista_device_free(dev);
}

static void errors(void **state)
{
	static const struct {
		const char *text, *part;
	} rows[] = {
		{"", "is not a layered design: expected T_MxT_NxT_K/qQ:PRECISION, e.g. "
		     "64x64x16/q256/batch/fused:fp32"},
		{"64x64/q4", "is not a layered design"},
		{"64x64x16", "is not a layered design"},
		{"64x64x16/q", "is not a layered design"},
		{"64x64x16/q4/q4", "is not a layered design"},
		{"64x64x16/q4/batch/image", "is not a layered design"},
		{"64x64x16/q4/big", "is not a layered design"},
		{"64x64x16/q4:", "is not a layered design"},
		{"64x64x16/q4 ", "is not a layered design"},
		{"64x64x16/batch", "is not a layered design"},
		{"64,64x16/q4", "is not a layered design"},
		{"64x64x99999999999999999999999/q4", "is not a layered design"},
		{"5000x64x16/q4", "tile_m must be from 1 to 4096, not 5000"},
		{"64x0x16/q4", "tile_n must be from 1 to 4096, not 0"},
		{"64x64x16/q16385", "parallel must be from 1 to 16384, not 16385"},
		{"64x64x16/q4:fp33", "fp33"},
	};
	struct barista_point p;
	struct barista_err err;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(layered()->parse(rows[i].text, &p, &err), BARISTA_E_ARGUMENT);
		CHECK(strstr(err.msg, rows[i].part), "'%s': %s", rows[i].text, err.msg);
	}
	p = design("64x64x16/q256/image/plain:fp32");
	assert_true(!p.knob[LAYERED_BATCHED] && !p.knob[LAYERED_FUSED]);
}

static void admitted(void **state)
{
	struct barista_point p = design("8x8x8/q8:fwd=int8,wgrad=fp32");
	struct barista_err err;
	struct fixture f;

	(void)state;
	lenet_open(&f, 2, 1);
	assert_int_equal(layered()->validate(&f.model, &p, &err), BARISTA_E_ARGUMENT);
	CHECK(strstr(err.msg, "one precision for all passes, not 'fwd=int8,wgrad=fp32,igrad=fp32'"),
	      "%s", err.msg);
	p = design("8x8x8/q8:int8");
	CHECK_OK(layered()->validate(&f.model, &p, &err), &err);
	f.dev->has_precision[BARISTA_INT8] = false;
	assert_int_equal(layered()->validate(&f.model, &p, &err), BARISTA_E_INFEASIBLE);
	CHECK(strstr(err.msg, "has no cost for precision 'int8'; it has fp32, fp16"), "%s",
	      err.msg);
	fixture_close(&f);
}

int test_layered(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(lenet_launches),
		cmocka_unit_test(update_once),
		cmocka_unit_test(times_by_hand),
		cmocka_unit_test(resources_by_hand),
		cmocka_unit_test(launches_of_layers),
		cmocka_unit_test(round_trip),
		cmocka_unit_test(errors),
		cmocka_unit_test(admitted),
	};

	return GROUP(tests);
}
