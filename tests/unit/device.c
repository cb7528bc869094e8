/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Setting values of a device, and what stands in its file. */
#include "check.h"

#include "barista/family.h"
#include "model/device.h"

static void set(void **state)
{
	static const struct {
		const char *assignment;
		enum barista_param param;
		double value;
	} rows[] = {
		{"memory.bandwidth=3 Gbit/s", BARISTA_MEM_BANDWIDTH, 3e9},
		{"memory.bandwidth=3Gbit/s", BARISTA_MEM_BANDWIDTH, 3e9},
		{"memory.bandwidth=1 GiB/s", BARISTA_MEM_BANDWIDTH, 0x1p33},
		{"pcie.bandwidth=1 TB/s", BARISTA_PCIE_BANDWIDTH, 8e12},
		{"host.tile_time=0 s", BARISTA_TILE_TIME, 0},
		{"host.tile_time=8 ns", BARISTA_TILE_TIME, 8e-9},
		{"clock.kernel=1 MHz", BARISTA_CLOCK, 1e6},
		{"resources.dsp=1", BARISTA_RES_DSP, 1},
		{"rules.usable_dsp=1", BARISTA_USABLE_DSP, 1},
		{"rules.bus_width=64 B", BARISTA_BUS_WIDTH, 512},
		{"kernel.buffers=1", BARISTA_BUFFERS, 1},
		{"kernel.bram_fixed=0.5", BARISTA_FIXED_BRAM, 0.5},
		{"power.per_dsp=0 W", BARISTA_POWER_DSP, 0},
	};
	struct barista_device *dev;
	struct barista_err err;

	(void)state;
	CHECK_OK(barista_device_load(&dev, "aws-f1-vu9p", ".", &err), &err);
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct barista_quantity *fact = &dev->param[rows[i].param];

		CHECK_OK(barista_device_set(dev, rows[i].assignment, &err), &err);
		CHECK(fact->value == rows[i].value, "%s: %.17g", rows[i].assignment, fact->value);
		CHECK(!strcmp(fact->source, "set by the caller"), "%s: %s", rows[i].assignment,
		      fact->source);
	}
	barista_device_free(dev);
}

static void set_refused(void **state)
{
	static const struct {
		const char *assignment, *message;
	} rows[] = {
		{"memory.bandwidth", "is not PATH=VALUE"},
		{"", "is not PATH=VALUE"},
		{"=3", "unknown"},
		{"memory.bandwith=3 Gbit/s", "did you mean 'memory.bandwidth'"},
		{"memory=3 Gbit/s", "unknown"},
		{"memory.bandwidth =3 Gbit/s", "unknown"},
		{"MEMORY.BANDWIDTH=3 Gbit/s", "unknown"},
		{"memory.bandwidth=3", "'3' has no unit"},
		{"memory.bandwidth=", "is not a number"},
		{"memory.bandwidth=3 GHz", "wrong unit 'GHz'"},
		{"memory.bandwidth=-3 Gbit/s", "must be from 1 Mbit/s"},
		{"memory.bandwidth=inf Gbit/s", "is not a number"},
		{"memory.bandwidth=1e999 Gbit/s", "is not a finite decimal number"},
		{"memory.bandwidth=1e308 Tbit/s", "is too large"},
		{"memory.bandwidth=0.5 Mbit/s", "must be from 1 Mbit/s"},
		{"clock.kernel=100 GHz", "must be from 1 MHz to 10 GHz"},
		{"rules.usable_dsp=1.01", "must be from 0.001 to 1"},
		{"rules.usable_dsp=0", "must be from 0.001 to 1"},
		{"rules.usable_dsp=80 W", "has a unit"},
		{"resources.dsp=0", "must be a whole number from 1"},
		{"resources.dsp=10.5", "must be a whole number from 1"},
		{"kernel.buffers=3", "must be a whole number from 1 to 2"},
		{"kernel.buffers=1.5", "must be a whole number from 1 to 2"},
		{"kernel.outputs_per_cycle=0", "must be a whole number from 1"},
		{"power.total=0 W", "must be from 1 mW"},
		{"host.tile_time=-1 ns", "must be from 0 s"},
		{"a-path-that-is-much-longer-than-any-that-there-is-and-would-not-fit-in-any-"
		 "buffer-of-ours=1",
		 "is not PATH=VALUE"},
	};
	struct barista_device *dev, *same;
	struct barista_err err;

	(void)state;
	CHECK_OK(barista_device_load(&dev, "aws-f1-vu9p", ".", &err), &err);
	CHECK_OK(barista_device_load(&same, "aws-f1-vu9p", ".", &err), &err);
	for (size_t i = 0; i < COUNT(rows); i++) {
		CHECK(barista_device_set(dev, rows[i].assignment, &err) == BARISTA_E_ARGUMENT &&
			      strstr(err.msg, rows[i].message),
		      "%s: %s", rows[i].assignment, err.msg);
		for (int p = 0; p < BARISTA_NPARAMS; p++)
			CHECK(dev->param[p].value == same->param[p].value ||
				      (isnan(dev->param[p].value) && isnan(same->param[p].value)),
			      "%s changed %s", rows[i].assignment, barista_param_defs[p].path);
	}
	barista_device_free(dev);
	barista_device_free(same);
}

/* power.total and power.static exclude each other; the one set last holds. */
static void one_power(void **state)
{
	struct barista_device *dev;
	struct barista_err err;

	(void)state;
	CHECK_OK(barista_device_load(&dev, "aws-f1-vu9p", ".", &err), &err);
	CHECK_OK(barista_device_set(dev, "power.static=3 W", &err), &err);
	assert_true(isnan(dev->param[BARISTA_POWER_TOTAL].value));
	CHECK_OK(barista_device_set(dev, "power.total=3 W", &err), &err);
	assert_true(isnan(dev->param[BARISTA_POWER_STATIC].value));
	barista_device_free(dev);
}

/* Every limit of every parameter is itself allowed. */
static void limits_are_inclusive(void **state)
{
	struct barista_device *dev;
	struct barista_err err;

	(void)state;
	CHECK_OK(barista_device_load(&dev, "aws-f1-vu9p", ".", &err), &err);
	for (int p = 0; p < BARISTA_NPARAMS; p++) {
		static const char *const units[BARISTA_NDIMS] = {
			[BARISTA_DIM_COUNT] = "",   [BARISTA_DIM_FRACTION] = "",
			[BARISTA_DIM_HZ] = "Hz",    [BARISTA_DIM_BIT_PER_S] = "bit/s",
			[BARISTA_DIM_SECOND] = "s", [BARISTA_DIM_WATT] = "W",
			[BARISTA_DIM_BIT] = "bit",
		};
		const struct barista_param_def *def = &barista_param_defs[p];
		const double limit[2] = {def->lo, def->hi};
		char text[120];

		for (int i = 0; i < 2; i++) {
			snprintf(text, sizeof text, "%s=%.17g %s", def->path, limit[i],
				 units[def->dimension]);
			if (!*units[def->dimension])
				text[strlen(text) - 1] = '\0';
			CHECK_OK(barista_device_set(dev, text, &err), &err);
			CHECK(dev->param[p].value == limit[i], "%s", text);
			snprintf(text, sizeof text, "%s=%.17g %s", def->path,
				 i ? limit[i] * 1.001 : limit[i] - fabs(limit[i]) * 0.001 - 1e-300,
				 units[def->dimension]);
			if (!*units[def->dimension])
				text[strlen(text) - 1] = '\0';
			CHECK(barista_device_set(dev, text, &err) == BARISTA_E_ARGUMENT,
			      "%s is accepted", text);
		}
		CHECK(isnan(def->default_value) ||
			      (def->default_value >= def->lo && def->default_value <= def->hi),
		      "%s", def->path);
		CHECK(def->required || def->default_source || isnan(def->default_value), "%s",
		      def->path);
	}
	barista_device_free(dev);
}

/* What a file leaves out has the documented preset, and says so. */
static void presets(void **state)
{
	struct barista_device *dev;
	struct barista_err err;

	(void)state;
	CHECK_OK(barista_device_load(&dev, "s10-gx2800-520n", ".", &err), &err);
	assert_int_equal(dev->block_ram, BARISTA_M20K);
	assert_true(dev->param[BARISTA_MEM_BANDWIDTH].value == 536e9);
	assert_true(dev->param[BARISTA_TILE_TIME].value == 8e-9);
	assert_string_equal(dev->param[BARISTA_TILE_TIME].status, "default");
	assert_true(dev->param[BARISTA_BUFFERS].value == 2);
	assert_true(dev->param[BARISTA_BUS_WIDTH].value == 512);
	assert_true(dev->param[BARISTA_FLAG_DSP].value == 0.7);
	assert_string_equal(dev->param[BARISTA_MEM_BANDWIDTH].status, "verified");
	assert_non_null(strstr(dev->param[BARISTA_MEM_BANDWIDTH].source, "pc2/HPCC_FPGA"));
	barista_device_free(dev);
}

int test_device(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(set),       cmocka_unit_test(set_refused),
		cmocka_unit_test(one_power), cmocka_unit_test(limits_are_inclusive),
		cmocka_unit_test(presets),
	};

	return GROUP(tests);
}
