/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What this machine measures: only the shape of the figures is looked at; and the files that hold
 * measurements. */
#include "check.h"

#include "base/memory_stream.h"
#include "measure/blas.h"
#include "measure/fit_cpu.h"
#include "measure/measurements.h"
#include "measure/timer.h"
#include "model/baseline.h"
#include "report/calibration.h"

#include <stdlib.h>
#include <sys/stat.h>

static void counters(void **state)
{
	char pattern[600];

	(void)state;
	snprintf(pattern, sizeof pattern, "%s/package-[0-9]", temp_path("counters"));
	assert_int_equal(mkdir(temp_path("counters"), 0777), 0);
	assert_true(isnan(barista_joules_of(pattern)));
	write_text("counters/package-0", "1500000\n");
	write_text("counters/package-0-core", "9\n");
	assert_true(barista_joules_of(pattern) == 1.5);
	write_text("counters/package-1", "250000\n");
	assert_true(barista_joules_of(pattern) == 1.75);
	write_text("counters/package-2", "none\n");
	assert_true(isnan(barista_joules_of(pattern)));
	write_text("counters/package-2", "1000000\n");
	assert_int_equal(mkdir(temp_path("counters/package-3"), 0777), 0);
	assert_true(isnan(barista_joules_of(pattern)));
}

static int measure(void *user, struct barista_err *err)
{
	struct barista_host host;
	int rc = barista_host_measure(&host, user, NULL, NULL, err);

	if (!rc)
		barista_host_free(&host);
	return rc;
}

/* Equal GEMMs are timed once, and those of more than 1 GiB not at all. */
static void this_host(void **state)
{
	struct barista_host host;
	struct barista_err err;
	struct fixture f;

	(void)state;
	fixture_layer(&f, "aws-f1-vu9p",
		      "type: conv, in: [2, 4, 4], out: 2, kernel: [3, 3]}\n"
		      "  - {name: again, type: conv, in: [2, 4, 4], out: 2, kernel: [3, 3]}\n"
		      "  - {name: huge, type: fc, in: 20000, out: 20000",
		      1, false);
	CHECK_OK(barista_host_measure(&host, f.lowered, NULL, NULL, &err), &err);
	assert_int_equal(host.ngemms, 3);
	assert_true(host.nsamples == 11 && host.tile_time > 0 && host.tile_lo <= host.tile_time &&
		    host.tile_hi >= host.tile_time && host.mem_bandwidth > 1e9 && *host.cpu &&
		    *host.blas);
	for (size_t i = 0; i < host.ngemms; i++)
		assert_true(host.gemm[i].seconds > 0 && host.gemm[i].seconds < 1);
	barista_host_free(&host);
	first_out_of_memory(measure, f.lowered, 6);
	fixture_close(&f);
}

static int write_calibration(void *user, struct barista_err *err)
{
	static const char *const path = "/dev/null";
	FILE *f = fopen(path, "w");
	int rc = f ? barista_calibration_write(user, f, err) : barista_fail_errno(err, "no", path);

	if (f)
		fclose(f);
	return rc;
}

/* A host file says what was measured and what was not, and keeps every digit. */
static void host_files(void **state)
{
	struct barista_gemm_time gemm = {.m = 3, .n = 4, .k = 5, .seconds = 1.25e-6};
	struct barista_calibration c = {.host = {.cpu = "It's a 'CPU': # 1",
						 .blas = "BLAS",
						 .tile_time = 0.125e-9,
						 .tile_lo = 0.0625e-9,
						 .tile_hi = 0.25e-9,
						 .mem_bandwidth = 1e11,
						 .ngemms = 1,
						 .gemm = &gemm},
					.power = {.watts = 42.5, .note = "it's so"}};
	struct barista_err err;

	(void)state;
	CHECK_OK(barista_blas_load(&err), &err);
	for (int measured = 0; measured < 2; measured++) {
		struct barista_memory_stream m;
		struct barista_baseline *base;
		char *text;

		c.power.measured = measured;
		assert_non_null(barista_memory_stream_open(&m));
		CHECK_OK(barista_calibration_write(&c, m.f, &err), &err);
		assert_non_null(text = barista_memory_stream_close(&m));
		CHECK_OK(barista_baseline_load(&base, write_text("host.yaml", text), ".", &err),
			 &err);
		assert_true(!strncmp(base->title, c.host.cpu, strlen(c.host.cpu)));
		assert_true(base->power.value == 42.5);
		assert_string_equal(base->power.status, measured ? "measured" : "assumed");
		assert_true(base->tile_time.value == 0.125e-9 && base->tile_time_lo == 0.0625e-9 &&
			    base->tile_time_hi == 0.25e-9 && base->mem_bandwidth.value == 1e11);
		assert_true(base->ntimes == 1 && base->time[0].k == 5 &&
			    base->time[0].seconds == 1.25e-6);
		barista_baseline_free(base);
		free(text);
	}
	each_out_of_memory(write_calibration, &c);
}

static int fit(void *user, struct barista_err *err)
{
	const struct fixture *f = user;
	struct barista_cpu_fit found;
	int rc = barista_cpu_fit_run(&found, &f->model, 1, 1e6, NULL, NULL, err);

	if (!rc)
		barista_cpu_fit_free(&found);
	return rc;
}

static void cpu_fit(void **state)
{
	struct fixture f;

	(void)state;
	fixture_open(&f, "aws-f1-vu9p", "lenet-mnist",
		     (struct barista_lowering){.all_layers = true});
	first_out_of_memory(fit, &f, 16);
	fixture_close(&f);
}

#define HEAD                                                                                   \
	"kind: measurements\nname: m\ntitle: m\nsources: {s: a book}\nrows:\n  - {design: d, " \
	"device: zcu102, kernel: '1x1x16:fp32', source: s, shape: "
#define SETS(n) "a" #n ": 1, b" #n ": 1, c" #n ": 1, d" #n ": 1, "

static void measurements(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{HEAD "[1, 2, 3], clock: 100 MHz, time: 1 s, set: {a: [1]}}\n",
		 "a value in 'set' must be a single value"},
		{HEAD "[1, 2, 3], clock: 100 MHz, time: 1 s, set: {" SETS(1) SETS(2) SETS(3)
			 SETS(4) "e: 1}}\n",
		 "more than 16 values in 'set'"},
		{HEAD "[16777216, 16777216, 16777216], clock: 100 MHz, time: 1 s}\n",
		 "more than 2^53 multiply-accumulates"},
		{HEAD "[1, 2, 3], clock: 100 MHz}\n", "give either 'time' or 'rate'"},
		{HEAD "[1, 2, 3], clock: 100 MHz, time: 1 s, rate: 1 Gop/s}\n",
		 "give either 'time' or 'rate'"},
		{"kind: measurements\nname: m\ntitle: m\nsources: {s: a book}\nrows: []\n",
		 "from 1 to"},
		{"kind: measurements\nname: m\ntitle: m\nsources: {s: [1]}\nrows: []\n", "s"},
		{"kind: measurements\nname: m\ntitle: m\nsources: {s: a book}\nrows:\n  - {design: "
		 "d, "
		 "device: zcu102, kernel: '1x1x16:fp32', source: t, shape: [1, 2, 3], clock: 100 "
		 "MHz, time: 1 s}\n",
		 "unknown source 't'"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_measured *m;
		struct barista_err err;

		assert_int_equal(barista_measured_load(
					 &m, write_text("measured.yaml", rows[i].text), ".", &err),
				 BARISTA_E_INPUT);
		CHECK(strstr(err.msg, rows[i].why), "row %zu: %s", i, err.msg);
	}
}

int test_calibrate(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(counters),     cmocka_unit_test(this_host),
		cmocka_unit_test(host_files),   cmocka_unit_test(cpu_fit),
		cmocka_unit_test(measurements),
	};

	return GROUP(tests);
}
