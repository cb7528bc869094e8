/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The check of the model against what runs: it passes, and it can fail. */
#include "check.h"

#include "barista/family.h"
#include "measure/blas.h"
#include "measure/check_gemm.h"
#include "model/device.h"
#include "model/evaluate.h"
#include "model/family.h"
#include "model/precision.h"
#include "network/lowering.h"
#include "report/validation.h"
#include "report/verification.h"

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
	struct barista_err err;

	(void)state;
	CHECK_OK(barista_blas_load(&err), &err);
	CHECK_OK(barista_blas_load(&err), &err);
	barista_dgemm(2, 2, 3, a, b, c);
	barista_sgemm(2, 2, 3, af, bf, cf);
	for (size_t i = 0; i < 4; i++)
		assert_true(c[i] == expected[i] && (double)cf[i] == expected[i]);
	barista_blas_name(name, sizeof name);
	assert_non_null(strstr(name, "OpenBLAS"));
}

/* What was found decides the verdict: counts and results of the GEMMs, and of the times the two
 * limits, which are met on the limit itself. Without pairs no time counts. */
static void verdicts(void **state)
{
	static const struct {
		size_t counts, results, pairs;
		double median, spearman;
		const char *failure; /* NULL: it passes */
	} rows[] = {
		{0, 0, 40, 0.05, 0.99, NULL},
		{0, 0, 40, 0.12, 0.95, NULL},
		{0, 0, 40, 0.1201, 0.99, "miss by 12.0 % (median)"},
		{0, 0, 40, 0.05, 0.9499, "Spearman 0.950"},
		{0, 0, 40, (double)NAN, 0.99, "miss by"},
		{0, 0, 40, 0.05, (double)NAN, "miss by"},
		{0, 0, 0, 9, -1, NULL},
		{2, 0, 40, 0.05, 0.99, "2 runs with differing counts, 0 with results"},
		{0, 3, 40, 0.05, 0.99, "0 runs with differing counts, 3 with results"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_verification v = {
			.count_failures = rows[i].counts,
			.result_failures = rows[i].results,
			.fit = {.n = rows[i].pairs,
				.median_error = rows[i].median,
				.spearman = rows[i].spearman},
		};
		struct barista_err err = {0, ""};
		int rc = barista_verification_verdict(&v, &err);

		CHECK(rc == (rows[i].failure ? BARISTA_E_INFEASIBLE : 0), "row %zu: %d", i, rc);
		CHECK(!rows[i].failure || strstr(err.msg, rows[i].failure), "row %zu: %s", i,
		      err.msg);
	}
}

/* The same of measured designs: each row has a limit, and the median of those that are evidence. */
static void validation_verdicts(void **state)
{
	static const struct {
		double miss[3]; /* relative; the last row is fitted, not evidence */
		const char *failure;
	} rows[] = {
		{{0.01, -0.02, 0.14}, NULL},    {{0.04, 0.059, 0.01}, NULL},
		{{0.04, 0.07, 0.01}, "median"}, {{-0.04, -0.07, 0.01}, "median"},
		{{0.01, 0.16, 0.01}, "1 rows"}, {{0.01, 0.02, -0.16}, "1 rows"},
		{{0.16, -0.2, 0.16}, "3 rows"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_measured_row measured = {.time_s = 2},
					    fitted = {.time_s = 2, .fitted = "a constant"};
		struct barista_validated row[3];
		struct barista_validation v = {COUNT(row), row};
		struct barista_err err = {0, ""};
		int rc;

		for (size_t k = 0; k < COUNT(row); k++)
			row[k] = (struct barista_validated){k == 2 ? &fitted : &measured,
							    {.time_s = 2 * (1 + rows[i].miss[k])}};
		rc = barista_validation_verdict(&v, &err);
		CHECK(rc == (rows[i].failure ? BARISTA_E_INFEASIBLE : 0), "row %zu: %d", i, rc);
		CHECK(!rows[i].failure || strstr(err.msg, rows[i].failure), "row %zu: %s", i,
		      err.msg);
	}
}

/* Evaluates the family's default design on a network. The one that is spoiled has a layer with a
 * MAC too many, and without the gradient that its GEMMs compute. */
static int evaluate_default(const struct barista_family *family, bool spoil,
			    struct barista_err *err)
{
	struct barista_point point;
	struct barista_result r;
	struct fixture f;
	int rc;

	fixture_open(&f, family->default_board, "lenet-mnist",
		     barista_family_lowering(family, false, BARISTA_LAYERS_DEFAULT));
	f.model.family = family;
	CHECK_OK(family->parse(family->default_design, &point, err), err);
	CHECK_OK(family->validate(&f.model, &point, err), err);
	if (spoil) {
		f.net->mac_layer[0].macs++;
		f.net->mac_layer[0].weight_gradient = false;
	}
	r.class_time = calloc(f.lowered->nclasses, sizeof *r.class_time);
	rc = barista_evaluate_point(&f.model, &point, &r, err);
	free(r.class_time);
	fixture_close(&f);
	return rc;
}

/* Families whose times follow from the layers notice work that their designs do not do. */
static void unconserved_macs(void **state)
{
	static const char *const families[] = {"layered", "streaming", "cluster"};

	(void)state;
	for (size_t i = 0; i < COUNT(families); i++) {
		const struct barista_family *family = barista_family_find(families[i]);
		struct barista_err err;

		CHECK_OK(evaluate_default(family, false, &err), &err);
		CHECK(evaluate_default(family, true, &err) == BARISTA_E_SYSTEM &&
			      strstr(err.msg, "breaks conservation"),
		      "%s: a wrong count is not noticed", families[i]);
	}
}

/* Whatever family says so, a point that does not conserve is an error. */
static void unconserving_times(const struct barista_model *model, struct barista_batch *b)
{
	real->times(model, b);
	b->not_conserved[0] = 1;
}

static void unconserved_point(void **state)
{
	struct barista_family family = *barista_family_find("systolic");
	struct barista_err err;

	(void)state;
	CHECK_OK(evaluate_default(&family, false, &err), &err);
	real = barista_family_find("systolic");
	family.times = unconserving_times;
	CHECK(evaluate_default(&family, false, &err) == BARISTA_E_SYSTEM, "it passes");
}

int test_verify(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(passes),
		cmocka_unit_test(repeats),
		cmocka_unit_test(fails),
		cmocka_unit_test(fits),
		cmocka_unit_test(blas),
		cmocka_unit_test(verdicts),
		cmocka_unit_test(validation_verdicts),
		cmocka_unit_test(unconserved_macs),
		cmocka_unit_test(unconserved_point),
	};

	return GROUP(tests);
}
