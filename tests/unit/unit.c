/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"

#include "barista/family.h"
#include "io/unit.h"

#define D(name) BARISTA_DIM_##name

static void accepted(void **state)
{
	static const struct {
		const char *text;
		enum barista_dimension dim;
		double value;
	} rows[] = {
		{"42", D(COUNT), 42},
		{"1e6", D(COUNT), 1e6},
		{"-3.5", D(COUNT), -3.5},
		{"0.8", D(FRACTION), 0.8},
		{"1", D(FRACTION), 1},
		{"70%", D(FRACTION), 0.7},
		{"12.5 %", D(FRACTION), 0.125},
		{"250 MHz", D(HZ), 250e6},
		{"250MHz", D(HZ), 250e6},
		{"250   MHz", D(HZ), 250e6},
		{"2 GHz", D(HZ), 2e9},
		{"3 kHz", D(HZ), 3e3},
		{"50 Hz", D(HZ), 50},
		{"1e3 Hz", D(HZ), 1e3},
		{"30 Gbit/s", D(BIT_PER_S), 30e9},
		{"17.5 GB/s", D(BIT_PER_S), 140e9},
		{"1 Tbit/s", D(BIT_PER_S), 1e12},
		{"1 Mbit/s", D(BIT_PER_S), 1e6},
		{"1 kB/s", D(BIT_PER_S), 8e3},
		{"1 bit/s", D(BIT_PER_S), 1},
		{"1 B/s", D(BIT_PER_S), 8},
		{"1 Gibit/s", D(BIT_PER_S), 0x1p30},
		{"1 GiB/s", D(BIT_PER_S), 0x1p33},
		{"1 Kibit/s", D(BIT_PER_S), 1024},
		{"1 TiB/s", D(BIT_PER_S), 0x1p43},
		{"1 Mibit/s", D(BIT_PER_S), 0x1p20},
		/* The nearest double, not a rounded product. */
		{"8 ns", D(SECOND), 8e-9},
		{"3 ns", D(SECOND), 3e-9},
		{"7 us", D(SECOND), 7e-6},
		{"11 ms", D(SECOND), 11e-3},
		{"13 ps", D(SECOND), 13e-12},
		{"2 s", D(SECOND), 2},
		{"8 W", D(WATT), 8},
		{"2 kW", D(WATT), 2e3},
		{"30 mW", D(WATT), 30e-3},
		{"7 uW", D(WATT), 7e-6},
		{"9 nW", D(WATT), 9e-9},
		{"3 mJ", D(JOULE), 3e-3},
		{"1 kJ", D(JOULE), 1e3},
		{"5 nJ", D(JOULE), 5e-9},
		{"512 bit", D(BIT), 512},
		{"64 B", D(BIT), 512},
		{"2 Kibit", D(BIT), 2048},
		{"2 kbit", D(BIT), 2000},
		{"1 MiB", D(BIT), 0x1p23},
		{"1 GB", D(BIT), 8e9},
		{"11 cycles", D(CYCLE), 11},
		{"1 cycle", D(CYCLE), 1},
		{"3 Gop", D(OP), 3e9},
		{"1 op", D(OP), 1},
		{"2 Top", D(OP), 2e12},
		{"1324.8 Gop/s", D(OP_PER_S), 1324.8e9},
		{"2 Mop/s", D(OP_PER_S), 2e6},
		{"0.35 Gop/s/W", D(OP_PER_S_W), 0.35e9},
		{"1 kop/s/W", D(OP_PER_S_W), 1e3},
		{"2 op/bit", D(OP_PER_BIT), 2},
		{"3 mJ s", D(JOULE_SECOND), 3e-3},
	};
	bool seen[BARISTA_NDIMS] = {false};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char why[256] = "";
		double v = -1;

		CHECK(barista_quantity_parse(rows[i].text, rows[i].dim, &v, why, sizeof why) &&
			      v == rows[i].value,
		      "'%s': %.17g %s", rows[i].text, v, why);
		seen[rows[i].dim] = true;
	}
	for (int d = 0; d < BARISTA_NDIMS; d++)
		CHECK(seen[d], "dimension %d has no row", d);
}

static void refused(void **state)
{
	static const struct {
		const char *text;
		enum barista_dimension dim;
		const char *why;
	} rows[] = {
		{"30", D(BIT_PER_S), "'30' has no unit, expected e.g. 30 Gbit/s"},
		{"250e6", D(HZ), "has no unit, expected e.g. 250 MHz"},
		{"8", D(SECOND), "has no unit"},
		{"8", D(WATT), "has no unit"},
		{"512", D(BIT), "has no unit"},
		{"11", D(CYCLE), "has no unit"},
		{"1", D(JOULE), "has no unit"},
		{"1", D(OP), "has no unit"},
		{"1", D(OP_PER_S), "has no unit"},
		{"1", D(OP_PER_S_W), "has no unit"},
		{"1", D(OP_PER_BIT), "has no unit"},
		{"30 %", D(COUNT), "has a unit, expected a bare number"},
		{"30 %%", D(FRACTION), "has a unit, expected a bare number"},
		{"30 W", D(FRACTION), "has a unit, expected a bare number"},
		{"4 dsp", D(COUNT), "has a unit"},
		{"30 Gb/s", D(BIT_PER_S), "wrong unit 'Gb/s', expected bit/s with a prefix"},
		{"30 gbit/s", D(BIT_PER_S), "wrong unit"},
		{"30 Gbit", D(BIT_PER_S), "wrong unit"},
		{"30 Gibit /s", D(BIT_PER_S), "wrong unit"},
		{"30 Gbit/s ", D(BIT_PER_S), "wrong unit"},
		{"1 KB/s", D(BIT_PER_S), "wrong unit"},
		{"1 kiB/s", D(BIT_PER_S), "wrong unit"},
		{"1 mbit/s", D(BIT_PER_S), "wrong unit"},
		{"1 -bit/s", D(BIT_PER_S), "wrong unit"},
		{"250 mHz", D(HZ), "wrong unit"},
		{"250 MiHz", D(HZ), "wrong unit"},
		{"1 THz", D(HZ), "wrong unit"},
		{"250 MB/s", D(HZ), "wrong unit"},
		{"8 ns", D(WATT), "wrong unit"},
		{"8 ks", D(SECOND), "wrong unit"},
		{"8 Ws", D(WATT), "wrong unit"},
		{"1 kcycles", D(CYCLE), "wrong unit"},
		{"8 W W", D(WATT), "wrong unit"},
		{"", D(WATT), "is not a number"},
		{"W", D(WATT), "is not a number"},
		{" 8 W", D(WATT), "is not a number"},
		{"nan W", D(WATT), "is not a number"},
		{"inf W", D(WATT), "is not a number"},
		{"0x8 W", D(WATT), "wrong unit"},
		{"1e W", D(WATT), "is not a finite decimal number"},
		{"--8 W", D(WATT), "is not a finite decimal number"},
		{"1e999 W", D(WATT), "not a finite"},
		{"1e308 kW", D(WATT), "is too large"},
		{"1e300 TB/s", D(BIT_PER_S), "is too large"},
		{"1000000000000000000000000000000000000000000000000000000000000000000 W", D(WATT),
		 "not a number"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char why[256] = "";
		double v = -99;

		CHECK(!barista_quantity_parse(rows[i].text, rows[i].dim, &v, why, sizeof why),
		      "'%s' is %g", rows[i].text, v);
		CHECK(strstr(why, rows[i].why), "'%s': %s", rows[i].text, why);
		CHECK(v == -99, "'%s': the output is touched on failure", rows[i].text);
	}
}

static void formatted(void **state)
{
	static const struct {
		double value;
		enum barista_dimension dim;
		const char *text;
	} rows[] = {
		{6840, D(COUNT), "6840"},
		{0.5, D(FRACTION), "0.5"},
		{1e15, D(COUNT), "1e+15"},
		{250e6, D(HZ), "250 MHz"},
		{999e6, D(HZ), "999 MHz"},
		{1e9, D(HZ), "1 GHz"},
		{30e9, D(BIT_PER_S), "30 Gbit/s"},
		{1.5e12, D(BIT_PER_S), "1.5 Tbit/s"},
		{0, D(BIT_PER_S), "0 bit/s"},
		{0.5, D(BIT_PER_S), "0.5 bit/s"},
		{8e-9, D(SECOND), "8 ns"},
		{1.23456e-3, D(SECOND), "1.235 ms"},
		{2, D(SECOND), "2 s"},
		{1e-15, D(SECOND), "0.001 ps"},
		{-8e-9, D(SECOND), "-8 ns"},
		{8, D(WATT), "8 W"},
		{0.25, D(WATT), "250 mW"},
		{512, D(BIT), "512 bit"},
		{11, D(CYCLE), "11 cycles"},
		{0.19691e9, D(OP_PER_S_W), "0.1969 Gop/s/W"},
		{NAN, D(WATT), "-"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char buf[64];

		barista_quantity_format(buf, sizeof buf, rows[i].value, rows[i].dim);
		CHECK(!strcmp(buf, rows[i].text), "%g is '%s', expected '%s'", rows[i].value, buf,
		      rows[i].text);
	}
}

/* What is written for people reads back to four digits. */
static void round_trip(void **state)
{
	struct random r = {4};

	(void)state;
	for (int i = 0; i < 20000; i++) {
		enum barista_dimension dim = (enum barista_dimension)(i % BARISTA_NDIMS);
		double value = exp(60 * random_unit(&r) - 30), back = 0;
		char buf[64], why[256] = "";

		barista_quantity_format(buf, sizeof buf, value, dim);
		CHECK(barista_quantity_parse(buf, dim, &back, why, sizeof why), "'%s': %s", buf,
		      why);
		CHECK(near(back, value, 1e-3), "%.9g is written '%s'", value, buf);
	}
}

int test_unit(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepted),
		cmocka_unit_test(refused),
		cmocka_unit_test(formatted),
		cmocka_unit_test(round_trip),
	};

	return GROUP(tests);
}
