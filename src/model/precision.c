/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/precision.h"

#include "barista/family.h"
#include "base/text.h"
#include "io/catalog.h"
#include "io/schema.h"
#include "model/device.h"
#include "network/lowering.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const struct barista_precision_def barista_precision_defs[BARISTA_NPRECISIONS] = {
	[BARISTA_FP32] = {"fp32", 32, 32, "IEEE binary32 products and sums"},
	[BARISTA_FP16] = {"fp16", 16, 16, "IEEE binary16 products and sums, each rounded"},
	[BARISTA_BF16] = {"bf16", 16, 32, "bfloat16 inputs, exact products, binary32 sums"},
	[BARISTA_INT16] = {"int16", 16, 48, "16-bit integers, exact sums"},
	[BARISTA_INT8] = {"int8", 8, 32, "8-bit integers, exact sums"},
	[BARISTA_INT8_PACKED] = {"int8-packed", 8, 32, "as int8, several products per DSP"},
	[BARISTA_INT4_PACKED] = {"int4-packed", 4, 32,
				 "4-bit integers, exact sums, several products per DSP"},
};

static const char *name_at(const void *list, size_t i)
{
	(void)list;
	return i < BARISTA_NPRECISIONS ? barista_precision_defs[i].name : NULL;
}

int barista_precision_find(const char *name, enum barista_precision *out, struct barista_err *err)
{
	char hint[128];

	for (size_t i = 0; i < BARISTA_NPRECISIONS; i++) {
		if (!strcmp(name, barista_precision_defs[i].name)) {
			*out = (enum barista_precision)i;
			return 0;
		}
	}
	barista_suggest(hint, sizeof hint, name, name_at, NULL);
	return barista_fail(err, BARISTA_E_ARGUMENT,
			    "unknown precision '%.60s'%s (see `barista-dse list precisions`)", name,
			    hint);
}

/* ---- one precision per pass, encoded in a knob as 16-ary digits ---- */

enum barista_precision barista_pass_precision(double knob, enum barista_pass pass)
{
	return (enum barista_precision)(((unsigned)knob >> (4 * pass)) & 15);
}

double barista_precision_knob(const enum barista_precision pass[BARISTA_NPASSES])
{
	return pass[BARISTA_FWD] | pass[BARISTA_WGRAD] << 4 | pass[BARISTA_IGRAD] << 8;
}

size_t barista_precisions_used(double knob, enum barista_precision used[BARISTA_NPASSES])
{
	size_t n = 0;

	for (int pass = 0; pass < BARISTA_NPASSES; pass++) {
		enum barista_precision p = barista_pass_precision(knob, (enum barista_pass)pass);
		size_t i = 0;

		while (i < n && used[i] != p)
			i++;
		if (i == n)
			used[n++] = p;
	}
	return n;
}

static int parse_pass(const char *text, size_t len, enum barista_precision pass[BARISTA_NPASSES],
		      unsigned *given, struct barista_err *err)
{
	const char *eq = memchr(text, '=', len);
	char name[64], hint[128];
	int p = 0;

	if (len >= sizeof name)
		return barista_fail(err, BARISTA_E_ARGUMENT, "unknown precision '%.60s'", text);
	snprintf(name, sizeof name, "%.*s", (int)(eq - text), text);
	while (p < BARISTA_NPASSES && strcmp(name, barista_pass_names[p]))
		p++;
	if (p == BARISTA_NPASSES) {
		const char *const names[] = {barista_pass_names[0], barista_pass_names[1],
					     barista_pass_names[2], NULL};

		barista_suggest_from(hint, sizeof hint, name, names);
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "unknown pass '%s'%s (passes: fwd, wgrad, igrad)", name, hint);
	}
	if (*given >> p & 1)
		return barista_fail(err, BARISTA_E_ARGUMENT, "pass '%s' is given twice", name);
	*given |= 1U << p;
	snprintf(name, sizeof name, "%.*s", (int)(len - (size_t)(eq + 1 - text)), eq + 1);
	return barista_precision_find(name, &pass[p], err);
}

int barista_precision_parse(const char *text, double *knob, struct barista_err *err)
{
	enum barista_precision pass[BARISTA_NPASSES] = {BARISTA_FP32, BARISTA_FP32, BARISTA_FP32};
	unsigned given = 0;

	if (!strchr(text, '=')) {
		int rc = barista_precision_find(text, &pass[0], err);

		if (rc)
			return rc;
		pass[1] = pass[2] = pass[0];
		*knob = barista_precision_knob(pass);
		return 0;
	}
	for (const char *p = text;; p++) {
		size_t len = strcspn(p, ",");
		int rc;

		if (!memchr(p, '=', len))
			return barista_fail(
				err, BARISTA_E_ARGUMENT,
				"'%.60s' needs PASS=PRECISION, e.g. fwd=int8,wgrad=fp32", p);
		if ((rc = parse_pass(p, len, pass, &given, err)))
			return rc;
		p += len;
		if (!*p)
			break;
	}
	*knob = barista_precision_knob(pass);
	return 0;
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

/* ---- the cost table of a DSP family ---- */

static const struct {
	const char *key;
	enum barista_dimension dim;
	double lo, hi;
} costs[BARISTA_NPE_PARAMS] = {
	[BARISTA_PE_DSP] = {"dsp_per_mac", BARISTA_DIM_COUNT, 0.01, 64},
	[BARISTA_PE_LATENCY] = {"latency", BARISTA_DIM_CYCLE, 1, 256},
	[BARISTA_PE_LUT] = {"lut_per_pe", BARISTA_DIM_COUNT, 0, 1e6},
	[BARISTA_PE_FF] = {"ff_per_pe", BARISTA_DIM_COUNT, 0, 1e6},
};

const char *barista_pe_param_key(enum barista_pe_param cost)
{
	return costs[cost].key;
}

enum barista_dimension barista_pe_param_dimension(enum barista_pe_param cost)
{
	return costs[cost].dim;
}

static int decode_costs(struct barista_device *dev, const struct barista_doc *doc,
			const struct barista_node *format, const struct barista_node *sources,
			enum barista_precision p, struct barista_err *err)
{
	const char *known[BARISTA_NPE_PARAMS + 1] = {NULL};
	int rc;

	if (format->kind != BARISTA_MAPPING)
		return barista_fail_node(err, doc, format, "a number format must be a mapping");
	for (int c = 0; c < BARISTA_NPE_PARAMS; c++) {
		const struct barista_node *node = barista_node_get(format, costs[c].key);

		known[c] = costs[c].key;
		if (!node)
			return barista_fail_node(err, doc, format, "missing key '%s'",
						 costs[c].key);
		rc = barista_decode_fact(doc, node, sources, costs[c].key, costs[c].dim,
					 costs[c].lo, costs[c].hi, &dev->pe[p][c], err);
		if (rc)
			return rc;
	}
	for (size_t i = 0; i < format->n; i++) {
		if (!known[barista_word_index(known, format->key[i]->text)])
			return barista_fail_unknown(doc, format->key[i], "key", known, err);
	}
	if (dev->pe[p][BARISTA_PE_LATENCY].value != floor(dev->pe[p][BARISTA_PE_LATENCY].value))
		return barista_fail_node(err, doc, barista_node_get(format, "latency"),
					 "'latency' must be a whole number of cycles");
	dev->has_precision[p] = true;
	return 0;
}

struct raw_table {
	const char *kind, *name, *title;
	const struct barista_node *sources, *formats;
};

int barista_pe_params_decode(struct barista_device *dev, const struct barista_doc *doc,
			     struct barista_err *err)
{
	static const struct barista_field fields[] = {
		{"kind", BARISTA_FIELD_STRING, offsetof(struct raw_table, kind), true, 0, 0, 0, 0},
		{"name", BARISTA_FIELD_STRING, offsetof(struct raw_table, name), true, 0, 0, 0, 0},
		{"title", BARISTA_FIELD_STRING, offsetof(struct raw_table, title), true, 0, 0, 0,
		 0},
		{"sources", BARISTA_FIELD_MAP, offsetof(struct raw_table, sources), true, 0, 0, 0,
		 0},
		{"formats", BARISTA_FIELD_MAP, offsetof(struct raw_table, formats), true, 0, 0, 0,
		 0},
	};
	static const char *const kinds[] = {"precisions", NULL};
	const char *names[BARISTA_NPRECISIONS + 1] = {NULL};
	struct raw_table raw = {0};
	int rc = barista_catalog_check_kind(doc, kinds, err);

	if (rc ||
	    (rc = barista_decode(doc, doc->root, fields, sizeof fields / sizeof *fields, &raw,
				 err)) ||
	    (rc = barista_check_sources(doc, raw.sources, err)))
		return rc;
	for (int p = 0; p < BARISTA_NPRECISIONS; p++)
		names[p] = barista_precision_defs[p].name;
	for (size_t i = 0; i < raw.formats->n; i++) {
		size_t p = barista_word_index(names, raw.formats->key[i]->text);

		if (p == BARISTA_NPRECISIONS)
			return barista_fail_unknown(doc, raw.formats->key[i], "precision", names,
						    err);
		rc = decode_costs(dev, doc, raw.formats->item[i], raw.sources,
				  (enum barista_precision)p, err);
		if (rc)
			return rc;
	}
	if (!raw.formats->n)
		return barista_fail_node(err, doc, raw.formats, "no number format in the table");
	return 0;
}
