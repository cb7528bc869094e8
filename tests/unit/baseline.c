/* SPDX-License-Identifier: GPL-3.0-or-later */
/* CPU and GPU figures per layer: measured before published before the published mean. */
#include "check.h"

#include "base/memory_stream.h"
#include "io/seal.h"
#include "model/baseline.h"

#include <stdlib.h>

#define HEAD                                                   \
	"kind: cpu\nname: c\ntitle: c\nsources: {s: a book}\n" \
	"power: {total: {value: 100 W, source: s, status: measured}}\n"
#define PUBLISHED "published: [{workload: one, source: s, status: verified, "
/* conv 6x8x8 to 10, 3x3, pad 1: forward 10 x 64 x 54, wgrad 10 x 54 x 64, igrad 54 x 64 x 10 */
#define LAYER "type: conv, in: [6, 8, 8], out: 10, kernel: [3, 3], pad: [1, 1]"
#define FWD "{m: 10, n: 64, k: 54, time: 1 us}"
#define WGRAD "{m: 10, n: 54, k: 64, time: 2 us}"
#define IGRAD "{m: 54, n: 64, k: 10, time: 5 us}"

static void order_of_sources(void **state)
{
	/* 6 * 34560 op in 8 us at 100 W */
	static const double measured = 6 * 34560 / 8e-6 / 100;
	static const struct {
		const char *text, *from;
		double ppw;
	} rows[] = {
		{HEAD, "none", NAN},
		{HEAD PUBLISHED "mean: 0.5 Gop/s/W}]\n", "none", NAN},
		{HEAD PUBLISHED "layers: {l: 0.25 Gop/s/W}}]\n", "published", 0.25e9},
		{HEAD PUBLISHED "mean: 0.5 Gop/s/W, layers: {l: 0.25 Gop/s/W}}]\n", "published",
		 0.25e9},
		{HEAD PUBLISHED "mean: 0.5 Gop/s/W, layers: {other: 0.25 Gop/s/W}}]\n", "none",
		 NAN},
		{HEAD PUBLISHED "layers: {other: 0.25 Gop/s/W}}]\n", "none", NAN},
		{HEAD "gemms: [" FWD ", " WGRAD ", " IGRAD "]\n", "measured", measured},
		{HEAD "gemms: [" FWD ", " WGRAD ", " IGRAD "]\n" PUBLISHED
		      "layers: {l: 0.25 Gop/s/W}}]\n",
		 "measured", measured},
		/* One GEMM is missing: what is there is not the whole layer. */
		{HEAD "gemms: [" FWD ", " WGRAD "]\n" PUBLISHED "mean: 0.5 Gop/s/W}]\n", "none",
		 NAN},
		{HEAD "gemms: [" FWD ", " WGRAD "]\n", "none", NAN},
		/* Another size in one dimension is another GEMM. */
		{HEAD "gemms: [{m: 11, n: 64, k: 54, time: 1 us}, " WGRAD ", " IGRAD "]\n", "none",
		 NAN},
		{HEAD "gemms: [{m: 10, n: 65, k: 54, time: 1 us}, " WGRAD ", " IGRAD "]\n", "none",
		 NAN},
		{HEAD "gemms: [{m: 10, n: 64, k: 55, time: 1 us}, " WGRAD ", " IGRAD "]\n", "none",
		 NAN},
	};
	struct fixture f;

	(void)state;
	fixture_layer(&f, "aws-f1-vu9p", LAYER, 4, false);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_baseline *base;
		struct barista_err err;
		const char *from = NULL;
		double ppw = -1;

		CHECK_OK(barista_baseline_load(&base, write_text("cpu.yaml", rows[i].text), ".",
					       &err),
			 &err);
		barista_baseline_ppw(base, f.lowered, &ppw, &from);
		CHECK(!strcmp(from, rows[i].from), "row %zu: from %s", i, from);
		CHECK(isnan(rows[i].ppw) ? isnan(ppw) : near(ppw, rows[i].ppw, 1e-14),
		      "row %zu: %.17g", i, ppw);
		barista_baseline_free(base);
	}
	fixture_close(&f);
}

static void published(void **state)
{
	static const struct {
		const char *base, *net;
		double mean, first, last;
	} rows[] = {
		{"xeon-e5-2686v4", "alexnet-cifar10", 0.18e9, 0.35e9, 0.11e9},
		{"xeon-e5-2686v4", "resnet20-cifar10-b", 0.18e9, NAN, NAN},
		{"xeon-e5-2686v4", "vgg16", NAN, NAN, NAN},
		{"gtx-1080-ti", "alexnet-cifar10", NAN, 0.13e9, 0.28e9},
		{"gtx-1080-ti", "resnet20-cifar10-b", 1.54e9, NAN, NAN},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_baseline *base;
		struct barista_err err;
		const char *from[64];
		double ppw[64], mean;
		struct fixture f;

		fixture_open(&f, "aws-f1-vu9p", rows[i].net,
			     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
		CHECK_OK(barista_baseline_load(&base, rows[i].base, ".", &err), &err);
		barista_baseline_ppw(base, f.lowered, ppw, from);
		mean = barista_baseline_mean(base, f.net);
		CHECK(isnan(rows[i].mean) || mean == rows[i].mean, "row %zu: mean %g", i, mean);
		CHECK(isnan(rows[i].first) ? isnan(ppw[0]) : ppw[0] == rows[i].first, "row %zu: %g",
		      i, ppw[0]);
		CHECK(isnan(rows[i].last) ? isnan(ppw[f.lowered->nlayers - 1])
					  : ppw[f.lowered->nlayers - 1] == rows[i].last,
		      "row %zu: %g", i, ppw[f.lowered->nlayers - 1]);
		barista_baseline_free(base);
		fixture_close(&f);
	}
}

static void facts(void **state)
{
	struct barista_baseline *base;
	struct barista_err err;

	(void)state;
	CHECK_OK(barista_baseline_load(&base, "xeon-e5-2686v4", ".", &err), &err);
	assert_string_equal(base->kind, "cpu");
	assert_true(base->power.value == 145);
	assert_true(near(base->peak_fp32.value, 1324.8e9, 1e-15));
	assert_true(near(base->mem_bandwidth.value, 614.4e9, 1e-15));
	assert_true(isnan(base->tile_time.value));
	assert_int_equal(base->ntimes, 0);
	barista_baseline_free(base);
	CHECK_OK(barista_baseline_load(&base,
				       write_text("host.yaml", HEAD
						  "host:\n  tile_time: {value: 0.3 ns, "
						  "source: s, status: measured}\n  tile_time_low: "
						  "0.2 ns\n  tile_time_high: 0.4 ns\n"),
				       ".", &err),
		 &err);
	assert_true(near(base->tile_time.value, 0.3e-9, 1e-15));
	assert_true(base->tile_time_lo < base->tile_time.value &&
		    base->tile_time_hi > base->tile_time.value);
	assert_true(isnan(base->peak_fp32.value));
	barista_baseline_free(base);
	barista_baseline_free(NULL);
}

/* Loads a text as a host file; what does not load must say that its checksum is wrong. */
static bool loads(const char *text)
{
	struct barista_baseline *base;
	struct barista_err err;
	int rc = barista_baseline_load(&base, write_text("host.yaml", text), ".", &err);

	if (!rc)
		barista_baseline_free(base);
	else
		CHECK(rc == BARISTA_E_INPUT && strstr(err.msg, "the checksum is not that"), "%s",
		      err.msg);
	return !rc;
}

/* A host file with its checksum, of which one byte is another or the end is missing, never loads;
 * without the line it is a file like others. */
static void checksum(void **state)
{
	static const char body[] = HEAD "gemms: [" FWD ", " WGRAD "]\n";
	struct barista_memory_stream m;
	char *text;

	(void)state;
	assert_non_null(barista_memory_stream_open(&m));
	barista_seal_put(body, sizeof body - 1, m.f);
	assert_non_null(text = barista_memory_stream_close(&m));
	assert_true(loads(text));
	assert_true(loads(strchr(text, '\n') + 1));
	for (size_t i = strlen("# sha256 of what follows: "); i < m.size; i++) {
		char was = text[i];

		text[i] = was == '7' ? '8' : '7';
		CHECK(!loads(text), "byte %zu", i);
		text[i] = '\0';
		CHECK(!loads(text), "cut at byte %zu", i);
		text[i] = was;
	}
	free(text);
}

int test_baseline(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(order_of_sources),
		cmocka_unit_test(published),
		cmocka_unit_test(facts),
		cmocka_unit_test(checksum),
	};

	return GROUP(tests);
}
