/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"

#include "base/arena.h"
#include "base/num.h"
#include "base/real.h"

#define MAX BARISTA_EXACT_MAX

static void ceil_div(void **state)
{
	static const struct {
		double a, b, q;
	} rows[] = {
		{0, 1, 0},
		{1, 1, 1},
		{1, 2, 1},
		{2, 2, 1},
		{3, 2, 2},
		{64, 64, 1},
		{65, 64, 2},
		{0x1p53 - 1, 1, 0x1p53 - 1},
		{0x1p53 - 1, 2, 0x1p52},
		{0x1p53 - 1, 3, 3002399751580331},
		{0x1p53 - 2, 0x1p53 - 1, 1},
		{0x1p52 + 1, 0x1p52, 2},
		{1e15, 65535, 15259021897},
	};
	struct random r = {1};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK(barista_ceil_div(rows[i].a, rows[i].b) == rows[i].q, "ceil(%.0f / %.0f)",
		      rows[i].a, rows[i].b);
	for (int i = 0; i < 100000; i++) {
		int64_t a = (int64_t)random_size(&r, 0x1p53 - 1),
			b = (int64_t)random_size(&r, 65536);

		CHECK(barista_ceil_div((double)a, (double)b) == (double)((a + b - 1) / b),
		      "ceil(%lld / %lld)", (long long)a, (long long)b);
	}
}

static void mul_exact(void **state)
{
	static const struct {
		int64_t f[4];
		size_t n;
		int64_t product;
		bool ok;
	} rows[] = {
		{{0}, 0, 1, true},
		{{7}, 1, 7, true},
		{{MAX}, 1, MAX, true},
		{{MAX + 1}, 1, 0, false},
		{{1 << 26, 1 << 27}, 2, MAX, true},
		{{1 << 27, 1 << 27}, 2, 0, false},
		{{94906265, 94906265}, 2, 9007199136250225, true},
		{{94906266, 94906266}, 2, 0, false},
		{{INT64_MAX, 2}, 2, 0, false},
		{{INT64_C(1) << 32, INT64_C(1) << 32}, 2, 0, false},
		{{0, MAX, 3}, 3, 0, true},
		{{3, 5, 7, 11}, 4, 1155, true},
		/* Wraps to 0 in 64 bits, to 1 with one factor odd. */
		{{INT64_C(1) << 31, INT64_C(1) << 31, 4, 1}, 4, 0, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t p = -1;
		bool ok = barista_mul_exact(&p, rows[i].n, rows[i].f);

		CHECK(ok == rows[i].ok, "row %zu", i);
		CHECK(p == (ok ? rows[i].product : -1), "row %zu: %lld", i, (long long)p);
	}
}

static void parse_int(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t value;
	} rows[] = {
		{"0", true, 0},
		{"42", true, 42},
		{"-7", true, -7},
		{"007", true, 7},
		{"9223372036854775807", true, INT64_MAX},
		{"-9223372036854775808", true, INT64_MIN},
		{"9223372036854775808", false, 0},
		{"-9223372036854775809", false, 0},
		{"", false, 0},
		{"-", false, 0},
		{"+5", false, 0},
		{" 1", false, 0},
		{"1 ", false, 0},
		{"1.0", false, 0},
		{"1e3", false, 0},
		{"0x10", false, 0},
		{"12a", false, 0},
		{"--1", false, 0},
		{"inf", false, 0},
		{"\xd9\xa1", false, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		int64_t v = -99;
		bool ok = barista_parse_int(rows[i].text, &v);

		CHECK(ok == rows[i].ok && v == (ok ? rows[i].value : -99), "'%s': %d %lld",
		      rows[i].text, ok, (long long)v);
	}
}

static void parse_real(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		double value;
	} rows[] = {
		{"0", true, 0},         {"1.5", true, 1.5},   {"-2e3", true, -2000},
		{"+.5", true, 0.5},     {"5.", true, 5},      {"1E-9", true, 1e-9},
		{"1e308", true, 1e308}, {"0.1", true, 0.1},   {"1e-400", true, 0},
		{"inf", false, 0},      {"-inf", false, 0},   {"infinity", false, 0},
		{"nan", false, 0},      {"NaN(1)", false, 0}, {"0x10", false, 0},
		{"0x1p3", false, 0},    {"", false, 0},       {"1e", false, 0},
		{"1e+", false, 0},      {" 1", false, 0},     {"1 ", false, 0},
		{"\t1", false, 0},      {"1,5", false, 0},    {"1.2.3", false, 0},
		{"e5", false, 0},       {".", false, 0},      {"-", false, 0},
		{"+-1", false, 0},      {"--1", false, 0},    {"1e309", false, 0},
		{"-1e309", false, 0},   {"1_000", false, 0},  {"1e5e5", false, 0},
		{".e1", false, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		double v = -99;
		bool ok = barista_parse_real(rows[i].text, &v);

		CHECK(ok == rows[i].ok && v == (ok ? rows[i].value : -99), "'%s': %d %g",
		      rows[i].text, ok, v);
	}
}

static void format_real(void **state)
{
	static const struct {
		double x;
		const char *text;
	} rows[] = {
		{0, "0"},
		{1, "1"},
		{-2.5, "-2.5"},
		{0.1, "0.1"},
		{1.0 / 3, "0.3333333333333333"},
		{8e-9, "8e-09"},
		{1e22, "1e+22"},
		{3e10, "30000000000"},
		{0.1 + 0.2, "0.30000000000000004"},
		{5e-324, "4.94065645841247e-324"},
		{(double)123456789012345678, "1.2345678901234568e+17"},
	};
	struct random r = {2};
	char buf[64];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		barista_format_real(buf, sizeof buf, rows[i].x);
		assert_string_equal(buf, rows[i].text);
	}
	for (int i = 0; i < 100000; i++) {
		union {
			uint64_t u;
			double d;
		} x = {random_next(&r)};
		double back = 0;

		if (!isfinite(x.d))
			continue;
		barista_format_real(buf, sizeof buf, x.d);
		CHECK(barista_parse_real(buf, &back) && back == x.d, "%a reads back as %a", x.d,
		      back);
	}
}

static void same_text(double x)
{
	char expected[64], buf[BARISTA_REAL_ROOM];
	size_t n = barista_write_real(buf, x);

	barista_format_real(expected, sizeof expected, x);
	CHECK(!strcmp(buf, expected) && n == strlen(buf), "%a is %s, expected %s", x, buf,
	      expected);
}

/* The fast way gives the bytes of the slow one. */
static void write_real(void **state)
{
	static const double rows[] = {
		0,
		-0.0,
		1,
		-1,
		9,
		10,
		99,
		100,
		1e14,
		1e15,
		-1e15,
		999999999999999,
		999999999999999.5,
		1e16,
		1e17,
		1e22,
		0.5,
		0.25,
		-0.1,
		0.1 + 0.2,
		1.0 / 3,
		1e-4,
		1e-5,
		1e-6,
		1e-15,
		0x1p-44,
		9.9999999999999995e-5,
		8e-9,
		99999.99999999999,
		0.99999999999999989,
		0.9999999999999999,
		123456789012345.67,
		1e-300,
		5e-324,
		0x1p1023,
		1e15 - 0.125,
		1e-15 + 1e-30,
		(double)INFINITY,
		-(double)INFINITY,
	};
	struct random r = {21};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		same_text(rows[i]);
	for (int i = -330; i <= 310; i++)
		for (int j = -3; j <= 3; j++)
			same_text(pow(10, i) * (1 + j * 0x1p-52));
	for (int i = 0; i < 50000; i++) {
		union {
			uint64_t u;
			double d;
		} x = {random_next(&r)};
		double unit = random_unit(&r), sign = random_next(&r) & 1 ? 1 : -1;

		if (!isnan(x.d))
			same_text(x.d);
		same_text(sign * unit * exp2((double)random_int(&r, -60, 60)));
		same_text(floor(unit * 1e6) / pow(10, (double)random_int(&r, 0, 12)));
		same_text(floor(unit * 0x1p53) * exp2((double)-random_int(&r, 0, 60))); /* ties */
	}
}

static void arena(void **state)
{
	struct barista_arena *a = barista_arena_make();
	unsigned char *block[400];
	struct random r = {3};

	(void)state;
	assert_non_null(a);
	/* Blocks don't overlap: each keeps its own byte pattern; they come zeroed and aligned. */
	for (size_t i = 0; i < COUNT(block); i++) {
		size_t size = (size_t)random_size(&r, 40000);

		block[i] = barista_arena_alloc(a, size, 1);
		assert_non_null(block[i]);
		assert_int_equal((uintptr_t)block[i] % _Alignof(max_align_t), 0);
		for (size_t j = 0; j < size; j++)
			assert_int_equal(block[i][j], 0);
		memset(block[i], (int)(i % 255 + 1), size);
	}
	for (size_t i = 0; i < COUNT(block); i++)
		assert_int_equal(block[i][0], i % 255 + 1);
	assert_null(barista_arena_alloc(a, SIZE_MAX, 1));
	assert_null(barista_arena_alloc(a, SIZE_MAX / 2 + 1, 2));
	assert_null(barista_arena_alloc(a, SIZE_MAX / 8, 9));
	assert_non_null(barista_arena_alloc(a, 0, 8));
	assert_non_null(barista_arena_alloc(a, 8, 0));
	assert_string_equal(barista_arena_strdup(a, ""), "");
	assert_string_equal(barista_arena_strdup(a, "mesh"), "mesh");
	barista_arena_free(a);
	barista_arena_free(NULL);
}

int test_base(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(ceil_div),    cmocka_unit_test(mul_exact),
		cmocka_unit_test(parse_int),   cmocka_unit_test(parse_real),
		cmocka_unit_test(format_real), cmocka_unit_test(write_real),
		cmocka_unit_test(arena),
	};

	return GROUP(tests);
}
