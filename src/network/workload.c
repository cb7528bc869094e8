/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decodes a workload file. What it says of each layer is decoded by mac_layer.c and other_layer.c.
 */
#include "network/workload.h"

#include "base/text.h"
#include "io/catalog.h"
#include "io/schema.h"
#include "network/layers.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

/* A layer that learns but has no input gradient reads the network's input, so that their shapes
 * must agree. That does not hold above frozen layers, and an importer has followed the network
 * itself. */
static int check_reads_input(const struct barista_workload *net,
			     const struct barista_mac_layer *mac, const struct barista_doc *doc,
			     const struct barista_node *node, struct barista_err *err)
{
	const int64_t *in = net->input;
	bool same = mac->type == BARISTA_FC
			    ? mac->cin == in[0] * in[1] * in[2]
			    : mac->cin == in[0] && mac->h == in[1] && mac->w == in[2];

	if (mac->input_gradient || !mac->weight_gradient || same || net->imported)
		return 0;
	for (const struct barista_mac_layer *below = net->mac_layer; below < mac; below++)
		if (!below->weight_gradient)
			return 0;
	return barista_fail_node(
		err, doc, barista_node_get(node, "in"),
		"layer '%.80s' has no input gradient, so it reads the network's input, but that is "
		"%lldx%lldx%lld",
		mac->name, (long long)in[0], (long long)in[1], (long long)in[2]);
}

struct raw_workload {
	const char *kind, *name, *title, *source, *status;
	int64_t batch, iterations, input[3];
	const struct barista_node *layers, *imported;
};

/* Reads where an imported network came from. */
static int read_imported(struct barista_workload *net, const struct barista_doc *doc,
			 const struct barista_node *map, struct barista_err *err)
{
	struct raw {
		const char *format, *file, *sha256, *solver, *solver_sha256, *phase, *incomplete;
	} raw = {0};
	static const struct barista_field fields[] = {
		BARISTA_FIELD("format", STRING, struct raw, format, .required = true),
		BARISTA_FIELD("file", STRING, struct raw, file, .required = true),
		BARISTA_FIELD("sha256", STRING, struct raw, sha256, .required = true),
		BARISTA_FIELD("solver", STRING, struct raw, solver, .required = false),
		BARISTA_FIELD("solver_sha256", STRING, struct raw, solver_sha256,
			      .required = false),
		BARISTA_FIELD("phase", STRING, struct raw, phase, .required = true),
		BARISTA_FIELD("incomplete", STRING, struct raw, incomplete, .required = false),
	};
	int rc = map ? barista_decode(doc, map, fields, sizeof fields / sizeof *fields, &raw, err)
		     : 0;

	net->imported = map != NULL;
	net->incomplete = raw.incomplete;
	return rc;
}

/* Decodes the next entry of `layers`: one more layer, and one more MAC layer when it multiplies. */
static int decode_entry(struct barista_workload *net, const struct barista_doc *doc,
			const struct barista_node *node, struct barista_err *err)
{
	struct barista_layer *layer = &net->layer[net->nlayers];
	struct barista_mac_layer *mac = &net->mac_layer[net->nmac_layers];
	enum barista_layer_type type;
	int rc = barista_layer_type(&type, doc, node, err);

	if (rc || type != BARISTA_LAYER_MAC)
		return rc ? rc : barista_layer_decode(layer, type, doc, node, err);
	if (net->nmac_layers == BARISTA_MAX_MAC_LAYERS)
		return barista_fail_node(err, doc, node, "more than %d layers that multiply",
					 BARISTA_MAX_MAC_LAYERS);
	if ((rc = barista_mac_layer_decode(mac, doc, node, err)) ||
	    (rc = check_reads_input(net, mac, doc, node, err)) ||
	    (rc = barista_layer_of_mac(layer, mac, doc, node, err)))
		return rc;
	layer->mac_layer = net->nmac_layers++;
	return 0;
}

static int decode_entries(struct barista_workload *net, const struct barista_doc *doc,
			  const struct barista_node *list, json_t *names, struct barista_err *err)
{
	for (; net->nlayers < list->n; net->nlayers++) {
		const struct barista_node *node = list->item[net->nlayers];
		int rc = decode_entry(net, doc, node, err);

		if (rc)
			return rc;
		if (json_object_get(names, net->layer[net->nlayers].name))
			return barista_fail_node(err, doc, node, "two layers are named '%.80s'",
						 net->layer[net->nlayers].name);
		if (json_object_set_new(names, net->layer[net->nlayers].name, json_true()))
			return barista_no_memory(err);
	}
	net->macs_only = net->nmac_layers == net->nlayers;
	return net->nmac_layers ? 0
				: barista_fail_node(err, doc, list,
						    "the network has no layers that multiply");
}

static int decode_layers(struct barista_workload *net, const struct barista_doc *doc,
			 const struct barista_node *list, struct barista_err *err)
{
	json_t *names;
	int rc;

	if (!list->n)
		return barista_fail_node(err, doc, list, "the network has no layers");
	if (list->n > BARISTA_MAX_LAYERS)
		return barista_fail_node(err, doc, list, "more than %d layers", BARISTA_MAX_LAYERS);
	net->mac_layer = barista_arena_alloc(net->arena, list->n, sizeof *net->mac_layer);
	net->layer = barista_arena_alloc(net->arena, list->n, sizeof *net->layer);
	names = json_object();
	rc = net->mac_layer && net->layer && names ? decode_entries(net, doc, list, names, err)
						   : barista_no_memory(err);
	json_decref(names);
	/* An importer has followed the network itself. */
	return rc || net->macs_only || net->imported ? rc
						     : barista_shapes_check(net, doc, list, err);
}

int barista_workload_decode(struct barista_workload *net, const struct barista_doc *doc,
			    struct barista_err *err)
{
	static const char *const kinds[] = {"workload", NULL};
	static const char *const statuses[] = {"verified", "unverified", "derived", "assumed",
					       NULL};
	static const struct barista_field fields[] = {
		BARISTA_FIELDS_OF_FILE(struct raw_workload),
		BARISTA_FIELD("source", STRING, struct raw_workload, source, .required = true),
		BARISTA_FIELD("status", STRING, struct raw_workload, status, .required = true),
		BARISTA_FIELD("batch", INT, struct raw_workload, batch, .required = true, .lo = 1,
			      .hi = 1 << 24),
		BARISTA_FIELD("iterations", INT, struct raw_workload, iterations, .lo = 1,
			      .hi = 1 << 24),
		BARISTA_FIELD("imported", MAP, struct raw_workload, imported, .required = false),
		BARISTA_FIELD("input", INTS, struct raw_workload, input, .required = true, .lo = 1,
			      .hi = 1 << 24, .count = 3),
		BARISTA_FIELD("layers", LIST, struct raw_workload, layers, .required = true),
	};
	struct raw_workload raw = {.iterations = 1};
	int rc = barista_catalog_decode(doc, kinds, fields, sizeof fields / sizeof *fields, &raw,
					err);

	if (rc)
		return rc;
	if (!statuses[barista_word_index(statuses, raw.status)])
		return barista_fail_unknown(doc, barista_node_get(doc->root, "status"), "status",
					    statuses, err);
	net->name = raw.name;
	net->title = raw.title;
	net->source = raw.source;
	net->status = raw.status;
	net->batch = raw.batch;
	net->iterations = raw.iterations;
	if ((rc = read_imported(net, doc, raw.imported, err)))
		return rc;
	memcpy(net->input, raw.input, sizeof net->input);
	return decode_layers(net, doc, raw.layers, err);
}

int barista_workload_make(struct barista_workload **out, struct barista_err *err)
{
	struct barista_arena *arena;
	struct barista_workload *net = barista_arena_object(sizeof *net, &arena);

	if (!net)
		return barista_no_memory(err);
	net->arena = arena;
	*out = net;
	return 0;
}

void barista_workload_free(struct barista_workload *net)
{
	if (net)
		barista_arena_free(net->arena);
}
