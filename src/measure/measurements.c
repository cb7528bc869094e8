/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/measurements.h"

#include "barista/family.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/num.h"
#include "families/registry.h"
#include "io/catalog.h"
#include "io/schema.h"
#include "model/device.h"
#include "model/evaluate.h"
#include "model/family.h"

#include <stdio.h>
#include <string.h>

enum { MAX_ROWS = 4096 };

struct raw_row {
	const char *design, *device, *kernel, *source, *fitted, *note;
	int64_t shape[3];
	double clock, time, rate;
	int64_t dsp;
	const struct barista_node *set;
};

static const struct barista_field row_fields[] = {
	BARISTA_FIELD("design", STRING, struct raw_row, design, .required = true),
	BARISTA_FIELD("device", STRING, struct raw_row, device, .required = true),
	BARISTA_FIELD("kernel", STRING, struct raw_row, kernel, .required = true),
	BARISTA_FIELD("source", STRING, struct raw_row, source, .required = true),
	BARISTA_FIELD("fitted", STRING, struct raw_row, fitted, .required = false),
	BARISTA_FIELD("note", STRING, struct raw_row, note, .required = false),
	BARISTA_FIELD("shape", INTS, struct raw_row, shape, .required = true, .lo = 1,
		      .hi = 1 << 24, .count = 3),
	BARISTA_FIELD("clock", QUANTITY, struct raw_row, clock, .required = true, .lo = 1e6,
		      .hi = 1e10, .dimension = BARISTA_DIM_HZ),
	BARISTA_FIELD("time", QUANTITY, struct raw_row, time, .lo = 1e-9, .hi = 1e6,
		      .dimension = BARISTA_DIM_SECOND),
	BARISTA_FIELD("rate", QUANTITY, struct raw_row, rate, .lo = 1, .hi = 1e18,
		      .dimension = BARISTA_DIM_OP_PER_S),
	BARISTA_FIELD("dsp", INT, struct raw_row, dsp, .lo = 1, .hi = 1e6),
	BARISTA_FIELD("set", MAP, struct raw_row, set, .required = false),
};

static int decode_sets(struct barista_measured_row *row, const struct barista_doc *doc,
		       const struct barista_node *map, struct barista_err *err)
{
	if (map->n > sizeof row->set / sizeof *row->set)
		return barista_fail_node(err, doc, map, "more than %zu values in 'set'",
					 sizeof row->set / sizeof *row->set);
	for (size_t i = 0; i < map->n; i++) {
		char text[256], *copy;

		if (map->item[i]->kind != BARISTA_SCALAR)
			return barista_fail_node(err, doc, map->item[i],
						 "a value in 'set' must be a single value");
		snprintf(text, sizeof text, "%.100s=%.100s", map->key[i]->text, map->item[i]->text);
		if (!(copy = barista_arena_strdup(doc->arena, text)))
			return barista_no_memory(err);
		row->set[row->nsets++] = copy;
	}
	return 0;
}

static int decode_row(struct barista_measured_row *row, const struct barista_doc *doc,
		      const struct barista_node *node, const struct barista_node *sources,
		      struct barista_err *err)
{
	struct raw_row raw = {.time = NAN, .rate = NAN, .dsp = 0};
	const struct barista_node *source;
	int64_t macs;
	int rc;

	if (node->kind != BARISTA_MAPPING)
		return barista_fail_node(err, doc, node, "a row must be a mapping");
	if ((rc = barista_decode(doc, node, row_fields, sizeof row_fields / sizeof *row_fields,
				 &raw, err)))
		return rc;
	source = barista_node_get(sources, raw.source);
	if (!source)
		return barista_fail_node(err, doc, barista_node_get(node, "source"),
					 "unknown source '%.80s': add it to the file's sources",
					 raw.source);
	if (isnan(raw.time) == isnan(raw.rate))
		return barista_fail_node(err, doc, node, "give either 'time' or 'rate'");
	if (!barista_mul_exact(&macs, 3, raw.shape))
		return barista_fail_node(err, doc, node,
					 "'shape' has more than 2^53 multiply-accumulates");
	*row = (struct barista_measured_row){.design = raw.design,
					     .device = raw.device,
					     .kernel = raw.kernel,
					     .source = source->text,
					     .fitted = raw.fitted,
					     .note = raw.note,
					     .clock_hz = raw.clock,
					     .time_s = isnan(raw.time) ? 2 * (double)macs / raw.rate
								       : raw.time,
					     .dsp = raw.dsp ? (double)raw.dsp : (double)NAN,
					     .line = node->line};
	memcpy(row->shape, raw.shape, sizeof row->shape);
	return raw.set ? decode_sets(row, doc, raw.set, err) : 0;
}

struct raw_measured {
	const char *kind, *name, *title;
	const struct barista_node *sources, *rows;
};

static int decode(void *object, const struct barista_doc *doc, const char *data_dir,
		  struct barista_err *err)
{
	struct barista_measured *m = object;
	static const char *const kinds[] = {"measurements", NULL};
	static const struct barista_field fields[] = {
		BARISTA_FIELDS_OF_FILE(struct raw_measured),
		BARISTA_FIELD("sources", MAP, struct raw_measured, sources, .required = true),
		BARISTA_FIELD("rows", LIST, struct raw_measured, rows, .required = true),
	};
	struct raw_measured raw = {0};
	int rc = barista_catalog_decode(doc, kinds, fields, sizeof fields / sizeof *fields, &raw,
					err);

	(void)data_dir;
	if (rc || (rc = barista_check_sources(doc, raw.sources, err)))
		return rc;
	if (!raw.rows->n || raw.rows->n > MAX_ROWS)
		return barista_fail_node(err, doc, raw.rows, "from 1 to %d rows are expected",
					 MAX_ROWS);
	m->title = raw.title;
	m->row = barista_arena_alloc(m->arena, raw.rows->n, sizeof *m->row);
	if (!m->row)
		return barista_no_memory(err);
	for (m->n = 0; m->n < raw.rows->n; m->n++)
		if ((rc = decode_row(&m->row[m->n], doc, raw.rows->item[m->n], raw.sources, err)))
			return rc;
	return 0;
}

BARISTA_DEFINE_CATALOG_KIND(barista_measured_load, barista_measured_free, "devices/measured",
			    struct barista_measured, decode)

/* Time inside the card, and the term of it that binds. */
static void take_times(const struct barista_family *f, const double *value,
		       struct barista_prediction *out)
{
	double most = -1;

	out->time_s = 0;
	for (size_t t = 0; t < f->nterms; t++) {
		int role = f->term[t].role;

		if (role & BARISTA_ROLE_DEVICE)
			out->time_s += value[t];
		if ((role & BARISTA_ROLE_BINDS) && !(role & BARISTA_ROLE_PART) && value[t] > most) {
			most = value[t];
			out->binds = f->term[t].label;
		}
	}
}

static int predict_on(struct barista_device *dev, const struct barista_measured_row *row,
		      struct barista_prediction *out, struct barista_err *err)
{
	struct barista_gemm gemm = {BARISTA_FWD, row->shape[0], row->shape[1], row->shape[2]};
	struct barista_layer_class shape = {
		.ngemms = 1, .per_image = {1}, .ops = 1, .multiplicity = 1};
	size_t zero = 0;
	struct barista_lowered lowered = {.ngemms = 1,
					  .gemm = &gemm,
					  .nclasses = 1,
					  .layer_class = &shape,
					  .nlayers = 1,
					  .mac_layer = &zero,
					  .class_of = &zero,
					  .ops = 1,
					  .max_m = gemm.m,
					  .max_n = gemm.n,
					  .max_k = gemm.k};
	struct barista_model model = {dev, &lowered, barista_families[0]};
	double value[BARISTA_MAX_TERMS], time;
	struct barista_result result = {.class_time = &time};
	struct barista_point point;
	int rc;

	for (size_t i = 0; i < row->nsets; i++)
		if ((rc = barista_device_set(dev, row->set[i], err)))
			return rc;
	dev->param[BARISTA_CLOCK].value = row->clock_hz;
	if ((rc = model.family->parse(row->kernel, &point, err)) ||
	    (rc = barista_evaluate_point(&model, &point, &result, err)))
		return rc;
	model.family->terms(&model, &point, 0, value);
	take_times(model.family, value, out);
	out->dsp = result.metric[BARISTA_DSP] - dev->param[BARISTA_FIXED_DSP].value;
	return 0;
}

int barista_measured_predict(const struct barista_measured_row *row, const char *data_dir,
			     struct barista_prediction *out, struct barista_err *err)
{
	struct barista_device *dev;
	int rc = barista_device_load(&dev, row->device, data_dir, err);

	if (rc)
		return rc;
	rc = predict_on(dev, row, out, err);
	barista_device_free(dev);
	return rc;
}
