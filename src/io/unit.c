/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values with units, to and from text. Everything that is known of a dimension is its row in
 * dimensions[]. */
#include "io/unit.h"

#include "barista/family.h"
#include "base/num.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct unit {
	const char *name; /* without prefix */
	double scale;
	const char *prefixes; /* allowed SI prefixes, '-' for none */
	bool iec;             /* Ki, Mi, Gi, Ti as well */
};

struct dimension {
	const char *unit, *suffix, *example;
	struct unit accepted[2];
	const char *shown; /* prefixes for people, largest first */
};

static const struct dimension dimensions[BARISTA_NDIMS] = {
	[BARISTA_DIM_COUNT] = {"", "", "42", {{0}}, ""},
	[BARISTA_DIM_FRACTION] = {"", "", "0.8", {{0}}, ""},
	[BARISTA_DIM_HZ] = {"Hz", "hz", "250 MHz", {{"Hz", 1, "GMk-", false}}, "GMk-"},
	[BARISTA_DIM_BIT_PER_S] = {"bit/s",
				   "bit_per_s",
				   "30 Gbit/s",
				   {{"bit/s", 1, "TGMk-", true}, {"B/s", 8, "TGMk-", true}},
				   "TGMk-"},
	[BARISTA_DIM_SECOND] = {"s", "s", "8 ns", {{"s", 1, "-munp", false}}, "-munp"},
	[BARISTA_DIM_WATT] = {"W", "w", "8 W", {{"W", 1, "k-mun", false}}, "k-mun"},
	[BARISTA_DIM_JOULE] = {"J", "j", "3 mJ", {{"J", 1, "k-mun", false}}, "k-mun"},
	[BARISTA_DIM_JOULE_SECOND] =
		{"J s", "j_s", "3 mJ s", {{"J s", 1, "k-mun", false}}, "k-mun"},
	[BARISTA_DIM_BIT] = {"bit",
			     "bits",
			     "512 bit",
			     {{"bit", 1, "GMk-", true}, {"B", 8, "GMk-", true}},
			     "GMk-"},
	[BARISTA_DIM_CYCLE] = {"cycles",
			       "cycles",
			       "11 cycles",
			       {{"cycles", 1, "-", false}, {"cycle", 1, "-", false}},
			       "-"},
	[BARISTA_DIM_OP] = {"op", "op", "3 Gop", {{"op", 1, "TGMk-", false}}, "TGMk-"},
	[BARISTA_DIM_OP_PER_S] =
		{"op/s", "op_per_s", "3 Gop/s", {{"op/s", 1, "TGMk-", false}}, "TGMk-"},
	[BARISTA_DIM_OP_PER_S_W] =
		{"op/s/W", "op_per_s_w", "0.35 Gop/s/W", {{"op/s/W", 1, "TGMk-", false}}, "G"},
	[BARISTA_DIM_OP_PER_BIT] =
		{"op/bit", "op_per_bit", "2 op/bit", {{"op/bit", 1, "-", false}}, "-"},
};

/* A factor mul / div, both of which are exact, so that "8 ns" becomes the double nearest to 8e-9.
 */
struct scale {
	double mul, div;
};

static const struct {
	char name;
	struct scale scale;
} prefixes[] = {
	{'T', {1e12, 1}}, {'G', {1e9, 1}}, {'M', {1e6, 1}}, {'k', {1e3, 1}},  {'-', {1, 1}},
	{'m', {1, 1e3}},  {'u', {1, 1e6}}, {'n', {1, 1e9}}, {'p', {1, 1e12}},
};

static struct scale prefix_scale(char name)
{
	size_t i = 0;

	while (prefixes[i].name != name && prefixes[i].name != 'p')
		i++;
	return prefixes[i].scale;
}

static double iec_scale(const char *s)
{
	static const char names[] = "KMGT";
	const char *at = *s ? strchr(names, *s) : NULL;

	return at && s[1] == 'i' ? exp2(10.0 * (double)(at - names + 1)) : 0;
}

/* Returns the scale of a written unit; mul is 0 when it is none of this dimension. */
static struct scale unit_scale(const struct dimension *d, const char *text)
{
	for (size_t i = 0; i < 2 && d->accepted[i].name; i++) {
		const struct unit *u = &d->accepted[i];

		if (!strcmp(text, u->name))
			return (struct scale){u->scale, 1};
		if (*text && *text != '-' && strchr(u->prefixes, *text) &&
		    !strcmp(text + 1, u->name)) {
			struct scale s = prefix_scale(*text);

			return (struct scale){u->scale * s.mul, s.div};
		}
		if (u->iec && iec_scale(text) > 0 && !strcmp(text + 2, u->name))
			return (struct scale){u->scale * iec_scale(text), 1};
	}
	return (struct scale){0, 1};
}

static bool explain(char *why, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Writes what is wrong into why; returns false. */
static bool explain(char *why, size_t size, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, size, fmt, ap);
	va_end(ap);
	return false;
}

/* Reads the number that text begins with; returns what follows it and its blanks, or NULL. */
static const char *parse_number(const char *text, const struct dimension *d, double *value,
				char *why, size_t size)
{
	size_t digits = strspn(text, "+-.0123456789eE");
	char number[64];

	if (!digits || digits >= sizeof number) {
		explain(why, size, "'%.60s' is not a number, expected e.g. %s", text, d->example);
		return NULL;
	}
	snprintf(number, sizeof number, "%.*s", (int)digits, text);
	if (!barista_parse_real(number, value)) {
		explain(why, size, "'%.60s' is not a finite decimal number, expected e.g. %s", text,
			d->example);
		return NULL;
	}
	return text + digits + strspn(text + digits, " ");
}

bool barista_quantity_parse(const char *text, enum barista_dimension dimension, double *out,
			    char *why, size_t size)
{
	const struct dimension *d = &dimensions[dimension];
	struct scale scale = {1, 1};
	double value;
	const char *unit = parse_number(text, d, &value, why, size);

	if (!unit)
		return false;
	if (dimension == BARISTA_DIM_FRACTION && !strcmp(unit, "%")) {
		*out = value / 100;
		return true;
	}
	if (!*d->unit && *unit)
		return explain(why, size, "'%.60s' has a unit, expected a bare number, e.g. %s",
			       text, d->example);
	if (*d->unit && !*unit)
		return explain(why, size, "'%.60s' has no unit, expected e.g. %s", text,
			       d->example);
	if (*unit)
		scale = unit_scale(d, unit);
	if (scale.mul <= 0)
		return explain(why, size, "wrong unit '%.40s', expected %s with a prefix, e.g. %s",
			       unit, d->unit, d->example);
	value = value * scale.mul / scale.div;
	if (!isfinite(value))
		return explain(why, size, "'%.60s' is too large", text);
	*out = value;
	return true;
}

const char *barista_dimension_prefix(enum barista_dimension dimension, double largest)
{
	const char *p = dimensions[dimension].shown;

	if (largest == 0)
		return "-";
	while (p[0] && p[1] && barista_prefix_apply(largest, *p) < 0.9999995)
		p++;
	return *p ? p : "-";
}

double barista_prefix_apply(double value, char prefix)
{
	struct scale s = prefix_scale(prefix);

	return value * s.div / s.mul;
}

void barista_quantity_format(char *buf, size_t size, double value, enum barista_dimension dimension)
{
	const struct dimension *d = &dimensions[dimension];
	const char *p = d->shown;

	if (isnan(value)) {
		snprintf(buf, size, "-");
		return;
	}
	if (!*p) {
		snprintf(buf, size, value == floor(value) && fabs(value) < 1e15 ? "%.0f" : "%.6g",
			 value);
		return;
	}
	p = barista_dimension_prefix(dimension, fabs(value));
	value = barista_prefix_apply(value, *p);
	snprintf(buf, size,
		 *p == '-' && value == floor(value) && fabs(value) < 1e15 ? "%.0f %.*s%s"
									  : "%.4g %.*s%s",
		 value, *p != '-', p, d->unit);
}

const char *barista_dimension_unit(enum barista_dimension dimension)
{
	return dimensions[dimension].unit;
}

const char *barista_dimension_suffix(enum barista_dimension dimension)
{
	return dimensions[dimension].suffix;
}
