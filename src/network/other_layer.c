/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layers of any kind, as a workload file has them: what they read, write and learn. */
#include "network/layers.h"

#include "base/num.h"
#include "base/text.h"
#include "io/schema.h"
#include "network/workload.h"

#include <string.h>

static const double max_axis = 1 << 24, max_elements = 0x1p53 - 1;

/* Every type that an entry may have: those that multiply first. */
static void list_types(const char *types[3 + BARISTA_NLAYER_TYPES])
{
	size_t n = 0;

	while (barista_mac_layer_types[n]) {
		types[n] = barista_mac_layer_types[n];
		n++;
	}
	for (int t = BARISTA_LAYER_MAC + 1; t < BARISTA_NLAYER_TYPES; t++)
		types[n++] = barista_layer_defs[t].name;
	types[n] = NULL;
}

int barista_layer_type(enum barista_layer_type *type, const struct barista_doc *doc,
		       const struct barista_node *node, struct barista_err *err)
{
	const struct barista_node *word;
	const char *types[3 + BARISTA_NLAYER_TYPES];
	size_t i;

	if (node->kind != BARISTA_MAPPING)
		return barista_fail_node(err, doc, node, "a layer must be a mapping");
	word = barista_node_get(node, "type");
	*type = BARISTA_LAYER_MAC;
	if (!word || word->kind != BARISTA_SCALAR)
		return 0; /* which barista_mac_layer_decode() refuses */
	list_types(types);
	i = barista_word_index(types, word->text);
	if (!types[i])
		return barista_fail_unknown(doc, word, "type", types, err);
	*type = i < 3 ? BARISTA_LAYER_MAC : (enum barista_layer_type)(i - 2);
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

int barista_layer_of_mac(struct barista_layer *s, const struct barista_mac_layer *l,
			 const struct barista_doc *doc, const struct barista_node *node,
			 struct barista_err *err)
{
	int64_t in[] = {l->cin, l->h, l->w}, out[] = {l->cout, l->oh, l->ow};
	int64_t params = l->weights + (l->bias ? l->cout : 0);

	*s = (struct barista_layer){.name = l->name,
				    .type = BARISTA_LAYER_MAC,
				    .inputs = 1,
				    .window = 1,
				    .input_gradient = l->input_gradient};
	if (!barista_mul_exact(&s->in, 3, in) || !barista_mul_exact(&s->out, 3, out) ||
	    params > BARISTA_EXACT_MAX)
		return fail_elements(doc, node, l->name, err);
	if (l->weight_gradient) {
		s->params = params;
		s->blobs = 1 + l->bias;
	}
	return 0;
}

struct raw_step {
	const char *name, *type;
	const struct barista_node *in, *out;
	int64_t kernel[2], window, inputs, params, blobs;
	bool input_gradient;
};

/* A number, or channels, height and width. */
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

/* Keys that belong to some types only, and those that a type cannot do without. */
static int check_keys(enum barista_layer_type type, const struct raw_step *raw,
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

int barista_layer_decode(struct barista_layer *s, enum barista_layer_type type,
			 const struct barista_doc *doc, const struct barista_node *node,
			 struct barista_err *err)
{
	static const struct barista_field fields[] = {
		BARISTA_FIELD("name", STRING, struct raw_step, name, .required = true),
		BARISTA_FIELD("type", STRING, struct raw_step, type, .required = true),
		BARISTA_FIELD("in", ANY, struct raw_step, in, .required = true),
		BARISTA_FIELD("out", ANY, struct raw_step, out, .required = true),
		BARISTA_FIELD("kernel", INTS, struct raw_step, kernel, .lo = 1, .hi = 0x1p53 - 1,
			      .count = 2),
		BARISTA_FIELD("window", INT, struct raw_step, window, .lo = 1, .hi = 0x1p48),
		BARISTA_FIELD("inputs", INT, struct raw_step, inputs, .lo = 1, .hi = 1 << 24),
		BARISTA_FIELD("params", INT, struct raw_step, params, .lo = 1, .hi = 0x1p53 - 1),
		BARISTA_FIELD("blobs", INT, struct raw_step, blobs, .lo = 1, .hi = 16),
		BARISTA_FIELD("input_gradient", BOOL, struct raw_step, input_gradient,
			      .required = false),
	};
	struct raw_step raw = {.kernel = {1, 1}, .window = 1, .inputs = 1, .input_gradient = true};
	int rc = barista_decode(doc, node, fields, sizeof fields / sizeof *fields, &raw, err);

	if (rc || (rc = check_keys(type, &raw, doc, node, err)))
		return rc;
	*s = (struct barista_layer){.name = raw.name,
				    .type = type,
				    .mac_layer = SIZE_MAX,
				    .inputs = raw.inputs,
				    .params = raw.params,
				    .blobs = raw.params && !raw.blobs ? 1 : raw.blobs,
				    .input_gradient = raw.input_gradient};
	if (!barista_mul_exact(&s->window, 3,
			       (int64_t[]){raw.window, raw.kernel[0], raw.kernel[1]}))
		return fail_elements(doc, node, raw.name, err);
	rc = decode_size(&s->in, doc, raw.in, "in", raw.name, err);
	return rc ? rc : decode_size(&s->out, doc, raw.out, "out", raw.name, err);
}
