/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_YAML_H
#define IO_YAML_H

#include "base/arena.h"
#include "base/err.h"

enum barista_node_kind { BARISTA_SCALAR, BARISTA_SEQUENCE, BARISTA_MAPPING };

/* A YAML value and its place. Item i of a mapping stands under key i. */
struct barista_node {
	enum barista_node_kind kind;
	const char *text; /* of a scalar */
	size_t n;
	struct barista_node **item; /* of a sequence or mapping */
	struct barista_node **key;  /* of a mapping: scalars */
	int line, col;              /* from 1 */
};

struct barista_doc {
	const char *path, *text;
	size_t size;
	struct barista_arena *arena; /* owns the nodes; the caller's */
	struct barista_node *root;   /* a mapping */
};

/* Reads one YAML document whose root is a mapping into the arena. Anchors, aliases, tags and
 * nesting deeper than 32 are refused, and so is a file whose first line is a checksum of another
 * text (io/seal.h). */
int barista_doc_load(struct barista_doc *doc, const char *path, struct barista_arena *arena,
		     struct barista_err *err);
/* Does the same from memory. text must be NUL-terminated and outlive the document. */
int barista_doc_parse(struct barista_doc *doc, const char *path, const char *text, size_t size,
		      struct barista_arena *arena, struct barista_err *err);

/* Returns the value under a key, or NULL. */
struct barista_node *barista_node_get(const struct barista_node *map, const char *key);

/* Fails with BARISTA_E_INPUT at a node of the document. */
int barista_fail_node(struct barista_err *err, const struct barista_doc *doc,
		      const struct barista_node *node, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

#endif
