/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Doubles to the shortest text that reads back, for files of many millions of numbers. A constant
 * number of operations on 128-bit integers per number, all exact:
 *
 *   1. A whole number is written by its digits, two at a time.
 *   2. Any other is scaled by a power of ten to 17 digits before the point, and a rest (scale()).
 *   3. It is rounded to 15 digits, then to 16. The first result closer to the number than half the
 *      gap to the next double reads back as it; 17 digits always do (round_to()).
 *   4. Zeros at the end go, and the point or the exponent is put where %g puts it (lay_out()).
 *
 * What step 2 cannot scale is left to barista_format_real(). */
#include "base/real.h"

#include "base/num.h"

#include <string.h>

static const char pairs[] = "0001020304050607080910111213141516171819202122232425262728293031323334"
			    "353637383940414243444546474849"
			    "5051525354555657585960616263646566676869707172737475767778798081828384"
			    "858687888990919293949596979899";

/* Writes the decimal digits of v so that the last one lies just below end; returns the first. */
static char *digits_before(char *end, uint64_t v)
{
	for (; v >= 10; v /= 100)
		memcpy(end -= 2, pairs + v % 100 * 2, 2);
	if (v)
		*--end = (char)('0' + v);
	return end;
}

static size_t write_whole(char *buf, double x)
{
	char text[24], *end = text + sizeof text;
	char *at = x == 0 ? end - 1 : digits_before(end, (uint64_t)fabs(x));

	if (x == 0)
		*at = '0';
	if (x < 0)
		*--at = '-';
	memcpy(buf, at, (size_t)(end - at));
	return (size_t)(end - at);
}

#ifdef __SIZEOF_INT128__

__extension__ typedef unsigned __int128 wide;

/* x * 10^(16 - exponent) is exactly whole + rest / 2^shift and lies in [10^16, 10^17). In units of
 * 2^-shift the doubles next to x are `gap` away. */
struct scaled {
	int exponent, shift;
	uint64_t whole;
	wide rest, gap;
	bool even;
};

static wide power_of_five(int n)
{
	static const uint64_t power[] = {
		1,
		5,
		25,
		125,
		625,
		3125,
		15625,
		78125,
		390625,
		1953125,
		9765625,
		48828125,
		244140625,
		1220703125,
		6103515625,
		30517578125,
		152587890625,
		762939453125,
		3814697265625,
		19073486328125,
		95367431640625,
		476837158203125,
		2384185791015625,
		11920928955078125,
		59604644775390625,
		298023223876953125,
		1490116119384765625,
		7450580596923828125,
	};

	return n <= 27 ? power[n] : (wide)power[27] * power[n - 27];
}

/* Returns false for what must be done otherwise: below 1e-15 the product passes 128 bits, and the
 * two doubles next to a power of two are not equally far away. */
static bool scale(double x, struct scaled *v)
{
	uint64_t bits, m;
	wide product;
	int e;

	memcpy(&bits, &x, sizeof bits);
	m = bits & (((uint64_t)1 << 52) - 1);
	if (!(x >= 1e-15 && x < 1e15) || !m)
		return false;
	m |= (uint64_t)1 << 52;
	e = (int)(bits >> 52) - 1075;
	v->even = !(m & 1);
	/* The decimal logarithm of the power of two below x is right, or 1 too low. */
	v->exponent = (int)floor((e + 52) * 0.30102999566398119521);
	for (;; v->exponent++) {
		v->gap = power_of_five(16 - v->exponent);
		v->shift = v->exponent - 16 - e;
		product = m * v->gap;
		v->whole = (uint64_t)(product >> v->shift);
		if (v->whole < (uint64_t)100000000000000000)
			break;
	}
	v->rest = product & (((wide)1 << v->shift) - 1);
	return true;
}

/* Rounds the value to `17 - log10(unit)` digits; returns whether they read back as x. */
static inline bool round_to(const struct scaled *v, unsigned unit, uint64_t *digits)
{
	uint64_t q = v->whole / unit;
	wide rest = ((wide)(v->whole % unit) << v->shift) | v->rest, all = (wide)unit << v->shift;
	bool up = 2 * rest > all || (2 * rest == all && q & 1);
	wide off = up ? all - rest : rest;

	*digits = q + up;
	return 2 * off < v->gap || (2 * off == v->gap && v->even);
}

/* Lays the digits out as %g does, with an exponent below 1e-4. As the number is a fraction, digits
 * follow the point. */
static size_t lay_out(char *buf, const char *digits, size_t n, int exponent)
{
	size_t before = exponent < 0 ? 0 : (size_t)exponent + 1, zeros = 0;
	char *p = buf;

	if (exponent < -4)
		before = 1;
	else if (exponent < 0)
		zeros = (size_t)-exponent - 1, *p++ = '0';
	memcpy(p, digits, before);
	p += before;
	if (n > before)
		*p++ = '.';
	memset(p, '0', zeros);
	p += zeros;
	memcpy(p, digits + before, n - before);
	p += n - before;
	if (exponent < -4) {
		memcpy(p, "e-", 2);
		memcpy(p + 2, pairs - 2 * exponent, 2);
		p += 4;
	}
	return (size_t)(p - buf);
}

/* Writes a number that is not whole; returns 0 when it must be done otherwise. */
static size_t write_fraction(char *buf, double x)
{
	char text[24], *end = text + sizeof text, *first;
	size_t sign = x < 0;
	struct scaled v;
	uint64_t digits;

	if (!scale(fabs(x), &v))
		return 0;
	if (!round_to(&v, 100, &digits) && !round_to(&v, 10, &digits))
		round_to(&v, 1, &digits);
	first = digits_before(end, digits);
	/* 15 nines were rounded up to a one with 15 zeros, which is a power higher. That cannot
	 * happen to 16 digits: they would end in 0, so that 15 had read back already. */
	if (digits == (uint64_t)1000000000000000)
		v.exponent++;
	while (end[-1] == '0')
		end--;
	if (sign)
		*buf++ = '-';
	return sign + lay_out(buf, first, (size_t)(end - first), v.exponent);
}

#else

static size_t write_fraction(char *buf, double x)
{
	(void)buf, (void)x;
	return 0;
}

#endif

size_t barista_write_real(char buf[BARISTA_REAL_ROOM], double x)
{
	bool whole = fabs(x) < 1e15 && x == (double)(int64_t)x && !(x == 0 && signbit(x));
	size_t n = whole ? write_whole(buf, x) : write_fraction(buf, x);

	if (n) {
		buf[n] = '\0';
		return n;
	}
	barista_format_real(buf, BARISTA_REAL_ROOM, x);
	return strlen(buf);
}
