/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The richer kernel: several outputs and multipliers per PE, replicas, bursts, derating. */
#include "check.h"

#include "barista/family.h"
#include "families/registry.h"
#include "families/systolic/notation.h"
#include "model/device.h"
#include "model/evaluate.h"
#include "model/family.h"
#include "model/precision.h"
#include "network/lowering.h"

/* AutoSA's mm_large on 1040 x 1024 x 1024, by hand: 4 x 4 output tiles of 260 x 256, two
 * steps along K of 20*16 outputs x 512/8 cycles, 13 + 16 - 2 of skew, 11 of latency, and
 * 16 outputs drained per cycle. */
static void by_hand(void **state)
{
	static const struct {
		const char *kernel, *set, *term;
		double value;
	} rows[] = {
		{"13x16/v8/r20x16/k512:fp32", "kernel.outputs_per_cycle=16", "C_tile",
		 2 * 320 * 64 + 27 + 11},
		{"13x16/v8/r20x16/k512:fp32", "kernel.outputs_per_cycle=16", "C_comp",
		 16 * (40998 + 4160)},
		{"13x16/v8/r20x16/k512:fp32", "kernel.output_buffers=2", "C_comp", 16 * 66560},
		{"13x16/v8/r20x16/k512/u3:fp32", "kernel.outputs_per_cycle=16", "C_comp",
		 6 * (40998 + 4160)},
		{"13x16/v8/r20x16/k512:fp32", NULL, "D_mem",
		 32. * 16 * (2 * (260 * 512 + 512 * 256) + 260 * 256)},
		{"13x16/v8/r20x16/k512:fp32", "memory.burst_overhead=1000bit", "n_burst",
		 16 * (2 * (130 + 128) + 65)},
		{"13x16/v8/r20x16/k500:fp32", NULL, "C_tile", 3 * 320 * 63 + 27 + 11},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct barista_point p = kernel(rows[i].kernel);
		struct barista_device *dev;
		struct one_gemm one;
		struct barista_err err;
		struct fixture f;

		CHECK_OK(barista_device_load(&dev, "alveo-u250", ".", &err), &err);
		gemm_open(&f, &one, dev, 1040, 1024, 1024);
		if (rows[i].set)
			fixture_set(&f, rows[i].set);
		CHECK(term_of(&f, &p, 0, rows[i].term) == rows[i].value, "row %zu: %s is %.17g", i,
		      rows[i].term, term_of(&f, &p, 0, rows[i].term));
		barista_lowered_free(f.lowered);
		barista_device_free(dev);
	}
}

static void notation(void **state)
{
	static const struct {
		const char *text, *canonical;
	} rows[] = {
		{"13x16/v8/r20x16/k512:fp32", "13x16/v8/r20x16/k512:fp32"},
		{"13x16/k512/r20x16/v8", "13x16/v8/r20x16/k512:fp32"},
		{"8x8/u5/k256/v8/r32x32:int8", "8x8/v8/r32x32/k256/u5:int8"},
		{"4x2/k16:bf16", "4x2x16:bf16"},
		{"4x2x16", "4x2x16:fp32"},
		{"4x2/v2/k16", "4x2/v2/r1x1/k16:fp32"},
		{"4x2/k16/u2:fwd=int8", "4x2/v1/r1x1/k16/u2:fwd=int8,wgrad=fp32,igrad=fp32"},
	};
	static const char *const bad[] = {
		"13x16",
		"13x16/v8",
		"13x16/k",
		"13x16/k0",
		"13x16/k512/k512",
		"13x16/k512/x2",
		"13x16/k512/r2",
		"13x16/k512/v0",
		"13x16/k512/v257",
		"13x16x2/k512",
		"13x16/k512/u0",
		"13x16/k512:",
		"13x16/k512 :fp32",
		"/k512",
		"x16/k512",
		"1000x1/r100x1/k16",
	};
	const struct barista_family *family = barista_families[0];
	struct barista_point p;
	struct barista_err err;
	char buf[96];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		p = kernel(rows[i].text);
		family->format(&p, buf, sizeof buf);
		CHECK(!strcmp(buf, rows[i].canonical), "%s became %s", rows[i].text, buf);
	}
	for (size_t i = 0; i < COUNT(bad); i++) {
		CHECK(family->parse(bad[i], &p, &err) == BARISTA_E_ARGUMENT, "%s was taken",
		      bad[i]);
		CHECK(strstr(err.msg, bad[i]), "%s: %s", bad[i], err.msg);
	}
}

/* Random kernels: text and back, when the tile is whole. */
static void there_and_back(void **state)
{
	const struct barista_family *family = barista_families[0];
	struct barista_device *dev;
	struct random r = {31};
	struct barista_err err;

	(void)state;
	CHECK_OK(barista_device_load(&dev, "aws-f1-vu9p", ".", &err), &err);
	for (int i = 0; i < 500; i++) {
		struct barista_point p = random_rich_point(&r, dev, 64), back;
		char buf[96];

		p.knob[SYSTOLIC_TILE_M] *= p.knob[SYSTOLIC_OUTPUTS_M];
		p.knob[SYSTOLIC_TILE_N] *= p.knob[SYSTOLIC_OUTPUTS_N];
		family->format(&p, buf, sizeof buf);
		CHECK_OK(family->parse(buf, &back, &err), &err);
		CHECK(!memcmp(&p, &back, sizeof p), "%s", buf);
	}
	barista_device_free(dev);
}

/* Cycles counted tile by tile, replica by replica. */
static double walk_cycles(const struct barista_gemm *g, const struct barista_point *p,
			  double latency)
{
	const int64_t t_m = (int64_t)p->knob[SYSTOLIC_TILE_M],
		      t_n = (int64_t)p->knob[SYSTOLIC_TILE_N];
	const int64_t t_k = (int64_t)p->knob[SYSTOLIC_TILE_K],
		      v = (int64_t)p->knob[SYSTOLIC_VECTOR];
	const int64_t r_m = (int64_t)p->knob[SYSTOLIC_OUTPUTS_M],
		      r_n = (int64_t)p->knob[SYSTOLIC_OUTPUTS_N];
	int64_t busy[256] = {0}, next = 0, most = 0, rows = 0, columns = 0;

	for (int64_t i = 0; i < t_m; i += r_m)
		rows++;
	for (int64_t j = 0; j < t_n; j += r_n)
		columns++;
	for (int64_t i = 0; i < g->m; i += t_m) {
		for (int64_t j = 0; j < g->n; j += t_n) {
			int64_t cycles = rows - 1 + columns - 1 + (int64_t)latency + t_m * t_n;

			for (int64_t k = 0; k < g->k; k += t_k)
				for (int64_t step = 0; step < t_k; step += v)
					cycles += r_m * r_n;
			busy[next] += cycles;
			most = busy[next] > most ? busy[next] : most;
			next = (next + 1) % (int64_t)p->knob[SYSTOLIC_REPLICAS];
		}
	}
	return (double)most;
}

static void against_a_walk(void **state)
{
	struct random r = {32};
	struct barista_device *dev;
	struct barista_err err;

	(void)state;
	CHECK_OK(barista_device_load(&dev, "aws-f1-vu9p", ".", &err), &err);
	for (int i = 0; i < 1000; i++) {
		struct barista_point p = random_rich_point(&r, dev, 60);
		struct one_gemm one;
		struct fixture f;

		gemm_open(&f, &one, dev, (int64_t)random_size(&r, 200),
			  (int64_t)random_size(&r, 200), (int64_t)random_size(&r, 200));
		for (size_t g = 0; g < f.lowered->ngemms; g++) {
			enum barista_precision precision = barista_pass_precision(
				p.knob[SYSTOLIC_PRECISION], f.lowered->gemm[g].pass);
			double walked = walk_cycles(&f.lowered->gemm[g], &p,
						    dev->pe[precision][BARISTA_PE_LATENCY].value);

			CHECK(term_of(&f, &p, g, "C_comp") == walked,
			      "point %d: %.17g, walked %.17g", i, term_of(&f, &p, g, "C_comp"),
			      walked);
		}
		barista_lowered_free(f.lowered);
	}
	barista_device_free(dev);
}

/* A tile that does not divide over the mesh is refused; bursts, ports and derating cost. */
static void budgets_and_costs(void **state)
{
	static const struct {
		const char *set;
		double least, most;
	} rows[] = {
		/* 16 tiles of 16384 bits and one of 2048 per output tile, each followed by the gap
		 */
		{"memory.burst_overhead=16384bit", (264192. + 17 * 16384) / 264192,
		 (264192. + 17 * 16384) / 264192},
		{"memory.channels=4", 1, 1},
		{"kernel.memory_ports=1", 1, 1},
		{"clock.derate_above=0.5", 1, 1},
	};
	struct barista_point p = kernel("4x4/v2/r2x2/k64:fp32");
	struct barista_device *dev;
	struct barista_err err;
	struct fixture f;
	struct one_gemm one;
	double before, time;
	struct barista_result result = {.class_time = &time};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		CHECK_OK(barista_device_load(&dev, "aws-f1-vu9p", ".", &err), &err);
		gemm_open(&f, &one, dev, 512, 512, 512);
		before = term_of(&f, &p, 0, "t_mem");
		fixture_set(&f, rows[i].set);
		CHECK(term_of(&f, &p, 0, "t_mem") >= rows[i].least * before * (1 - 1e-12) &&
			      term_of(&f, &p, 0, "t_mem") <= rows[i].most * before * (1 + 1e-12),
		      "%s: %g, was %g", rows[i].set, term_of(&f, &p, 0, "t_mem"), before);
		barista_lowered_free(f.lowered);
		barista_device_free(dev);
	}
	CHECK_OK(barista_device_load(&dev, "aws-f1-vu9p", ".", &err), &err);
	gemm_open(&f, &one, dev, 512, 512, 512);
	p.knob[SYSTOLIC_TILE_M] = 7;
	CHECK_OK(barista_evaluate_point(&f.model, &p, &result, &err), &err);
	assert_int_equal(result.over, 1 << 5);
	p = kernel("16x16/v2/r2x2/k64:fp32");
	before = term_of(&f, &p, 0, "t_comp");
	fixture_set(&f, "clock.derate_above=0.1");
	fixture_set(&f, "clock.derate_slope=0.5");
	/* 512 MACs and 6 more DSPs of 6840: 27.5 points above a tenth, half of that off the clock.
	 */
	CHECK(near(term_of(&f, &p, 0, "t_comp"), before / (1 - 0.5 * (2566. / 6840 - 0.1)), 1e-12),
	      "%g", term_of(&f, &p, 0, "t_comp"));
	/* Far over the board's DSPs, with all of the slope: a tenth of the clock is left. */
	p = kernel("512x512x16:fp32");
	fixture_set(&f, "clock.derate_above=0");
	fixture_set(&f, "clock.derate_slope=0.9");
	assert_true(near(term_of(&f, &p, 0, "f_eff"), 25e6, 1e-12));
	fixture_set(&f, "memory.channels=4");
	fixture_set(&f, "kernel.memory_ports=1");
	assert_true(near(term_of(&f, &p, 0, "B_eff"), 30e9 / 4, 1e-15));
	barista_lowered_free(f.lowered);
	barista_device_free(dev);
}

int test_richer(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_hand),           cmocka_unit_test(notation),
		cmocka_unit_test(there_and_back),    cmocka_unit_test(against_a_walk),
		cmocka_unit_test(budgets_and_costs),
	};

	return GROUP(tests);
}
