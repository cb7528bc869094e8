/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decodes the table of a family of DSP blocks: what one multiplier of a mesh takes, by precision.
 */
#include "base/text.h"
#include "io/catalog.h"
#include "io/schema.h"
#include "model/device.h"
#include "model/precision.h"

#include <math.h>
#include <string.h>

static const struct {
	const char *key;
	enum barista_dimension dimension;
	double lo, hi;
} params[BARISTA_NPE_PARAMS] = {
	[BARISTA_PE_DSP] = {"dsp_per_mac", BARISTA_DIM_COUNT, 0.01, 64},
	[BARISTA_PE_LATENCY] = {"latency", BARISTA_DIM_CYCLE, 1, 256},
	[BARISTA_PE_LUT] = {"lut_per_pe", BARISTA_DIM_COUNT, 0, 1e6},
	[BARISTA_PE_FF] = {"ff_per_pe", BARISTA_DIM_COUNT, 0, 1e6},
};

const char *barista_pe_param_key(enum barista_pe_param param)
{
	return params[param].key;
}

enum barista_dimension barista_pe_param_dimension(enum barista_pe_param param)
{
	return params[param].dimension;
}

static int decode_format(struct barista_device *dev, const struct barista_doc *doc,
			 const struct barista_node *format, const struct barista_node *sources,
			 enum barista_precision p, struct barista_err *err)
{
	const char *known[BARISTA_NPE_PARAMS + 1] = {NULL};
	int rc;

	if (format->kind != BARISTA_MAPPING)
		return barista_fail_node(err, doc, format, "a number format must be a mapping");
	for (int c = 0; c < BARISTA_NPE_PARAMS; c++) {
		const struct barista_node *node = barista_node_get(format, params[c].key);

		known[c] = params[c].key;
		if (!node)
			return barista_fail_node(err, doc, format, "missing key '%s'",
						 params[c].key);
		rc = barista_decode_fact(doc, node, sources, params[c].key, params[c].dimension,
					 params[c].lo, params[c].hi, &dev->pe[p][c], err);
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
		BARISTA_FIELDS_OF_FILE(struct raw_table),
		BARISTA_FIELD("sources", MAP, struct raw_table, sources, .required = true),
		BARISTA_FIELD("formats", MAP, struct raw_table, formats, .required = true),
	};
	static const char *const kinds[] = {"precisions", NULL};
	const char *names[BARISTA_NPRECISIONS + 1] = {NULL};
	struct raw_table raw = {0};
	int rc = barista_catalog_decode(doc, kinds, fields, sizeof fields / sizeof *fields, &raw,
					err);

	if (rc || (rc = barista_check_sources(doc, raw.sources, err)))
		return rc;
	for (int p = 0; p < BARISTA_NPRECISIONS; p++)
		names[p] = barista_precision_name((size_t)p);
	for (size_t i = 0; i < raw.formats->n; i++) {
		size_t p = barista_word_index(names, raw.formats->key[i]->text);

		if (p == BARISTA_NPRECISIONS || !*names[p])
			return barista_fail_unknown(doc, raw.formats->key[i], "precision", names,
						    err);
		rc = decode_format(dev, doc, raw.formats->item[i], raw.sources,
				   (enum barista_precision)p, err);
		if (rc)
			return rc;
	}
	if (!raw.formats->n)
		return barista_fail_node(err, doc, raw.formats, "no number format in the table");
	return 0;
}
