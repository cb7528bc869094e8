/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NETWORK_LAYERS_H
#define NETWORK_LAYERS_H

#include "io/yaml.h"
#include "network/workload.h"

/* Names of the types of layers that multiply, by enum barista_mac_layer_type; NULL-terminated. */
extern const char *const barista_mac_layer_types[];

/* Tells by the type of an entry of `layers` what it does. Fails when it is unknown; an entry
 * without one passes for one that multiplies, whose decoder refuses it. */
int barista_layer_type(enum barista_layer_type *type, const struct barista_doc *doc,
		       const struct barista_node *node, struct barista_err *err);

/* Decodes an entry that multiplies. barista_layer_of_mac() makes of it the layer that it also is,
 * but for its index. */
int barista_mac_layer_decode(struct barista_mac_layer *mac, const struct barista_doc *doc,
			     const struct barista_node *node, struct barista_err *err);
int barista_layer_of_mac(struct barista_layer *layer, const struct barista_mac_layer *mac,
			 const struct barista_doc *doc, const struct barista_node *node,
			 struct barista_err *err);

/* Decodes an entry of another type. */
int barista_layer_decode(struct barista_layer *layer, enum barista_layer_type type,
			 const struct barista_doc *doc, const struct barista_node *node,
			 struct barista_err *err);

/* Refuses, at its line, a layer that reads what none above gives, or gives what none below reads.
 * `list` are the entries, and names all layers, also those that do not multiply. */
int barista_shapes_check(const struct barista_workload *net, const struct barista_doc *doc,
			 const struct barista_node *list, struct barista_err *err);

#endif
