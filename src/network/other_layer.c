/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decodes an entry of `layers` of a workload file as what any layer is: what it reads, writes and
 * learns. */
#include "network/layers.h"

#include "base/num.h"
#include "base/text.h"
#include "io/schema.h"
#include "network/workload.h"

#include <string.h>

/* A type for each way to multiply, and one for each other kind of layer, and NULL. */
enum { MAX_TYPES = BARISTA_DECONV + 1 + BARISTA_NLAYER_TYPES };

static const double max_axis = 1 << 24, max_elements = 0x1p53 - 1;

/* Lists every type that an entry may have, NULL-terminated. Those that multiply stand first;
 * returns how many they are. */
static size_t list_types(const char *types[MAX_TYPES])
{
	size_t n = 0, nmac;

	while (barista_mac_layer_types[n]) {
		types[n] = barista_mac_layer_types[n];
		n++;
	}
	nmac = n;
	for (int t = BARISTA_LAYER_MAC + 1; t < BARISTA_NLAYER_TYPES; t++)
		types[n++] = barista_layer_defs[t].name;
	types[n] = NULL;
	return nmac;
}

int barista_layer_type(enum barista_layer_type *type, const struct barista_doc *doc,
		       const struct barista_node *node, struct barista_err *err)
{
	const struct barista_node *word;
	const char *types[MAX_TYPES];
	size_t i, nmac;

	if (node->kind != BARISTA_MAPPING)
		return barista_fail_node(err, doc, node, "a layer must be a mapping");
	word = barista_node_get(node, "type");
	*type = BARISTA_LAYER_MAC;
	if (!word || word->kind != BARISTA_SCALAR)
		return 0; /* barista_mac_layer_decode() refuses it */
	nmac = list_types(types);
	i = barista_word_index(types, word->text);
	if (!types[i])
		return barista_fail_unknown(doc, word, "type", types, err);
	*type = i < nmac ? BARISTA_LAYER_MAC
			 : (enum barista_layer_type)(BARISTA_LAYER_MAC + 1 + i - nmac);
	return 0;
}

static int fail_elements(const struct barista_doc *doc, const struct barista_node *node,
			 const char *name, struct barista_err *err)
{
	return barista_fail_node(
		err, doc, node,
		"layer '%.80s': more than 2^53 elements per image: counts would not be exact",
		name);
}

int barista_layer_of_mac(struct barista_layer *layer, const struct barista_mac_layer *mac,
			 const struct barista_doc *doc, const struct barista_node *node,
			 struct barista_err *err)
{
	int64_t in[] = {mac->cin, mac->h, mac->w}, out[] = {mac->cout, mac->oh, mac->ow};
	int64_t params = mac->weights + (mac->bias ? mac->cout : 0);

	*layer = (struct barista_layer){.name = mac->name,
					.type = BARISTA_LAYER_MAC,
					.inputs = 1,
					.window = 1,
					.input_gradient = mac->input_gradient};
	if (!barista_mul_exact(&layer->in, 3, in) || !barista_mul_exact(&layer->out, 3, out) ||
	    params > BARISTA_EXACT_MAX)
		return fail_elements(doc, node, mac->name, err);
	if (mac->weight_gradient) {
		layer->params = params;
		layer->blobs = 1 + mac->bias;
	}
	return 0;
}

struct raw_layer {
	const char *name, *type;
	const struct barista_node *in, *out;
	int64_t kernel[2], window, inputs, params, blobs;
	bool input_gradient;
};

/* Decodes a number of elements, or channels, height and width. */
static int decode_size(int64_t *out, const struct barista_doc *doc, const struct barista_node *node,
		       const char *key, const char *name, struct barista_err *err)
{
	int64_t axis[3];
	int rc;

	if (node->kind != BARISTA_SEQUENCE)
		return barista_decode_int(doc, node, key, 1, max_elements, out, err);
	if ((rc = barista_decode_ints(doc, node, key, 1, max_axis, 3, axis, err)))
		return rc;
	return barista_mul_exact(out, 3, axis) ? 0 : fail_elements(doc, node, name, err);
}

/* Some keys belong to some types only, and some types cannot do without them. */
static int check_keys(enum barista_layer_type type, const struct raw_layer *raw,
		      const struct barista_doc *doc, const struct barista_node *node,
		      struct barista_err *err)
{
	const struct barista_layer_def *def = &barista_layer_defs[type];
	const struct {
		const char *key;
		bool allowed, required;
	} rows[] = {
		{"kernel", def->kernel, def->kernel},
		{"window", def->window, def->window},
		{"inputs", def->many, type == BARISTA_LAYER_SUM},
		{"params", def->learns, raw->blobs > 0},
		{"blobs", def->learns, false},
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct barista_node *given = barista_node_get(node, rows[i].key);

		if (given && !rows[i].allowed)
			return barista_fail_node(err, doc, given,
						 "'%s' does not belong to a layer of type %s",
						 rows[i].key, def->name);
	}
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].required && !barista_node_get(node, rows[i].key))
			return barista_fail_node(err, doc, node, "layer '%.80s': missing key '%s'",
						 raw->name, rows[i].key);
	return 0;
}

int barista_layer_decode(struct barista_layer *layer, enum barista_layer_type type,
			 const struct barista_doc *doc, const struct barista_node *node,
			 struct barista_err *err)
{
	static const struct barista_field fields[] = {
		BARISTA_FIELD("name", STRING, struct raw_layer, name, .required = true),
		BARISTA_FIELD("type", STRING, struct raw_layer, type, .required = true),
		BARISTA_FIELD("in", ANY, struct raw_layer, in, .required = true),
		BARISTA_FIELD("out", ANY, struct raw_layer, out, .required = true),
		BARISTA_FIELD("kernel", INTS, struct raw_layer, kernel, .lo = 1, .hi = 0x1p53 - 1,
			      .count = 2),
		BARISTA_FIELD("window", INT, struct raw_layer, window, .lo = 1, .hi = 0x1p48),
		BARISTA_FIELD("inputs", INT, struct raw_layer, inputs, .lo = 1, .hi = 1 << 24),
		BARISTA_FIELD("params", INT, struct raw_layer, params, .lo = 1, .hi = 0x1p53 - 1),
		BARISTA_FIELD("blobs", INT, struct raw_layer, blobs, .lo = 1, .hi = 16),
		BARISTA_FIELD("input_gradient", BOOL, struct raw_layer, input_gradient,
			      .required = false),
	};
	struct raw_layer raw = {.kernel = {1, 1}, .window = 1, .inputs = 1, .input_gradient = true};
	int rc = barista_decode(doc, node, fields, sizeof fields / sizeof *fields, &raw, err);

	if (rc || (rc = check_keys(type, &raw, doc, node, err)))
		return rc;
	*layer = (struct barista_layer){.name = raw.name,
					.type = type,
					.mac_layer = SIZE_MAX,
					.inputs = raw.inputs,
					.params = raw.params,
					.blobs = raw.params && !raw.blobs ? 1 : raw.blobs,
					.input_gradient = raw.input_gradient};
	if (!barista_mul_exact(&layer->window, 3,
			       (int64_t[]){raw.window, raw.kernel[0], raw.kernel[1]}))
		return fail_elements(doc, node, raw.name, err);
	rc = decode_size(&layer->in, doc, raw.in, "in", raw.name, err);
	return rc ? rc : decode_size(&layer->out, doc, raw.out, "out", raw.name, err);
}
