/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Precisions: their properties, their names as text, and which of them a board can build. */
#include "model/precision.h"

#include "barista/family.h"
#include "base/split.h"
#include "base/text.h"
#include "io/catalog.h"
#include "io/schema.h"
#include "model/device.h"
#include "network/lowering.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* The one list of precisions. To add one: an enumerator in barista/family.h, a row here, whose
 * fields model/device.h explains, and what a multiplier of it takes in each file of
 * devices/precisions whose boards have it. An enumerator without a row is no precision. */
const struct barista_precision_def barista_precision_defs[BARISTA_NPRECISIONS] = {
	[BARISTA_FP32] = {.name = "fp32",
			  .bits = 32,
			  .sum_bits = 32,
			  .significand = 24,
			  .least_exponent = -149,
			  .sum_significand = 24,
			  .help = "IEEE binary32 products and sums"},
	[BARISTA_FP16] = {.name = "fp16",
			  .bits = 16,
			  .sum_bits = 16,
			  .significand = 11,
			  .least_exponent = -24,
			  .sum_significand = 11,
			  .help = "IEEE binary16 products and sums, each rounded"},
	[BARISTA_BF16] = {.name = "bf16",
			  .bits = 16,
			  .sum_bits = 32,
			  .significand = 8,
			  .least_exponent = -133,
			  .sum_significand = 24,
			  .help = "bfloat16 inputs, exact products, binary32 sums"},
	[BARISTA_INT16] = {.name = "int16",
			   .bits = 16,
			   .sum_bits = 48,
			   .integer = true,
			   .help = "16-bit integers, exact sums"},
	[BARISTA_INT8] = {.name = "int8",
			  .bits = 8,
			  .sum_bits = 32,
			  .integer = true,
			  .help = "8-bit integers, exact sums"},
	[BARISTA_INT8_PACKED] = {.name = "int8-packed",
				 .bits = 8,
				 .sum_bits = 32,
				 .integer = true,
				 .help = "as int8, several products per DSP"},
	[BARISTA_INT4_PACKED] = {.name = "int4-packed",
				 .bits = 4,
				 .sum_bits = 32,
				 .integer = true,
				 .help = "4-bit integers, exact sums, several products per DSP"},
};

/* A row that is missing has the name "", which nothing is looked up by. */
const char *barista_precision_name(size_t i)
{
	if (i >= BARISTA_NPRECISIONS)
		return NULL;
	return barista_precision_defs[i].name ? barista_precision_defs[i].name : "";
}

static const char *name_at(const void *list, size_t i)
{
	(void)list;
	return barista_precision_name(i);
}

static int find_precision(const char *name, enum barista_precision *out, struct barista_err *err)
{
	char hint[128];

	for (size_t i = 0; i < BARISTA_NPRECISIONS; i++) {
		if (*name && !strcmp(name, barista_precision_name(i))) {
			*out = (enum barista_precision)i;
			return 0;
		}
	}
	barista_suggest(hint, sizeof hint, name, name_at, NULL);
	return barista_fail(err, BARISTA_E_ARGUMENT,
			    "unknown precision '%.60s'%s (see `enum barista_precision`)", name,
			    hint);
}

/* What people call the passes: bit p stands for pass p. */
static const struct pass_word {
	const char *word;
	unsigned passes;
} pass_words[] = {
	{"fwd", 1U << BARISTA_FWD},
	{"wgrad", 1U << BARISTA_WGRAD},
	{"igrad", 1U << BARISTA_IGRAD},
	{"dgrad", 1U << BARISTA_IGRAD},
	{"bwd", 1U << BARISTA_WGRAD | 1U << BARISTA_IGRAD},
};
enum { NPASS_WORDS = sizeof pass_words / sizeof *pass_words };

static const char *pass_word_at(const void *list, size_t i)
{
	(void)list;
	return i < NPASS_WORDS ? pass_words[i].word : NULL;
}

static int find_passes(const char *word, unsigned *passes, struct barista_err *err)
{
	char hint[128];

	for (size_t i = 0; i < NPASS_WORDS; i++) {
		if (!strcmp(word, pass_words[i].word)) {
			*passes = pass_words[i].passes;
			return 0;
		}
	}
	barista_suggest(hint, sizeof hint, word, pass_word_at, NULL);
	return barista_fail(err, BARISTA_E_ARGUMENT,
			    "unknown pass '%s'%s (passes: fwd, wgrad, igrad; bwd is both "
			    "gradients, dgrad is igrad)",
			    word, hint);
}

/* Reads "PASS=PRECISION", which has a '='. *given: bit p is set once pass p has its precision. */
static int parse_pass(char *item, enum barista_precision pass[BARISTA_NPASSES], unsigned *given,
		      struct barista_err *err)
{
	enum barista_precision precision = BARISTA_FP32;
	char *equals = strchr(item, '=');
	unsigned passes = 0;
	int rc;

	*equals = '\0';
	if ((rc = find_passes(item, &passes, err)) ||
	    (rc = find_precision(equals + 1, &precision, err)))
		return rc;
	for (int p = 0; p < BARISTA_NPASSES; p++) {
		if (!(passes >> p & 1))
			continue;
		if (*given >> p & 1)
			return barista_fail(err, BARISTA_E_ARGUMENT, "pass '%s' is given twice",
					    barista_pass_names[p]);
		pass[p] = precision;
	}
	*given |= passes;
	return 0;
}

/* Reads "fwd=int8,wgrad=fp32". A precision that stands first is that of the other passes, which is
 * fp32 without it. */
static int parse_passes(const char *text, enum barista_precision pass[BARISTA_NPASSES],
			struct barista_err *err)
{
	unsigned given = 0;

	for (const char *rest = text; rest;) {
		const char *at = rest;
		char item[64];
		size_t len = barista_split_next(&rest, item, sizeof item);
		int rc;

		if (len >= sizeof item)
			return barista_fail(err, BARISTA_E_ARGUMENT, "unknown precision '%.60s'",
					    at);
		if (strchr(item, '='))
			rc = parse_pass(item, pass, &given, err);
		else if (at == text)
			rc = find_precision(item, &pass[0], err);
		else
			return barista_fail(
				err, BARISTA_E_ARGUMENT,
				"'%.60s' needs PASS=PRECISION, e.g. fwd=int8,wgrad=fp32; "
				"the precision of the other passes stands first",
				item);
		if (rc)
			return rc;
		if (at == text && !given)
			pass[1] = pass[2] = pass[0];
	}
	return 0;
}

int barista_precision_parse(const char *text, double *knob, struct barista_err *err)
{
	enum barista_precision pass[BARISTA_NPASSES] = {BARISTA_FP32, BARISTA_FP32, BARISTA_FP32};
	bool all = !strchr(text, '=');
	int rc = all ? find_precision(text, &pass[0], err) : parse_passes(text, pass, err);

	if (!rc)
		*knob = all ? barista_precision_knob_all(pass[0]) : barista_precision_knob(pass);
	return rc;
}

void barista_precision_format(double knob, char *buf, size_t size)
{
	enum barista_precision used[BARISTA_NPASSES];
	size_t n = 0;

	buf[0] = '\0';
	if (barista_precisions_used(knob, used) == 1) {
		snprintf(buf, size, "%s", barista_precision_defs[used[0]].name);
		return;
	}
	for (int p = 0; p < BARISTA_NPASSES && n < size; p++)
		n += (size_t)snprintf(
			buf + n, size - n, "%s%s=%s", p ? "," : "", barista_pass_names[p],
			barista_precision_defs[barista_pass_precision(knob, (enum barista_pass)p)]
				.name);
}

int barista_precision_admit(const struct barista_device *dev, enum barista_precision p,
			    struct barista_err *err)
{
	char list[160] = "";

	if (dev->has_precision[p])
		return 0;
	for (int q = 0; q < BARISTA_NPRECISIONS; q++)
		if (dev->has_precision[q])
			snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s",
				 *list ? ", " : "", barista_precision_defs[q].name);
	return barista_fail(err, BARISTA_E_INFEASIBLE,
			    "device '%.80s' has no cost for precision '%s'; it has %s", dev->name,
			    barista_precision_defs[p].name, list);
}

int barista_precision_admit_one(const struct barista_device *dev, double knob, const char *example,
				struct barista_err *err)
{
	enum barista_precision p[BARISTA_NPASSES];
	size_t n = barista_precisions_used(knob, p);
	char text[96];

	for (size_t i = 0; i < n; i++)
		if (p[i] >= BARISTA_NPRECISIONS)
			return barista_fail(err, BARISTA_E_ARGUMENT, "%.0f encodes no precision",
					    knob);
	if (n == 1)
		return barista_precision_admit(dev, p[0], err);
	barista_precision_format(knob, text, sizeof text);
	return barista_fail(
		err, BARISTA_E_ARGUMENT,
		"such a design has one precision for all passes, not '%.80s': write one, e.g. %s",
		text, example);
}
