/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The arithmetic of the fp16 mesh, one operation at a time, against rounding in binary64:
 * products of halves take 22 bits and sums at most 41, both exact there. */
#include "check.h"

#include "barista/family.h"
#include "measure/refgemm.h"

enum { N = 600 };

/* The half with these 16 bits; exponent 31 is not used here. */
static double half_of(unsigned bits)
{
	int e = (int)(bits >> 10 & 31), m = (int)(bits & 1023);
	double magnitude = e ? ldexp(1024 + m, e - 25) : ldexp(m, -24);

	return bits & 0x8000 ? -magnitude : magnitude;
}

static double nearest_half(double x)
{
	int e = x == 0 ? -14 : ilogb(x);
	double quantum = ldexp(1, (e < -14 ? -14 : e) - 10);

	return rint(x / quantum) * quantum;
}

/* Every exponent alike often, subnormals among them; highest: the largest exponent field. */
static float random_half(struct random *r, int highest)
{
	unsigned e = (unsigned)random_int(r, 0, highest), m = (unsigned)random_int(r, 0, 1023);

	if (random_unit(r) < 0.3)
		m &= 0x3e0; /* few bits: ties are frequent */
	return (float)half_of((unsigned)(random_next(r) & 1) << 15 | e << 10 | m);
}

static void multiply(const struct barista_refgemm *g, const float *a, const float *b, float *c)
{
	struct barista_workspace *w;
	struct barista_counts counted;
	struct barista_err err;

	CHECK_OK(barista_workspace_make(&w, g, &err), &err);
	barista_refgemm_run(w, a, b, c, &counted);
	barista_workspace_free(w);
}

/* One step: c = 0 + a*b. Exponents 0 to 21 keep products below 2^14, where overflow is
 * far; they reach down to 2^-48, far below the least subnormal. */
static void products(void **state)
{
	static const struct barista_refgemm g = {BARISTA_FP16, N, N, 1, 16, 16, 1, 1};
	static float a[N], b[N], c[N * N];
	struct random r = {22};
	size_t subnormal = 0, tied = 0, lost = 0;

	(void)state;
	for (size_t i = 0; i < N; i++) {
		a[i] = random_half(&r, 21);
		b[i] = random_half(&r, 21);
	}
	multiply(&g, a, b, c);
	for (size_t i = 0; i < N * N; i++) {
		double exact = (double)a[i / N] * (double)b[i % N], expected = nearest_half(exact);

		CHECK((double)c[i] == expected, "%a * %a is %a, nearest half %a", (double)a[i / N],
		      (double)b[i % N], (double)c[i], expected);
		subnormal += expected != 0 && fabs(expected) < 0x1p-14;
		lost += expected == 0 && exact != 0;
		tied += fabs(exact - expected) ==
			ldexp(0.5, (ilogb(exact) < -14 ? -14 : ilogb(exact)) - 10);
	}
	CHECK(subnormal > 1000 && tied > 1000 && lost > 1000,
	      "%zu subnormal, %zu ties, %zu to zero", subnormal, tied, lost);
}

/* Two steps with b = 1: c = a0 + a1, over all exponents below 2^14. */
static void sums(void **state)
{
	enum { ROWS = 60000 };
	static const struct barista_refgemm g = {BARISTA_FP16, ROWS, 1, 2, 16, 1, 2, 1};
	static const float one[2] = {1, 1};
	static float a[2 * ROWS], c[ROWS];
	struct random r = {23};
	size_t rounded = 0;

	(void)state;
	for (size_t i = 0; i < 2 * ROWS; i++)
		a[i] = random_half(&r, 28);
	/* Neighbouring exponents too, so that most sums need one rounding and many cancel. */
	for (size_t i = 0; i < ROWS; i += 2)
		a[2 * i + 1] = (float)nearest_half((double)a[2 * i] * (random_unit(&r) * 4 - 2));
	multiply(&g, a, one, c);
	for (size_t i = 0; i < ROWS; i++) {
		double exact = (double)a[2 * i] + (double)a[2 * i + 1],
		       expected = nearest_half(exact);

		CHECK((double)c[i] == expected, "%a + %a is %a, nearest half %a", (double)a[2 * i],
		      (double)a[2 * i + 1], (double)c[i], expected);
		rounded += expected != exact;
	}
	CHECK(rounded > ROWS / 4, "only %zu sums are rounded", rounded);
}

/* Every half there is, times one. */
static void every_half(void **state)
{
	enum { ROWS = 2 * (30 << 10) };
	static const struct barista_refgemm g = {BARISTA_FP16, ROWS, 1, 1, 16, 1, 1, 1};
	static const float one[1] = {1};
	static float a[ROWS], c[ROWS];

	(void)state;
	for (unsigned i = 0; i < ROWS; i++)
		a[i] = (float)half_of((i & 1) << 15 | i >> 1);
	multiply(&g, a, one, c);
	for (size_t i = 0; i < ROWS; i++)
		CHECK(c[i] == a[i], "%a becomes %a", (double)a[i], (double)c[i]);
}

int test_half(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(products),
		cmocka_unit_test(sums),
		cmocka_unit_test(every_half),
	};

	return GROUP(tests);
}
