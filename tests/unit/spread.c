/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Intervals of predicted times from the uncertainty of the device's facts. */
#include "check.h"

#include "barista/family.h"
#include "model/device.h"
#include "model/evaluate.h"
#include "search/uncertainty.h"

static void certain(struct barista_device *dev)
{
	for (int p = 0; p < BARISTA_NPARAMS; p++)
		dev->param[p].low = dev->param[p].high = dev->param[p].value;
}

/* Nothing uncertain: the interval is the prediction itself, bit for bit. */
static void nothing_uncertain(void **state)
{
	struct barista_point p = kernel("16x16x64:fp32");
	struct barista_interval shape[8];
	struct barista_uncertainty spread;
	struct barista_result result;
	struct barista_err err;
	double time[8];
	struct fixture f;

	(void)state;
	fixture_open(&f, "aws-f1-vu9p", "lenet-mnist",
		     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
	certain(f.dev);
	result.class_time = time;
	CHECK_OK(barista_evaluate_point(&f.model, &p, &result, &err), &err);
	CHECK_OK(barista_uncertainty_run(&f.model, &p, 1, BARISTA_PPW_MEAN, &spread, shape, NULL,
					 &err),
		 &err);
	assert_true(spread.time.lo == result.metric[BARISTA_TIME] &&
		    spread.time.hi == spread.time.lo);
	assert_true(spread.ppw_mean.lo == result.metric[BARISTA_PPW_MEAN] && spread.win_share == 1);
	for (size_t s = 0; s < f.lowered->nclasses; s++)
		assert_true(shape[s].lo == time[s] && shape[s].hi == time[s]);
	fixture_close(&f);
}

/* One uncertain fact that the time is linear in: percentiles are known. */
static void one_fact(void **state)
{
	struct barista_point p = kernel("16x16x64:fp32");
	struct barista_uncertainty spread;
	struct barista_err err;
	struct fixture f;
	double fixed, tiled;

	(void)state;
	fixture_open(&f, "aws-f1-vu9p", "lenet-mnist",
		     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
	certain(f.dev);
	f.dev->param[BARISTA_TILE_TIME].value = 0;
	CHECK_OK(barista_uncertainty_run(&f.model, &p, 1, BARISTA_PPW_MEAN, &spread, NULL, NULL,
					 &err),
		 &err);
	fixed = spread.time.lo;
	f.dev->param[BARISTA_TILE_TIME].value = f.dev->param[BARISTA_TILE_TIME].low =
		f.dev->param[BARISTA_TILE_TIME].high = 10e-9;
	CHECK_OK(barista_uncertainty_run(&f.model, &p, 1, BARISTA_PPW_MEAN, &spread, NULL, NULL,
					 &err),
		 &err);
	tiled = spread.time.lo - fixed;
	f.dev->param[BARISTA_TILE_TIME].low = 0;
	f.dev->param[BARISTA_TILE_TIME].high = 20e-9;
	CHECK_OK(barista_uncertainty_run(&f.model, &p, 1, BARISTA_PPW_MEAN, &spread, NULL, NULL,
					 &err),
		 &err);
	CHECK(fabs(spread.time.lo - (fixed + 2 * tiled * 0.05)) < 0.01 * tiled, "low %g",
	      spread.time.lo);
	CHECK(fabs(spread.time.hi - (fixed + 2 * tiled * 0.95)) < 0.01 * tiled, "high %g",
	      spread.time.hi);
	fixture_close(&f);
}

/* The default spreads hold the prediction; a kernel twice as slow always loses; itself ties. */
static void ranks(void **state)
{
	struct barista_point p[3];
	struct barista_uncertainty spread[3];
	struct barista_result result;
	struct barista_err err;
	double time[32];
	struct fixture f;

	(void)state;
	p[0] = p[1] = kernel("32x32x16:fp32");
	p[2] = kernel("2x2x16:fp32");
	fixture_open(&f, "aws-f1-vu9p", "resnet20-cifar10-b",
		     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
	result.class_time = time;
	CHECK_OK(barista_evaluate_point(&f.model, &p[0], &result, &err), &err);
	CHECK_OK(
		barista_uncertainty_run(&f.model, p, 3, BARISTA_PPW_MEAN, spread, NULL, NULL, &err),
		&err);
	assert_true(spread[0].time.lo < result.metric[BARISTA_TIME] &&
		    result.metric[BARISTA_TIME] < spread[0].time.hi);
	assert_true(spread[0].time.hi / spread[0].time.lo > 1.1);
	assert_true(spread[1].win_share == 0 && spread[2].win_share == 1);
	assert_true(!memcmp(&spread[0].time, &spread[1].time, sizeof spread[0].time));
	assert_int_equal(
		barista_uncertainty_run(&f.model, p, 0, BARISTA_PPW_MEAN, spread, NULL, NULL, &err),
		BARISTA_E_ARGUMENT);
	fixture_close(&f);
}

int test_spread(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_uncertain),
		cmocka_unit_test(one_fact),
		cmocka_unit_test(ranks),
	};

	return GROUP(tests);
}
