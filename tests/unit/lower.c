/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layers to GEMMs: [Barista] III-A and Caffe's convolution and inner-product layers. */
#include "check.h"

#include "barista/family.h"
#include "network/lowering.h"

#define CONV "type: conv, in: [6, 8, 8], out: 10, kernel: [3, 3], pad: [1, 1]"
#define GROUPS "type: conv, in: [6, 8, 8], out: 10, kernel: [3, 3], groups: 2"
#define DECONV "type: deconv, in: [10, 4, 6], out: 6, kernel: [3, 3], stride: [2, 2], groups: 2"
#define FC "type: fc, in: 800, out: 500"
#define FIRST ", input_gradient: false"

struct expected {
	int64_t m, n, k;
};

static const struct {
	const char *line;
	int batch;
	bool whole_batch;
	double per_image;
	struct expected pass[BARISTA_NPASSES]; /* m = 0: no such pass */
} rows[] = {
	/* Cout = 10, S = 64, R = 54 */
	{CONV, 4, false, 1, {{10, 64, 54}, {10, 54, 64}, {54, 64, 10}}},
	{CONV FIRST, 4, false, 1, {{10, 64, 54}, {10, 54, 64}, {0, 0, 0}}},
	{CONV, 4, true, 0.25, {{10, 256, 54}, {10, 54, 256}, {54, 256, 10}}},
	{CONV FIRST, 8, true, 0.125, {{10, 512, 54}, {10, 54, 512}, {0, 0, 0}}},
	/* Cout/g = 5, S = 36, R = 27 */
	{GROUPS, 4, false, 2, {{5, 36, 27}, {5, 27, 36}, {27, 36, 5}}},
	{GROUPS, 4, true, 0.5, {{5, 144, 27}, {5, 27, 144}, {27, 144, 5}}},
	/* The convolution from output to input: Cout/g = 5, S = 24, R = 27; passes exchanged. */
	{DECONV, 4, false, 2, {{27, 24, 5}, {5, 27, 24}, {5, 24, 27}}},
	{DECONV FIRST, 4, false, 2, {{27, 24, 5}, {5, 27, 24}, {0, 0, 0}}},
	{DECONV, 4, true, 0.5, {{27, 96, 5}, {5, 27, 96}, {5, 96, 27}}},
	/* Always over the batch. */
	{FC, 64, false, 1.0 / 64, {{64, 500, 800}, {500, 800, 64}, {64, 800, 500}}},
	{FC, 64, true, 1.0 / 64, {{64, 500, 800}, {500, 800, 64}, {64, 800, 500}}},
	{FC FIRST, 64, false, 1.0 / 64, {{64, 500, 800}, {500, 800, 64}, {0, 0, 0}}},
	{FC, 1, false, 1, {{1, 500, 800}, {500, 800, 1}, {1, 800, 500}}},
};

static void check_pass(const struct barista_lowered *lowered, size_t row, int p)
{
	const struct barista_layer_class *shape = &lowered->layer_class[0];
	const struct expected *e = &rows[row].pass[p];
	size_t found = 0;

	for (size_t i = 0; i < shape->ngemms; i++) {
		const struct barista_gemm *g = &lowered->gemm[shape->gemm[i]];

		if ((int)g->pass != p)
			continue;
		found++;
		CHECK(g->m == e->m && g->n == e->n && g->k == e->k,
		      "row %zu, %s: %lld x %lld x %lld", row, barista_pass_names[p],
		      (long long)g->m, (long long)g->n, (long long)g->k);
		CHECK(shape->per_image[i] == rows[row].per_image, "row %zu: %g per image", row,
		      shape->per_image[i]);
	}
	CHECK(found == (e->m > 0), "row %zu: %zu %s GEMMs", row, found, barista_pass_names[p]);
}

static void table(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fixture f;
		double ops = 0;

		fixture_layer(&f, "aws-f1-vu9p", rows[i].line, rows[i].batch, rows[i].whole_batch);
		assert_int_equal(f.lowered->nclasses, 1);
		for (int p = 0; p < BARISTA_NPASSES; p++) {
			const struct expected *e = &rows[i].pass[p];

			check_pass(f.lowered, i, p);
			ops += rows[i].per_image * 2 * (double)(e->m * e->n * e->k);
		}
		CHECK(f.lowered->layer_class[0].ops == ops && f.lowered->ops == ops,
		      "row %zu: %g op", i, ops);
		fixture_close(&f);
	}
}

static void largest_dimensions(void **state)
{
	struct fixture f;

	(void)state;
	fixture_layer(&f, "aws-f1-vu9p", CONV, 4, true);
	assert_int_equal(f.lowered->max_m, 54);
	assert_int_equal(f.lowered->max_n, 256);
	assert_int_equal(f.lowered->max_k, 256);
	fixture_close(&f);
}

/* ResNet-20 repeats its layers: shapes are shared, names are not. */
static void shared_shapes(void **state)
{
	struct fixture f;
	size_t layers = 0;
	double ops = 0;

	(void)state;
	fixture_open(&f, "aws-f1-vu9p", "resnet20-cifar10-b",
		     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
	assert_int_equal(f.lowered->nlayers, 21);
	assert_true(f.lowered->nclasses < 12);
	for (size_t s = 0; s < f.lowered->nclasses; s++) {
		layers += f.lowered->layer_class[s].multiplicity;
		ops += (double)f.lowered->layer_class[s].multiplicity *
		       f.lowered->layer_class[s].ops;
		for (size_t t = 0; t < s; t++)
			CHECK(f.lowered->layer_class[s].ngemms !=
					      f.lowered->layer_class[t].ngemms ||
				      memcmp(f.lowered->layer_class[s].gemm,
					     f.lowered->layer_class[t].gemm,
					     f.lowered->layer_class[s].ngemms * sizeof(size_t)),
			      "shapes %zu and %zu are the same", s, t);
	}
	assert_int_equal(layers, 21);
	assert_true(ops == f.lowered->ops);
	/* first_conv has no input gradient: no other layer shares its shape. */
	assert_int_equal(f.lowered->layer_class[f.lowered->class_of[0]].multiplicity, 1);
	for (size_t g = 0; g < f.lowered->ngemms; g++)
		for (size_t h = 0; h < g; h++)
			assert_true(memcmp(&f.lowered->gemm[g], &f.lowered->gemm[h],
					   sizeof f.lowered->gemm[0]));
	fixture_close(&f);
}

static void refused(void **state)
{
	static const struct {
		const char *line;
		int batch;
		struct barista_lowering how;
		const char *message;
	} bad[] = {
		{FC, 4, {.all_layers = false}, "has no convolutions"},
		{"type: fc, in: 1000000000000, out: 9007",
		 2,
		 {.all_layers = true},
		 "more than 2^53"},
		{"type: conv, in: [4096, 1024, 1024], out: 4096, kernel: [1, 1]",
		 1024,
		 {.batched_gemm = true, .all_layers = true},
		 "more than 2^53"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct barista_workload *net;
		struct barista_lowered *lowered = NULL;
		struct barista_err err;

		CHECK_OK(load_layer(bad[i].line, bad[i].batch, &net, &err), &err);
		assert_int_equal(barista_lower(&lowered, net, bad[i].how, &err), BARISTA_E_INPUT);
		CHECK(strstr(err.msg, bad[i].message), "%s", err.msg);
		assert_null(lowered);
		barista_workload_free(net);
	}
}

int test_lower(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(table),
		cmocka_unit_test(largest_dimensions),
		cmocka_unit_test(shared_shapes),
		cmocka_unit_test(refused),
	};

	return GROUP(tests);
}
