/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Block RAM geometry, resources, power and budgets. */
#include "check.h"

#include "search/inner_loop.h"
#include "search/nearest_fit.h"
#include "barista/family.h"
#include "model/bram.h"
#include "model/device.h"
#include "model/evaluate.h"
#include "model/metric.h"

/* Port configurations: AMD UG473 and UG573, Intel M20K. */
static void geometry(void **state)
{
	static const struct {
		enum barista_block_ram kind;
		double depth, width, blocks;
	} rows[] = {
		{BARISTA_RAMB36, 64, 32, 0.5},
		{BARISTA_RAMB36, 512, 36, 0.5},
		{BARISTA_RAMB36, 513, 36, 1},
		{BARISTA_RAMB36, 512, 37, 1},
		{BARISTA_RAMB36, 16384, 1, 0.5},
		{BARISTA_RAMB36, 16385, 1, 1},
		{BARISTA_RAMB36, 8192, 2, 0.5},
		{BARISTA_RAMB36, 4096, 4, 0.5},
		{BARISTA_RAMB36, 2048, 9, 0.5},
		{BARISTA_RAMB36, 1024, 18, 0.5},
		{BARISTA_RAMB36, 1025, 18, 1},
		{BARISTA_RAMB36, 1025, 36, 1.5},
		{BARISTA_RAMB36, 1024, 16, 0.5},
		{BARISTA_RAMB36, 1024, 32, 1},
		{BARISTA_RAMB36, 2048, 32, 2},
		{BARISTA_RAMB36, 4096, 8, 1},
		{BARISTA_RAMB36, 65536, 32, 64},
		{BARISTA_RAMB36, 65536, 4, 8},
		/* Below 1024 bits a bank is LUT RAM. */
		{BARISTA_RAMB36, 1, 1, 0},
		{BARISTA_RAMB36, 31, 32, 0},
		{BARISTA_RAMB36, 32, 32, 0.5},
		{BARISTA_RAMB36, 1023, 1, 0},
		{BARISTA_RAMB36, 1024, 1, 0.5},
		{BARISTA_RAMB36, 33, 31, 0},
		/* 7 series: depth padded to a power of two. */
		{BARISTA_RAMB36_POW2, 64, 32, 0.5},
		{BARISTA_RAMB36_POW2, 512, 36, 0.5},
		{BARISTA_RAMB36_POW2, 513, 36, 1},
		{BARISTA_RAMB36_POW2, 1025, 36, 2},
		{BARISTA_RAMB36_POW2, 1024, 36, 1},
		{BARISTA_RAMB36_POW2, 20000, 1, 1},
		{BARISTA_RAMB36_POW2, 33000, 1, 2},
		{BARISTA_RAMB36, 33000, 1, 1.5},
		{BARISTA_RAMB36_POW2, 33, 31, 0},
		{BARISTA_RAMB36_POW2, 600, 1, 0},
		{BARISTA_M20K, 512, 40, 1},
		{BARISTA_M20K, 512, 41, 2},
		{BARISTA_M20K, 513, 40, 2},
		{BARISTA_M20K, 1024, 20, 1},
		{BARISTA_M20K, 1025, 20, 2},
		{BARISTA_M20K, 2048, 10, 1},
		{BARISTA_M20K, 4096, 5, 1},
		{BARISTA_M20K, 4097, 5, 2},
		{BARISTA_M20K, 64, 32, 1},
		{BARISTA_M20K, 64, 16, 1},
		{BARISTA_M20K, 64, 8, 0},
		{BARISTA_M20K, 1025, 32, 3},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		double n = barista_bank_blocks(rows[i].kind, rows[i].depth, rows[i].width);

		CHECK(n == rows[i].blocks, "kind %d, %.0f x %.0f: %g blocks, expected %g",
		      rows[i].kind, rows[i].depth, rows[i].width, n, rows[i].blocks);
	}
}

/* No bank takes fewer blocks than its bits need, and none shrinks as it grows. */
static void geometry_bounds(void **state)
{
	static const double bits[] = {
		[BARISTA_RAMB36] = 36864, [BARISTA_RAMB36_POW2] = 36864, [BARISTA_M20K] = 20480};
	struct random r = {10};

	(void)state;
	for (int i = 0; i < 30000; i++) {
		enum barista_block_ram kind = (enum barista_block_ram)(i % BARISTA_NBLOCK_RAMS);
		double depth = random_size(&r, 65536), width = random_size(&r, 64);
		double n = barista_bank_blocks(kind, depth, width);

		CHECK(n >= 0 && n * 2 == floor(n * 2), "%g blocks", n);
		CHECK(depth * width < 1024 ? n == 0 : n * bits[kind] >= depth * width,
		      "%.0f x %.0f in %g", depth, width, n);
		CHECK(barista_bank_blocks(kind, depth + 1, width) >= n &&
			      barista_bank_blocks(kind, depth, width + 1) >= n,
		      "kind %d: %.0f x %.0f", kind, depth, width);
		CHECK(kind != BARISTA_RAMB36_POW2 ||
			      n >= barista_bank_blocks(BARISTA_RAMB36, depth, width),
		      "%.0f x %.0f", depth, width);
	}
}

static void by_hand(void **state)
{
	static const struct {
		const char *device, *kernel;
		double dsp, bram, lut, ff, row, peak;
	} rows[] = {
		/* 256 PEs of 5 DSP + 6; 2*32 half blocks + 256 sums + 17; 127692.8 and 208076.8 */
		{"aws-f1-vu9p", "16x16x64:fp32", 1286, 305, 127693, 208077, 2048, 128e9},
		/* L = 1: no sums; banks of 512 bits are LUT RAM */
		{"aws-f1-vu9p", "16x16x64:int8", 262, 17, 436, 4148, 512, 128e9},
		{"aws-f1-vu9p", "16x16x128:int8", 262, 49, 436, 4148, 1024, 128e9},
		/* pairs lie along one side: two for three, in each of three rows */
		{"aws-f1-vu9p", "3x3x64:int8-packed", 12, 17, 136, 170, 512, 4.5e9},
		{"aws-f1-vu9p", "3x4x64:int8-packed", 12, 17, 182, 226, 512, 6e9},
		{"aws-f1-vu9p", "3x3x256:int4-packed", 9, 23, 225, 315, 1024, 4.5e9},
		/* two number formats, two meshes; the narrower row counts */
		{"aws-f1-vu9p", "16x16x64:fwd=int8,wgrad=fp32,igrad=fp32", 1542, 305, 128129,
		 212225, 512, 128e9},
		/* three */
		{"aws-f1-vu9p", "4x4x64:fwd=int8,wgrad=fp16,igrad=fp32", 6 + 16 + 64 + 80,
		 17 + (8 + 16) + (8 + 16), 28 + 4000 + 7981, 260 + 6400 + 13005, 512, 8e9},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const double expected[BARISTA_NMETRICS] = {
			[BARISTA_DSP] = rows[i].dsp,      [BARISTA_BRAM] = rows[i].bram,
			[BARISTA_LUT] = rows[i].lut,      [BARISTA_FF] = rows[i].ff,
			[BARISTA_ROW_BITS] = rows[i].row, [BARISTA_PEAK] = rows[i].peak,
		};
		struct barista_result r;
		struct fixture f;

		fixture_open(&f, rows[i].device, "alexnet-cifar10",
			     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
		r = evaluate(&f.model, rows[i].kernel, NULL);
		for (int m = 0; m < BARISTA_NMETRICS; m++)
			CHECK(!(expected[m] > 0) || r.metric[m] == expected[m],
			      "%s: %s is %.17g, by hand %g", rows[i].kernel,
			      barista_metric_defs[m].name, r.metric[m], expected[m]);
		fixture_close(&f);
	}
}

/* Single buffers take half the banks. */
static void buffers(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "aws-f1-vu9p", "alexnet-cifar10",
		     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
	fixture_set(&f, "kernel.buffers=1");
	assert_true(evaluate(&f.model, "16x16x64:fp32", NULL).metric[BARISTA_BRAM] == 289);
	fixture_close(&f);
}

static void power(void **state)
{
	struct barista_result r;
	struct fixture f;

	(void)state;
	fixture_open(&f, "aws-f1-vu9p", "alexnet-cifar10",
		     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
	fixture_set(&f, "power.per_dsp=2 mW"); /* without effect while the power is constant */
	assert_true(evaluate(&f.model, "16x16x64:fp32", NULL).metric[BARISTA_POWER] == 8);
	fixture_set(&f, "power.static=3 W");
	fixture_set(&f, "power.per_bram=4 mW");
	fixture_set(&f, "power.per_lut=1 uW");
	fixture_set(&f, "power.per_ff=2 uW");
	r = evaluate(&f.model, "16x16x64:fp32", NULL);
	assert_true(near(r.metric[BARISTA_POWER],
			 3 + 1286 * 2e-3 + 305 * 4e-3 + 127693e-6 + 208077 * 2e-6, 1e-14));
	assert_true(near(r.metric[BARISTA_ENERGY], r.metric[BARISTA_POWER] * r.metric[BARISTA_TIME],
			 1e-14));
	fixture_set(&f, "power.total=9 W");
	assert_true(evaluate(&f.model, "16x16x64:fp32", NULL).metric[BARISTA_POWER] == 9);
	fixture_close(&f);
}

/* At the limit is feasible; one below it is not, for that budget alone, and why_not says so. */
static void budgets(void **state)
{
	static const struct {
		const char *at, *below;
		unsigned over;
		const char *why;
	} rows[] = {
		{"resources.dsp=1286", "resources.dsp=1285", 1, "needs 1286 dsp, 1285 usable"},
		{"resources.bram=305", "resources.bram=304", 2, "needs 305 bram, 304 usable"},
		{"resources.lut=127693", "resources.lut=127692", 4,
		 "needs 127693 lut, 127692 usable"},
		{"resources.ff=208077", "resources.ff=208076", 8, "needs 208077 ff, 208076 usable"},
		{"rules.bus_width=2048 bit", "rules.bus_width=2049 bit", 16,
		 "fills 2.048 kbit of 2.049 kbit"},
		{"rules.usable_dsp=1", "rules.usable_dsp=0.1", 1, "rules.usable_dsp"},
		{"rules.usable_bram=1", "rules.usable_bram=0.1", 2,
		 "needs 305 bram, 216 usable, 41.2 % over"},
		{"rules.usable_lut=1", "rules.usable_lut=0.1", 4, "rules.usable_lut"},
		{"rules.usable_ff=1", "rules.usable_ff=0.08", 8, "rules.usable_ff"},
		{"rules.max_power=8 W", "rules.max_power=7.99 W", 64,
		 "needs 8 W power, 7.99 W usable, 0.1 % over (lift rules.max_power)"},
	};
	static const char *const open[] = {"rules.usable_dsp=1", "rules.usable_bram=1",
					   "rules.usable_lut=1", "rules.usable_ff=1"};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_result r;
		struct fixture f;
		char why[400];

		fixture_open(&f, "aws-f1-vu9p", "alexnet-cifar10",
			     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
		for (size_t o = 0; o < COUNT(open); o++)
			fixture_set(&f, open[o]);
		fixture_set(&f, rows[i].at);
		r = evaluate(&f.model, "16x16x64:fp32", NULL);
		barista_explain_infeasible(&f.model, &r, why, sizeof why);
		CHECK(r.over == 0 && !*why, "%s: over %u, %s", rows[i].at, r.over, why);
		fixture_set(&f, rows[i].below);
		r = evaluate(&f.model, "16x16x64:fp32", NULL);
		barista_explain_infeasible(&f.model, &r, why, sizeof why);
		CHECK(r.over == rows[i].over && strstr(why, rows[i].why), "%s: over %u, %s",
		      rows[i].below, r.over, why);
		assert_null(strchr(why, ';'));
		fixture_close(&f);
	}
}

static void every_budget(void **state)
{
	struct barista_result r;
	struct fixture f;
	char why[800], small[20];
	size_t clauses = 1;

	(void)state;
	fixture_open(&f, "kv260", "alexnet-cifar10",
		     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
	fixture_set(&f, "rules.max_power=1 mW");
	r = evaluate(&f.model, "512x512x8:fp32", NULL);
	assert_int_equal(r.over, 31 | 64);
	barista_explain_infeasible(&f.model, &r, why, sizeof why);
	for (const char *c = why; *c; c++)
		clauses += *c == ';';
	assert_int_equal(clauses, barista_nbudgets - 2); /* a whole tile, one board */
	barista_explain_infeasible(&f.model, &r, small, sizeof small);
	assert_int_equal(strlen(small), sizeof small - 1);
	fixture_close(&f);
}

/* A kernel that does not fit: what is named instead does, and no knob can be moved back by one. */
static void nearest_fits(void **state)
{
	static const struct {
		const char *kernel, *nearest;
	} rows[] = {
		{"16x16x4:fp32", "16x16x16:fp32: raise tile_k to 16"},
		{"128x128x16:fp32", "34x32x16:fp32: lower tile_m to 34, lower tile_n to 32"},
		{"16x16x64:fp32", ""},
	};
	struct random r = {91};
	int tried = 0;
	struct fixture f;

	(void)state;
	fixture_open(&f, "aws-f1-vu9p", "lenet-mnist",
		     (struct barista_lowering){.all_layers = true});
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_point p = kernel(rows[i].kernel);
		char text[400];

		barista_nearest_fit_text(&f.model, &p, text, sizeof text);
		CHECK(!strcmp(text, rows[i].nearest), "%s: %s", rows[i].kernel, text);
	}
	for (int round = 0; round < 400; round++) {
		struct barista_point p = random_rich_point(&r, f.dev, 300), q;
		double metric[BARISTA_NMETRICS];

		if (!barista_budgets_exceeded(&f.model, &p, metric))
			continue;
		if (!barista_nearest_fit(&f.model, &p, &q))
			continue;
		tried++;
		CHECK(!barista_budgets_exceeded(&f.model, &q, metric), "round %d", round);
		for (size_t k = 0; k < f.model.family->nknobs; k++) {
			struct barista_point back = q;

			back.knob[k] += (p.knob[k] > q.knob[k]) - (p.knob[k] < q.knob[k]);
			CHECK(back.knob[k] == q.knob[k] ||
				      barista_budgets_exceeded(&f.model, &back, metric),
			      "round %d: %s can be moved back", round,
			      f.model.family->knob[k].name);
		}
	}
	CHECK(tried > 50, "only %d did not fit", tried);
	fixture_close(&f);
}

int test_resources(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(geometry),     cmocka_unit_test(geometry_bounds),
		cmocka_unit_test(by_hand),      cmocka_unit_test(buffers),
		cmocka_unit_test(power),        cmocka_unit_test(budgets),
		cmocka_unit_test(every_budget), cmocka_unit_test(nearest_fits),
	};

	return GROUP(tests);
}
