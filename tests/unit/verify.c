/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The check of the model against what runs: it passes, and it can fail. */
#include "check.h"

#include "barista/family.h"
#include "measure/blas.h"
#include "measure/check_gemm.h"
#include "model/device.h"
#include "model/precision.h"
#include "network/lowering.h"

static void passes(void **state)
{
	static const char *const kernels[] = {"16x16x64", "7x5x3", "64x64x16", "1x1x1", "128x8x32"};
	struct fixture f;

	(void)state;
	fixture_open(&f, "aws-f1-vu9p", "lenet-mnist",
		     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
	for (size_t i = 0; i < COUNT(kernels) * BARISTA_NPRECISIONS; i++) {
		enum barista_precision p = (enum barista_precision)(i % BARISTA_NPRECISIONS);
		struct barista_point point = kernel(kernels[i / BARISTA_NPRECISIONS]);
		struct barista_check check;
		struct barista_err err;

		point.knob[3] = barista_precision_knob_all((enum barista_precision)p);
		CHECK_OK(barista_check_run(&f.model, &point, i % f.lowered->ngemms, p, 42, &check,
					   &err),
			 &err);
		CHECK(check.counts_equal && check.results_ok, "%s, %s: %g differ, %g of the bound",
		      kernels[i / BARISTA_NPRECISIONS], barista_precision_defs[p].name,
		      check.differing, check.max_of_bound);
		CHECK(check.max_of_bound <= 1 && (barista_is_integer(p) || check.max_error > 0),
		      "%s: %g of the bound", barista_precision_defs[p].name, check.max_of_bound);
		assert_true(check.counted.macs == check.model.macs &&
			    check.counted.words == check.model.words);
	}
	fixture_close(&f);
}

/* The same seed gives the same figures. */
static void repeats(void **state)
{
	struct barista_point point = kernel("16x16x64:fp16");
	struct barista_check a, b, c;
	struct barista_err err;
	struct fixture f;

	(void)state;
	fixture_open(&f, "aws-f1-vu9p", "lenet-mnist",
		     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
	CHECK_OK(barista_check_run(&f.model, &point, 0, BARISTA_FP16, 1, &a, &err), &err);
	CHECK_OK(barista_check_run(&f.model, &point, 0, BARISTA_FP16, 1, &b, &err), &err);
	CHECK_OK(barista_check_run(&f.model, &point, 0, BARISTA_FP16, 2, &c, &err), &err);
	assert_true(a.max_error == b.max_error && a.max_of_bound == b.max_of_bound);
	assert_true(a.max_error != c.max_error);
	fixture_close(&f);
}

/* A model with one count wrong is caught. */
static const struct barista_family *real;
static const char *spoiled;

static void spoiled_terms(const struct barista_model *model, const struct barista_point *point,
			  size_t gemm, double *value)
{
	real->terms(model, point, gemm, value);
	for (size_t t = 0; t < real->nterms; t++)
		if (!strcmp(real->term[t].symbol, spoiled))
			value[t] += 32;
}

static void fails(void **state)
{
	static const char *const counts[] = {"n_K", "n_M", "MACs_padded", "D_mem", "E_tile"};
	struct barista_family family;
	struct barista_point point = kernel("16x16x64:fp32");
	struct barista_check check;
	struct barista_err err;
	struct fixture f;

	(void)state;
	fixture_open(&f, "aws-f1-vu9p", "lenet-mnist",
		     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
	real = f.model.family;
	family = *real;
	family.terms = spoiled_terms;
	f.model.family = &family;
	for (size_t i = 0; i < COUNT(counts); i++) {
		spoiled = counts[i];
		CHECK_OK(barista_check_run(&f.model, &point, 0, BARISTA_FP32, 1, &check, &err),
			 &err);
		CHECK(!check.counts_equal && check.results_ok, "a wrong %s is not noticed",
		      spoiled);
	}
	fixture_close(&f);
}

static void fits(void **state)
{
	struct barista_device *dev;
	struct barista_err err;
	struct barista_point point = kernel("16x16x64:fp32");
	struct one_gemm one;
	struct fixture f;
	size_t at;

	(void)state;
	CHECK_OK(barista_device_load(&dev, "aws-f1-vu9p", ".", &err), &err);
	gemm_open(&f, &one, dev, 17, 16, 64); /* padded: 32 x 16 x 64 */
	at = find_gemm(f.lowered, BARISTA_FWD);
	assert_true(barista_check_fits(&f.model, &point, at, 32768));
	assert_false(barista_check_fits(&f.model, &point, at, 32767));
	barista_lowered_free(f.lowered);
	gemm_open(&f, &one, dev, 1 << 20, 1, 64); /* 2^26 elements of A alone */
	assert_false(barista_check_fits(&f.model, &point, find_gemm(f.lowered, BARISTA_FWD), 1e18));
	barista_lowered_free(f.lowered);
	barista_device_free(dev);
}

/* The yardstick itself: row-major, c = a*b. */
static void blas(void **state)
{
	static const double a[] = {1, 2, 3, 4, 5, 6}, b[] = {7, 8, 9, 10, 11, 12};
	static const float af[] = {1, 2, 3, 4, 5, 6}, bf[] = {7, 8, 9, 10, 11, 12};
	static const double expected[] = {58, 64, 139, 154};
	double c[4] = {99, 99, 99, 99};
	float cf[4] = {99, 99, 99, 99};
	char name[160] = "";

	(void)state;
	barista_dgemm(2, 2, 3, a, b, c);
	barista_sgemm(2, 2, 3, af, bf, cf);
	for (size_t i = 0; i < 4; i++)
		assert_true(c[i] == expected[i] && (double)cf[i] == expected[i]);
	barista_blas_name(name, sizeof name);
	assert_non_null(strstr(name, "OpenBLAS"));
}

int test_verify(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(passes), cmocka_unit_test(repeats), cmocka_unit_test(fails),
		cmocka_unit_test(fits),   cmocka_unit_test(blas),
	};

	return GROUP(tests);
}
