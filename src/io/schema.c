/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decoding of mappings by tables of fields. Every failure is reported at its place in the file. */
#include "io/schema.h"

#include "base/num.h"
#include "base/text.h"
#include "io/unit.h"

#include <stdio.h>
#include <string.h>

struct fields {
	const struct barista_field *field;
	size_t n;
};

static const char *field_at(const void *list, size_t i)
{
	const struct fields *f = list;

	return i < f->n ? f->field[i].key : NULL;
}

static const char *const kind_names[] = {"a single value", "a list", "a mapping"};

static int expect(const struct barista_doc *doc, const struct barista_node *node,
		  enum barista_node_kind kind, const char *name, struct barista_err *err)
{
	if (node->kind == kind)
		return 0;
	return barista_fail_node(err, doc, node, "'%.80s' must be %s, not %s", name,
				 kind_names[kind], kind_names[node->kind]);
}

int barista_decode_int(const struct barista_doc *doc, const struct barista_node *node,
		       const char *name, double lo, double hi, int64_t *out,
		       struct barista_err *err)
{
	int64_t v;
	int rc = expect(doc, node, BARISTA_SCALAR, name, err);

	if (rc)
		return rc;
	if (!barista_parse_int(node->text, &v))
		return barista_fail_node(
			err, doc, node,
			"'%.80s' must be a whole number from %.0f to %.0f, not '%.60s'", name, lo,
			hi, node->text);
	if ((double)v < lo || (double)v > hi)
		return barista_fail_node(err, doc, node,
					 "'%.80s' must be from %.0f to %.0f, not %s", name, lo, hi,
					 node->text);
	*out = v;
	return 0;
}

int barista_decode_ints(const struct barista_doc *doc, const struct barista_node *node,
			const char *name, double lo, double hi, size_t count, int64_t *out,
			struct barista_err *err)
{
	int64_t v[8];
	int rc = expect(doc, node, BARISTA_SEQUENCE, name, err);

	if (rc)
		return rc;
	if (node->n != count)
		return barista_fail_node(err, doc, node, "'%s' must hold %zu numbers, not %zu",
					 name, count, node->n);
	for (size_t i = 0; i < count; i++)
		if ((rc = barista_decode_int(doc, node->item[i], name, lo, hi, &v[i], err)))
			return rc;
	memcpy(out, v, count * sizeof *v);
	return 0;
}

int barista_decode_quantity(const struct barista_doc *doc, const struct barista_node *node,
			    const char *name, enum barista_dimension dimension, double lo,
			    double hi, double *out, struct barista_err *err)
{
	char why[256], a[64], b[64];
	double v;
	int rc = expect(doc, node, BARISTA_SCALAR, name, err);

	if (rc)
		return rc;
	if (!barista_quantity_parse(node->text, dimension, &v, why, sizeof why))
		return barista_fail_node(err, doc, node, "'%.80s': %s", name, why);
	if (v < lo || v > hi) {
		barista_quantity_format(a, sizeof a, lo, dimension);
		barista_quantity_format(b, sizeof b, hi, dimension);
		return barista_fail_node(err, doc, node,
					 "'%.80s' must be from %s to %s, not '%.60s'", name, a, b,
					 node->text);
	}
	*out = v;
	return 0;
}

static int decode_bool(const struct barista_doc *doc, const struct barista_node *node,
		       const char *name, bool *out, struct barista_err *err)
{
	int rc = expect(doc, node, BARISTA_SCALAR, name, err);

	if (rc)
		return rc;
	if (strcmp(node->text, "true") && strcmp(node->text, "false"))
		return barista_fail_node(err, doc, node,
					 "'%.80s' must be true or false, not '%.60s'", name,
					 node->text);
	*out = !strcmp(node->text, "true");
	return 0;
}

static int decode_string(const struct barista_doc *doc, const struct barista_node *node,
			 const char *name, const char **out, struct barista_err *err)
{
	int rc = expect(doc, node, BARISTA_SCALAR, name, err);

	if (rc)
		return rc;
	if (!*node->text)
		return barista_fail_node(err, doc, node, "'%.80s' is empty", name);
	/* Names end up in tables, CSV and gnuplot scripts: keep control characters out. */
	for (const char *c = node->text; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f ||
		    (*c == '\xc2' && (unsigned char)c[1] < 0xa0))
			return barista_fail_node(err, doc, node,
						 "'%.80s' holds a control character", name);
	*out = node->text;
	return 0;
}

static int decode_field(const struct barista_doc *doc, const struct barista_node *node,
			const struct barista_field *f, void *dest, struct barista_err *err)
{
	void *at = (char *)dest + f->offset;
	enum barista_node_kind kind =
		f->type == BARISTA_FIELD_MAP ? BARISTA_MAPPING : BARISTA_SEQUENCE;
	int rc;

	switch (f->type) {
	case BARISTA_FIELD_STRING: return decode_string(doc, node, f->key, at, err);
	case BARISTA_FIELD_INT: return barista_decode_int(doc, node, f->key, f->lo, f->hi, at, err);
	case BARISTA_FIELD_BOOL: return decode_bool(doc, node, f->key, at, err);
	case BARISTA_FIELD_QUANTITY:
		return barista_decode_quantity(doc, node, f->key, f->dimension, f->lo, f->hi, at,
					       err);
	case BARISTA_FIELD_INTS:
		return barista_decode_ints(doc, node, f->key, f->lo, f->hi, f->count, at, err);
	case BARISTA_FIELD_MAP:
	case BARISTA_FIELD_LIST:
		if (!(rc = expect(doc, node, kind, f->key, err)))
			*(const struct barista_node **)at = node;
		return rc;
	case BARISTA_FIELD_ANY: *(const struct barista_node **)at = node; return 0;
	}
	return 0;
}

int barista_decode(const struct barista_doc *doc, const struct barista_node *map,
		   const struct barista_field *field, size_t nfields, void *dest,
		   struct barista_err *err)
{
	const struct fields all = {field, nfields};
	char hint[128];
	int rc;

	for (size_t i = 0; i < map->n; i++) {
		size_t f = 0;

		while (f < nfields && strcmp(field[f].key, map->key[i]->text))
			f++;
		if (f == nfields) {
			barista_suggest(hint, sizeof hint, map->key[i]->text, field_at, &all);
			return barista_fail_node(err, doc, map->key[i], "unknown key '%.80s'%s",
						 map->key[i]->text, hint);
		}
		if ((rc = decode_field(doc, map->item[i], &field[f], dest, err)))
			return rc;
	}
	for (size_t f = 0; f < nfields; f++)
		if (field[f].required && !barista_node_get(map, field[f].key))
			return barista_fail_node(err, doc, map, "missing key '%s'", field[f].key);
	return 0;
}

/* What the status of a fact may be. */
static const char *const statuses[] = {"verified", "unverified", "derived", "fitted",
				       "measured", "assumed",    NULL};

struct raw_fact {
	const struct barista_node *value, *low, *high;
	const char *source, *status, *note;
};

int barista_decode_origin(const struct barista_doc *doc, const struct barista_node *node,
			  const struct barista_node *sources, const char *source,
			  const char *status, const struct barista_node **text,
			  struct barista_err *err)
{
	*text = barista_node_get(sources, source);
	if (!*text)
		return barista_fail_node(err, doc, barista_node_get(node, "source"),
					 "unknown source '%.80s': add it to the file's sources",
					 source);
	if (!statuses[barista_word_index(statuses, status)])
		return barista_fail_unknown(doc, barista_node_get(node, "status"), "status",
					    statuses, err);
	return 0;
}

/* Finds the members of a fact; of value, low and high only the nodes, as they have units. */
static int read_fact(struct raw_fact *raw, const struct barista_doc *doc,
		     const struct barista_node *node, const char *name, struct barista_err *err)
{
	static const struct barista_field fields[] = {
		BARISTA_FIELD("value", ANY, struct raw_fact, value),
		BARISTA_FIELD("source", STRING, struct raw_fact, source),
		BARISTA_FIELD("status", STRING, struct raw_fact, status),
		BARISTA_FIELD("note", STRING, struct raw_fact, note),
		BARISTA_FIELD("low", ANY, struct raw_fact, low),
		BARISTA_FIELD("high", ANY, struct raw_fact, high),
	};
	enum { N = sizeof fields / sizeof *fields };
	const char *known[N + 1] = {NULL};
	int rc = expect(doc, node, BARISTA_MAPPING, name, err);

	for (size_t f = 0; f < N; f++)
		known[f] = fields[f].key;
	for (size_t i = 0; !rc && i < node->n; i++) {
		size_t f = barista_word_index(known, node->key[i]->text);

		rc = f < N ? decode_field(doc, node->item[i], &fields[f], raw, err)
			   : barista_fail_unknown(doc, node->key[i], "key", known, err);
	}
	if (!rc && (!raw->value || !raw->source || !raw->status))
		rc = barista_fail_node(err, doc, node,
				       "'%.80s' must have a value, a source and a status", name);
	return rc;
}

int barista_decode_fact(const struct barista_doc *doc, const struct barista_node *node,
			const struct barista_node *sources, const char *name,
			enum barista_dimension dimension, double lo, double hi,
			struct barista_quantity *out, struct barista_err *err)
{
	struct raw_fact raw = {0};
	const struct barista_node *source;
	double value, low, high;
	int rc = read_fact(&raw, doc, node, name, err);

	if (rc ||
	    (rc = barista_decode_origin(doc, node, sources, raw.source, raw.status, &source,
					err)) ||
	    (rc = barista_decode_quantity(doc, raw.value, name, dimension, lo, hi, &value, err)))
		return rc;
	low = high = value;
	if ((raw.low &&
	     (rc = barista_decode_quantity(doc, raw.low, "low", dimension, lo, hi, &low, err))) ||
	    (raw.high &&
	     (rc = barista_decode_quantity(doc, raw.high, "high", dimension, lo, hi, &high, err))))
		return rc;
	if (low > value || high < value)
		return barista_fail_node(err, doc, raw.value,
					 "'%.80s': low, value and high must ascend", name);
	*out = (struct barista_quantity){.value = value,
					 .low = low,
					 .high = high,
					 .source = source->text,
					 .status = raw.status,
					 .note = raw.note};
	return 0;
}

int barista_check_sources(const struct barista_doc *doc, const struct barista_node *sources,
			  struct barista_err *err)
{
	const char *text;

	for (size_t i = 0; i < sources->n; i++) {
		int rc = decode_string(doc, sources->item[i], sources->key[i]->text, &text, err);

		if (rc)
			return rc;
	}
	return 0;
}

int barista_fail_unknown(const struct barista_doc *doc, const struct barista_node *node,
			 const char *what, const char *const *known, struct barista_err *err)
{
	char hint[128], list[256] = "";

	barista_suggest_from(hint, sizeof hint, node->text, known);
	for (size_t i = 0; !*hint && known[i]; i++)
		snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s",
			 i ? ", " : ", expected one of: ", known[i]);
	return barista_fail_node(err, doc, node, "unknown %s '%.80s'%s%s", what, node->text, hint,
				 list);
}
