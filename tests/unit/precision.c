/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Number formats, one per pass, and the notation of kernels. */
#include "check.h"

#include "barista/family.h"
#include "model/device.h"
#include "model/evaluate.h"
#include "model/metric.h"
#include "model/precision.h"
#include "network/lowering.h"
#include "search/rankings.h"

static void kernels(void **state)
{
	static const struct {
		const char *text;
		double tile[3];
		enum barista_precision pass[3];
		const char *written;
	} rows[] = {
		{"16x16x64:fp32",
		 {16, 16, 64},
		 {BARISTA_FP32, BARISTA_FP32, BARISTA_FP32},
		 "16x16x64:fp32"},
		{"1x65536x7:int8-packed",
		 {1, 65536, 7},
		 {BARISTA_INT8_PACKED, BARISTA_INT8_PACKED, BARISTA_INT8_PACKED},
		 "1x65536x7:int8-packed"},
		{"8x8x8", {8, 8, 8}, {BARISTA_FP32, BARISTA_FP32, BARISTA_FP32}, "8x8x8:fp32"},
		{"8x8x8:fwd=int8",
		 {8, 8, 8},
		 {BARISTA_INT8, BARISTA_FP32, BARISTA_FP32},
		 "8x8x8:fwd=int8,wgrad=fp32,igrad=fp32"},
		{"8x8x8:igrad=bf16,fwd=fp16",
		 {8, 8, 8},
		 {BARISTA_FP16, BARISTA_FP32, BARISTA_BF16},
		 "8x8x8:fwd=fp16,wgrad=fp32,igrad=bf16"},
		{"8x8x8:fwd=int4-packed,wgrad=int4-packed,igrad=int4-packed",
		 {8, 8, 8},
		 {BARISTA_INT4_PACKED, BARISTA_INT4_PACKED, BARISTA_INT4_PACKED},
		 "8x8x8:int4-packed"},
	};
	const struct barista_family *family = barista_family_find("systolic");

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_point p, back;
		struct barista_err err = {0, ""};
		char buf[96];

		CHECK_OK(family->parse(rows[i].text, &p, &err), &err);
		for (int k = 0; k < 3; k++) {
			CHECK(p.knob[k] == rows[i].tile[k], "%s: knob %d is %g", rows[i].text, k,
			      p.knob[k]);
			CHECK(barista_pass_precision(p.knob[3], (enum barista_pass)k) ==
				      rows[i].pass[k],
			      "%s: %s", rows[i].text, barista_pass_names[k]);
		}
		family->format(&p, buf, sizeof buf);
		assert_string_equal(buf, rows[i].written);
		CHECK_OK(family->parse(buf, &back, &err), &err);
		assert_memory_equal(&p, &back, sizeof p);
	}
}

static void kernels_refused(void **state)
{
	static const struct {
		const char *text, *message;
	} rows[] = {
		{"", "is not a kernel"},
		{"16", "is not a kernel"},
		{"16x16", "is not a kernel"},
		{"16x16x64x2", "is not a kernel"},
		{"16x16x64:", ""},
		{"16X16x64", "is not a kernel"},
		{"16x16x:fp32", "is not a kernel"},
		{"-1x16x64", "is not a kernel"},
		{" 16x16x64", "is not a kernel"},
		{"16x16x6.4", "is not a kernel"},
		{"16x16x64 ", "is not a kernel"},
		{"1e1x16x64", "is not a kernel"},
		{"0x16x64:fp32", "tile_m must be from 1 to 65536, not 0"},
		{"16x65537x64:fp32", "tile_n must be from 1 to 65536, not 65537"},
		{"16x16x99999999999999999999:fp32", ""},
		{"16x16x99999999999999999999999999:fp32", "is not a kernel"},
		{"16x16x64:fp33", "unknown precision 'fp33', did you mean 'fp32'"},
		{"16x16x64:FP32", "unknown precision"},
		{"16x16x64:fp32 ", "unknown precision"},
		{"16x16x64:fwd", "unknown precision"},
		{"16x16x64:fwd=int9", "unknown precision 'int9'"},
		{"16x16x64:forward=int8", "unknown pass 'forward'"},
		{"16x16x64:fwd=", "unknown precision ''"},
		{"16x16x64:=int8", "unknown pass ''"},
		{"16x16x64:fwd=int8,", "PASS=PRECISION"},
		{"16x16x64:fwd=int8,int8", "PASS=PRECISION"},
		{"16x16x64:,fwd=int8", "unknown precision ''"},
		{"16x16x64:fwd=int8;wgrad=int8", "unknown precision"},
		{"16x16x64:fwd=a-name-of-a-precision-that-is-longer-than-any-buffer-in-the-parser-"
		 "is",
		 "unknown precision"},
	};
	const struct barista_family *family = barista_family_find("systolic");

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_point p = {.knob = {-1}};
		struct barista_err err = {0, ""};

		CHECK(family->parse(rows[i].text, &p, &err) == BARISTA_E_ARGUMENT &&
			      strstr(err.msg, rows[i].message),
		      "'%s': %s", rows[i].text, err.msg);
		CHECK(p.knob[0] == -1, "'%s': the output is touched on failure", rows[i].text);
	}
}

/* Every mix of formats survives its text, in the 96 bytes that a caller must give. */
static void every_mix(void **state)
{
	const struct barista_family *family = barista_family_find("systolic");

	(void)state;
	for (int mix = 0; mix < 7 * 7 * 7; mix++) {
		const enum barista_precision pass[BARISTA_NPASSES] = {
			(enum barista_precision)(mix % 7),
			(enum barista_precision)(mix / 7 % 7),
			(enum barista_precision)(mix / 49),
		};
		struct barista_point p = plain_point(65536, 65536, 65536,
						     barista_precision_knob(pass)),
				     back;
		enum barista_precision used[BARISTA_NPASSES];
		size_t distinct =
			1 + (pass[1] != pass[0]) + (pass[2] != pass[0] && pass[2] != pass[1]);
		struct barista_err err;
		char buf[96];

		assert_true(p.knob[3] >= family->knob[3].lo && p.knob[3] <= family->knob[3].hi);
		assert_int_equal(barista_precisions_used(p.knob[3], used), distinct);
		family->format(&p, buf, sizeof buf);
		CHECK_OK(family->parse(buf, &back, &err), &err);
		CHECK(!memcmp(&p, &back, sizeof p), "%s", buf);
	}
}

/* A device without a format refuses it, and a knob that names no format at all. */
static void admitted(void **state)
{
	struct barista_device *dev;
	struct barista_err err;
	struct one_gemm one;
	struct fixture f;
	struct barista_point p = kernel("16x16x64:int8");
	double time;
	struct barista_result r = {.class_time = &time};

	(void)state;
	CHECK_OK(barista_device_load(&dev, "aws-f1-vu9p", ".", &err), &err);
	gemm_open(&f, &one, dev, 8, 8, 8);
	CHECK_OK(f.model.family->validate(&f.model, &p, &err), &err);
	dev->has_precision[BARISTA_INT8] = false;
	assert_int_equal(f.model.family->validate(&f.model, &p, &err), BARISTA_E_INFEASIBLE);
	assert_non_null(strstr(err.msg, "has no cost for precision 'int8'; it has fp32, fp16"));
	assert_int_equal(barista_evaluate_point(&f.model, &p, &r, &err), BARISTA_E_INFEASIBLE);
	p = kernel("16x16x64:fwd=fp32,igrad=int8");
	assert_int_equal(f.model.family->validate(&f.model, &p, &err), BARISTA_E_INFEASIBLE);
	p.knob[3] = BARISTA_PRECISION_CHOICES; /* one more than there are */
	assert_int_equal(f.model.family->validate(&f.model, &p, &err), BARISTA_E_ARGUMENT);
	barista_lowered_free(f.lowered);
	barista_device_free(dev);
}

/* A compiler sees no row that is missing in a list whose rows are named. */
static void complete_rows(void **state)
{
	(void)state;
	for (int p = 0; p < BARISTA_NPRECISIONS; p++) {
		const struct barista_precision_def *def = &barista_precision_defs[p];

		CHECK(def->name && def->help && def->bits > 0 && def->sum_bits >= def->bits,
		      "precision %d", p);
		CHECK(def->integer || (def->significand > 0 && def->least_exponent < 0 &&
				       def->sum_significand >= def->significand),
		      "%s", def->name);
	}
	for (int m = 0; m < BARISTA_NMETRICS; m++) {
		const struct barista_metric_def *def = &barista_metric_defs[m];

		CHECK(def->name && def->key && def->unit && def->help, "metric %d", m);
	}
	for (int r = 0; r < BARISTA_NRANKINGS; r++)
		CHECK(barista_ranking_defs[r].name &&
			      (r < BARISTA_NOBJECTIVES) == !barista_ranking_defs[r].score,
		      "ranking %d", r);
}

/* A precision for all passes, or one per pass; the one that stands first is that of the others. */
static void per_pass(void **state)
{
	static const struct {
		const char *text, *means; /* or a part of the message */
	} rows[] = {
		{"int8", "int8"},
		{"fwd=int8", "fwd=int8,wgrad=fp32,igrad=fp32"},
		{"dgrad=int8", "fwd=fp32,wgrad=fp32,igrad=int8"},
		{"bwd=bf16", "fwd=fp32,wgrad=bf16,igrad=bf16"},
		{"bf16,fwd=int8", "fwd=int8,wgrad=bf16,igrad=bf16"},
		{"int8,bwd=int8", "int8"},
		{"bf16,igrad=fp16,fwd=int8", "fwd=int8,wgrad=bf16,igrad=fp16"},
		{"bwd=int8,igrad=fp32", "pass 'igrad' is given twice"},
		{"dgrad=int8,igrad=int8", "pass 'igrad' is given twice"},
		{"fwd=int8,bf16", "'bf16' needs PASS=PRECISION"},
		{"bf16,int8,fwd=int8", "'int8' needs PASS=PRECISION"},
		{"bf17,fwd=int8", "unknown precision 'bf17', did you mean 'bf16'"},
		{"bf16,fwd=", "unknown precision ''"},
		{",fwd=int8", "unknown precision ''"},
		{"bf16,backward=int8", "unknown pass 'backward'"},
		{"bwdd=int8", "did you mean 'bwd'"},
		{"bf16,fwd=a name that is longer than any precision can be, so that it is cut "
		 "off",
		 "unknown precision 'a name"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_err err = {0, ""};
		char text[96] = "";
		double knob;
		int rc = barista_precision_parse(rows[i].text, &knob, &err);

		if (!rc)
			barista_precision_format(knob, text, sizeof text);
		CHECK(rc ? strstr(err.msg, rows[i].means) != NULL : !strcmp(text, rows[i].means),
		      "%s: %s%s", rows[i].text, text, err.msg);
	}
}

int test_precision(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(kernels),       cmocka_unit_test(kernels_refused),
		cmocka_unit_test(every_mix),     cmocka_unit_test(admitted),
		cmocka_unit_test(complete_rows), cmocka_unit_test(per_pass),
	};

	return GROUP(tests);
}
