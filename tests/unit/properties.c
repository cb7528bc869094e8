/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must hold for any design point, on random ones. */
#include "check.h"

#include "barista/family.h"
#include "model/device.h"
#include "model/evaluate.h"
#include "model/metric.h"
#include "model/precision.h"
#include "network/lowering.h"

static const char *const nets[] = {"alexnet-cifar10", "resnet20-cifar10-b", "lenet-mnist",
				   "googlenet", "mobilenet-v1"};
static const char *const boards[] = {"aws-f1-vu9p", "s10-gx2800-520n", "zc706", "alveo-u280"};

struct batch {
	struct barista_batch b;
	double *data;
	uint16_t *over;
	unsigned char *broken;
};

/* Room for n points and nclasses times, all in three blocks. */
static void batch_open(struct batch *x, size_t n, size_t nclasses)
{
	size_t columns = 4 + BARISTA_NMETRICS + 1 + nclasses;

	x->data = calloc(n * columns, sizeof *x->data);
	x->over = calloc(n, sizeof *x->over);
	x->broken = calloc(n, 1);
	assert_true(x->data && x->over && x->broken);
	x->b = (struct barista_batch){.n = n, .over = x->over, .not_conserved = x->broken};
	for (size_t k = 0; k < 4; k++)
		x->b.knob[k] = x->data + k * n;
	for (size_t m = 0; m < BARISTA_NMETRICS; m++)
		x->b.metric[m] = x->data + (4 + m) * n;
	x->b.scratch = x->data + (4 + BARISTA_NMETRICS) * n;
	x->b.class_time = x->b.scratch + n;
}

static void batch_close(struct batch *x)
{
	free(x->data);
	free(x->over);
	free(x->broken);
}

static void check_same(const struct fixture *f, const struct barista_batch *b, size_t i)
{
	struct barista_point p = plain_point(1, 1, 1, 0);
	double *time = calloc(f->lowered->nclasses, sizeof *time);
	struct barista_result r = {.class_time = time};
	struct barista_err err;

	for (size_t k = 0; k < 4; k++)
		p.knob[k] = b->knob[k][i];
	CHECK_OK(barista_evaluate_point(&f->model, &p, &r, &err), &err);
	for (int m = 0; m < BARISTA_NMETRICS; m++)
		CHECK(!memcmp(&r.metric[m], &b->metric[m][i], sizeof(double)),
		      "point %zu: %s is %a, in a batch %a", i, barista_metric_defs[m].name,
		      r.metric[m], b->metric[m][i]);
	for (size_t s = 0; s < f->lowered->nclasses; s++)
		CHECK(!memcmp(&time[s], &b->class_time[s * b->n + i], sizeof(double)),
		      "point %zu, shape %zu", i, s);
	CHECK(r.over == b->over[i], "point %zu: over %u and %u", i, r.over, b->over[i]);
	free(time);
}

static void batch_is_points(void **state)
{
	struct random r = {11};
	struct barista_err err;

	(void)state;
	for (size_t round = 0; round < COUNT(nets); round++) {
		size_t n = (size_t)random_int(&r, 1, 700), feasible = 0;
		struct fixture f;
		struct batch x;

		fixture_open(&f, boards[round % COUNT(boards)], nets[round],
			     (struct barista_lowering){.batched_gemm = round & 1,
						       .all_layers = round & 2});
		batch_open(&x, n, f.lowered->nclasses);
		for (size_t i = 0; i < n; i++) {
			struct barista_point p = random_point(&r, f.dev, i & 1 ? 64 : 65536);

			/* Runs of one precision, as in a sweep, and changes within the batch. */
			if (i && random_unit(&r) < 0.9)
				p.knob[3] = x.data[3 * n + i - 1];
			for (size_t k = 0; k < 4; k++)
				x.data[k * n + i] = p.knob[k];
		}
		feasible = barista_resources(&f.model, &x.b);
		CHECK_OK(barista_evaluate(&f.model, &x.b, &err), &err);
		for (size_t i = 0; i < n; i++) {
			check_same(&f, &x.b, i);
			feasible -= !x.b.over[i];
		}
		assert_int_equal(feasible, 0);
		batch_close(&x);
		fixture_close(&f);
	}
}

/* Broken arithmetic is noticed: no tile of -4 covers a matrix. */
static void broken_is_reported(void **state)
{
	struct fixture f;
	struct barista_point p = kernel("16x16x64:fp32");
	struct barista_result result;
	struct barista_err err;

	(void)state;
	fixture_open(&f, "aws-f1-vu9p", "lenet-mnist",
		     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
	result.class_time = calloc(f.lowered->nclasses, sizeof(double));
	for (int k = 0; k < 3; k++) {
		p = kernel("16x16x64:fp32");
		p.knob[k] = -4;
		CHECK(barista_evaluate_point(&f.model, &p, &result, &err) != 0, "knob %d of -4", k);
	}
	free(result.class_time);
	fixture_close(&f);
}

static double time_of(const struct fixture *f, const struct barista_point *p)
{
	double *time = calloc(f->lowered->nclasses, sizeof *time);
	struct barista_result r = {.class_time = time};
	struct barista_err err;

	CHECK_OK(barista_evaluate_point(&f->model, p, &r, &err), &err);
	free(time);
	return r.metric[BARISTA_TIME];
}

static void faster_parts_are_never_slower(void **state)
{
	static const struct {
		enum barista_param param;
		bool lower;
	} rows[] = {
		{BARISTA_MEM_BANDWIDTH, false},
		{BARISTA_PCIE_BANDWIDTH, false},
		{BARISTA_CLOCK, false},
		{BARISTA_TILE_TIME, true},
		{BARISTA_OUTPUTS_PER_CYCLE, false},
		{BARISTA_BUFFERS, false},
	};
	struct random r = {12};
	bool strictly[COUNT(rows)] = {false};

	(void)state;
	for (size_t round = 0; round < 600; round++) {
		size_t row = round % COUNT(rows);
		double factor = 1 + random_unit(&r) * (round & 1 ? 0.01 : 30), before, after, *v;
		struct barista_point p;
		struct fixture f;

		fixture_open(
			&f, boards[round % COUNT(boards)], nets[round % 3],
			(struct barista_lowering){.batched_gemm = round & 8, .all_layers = false});
		p = random_point(&r, f.dev, 512);
		v = &f.dev->param[rows[row].param].value;
		if (rows[row].param == BARISTA_BUFFERS)
			*v = 1, factor = 2;
		else if (rows[row].param == BARISTA_OUTPUTS_PER_CYCLE)
			factor = ceil(factor);
		before = time_of(&f, &p);
		*v = rows[row].lower ? *v / factor : *v * factor;
		after = time_of(&f, &p);
		CHECK(after <= before, "%s: %.17g before, %.17g after",
		      barista_param_defs[rows[row].param].path, before, after);
		strictly[row] |= after < before;
		fixture_close(&f);
	}
	for (size_t row = 0; row < COUNT(rows); row++)
		CHECK(strictly[row], "%s never matters", barista_param_defs[rows[row].param].path);
}

static void rate_within_peak(void **state)
{
	struct random r = {13};

	(void)state;
	for (size_t round = 0; round < 300; round++) {
		struct barista_result result;
		struct barista_point p;
		struct barista_err err;
		struct fixture f;

		fixture_open(&f, boards[round % COUNT(boards)], nets[round % COUNT(nets)],
			     (struct barista_lowering){.batched_gemm = round & 4,
						       .all_layers = round & 8});
		p = random_point(&r, f.dev, 128);
		/* All but free around the mesh, so that its peak is what limits. */
		f.dev->param[BARISTA_TILE_TIME].value = 0;
		f.dev->param[BARISTA_PCIE_BANDWIDTH].value =
			f.dev->param[BARISTA_MEM_BANDWIDTH].value = 1e15;
		f.dev->param[BARISTA_OUTPUTS_PER_CYCLE].value = 65536;
		result.class_time = calloc(f.lowered->nclasses, sizeof(double));
		CHECK_OK(barista_evaluate_point(&f.model, &p, &result, &err), &err);
		CHECK(result.metric[BARISTA_RATE] <= result.metric[BARISTA_PEAK], "%g op/s of %g",
		      result.metric[BARISTA_RATE], result.metric[BARISTA_PEAK]);
		CHECK(result.metric[BARISTA_PEAK] ==
			      2 * p.knob[0] * p.knob[1] * f.dev->param[BARISTA_CLOCK].value,
		      "peak %g", result.metric[BARISTA_PEAK]);
		free(result.class_time);
		fixture_close(&f);
	}
}

static void resources_of(const struct fixture *f, const struct barista_point *p, double *metric)
{
	struct barista_batch b = {.n = 1};
	uint16_t over;

	for (size_t k = 0; k < 4; k++)
		b.knob[k] = &p->knob[k];
	for (int m = 0; m < BARISTA_NMETRICS; m++)
		b.metric[m] = &metric[m];
	b.over = &over;
	barista_resources(&f->model, &b);
}

/* The search prunes by it: every resource grows, weakly, with every tile knob. */
static void resources_grow(void **state)
{
	static const enum barista_metric grows[] = {BARISTA_DSP, BARISTA_BRAM,     BARISTA_LUT,
						    BARISTA_FF,  BARISTA_ROW_BITS, BARISTA_POWER};
	struct random r = {14};
	struct fixture f;

	(void)state;
	fixture_open(&f, "aws-f1-vu9p", "lenet-mnist",
		     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
	fixture_set(&f, "power.static=1 W");
	fixture_set(&f, "power.per_bram=1 mW");
	for (int round = 0; round < 60000; round++) {
		struct barista_point p = random_point(&r, f.dev, 2000), q = p;
		double small[BARISTA_NMETRICS], large[BARISTA_NMETRICS];
		int knob = round % 3;

		f.dev->block_ram = (enum barista_block_ram)(round / 3 % BARISTA_NBLOCK_RAMS);
		q.knob[knob] += round & 1 ? 1 : random_size(&r, 1000);
		resources_of(&f, &p, small);
		resources_of(&f, &q, large);
		for (size_t m = 0; m < COUNT(grows); m++)
			CHECK(large[grows[m]] >= small[grows[m]],
			      "%s: %g for %.0f, %g for %.0f (knob %d)",
			      barista_metric_defs[grows[m]].name, small[grows[m]], p.knob[knob],
			      large[grows[m]], q.knob[knob], knob);
	}
	fixture_close(&f);
}

/* Padding, traffic and conservation, up to the largest counts that are exact. */
static void conservation(void **state)
{
	struct random r = {15};
	struct barista_device *dev;
	struct barista_err err;

	(void)state;
	CHECK_OK(barista_device_load(&dev, "aws-f1-vu9p", ".", &err), &err);
	for (int i = 0; i < 3000; i++) {
		double m = random_size(&r, i & 1 ? 1e15 : 1e5), n = random_size(&r, 0x1p53 / m);
		double k = random_size(&r, 0x1p53 / m / n), time;
		struct barista_point p = random_point(&r, dev, 65536);
		struct barista_result result = {.class_time = &time};
		struct one_gemm one;
		struct fixture f;

		gemm_open(&f, &one, dev, (int64_t)m, (int64_t)n, (int64_t)k);
		CHECK_OK(barista_evaluate_point(&f.model, &p, &result, &err), &err);
		for (size_t g = 0; g < f.lowered->ngemms; g++) {
			const struct barista_gemm *gemm = &f.lowered->gemm[g];
			double words = (double)gemm->m * (double)gemm->k +
				       (double)gemm->k * (double)gemm->n +
				       (double)gemm->m * (double)gemm->n;

			CHECK(term_of(&f, &p, g, "MACs_padded") >= term_of(&f, &p, g, "MACs"),
			      "point %d", i);
			CHECK(term_of(&f, &p, g, "MACs") == m * n * k, "point %d", i);
			CHECK(term_of(&f, &p, g, "D_mem") >= term_of(&f, &p, g, "WL") * words,
			      "point %d", i);
			CHECK(term_of(&f, &p, g, "D_pcie") >= term_of(&f, &p, g, "WL") * words,
			      "point %d", i);
			CHECK(term_of(&f, &p, g, "E_tile") >= words, "point %d", i);
		}
		barista_lowered_free(f.lowered);
	}
	barista_device_free(dev);
}

int test_properties(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(batch_is_points),
		cmocka_unit_test(broken_is_reported),
		cmocka_unit_test(faster_parts_are_never_slower),
		cmocka_unit_test(rate_within_peak),
		cmocka_unit_test(resources_grow),
		cmocka_unit_test(conservation),
	};

	return GROUP(tests);
}
