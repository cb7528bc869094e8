/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Equations (1) to (5) of [Barista], with (2) and tiling as derived: by hand, and against
 * a second implementation that walks over the tiles. */
#include "check.h"

#include "barista/family.h"
#include "model/device.h"
#include "model/evaluate.h"
#include "model/precision.h"
#include "network/lowering.h"
#include "network/workload.h"

static const struct {
	const char *kernel, *set[2];
	int64_t m, n, k;
	double d_mem, c_comp, t_ip, d_pcie, e_tile, t_gemm;
} rows[] = {
	/* 3 x 2 x 2 tiles, memory-bound: 6*(2*768 + 128) words; 6*(64 + 22 + 11 + 128) cycles */
	{"8x16x32:fp32",
	 {NULL, NULL},
	 20,
	 30,
	 50,
	 319488,
	 1350,
	 1.06496e-5,
	 139264,
	 5120,
	 5.625173333333333e-5},
	/* 4 x 4 x 1 tiles, L = 1, 16 outputs per cycle, nothing overlaps */
	{"16x16x64:int8",
	 {"kernel.outputs_per_cycle=16", "kernel.buffers=1"},
	 64,
	 64,
	 64,
	 294912,
	 1776,
	 1.69344e-5,
	 98304,
	 16384,
	 1.512832e-4},
	/* one padded tile, 15 outputs at 4 per cycle drain in 4 cycles, L = 9 */
	{"3x5x7:fp16",
	 {"kernel.outputs_per_cycle=4", "clock.kernel=1 MHz"},
	 1,
	 1,
	 1,
	 1136,
	 26,
	 2.6e-5,
	 1136,
	 86,
	 2.6725866666666666e-5},
	/* tiles of one element: 24 outputs of 4 steps each */
	{"1x1x1:int16",
	 {"memory.bandwidth=16 Gbit/s", "pcie.bandwidth=1 Gbit/s"},
	 2,
	 12,
	 4,
	 3456,
	 144,
	 5.76e-7,
	 1280,
	 104,
	 2.688e-6},
};

static void by_hand(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct {
			const char *symbol;
			double value;
		} expected[] = {
			{"D_mem", rows[i].d_mem},   {"C_comp", rows[i].c_comp},
			{"t_ip", rows[i].t_ip},     {"D_pcie", rows[i].d_pcie},
			{"E_tile", rows[i].e_tile}, {"t_gemm", rows[i].t_gemm},
		};
		struct barista_point point = kernel(rows[i].kernel);
		struct barista_device *dev;
		struct barista_err err;
		struct one_gemm one;
		struct fixture f;

		CHECK_OK(barista_device_load(&dev, "aws-f1-vu9p", ".", &err), &err);
		gemm_open(&f, &one, dev, rows[i].m, rows[i].n, rows[i].k);
		for (int s = 0; s < 2 && rows[i].set[s]; s++)
			fixture_set(&f, rows[i].set[s]);
		for (size_t e = 0; e < COUNT(expected); e++) {
			double v = term_of(&f, &point, find_gemm(f.lowered, BARISTA_FWD),
					   expected[e].symbol);

			CHECK(near(v, expected[e].value, 1e-13),
			      "row %zu: %s = %.17g, by hand %.17g", i, expected[e].symbol, v,
			      expected[e].value);
		}
		barista_lowered_free(f.lowered);
		barista_device_free(dev);
	}
}

/* What happens, tile by tile, in whole numbers. */
struct walk {
	int64_t words, cycles, pcie, tiled;
};

static struct walk walk(const struct barista_gemm *g, const int64_t t[3], int64_t latency,
			int64_t w_out)
{
	struct walk w = {0, 0, 0, 0};
	int64_t down = 0, across = 0, deep = 0;

	for (int64_t k = 0; k < g->k; k += t[2])
		deep++;
	for (int64_t i = 0; i < g->m; i += t[0]) {
		down++;
		across = 0;
		for (int64_t j = 0; j < g->n; j += t[1]) {
			int64_t left = t[0] * t[1];

			across++;
			w.words += deep * t[2] * t[0] + deep * t[2] * t[1] + t[0] * t[1];
			w.cycles += deep * t[2] + (t[0] - 1) + (t[1] - 1) + latency;
			w.cycles += left / w_out + (left % w_out > 0);
		}
	}
	w.pcie = down * t[0] * deep * t[2] + deep * t[2] * across * t[1] +
		 down * t[0] * across * t[1];
	w.tiled = w.pcie + down * t[0] * across * t[1];
	return w;
}

static double walk_time(const struct barista_device *dev, const struct barista_point *p,
			const struct barista_gemm *g)
{
	const int64_t tile[3] = {(int64_t)p->knob[0], (int64_t)p->knob[1], (int64_t)p->knob[2]};
	enum barista_precision precision = barista_pass_precision(p->knob[3], g->pass);
	const struct barista_quantity *fact = dev->param;
	int64_t bits = barista_precision_defs[precision].bits;
	struct walk w = walk(g, tile, (int64_t)dev->pe[precision][BARISTA_PE_LATENCY].value,
			     (int64_t)fact[BARISTA_OUTPUTS_PER_CYCLE].value);
	double memory = (double)(bits * w.words) / fact[BARISTA_MEM_BANDWIDTH].value;
	double compute = (double)w.cycles / fact[BARISTA_CLOCK].value;
	double inside = fact[BARISTA_BUFFERS].value > 1 ? fmax(memory, compute) : memory + compute;

	return (double)w.tiled * fact[BARISTA_TILE_TIME].value +
	       (double)(bits * w.pcie) / fact[BARISTA_PCIE_BANDWIDTH].value + inside;
}

static void randomize(struct random *r, struct barista_device *dev)
{
	dev->param[BARISTA_CLOCK].value = 1e6 * exp(7 * random_unit(r));
	dev->param[BARISTA_MEM_BANDWIDTH].value = 1e8 * exp(10 * random_unit(r));
	dev->param[BARISTA_PCIE_BANDWIDTH].value = 1e8 * exp(8 * random_unit(r));
	dev->param[BARISTA_TILE_TIME].value =
		random_unit(r) < 0.2 ? 0 : 1e-10 * exp(5 * random_unit(r));
	dev->param[BARISTA_OUTPUTS_PER_CYCLE].value = random_size(r, 64);
	dev->param[BARISTA_BUFFERS].value = (double)random_int(r, 1, 2);
}

/* All three passes of a layer, through the whole evaluation: 3000 points, 9000 GEMMs. */
static void against_a_walk(void **state)
{
	struct random r = {7};
	struct barista_device *dev;
	struct barista_err err;

	(void)state;
	CHECK_OK(barista_device_load(&dev, "aws-f1-vu9p", ".", &err), &err);
	for (int i = 0; i < 3000; i++) {
		struct barista_point p = random_point(&r, dev, 300);
		double time, expected = 0;
		struct barista_result result = {.class_time = &time};
		struct one_gemm one;
		struct fixture f;

		randomize(&r, dev);
		gemm_open(&f, &one, dev, (int64_t)random_size(&r, 600),
			  (int64_t)random_size(&r, 600), (int64_t)random_size(&r, 5000));
		CHECK_OK(barista_evaluate_point(&f.model, &p, &result, &err), &err);
		for (size_t g = 0; g < f.lowered->ngemms; g++)
			expected += walk_time(dev, &p, &f.lowered->gemm[g]) / (double)f.net->batch;
		CHECK(near(time, expected, 1e-12) &&
			      near(result.metric[BARISTA_TIME], expected, 1e-12),
		      "point %d, %.0f x %.0f x %.0f: %.17g, walked %.17g", i, p.knob[0], p.knob[1],
		      p.knob[2], time, expected);
		barista_lowered_free(f.lowered);
	}
	barista_device_free(dev);
}

/* The other metrics, from their definitions. */
static void metrics(void **state)
{
	struct barista_result r;
	struct fixture f;
	double time = 0, mean = 0, *shape;

	(void)state;
	fixture_open(&f, "aws-f1-vu9p", "resnet20-cifar10-b",
		     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
	shape = calloc(f.lowered->nclasses, sizeof *shape);
	assert_non_null(shape);
	r = evaluate(&f.model, "16x32x64:fp32", shape);
	for (size_t l = 0; l < f.lowered->nlayers; l++) {
		size_t s = f.lowered->class_of[l];

		time += shape[s];
		mean += f.lowered->layer_class[s].ops / shape[s] / 8 / 21;
	}
	assert_true(near(r.metric[BARISTA_TIME], time, 1e-13));
	assert_true(near(r.metric[BARISTA_PPW_MEAN], mean, 1e-13));
	assert_true(near(r.metric[BARISTA_RATE], f.lowered->ops / time, 1e-13));
	assert_true(near(r.metric[BARISTA_PPW_TOTAL], f.lowered->ops / time / 8, 1e-13));
	assert_true(near(r.metric[BARISTA_ENERGY], 8 * time, 1e-13));
	assert_true(r.metric[BARISTA_POWER] == 8);
	assert_true(r.metric[BARISTA_ROW_BITS] == 2048);
	assert_true(r.metric[BARISTA_PEAK] == 2.0 * 16 * 32 * 250e6);
	free(shape);
	fixture_close(&f);
}

int test_equations(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_hand),
		cmocka_unit_test(against_a_walk),
		cmocka_unit_test(metrics),
	};

	return GROUP(tests);
}
