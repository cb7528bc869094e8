/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Processors that could run the GEMMs instead: decoded from their files, and what they reach per
 * watt, measured or published. */
#include "model/baseline.h"

#include "base/num.h"
#include "base/text.h"
#include "io/catalog.h"
#include "io/schema.h"
#include "network/workload.h"

#include <string.h>

enum { MAX_TIMES = 65536 };

struct raw_baseline {
	const char *kind, *name, *title;
	const struct barista_node *sources, *power, *peak, *memory, *host, *published, *gemms;
};

/* Decodes a group that may hold this single fact; it may be absent (NULL). */
static int decode_single(const struct barista_doc *doc, const struct barista_node *group,
			 const struct barista_node *sources, const char *key,
			 enum barista_dimension dimension, double lo, double hi,
			 struct barista_quantity *out, struct barista_err *err)
{
	const char *const known[] = {key, NULL};

	if (!group)
		return 0;
	for (size_t i = 0; i < group->n; i++) {
		int rc;

		if (strcmp(group->key[i]->text, key))
			return barista_fail_unknown(doc, group->key[i], "key", known, err);
		rc = barista_decode_fact(doc, group->item[i], sources, key, dimension, lo, hi, out,
					 err);
		if (rc)
			return rc;
	}
	return 0;
}

struct raw_published {
	const char *workload, *source, *status, *note;
	double mean;
	const struct barista_node *layers;
};

static int decode_layer_ppw(struct barista_published *p, const struct barista_doc *doc,
			    const struct barista_node *layers, struct barista_arena *arena,
			    struct barista_err *err)
{
	p->n = layers->n;
	p->layer = barista_arena_alloc(arena, p->n, sizeof *p->layer);
	p->ppw = barista_arena_alloc(arena, p->n, sizeof *p->ppw);
	if (!p->layer || !p->ppw)
		return barista_no_memory(err);
	for (size_t i = 0; i < p->n; i++) {
		int rc;

		p->layer[i] = layers->key[i]->text;
		rc = barista_decode_quantity(doc, layers->item[i], p->layer[i],
					     BARISTA_DIM_OP_PER_S_W, 1, 1e15, &p->ppw[i], err);
		if (rc)
			return rc;
	}
	return 0;
}

static int decode_published(struct barista_published *p, const struct barista_doc *doc,
			    const struct barista_node *node, const struct barista_node *sources,
			    struct barista_arena *arena, struct barista_err *err)
{
	static const struct barista_field fields[] = {
		BARISTA_FIELD("workload", STRING, struct raw_published, workload, .required = true),
		BARISTA_FIELD("source", STRING, struct raw_published, source, .required = true),
		BARISTA_FIELD("status", STRING, struct raw_published, status, .required = true),
		BARISTA_FIELD("note", STRING, struct raw_published, note, .required = false),
		BARISTA_FIELD("mean", QUANTITY, struct raw_published, mean, .lo = 1, .hi = 1e15,
			      .dimension = BARISTA_DIM_OP_PER_S_W),
		BARISTA_FIELD("layers", MAP, struct raw_published, layers, .required = false),
	};
	struct raw_published raw = {.mean = NAN};
	const struct barista_node *source;
	int rc;

	if (node->kind != BARISTA_MAPPING)
		return barista_fail_node(err, doc, node, "a published figure must be a mapping");
	if ((rc = barista_decode(doc, node, fields, sizeof fields / sizeof *fields, &raw, err)))
		return rc;
	if ((rc = barista_decode_origin(doc, node, sources, raw.source, raw.status, &source, err)))
		return rc;
	if (isnan(raw.mean) && !raw.layers)
		return barista_fail_node(err, doc, node, "give a 'mean' or 'layers'");
	*p = (struct barista_published){.workload = raw.workload,
					.mean = raw.mean,
					.source = source->text,
					.status = raw.status};
	return raw.layers ? decode_layer_ppw(p, doc, raw.layers, arena, err) : 0;
}

static int decode_time(struct barista_gemm_time *t, const struct barista_doc *doc,
		       const struct barista_node *node, struct barista_err *err)
{
	static const struct barista_field fields[] = {
		BARISTA_FIELD("m", INT, struct barista_gemm_time, m, .required = true, .lo = 1,
			      .hi = 1e15),
		BARISTA_FIELD("n", INT, struct barista_gemm_time, n, .required = true, .lo = 1,
			      .hi = 1e15),
		BARISTA_FIELD("k", INT, struct barista_gemm_time, k, .required = true, .lo = 1,
			      .hi = 1e15),
		BARISTA_FIELD("time", QUANTITY, struct barista_gemm_time, seconds, .required = true,
			      .lo = 1e-12, .hi = 1e9, .dimension = BARISTA_DIM_SECOND),
	};

	if (node->kind != BARISTA_MAPPING)
		return barista_fail_node(err, doc, node, "a measured GEMM must be a mapping");
	return barista_decode(doc, node, fields, sizeof fields / sizeof *fields, t, err);
}

static int decode_times(struct barista_baseline *base, const struct barista_doc *doc,
			const struct barista_node *list, struct barista_err *err)
{
	if (list->n > MAX_TIMES)
		return barista_fail_node(err, doc, list, "more than %d measured GEMMs", MAX_TIMES);
	base->time = barista_arena_alloc(base->arena, list->n, sizeof *base->time);
	if (!base->time)
		return barista_no_memory(err);
	base->ntimes = list->n;
	for (size_t i = 0; i < list->n; i++) {
		int rc = decode_time(&base->time[i], doc, list->item[i], err);

		if (rc)
			return rc;
	}
	return 0;
}

struct raw_host {
	const struct barista_node *tile_time;
	double lo, hi;
};

static int decode_host(struct barista_baseline *base, const struct barista_doc *doc,
		       const struct barista_node *group, const struct barista_node *sources,
		       struct barista_err *err)
{
	static const struct barista_field fields[] = {
		BARISTA_FIELD("tile_time", MAP, struct raw_host, tile_time, .required = true),
		BARISTA_FIELD("tile_time_low", QUANTITY, struct raw_host, lo, .lo = 0, .hi = 1,
			      .dimension = BARISTA_DIM_SECOND),
		BARISTA_FIELD("tile_time_high", QUANTITY, struct raw_host, hi, .lo = 0, .hi = 1,
			      .dimension = BARISTA_DIM_SECOND),
	};
	struct raw_host raw = {NULL, NAN, NAN};
	int rc = barista_decode(doc, group, fields, sizeof fields / sizeof *fields, &raw, err);

	if (rc)
		return rc;
	base->tile_time_lo = raw.lo;
	base->tile_time_hi = raw.hi;
	rc = barista_decode_fact(doc, raw.tile_time, sources, "tile_time", BARISTA_DIM_SECOND, 0, 1,
				 &base->tile_time, err);
	if (!rc && raw.lo <= base->tile_time.value && raw.hi >= base->tile_time.value) {
		base->tile_time.low = raw.lo;
		base->tile_time.high = raw.hi;
	}
	return rc;
}

static int decode_lists(struct barista_baseline *base, const struct barista_doc *doc,
			const struct raw_baseline *raw, struct barista_err *err)
{
	int rc;

	if (raw->published) {
		base->npublished = raw->published->n;
		base->published =
			barista_arena_alloc(base->arena, base->npublished, sizeof *base->published);
		if (!base->published)
			return barista_no_memory(err);
		for (size_t i = 0; i < base->npublished; i++) {
			rc = decode_published(&base->published[i], doc, raw->published->item[i],
					      raw->sources, base->arena, err);
			if (rc)
				return rc;
		}
	}
	if (raw->host && (rc = decode_host(base, doc, raw->host, raw->sources, err)))
		return rc;
	return raw->gemms ? decode_times(base, doc, raw->gemms, err) : 0;
}

static int decode_baseline(struct barista_baseline *base, const struct barista_doc *doc,
			   struct barista_err *err)
{
	static const char *const kinds[] = {"cpu", "gpu", NULL};
	static const struct barista_field fields[] = {
		BARISTA_FIELDS_OF_FILE(struct raw_baseline),
		BARISTA_FIELD("sources", MAP, struct raw_baseline, sources, .required = true),
		BARISTA_FIELD("power", MAP, struct raw_baseline, power, .required = true),
		BARISTA_FIELD("peak", MAP, struct raw_baseline, peak, .required = false),
		BARISTA_FIELD("memory", MAP, struct raw_baseline, memory, .required = false),
		BARISTA_FIELD("host", MAP, struct raw_baseline, host, .required = false),
		BARISTA_FIELD("published", LIST, struct raw_baseline, published, .required = false),
		BARISTA_FIELD("gemms", LIST, struct raw_baseline, gemms, .required = false),
	};
	struct raw_baseline raw = {0};
	int rc = barista_catalog_decode(doc, kinds, fields, sizeof fields / sizeof *fields, &raw,
					err);

	if (rc || (rc = barista_check_sources(doc, raw.sources, err)) ||
	    (rc = decode_single(doc, raw.power, raw.sources, "total", BARISTA_DIM_WATT, 1e-3, 1e5,
				&base->power, err)) ||
	    (rc = decode_single(doc, raw.peak, raw.sources, "fp32", BARISTA_DIM_OP_PER_S, 1e6, 1e18,
				&base->peak_fp32, err)) ||
	    (rc = decode_single(doc, raw.memory, raw.sources, "bandwidth", BARISTA_DIM_BIT_PER_S,
				1e6, 1e15, &base->mem_bandwidth, err)))
		return rc;
	if (isnan(base->power.value))
		return barista_fail_node(err, doc, doc->root, "missing key 'power.total'");
	base->kind = raw.kind;
	base->name = raw.name;
	base->title = raw.title;
	return decode_lists(base, doc, &raw, err);
}

static int fill(void *object, const struct barista_doc *doc, const char *data_dir,
		struct barista_err *err)
{
	static const struct barista_quantity none = {.value = NAN};
	struct barista_baseline *base = object;

	(void)data_dir;
	base->power = base->peak_fp32 = base->mem_bandwidth = base->tile_time = none;
	base->tile_time_lo = base->tile_time_hi = NAN;
	return decode_baseline(base, doc, err);
}

BARISTA_DEFINE_CATALOG_KIND(barista_baseline_load, barista_baseline_free, "devices",
			    struct barista_baseline, fill)

/* Returns the measured seconds of one GEMM, or NaN. */
static double gemm_seconds(const struct barista_baseline *base, const struct barista_gemm *g)
{
	for (size_t i = 0; i < base->ntimes; i++)
		if (base->time[i].m == g->m && base->time[i].n == g->n && base->time[i].k == g->k)
			return base->time[i].seconds;
	return NAN;
}

static double measured_ppw(const struct barista_baseline *base,
			   const struct barista_lowered *lowered,
			   const struct barista_layer_class *class)
{
	double time = 0;

	for (size_t i = 0; i < class->ngemms; i++)
		time += class->per_image[i] * gemm_seconds(base, &lowered->gemm[class->gemm[i]]);
	return class->ops / time / base->power.value;
}

static const struct barista_published *find_published(const struct barista_baseline *base,
						      const struct barista_workload *net)
{
	for (size_t i = 0; i < base->npublished; i++)
		if (!strcmp(base->published[i].workload, net->name))
			return &base->published[i];
	return NULL;
}

double barista_baseline_mean(const struct barista_baseline *base,
			     const struct barista_workload *net)
{
	const struct barista_published *p = find_published(base, net);

	return p ? p->mean : (double)NAN;
}

void barista_baseline_ppw(const struct barista_baseline *base,
			  const struct barista_lowered *lowered, double *ppw, const char **from)
{
	const struct barista_published *p = find_published(base, lowered->net);
	const char *measured =
		strcmp(base->power.status, "measured") ? "measured, power assumed" : "measured";

	for (size_t l = 0; l < lowered->nlayers; l++) {
		const char *name = lowered->name[l];

		ppw[l] = measured_ppw(base, lowered, &lowered->layer_class[lowered->class_of[l]]);
		from[l] = isnan(ppw[l]) ? "none" : measured;
		for (size_t i = 0; isnan(ppw[l]) && p && i < p->n; i++) {
			if (!strcmp(p->layer[i], name)) {
				ppw[l] = p->ppw[i];
				from[l] = "published";
			}
		}
	}
}
