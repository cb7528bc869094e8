/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NETWORK_LAYERS_H
#define NETWORK_LAYERS_H

#include "io/yaml.h"
#include "network/workload.h"

/* Types of layers that multiply, as enum barista_mac_layer_type counts them; NULL-terminated. */
extern const char *const barista_mac_layer_types[];

/* What an entry of `layers` is, by its type; fails when it has none or an unknown one. */
int barista_layer_type(enum barista_layer_type *type, const struct barista_doc *doc,
		       const struct barista_node *node, struct barista_err *err);

/* An entry that multiplies, and the step that it is (but for its index). */
int barista_mac_layer_decode(struct barista_mac_layer *l, const struct barista_doc *doc,
			     const struct barista_node *node, struct barista_err *err);
int barista_layer_of_mac(struct barista_layer *s, const struct barista_mac_layer *l,
			 const struct barista_doc *doc, const struct barista_node *node,
			 struct barista_err *err);
/* An entry of another type. */
int barista_layer_decode(struct barista_layer *s, enum barista_layer_type type,
			 const struct barista_doc *doc, const struct barista_node *node,
			 struct barista_err *err);

#endif
