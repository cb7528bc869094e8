/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The figures of [Barista], Table I and section V, by the default device and the search. */
#include "check.h"

#include "model/baseline.h"
#include "model/device.h"
#include "model/evaluate.h"
#include "model/metric.h"
#include "search/search.h"
#include "search/space.h"

/* Paper's figure within 15 %; value of an independent computation within 0.5 %. */
static void check_figure(const char *what, double ppw, double paper, double computed)
{
	CHECK(near(ppw / 1e9, paper, 0.15), "%s: %.4f Gop/s/W, published %.4g", what, ppw / 1e9,
	      paper);
	CHECK(near(ppw / 1e9, computed, 0.005), "%s: %.4f Gop/s/W, computed independently %.4g",
	      what, ppw / 1e9, computed);
}

static struct barista_search *sweep(const struct fixture *f, const double *baseline)
{
	struct barista_search *search;
	struct barista_space space;
	struct barista_err err;

	barista_space_default(&space, &f->model);
	CHECK_OK(run_search(&search, f, &space, baseline, 1, EXACT, &err), &err);
	return search;
}

static void table_one(void **state)
{
	static const struct {
		const char *layer;
		double paper, computed;
	} rows[] = {
		{"conv1", 0.59, 0.526},   {"conv2", 0.29, 0.263},   {"conv3", 0.078, 0.0689},
		{"conv4", 0.076, 0.0688}, {"conv5", 0.073, 0.0687},
	};
	struct barista_search *search;
	struct fixture f;

	(void)state;
	fixture_open(&f, "aws-f1-vu9p", "alexnet-cifar10",
		     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
	search = sweep(&f, NULL);
	assert_int_equal(f.lowered->nlayers, COUNT(rows));
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t s = f.lowered->class_of[i];

		assert_string_equal(f.lowered->name[i], rows[i].layer);
		check_figure(rows[i].layer, search->class_ranking[s].item[0].score, rows[i].paper,
			     rows[i].computed);
	}
	barista_search_free(search);
	fixture_close(&f);
}

static void single_kernel(void **state)
{
	static const struct {
		const char *net;
		double paper, computed;
	} rows[] = {
		{"alexnet-cifar10", 0.22, 0.1969},
		{"resnet20-cifar10-b", 0.33, 0.3695},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_search *search;
		struct fixture f;

		fixture_open(&f, "aws-f1-vu9p", rows[i].net,
			     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
		search = sweep(&f, NULL);
		check_figure(rows[i].net, search->ranking[BARISTA_RANK_PPW_MEAN].item[0].score,
			     rows[i].paper, rows[i].computed);
		CHECK(search->ranking[BARISTA_RANK_PPW_MEAN].item[0].score ==
			      search->ranking[BARISTA_RANK_PPW_MEAN]
				      .item[0]
				      .metric[BARISTA_PPW_MEAN],
		      "%s: the score is not the mean PPW", rows[i].net);
		barista_search_free(search);
		fixture_close(&f);
	}
}

/* conv1 and conv2 on the FPGA, the others on the published Xeon. */
static void offload(void **state)
{
	struct barista_baseline *xeon;
	struct barista_search *search;
	struct barista_err err;
	const char *from[5];
	double cpu[5];
	struct fixture f;

	(void)state;
	fixture_open(&f, "aws-f1-vu9p", "alexnet-cifar10",
		     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
	CHECK_OK(barista_baseline_load(&xeon, "xeon-e5-2686v4", ".", &err), &err);
	barista_baseline_ppw(xeon, f.lowered, cpu, from);
	search = sweep(&f, cpu);
	assert_int_equal(search->ranking[BARISTA_RANK_OFFLOAD].n, 1);
	check_figure("offload", search->ranking[BARISTA_RANK_OFFLOAD].item[0].score, 0.24, 0.2223);
	for (size_t i = 0; i < 5; i++) {
		double fpga = search->ranking[BARISTA_RANK_OFFLOAD]
				      .item[0]
				      .class_ppw[f.lowered->class_of[i]];

		CHECK((fpga > cpu[i]) == (i < 2), "layer %zu: FPGA %g, CPU %g", i, fpga, cpu[i]);
	}
	barista_search_free(search);
	barista_baseline_free(xeon);
	fixture_close(&f);
}

/* FP32 16x16x64 on the XCVU9P; the paper prints one decimal. */
static void resource_point(void **state)
{
	static const struct {
		enum barista_metric metric;
		enum barista_param total;
		double percent;
	} rows[] = {
		{BARISTA_DSP, BARISTA_RES_DSP, 18.8},
		{BARISTA_BRAM, BARISTA_RES_BRAM, 14.1},
		{BARISTA_LUT, BARISTA_RES_LUT, 10.8},
		{BARISTA_FF, BARISTA_RES_FF, 8.8},
	};
	struct barista_result r;
	struct fixture f;

	(void)state;
	fixture_open(&f, "aws-f1-vu9p", "alexnet-cifar10",
		     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
	r = evaluate(&f.model, "16x16x64:fp32", NULL);
	for (size_t i = 0; i < COUNT(rows); i++) {
		double percent = 100 * r.metric[rows[i].metric] / f.dev->param[rows[i].total].value;

		CHECK(fabs(percent - rows[i].percent) <= 0.05, "%s: %.3f %%, published %.1f %%",
		      barista_metric_defs[rows[i].metric].name, percent, rows[i].percent);
	}
	assert_int_equal(r.over, 0);
	fixture_close(&f);
}

/* The published kernel reached about a tenth of the memory bandwidth that the model
 * assumes. It is memory-bound at both, so that its kernel time is ten times as long. */
static void tenth_of_the_bandwidth(void **state)
{
	const struct barista_point published = kernel("16x16x64:fp32");
	struct fixture f;

	(void)state;
	fixture_open(&f, "aws-f1-vu9p", "alexnet-cifar10",
		     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
	for (size_t g = 0; g < f.lowered->ngemms; g++) {
		double full, tenth;

		fixture_set(&f, "memory.bandwidth=30 Gbit/s");
		full = term_of(&f, &published, g, "t_ip");
		fixture_set(&f, "memory.bandwidth=3 Gbit/s");
		tenth = term_of(&f, &published, g, "t_ip");
		CHECK(near(tenth, 10 * full, 1e-13), "GEMM %zu: %g s at 30 Gbit/s, %g s at 3", g,
		      full, tenth);
	}
	fixture_close(&f);
}

int test_published(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_one),
		cmocka_unit_test(single_kernel),
		cmocka_unit_test(offload),
		cmocka_unit_test(resource_point),
		cmocka_unit_test(tenth_of_the_bandwidth),
	};

	return GROUP(tests);
}
