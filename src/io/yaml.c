/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads YAML by the events of libyaml into a tree of nodes, each with its place in the file. What
 * data files have no need of (anchors, aliases, tags) is refused, and sizes are limited. */
#include "io/yaml.h"

#include "io/file.h"
#include "io/seal.h"

#include <stdarg.h>
#include <string.h>
#include <yaml.h>

enum { MAX_DEPTH = 32, MAX_ITEMS = 1 << 20, MAX_KEYS = 1024 };

struct reader {
	yaml_parser_t parser;
	struct barista_doc *doc;
	struct barista_err *err;
	int depth;
};

static int fail_mark(struct reader *r, yaml_mark_t at, const char *what)
{
	return barista_fail_at(r->err, r->doc->path, r->doc->text, (int)at.line + 1,
			       (int)at.column + 1, "%s", what);
}

/* Returns the place of byte `offset`. libyaml marks the token that it was in, not the byte that it
 * cannot read. */
static yaml_mark_t find_byte(const struct barista_doc *doc, size_t offset)
{
	yaml_mark_t at = {0};

	for (size_t i = 0; i < offset && i < doc->size; i++) {
		bool first = ((unsigned char)doc->text[i] & 0xc0) != 0x80; /* byte of a character */

		at.line += doc->text[i] == '\n';
		at.column = doc->text[i] == '\n' ? 0 : at.column + first;
	}
	return at;
}

static int fail_parse(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;

	if (p->error == YAML_MEMORY_ERROR)
		return barista_no_memory(r->err);
	return fail_mark(r,
			 p->error == YAML_READER_ERROR ? find_byte(r->doc, p->problem_offset)
						       : p->problem_mark,
			 p->problem ? p->problem : "not YAML");
}

/* Returns why an event is refused, or NULL. */
static const char *find_unsupported(const yaml_event_t *event)
{
	const yaml_char_t *anchor = NULL, *tag = NULL;

	if (event->type == YAML_SCALAR_EVENT) {
		anchor = event->data.scalar.anchor;
		tag = event->data.scalar.tag;
	} else if (event->type == YAML_SEQUENCE_START_EVENT) {
		anchor = event->data.sequence_start.anchor;
		tag = event->data.sequence_start.tag;
	} else if (event->type == YAML_MAPPING_START_EVENT) {
		anchor = event->data.mapping_start.anchor;
		tag = event->data.mapping_start.tag;
	}
	if (anchor || event->type == YAML_ALIAS_EVENT)
		return "anchors and aliases are not supported: write the value out";
	return tag ? "tags are not supported: write a plain value" : NULL;
}

/* Takes the next event, which the caller deletes. */
static int next(struct reader *r, yaml_event_t *event)
{
	const char *unsupported;
	yaml_mark_t at;

	if (!yaml_parser_parse(&r->parser, event))
		return fail_parse(r);
	unsupported = find_unsupported(event);
	if (!unsupported)
		return 0;
	at = event->start_mark;
	yaml_event_delete(event);
	return fail_mark(r, at, unsupported);
}

static int read_value(struct reader *r, yaml_event_t *event, struct barista_node **out);

/* Appends to a collection. Its arrays have room for the next power of two of items; those that they
 * grow out of stay in the arena. */
static int append(struct reader *r, struct barista_node *parent, struct barista_node *key,
		  struct barista_node *item)
{
	struct barista_arena *arena = r->doc->arena;
	size_t n = parent->n;

	if (n >= (key ? MAX_KEYS : MAX_ITEMS))
		return barista_fail_node(r->err, r->doc, item, "more than %zu items", n);
	if (!(n & (n - 1))) {
		size_t room = n ? 2 * n : 1;
		struct barista_node **items = barista_arena_alloc(arena, room, sizeof *items);
		struct barista_node **keys = barista_arena_alloc(arena, room, sizeof *keys);

		if (!items || !keys)
			return barista_no_memory(r->err);
		if (n) {
			memcpy(items, parent->item, n * sizeof *items);
			memcpy(keys, parent->key, n * sizeof *keys);
		}
		parent->item = items;
		parent->key = keys;
	}
	parent->key[n] = key;
	parent->item[n] = item;
	parent->n++;
	return 0;
}

static int read_key(struct reader *r, yaml_event_t *event, struct barista_node *map,
		    struct barista_node **key)
{
	int rc = read_value(r, event, key);

	if (rc)
		return rc;
	if ((*key)->kind != BARISTA_SCALAR)
		return barista_fail_node(r->err, r->doc, *key, "a key must be a plain word");
	if (barista_node_get(map, (*key)->text))
		return barista_fail_node(r->err, r->doc, *key, "duplicate key '%.80s'",
					 (*key)->text);
	return 0;
}

static int read_items(struct reader *r, struct barista_node *node)
{
	yaml_event_type_t end =
		node->kind == BARISTA_MAPPING ? YAML_MAPPING_END_EVENT : YAML_SEQUENCE_END_EVENT;
	for (;;) {
		struct barista_node *key = NULL, *item;
		yaml_event_t event;
		int rc = next(r, &event);

		if (rc)
			return rc;
		if (event.type == end) {
			yaml_event_delete(&event);
			return 0;
		}
		if (node->kind == BARISTA_MAPPING) {
			if ((rc = read_key(r, &event, node, &key)) || (rc = next(r, &event)))
				return rc;
		}
		if ((rc = read_value(r, &event, &item)) || (rc = append(r, node, key, item)))
			return rc;
	}
}

static int read_scalar(struct reader *r, const yaml_event_t *event, struct barista_node *node)
{
	node->kind = BARISTA_SCALAR;
	node->text = barista_arena_strdup(r->doc->arena, (char *)event->data.scalar.value);
	if (!node->text)
		return barista_no_memory(r->err);
	if (strlen(node->text) != event->data.scalar.length)
		return barista_fail_node(r->err, r->doc, node, "a NUL character in the text");
	return 0;
}

static int read_collection(struct reader *r, struct barista_node *node)
{
	int rc;

	if (++r->depth > MAX_DEPTH)
		return barista_fail_node(r->err, r->doc, node, "nested deeper than %d levels",
					 MAX_DEPTH);
	rc = read_items(r, node);
	r->depth--;
	return rc;
}

/* Makes a node of the value that the event begins, and deletes the event. */
static int read_value(struct reader *r, yaml_event_t *event, struct barista_node **out)
{
	struct barista_node *node = barista_arena_alloc(r->doc->arena, 1, sizeof *node);
	bool scalar = event->type == YAML_SCALAR_EVENT;
	int rc = 0;

	*out = node;
	if (!node) {
		rc = barista_no_memory(r->err);
	} else {
		node->line = (int)event->start_mark.line + 1;
		node->col = (int)event->start_mark.column + 1;
		node->kind = event->type == YAML_MAPPING_START_EVENT ? BARISTA_MAPPING
								     : BARISTA_SEQUENCE;
		if (scalar)
			rc = read_scalar(r, event, node);
	}
	yaml_event_delete(event);
	return rc || scalar ? rc : read_collection(r, node);
}

/* Reads the one document that there may be. */
static int read_document(struct reader *r)
{
	yaml_event_t event;
	int rc;

	do {
		if ((rc = next(r, &event)))
			return rc;
		if (event.type == YAML_STREAM_END_EVENT) {
			yaml_event_delete(&event);
			return barista_fail(r->err, BARISTA_E_INPUT,
					    "%.900s:1:1: the file is empty", r->doc->path);
		}
		if (event.type == YAML_SCALAR_EVENT || event.type == YAML_SEQUENCE_START_EVENT ||
		    event.type == YAML_MAPPING_START_EVENT)
			break;
		yaml_event_delete(&event);
	} while (true);
	if ((rc = read_value(r, &event, &r->doc->root)))
		return rc;
	if (r->doc->root->kind != BARISTA_MAPPING)
		return barista_fail_node(r->err, r->doc, r->doc->root,
					 "the file must be a mapping of keys to values");
	for (int i = 0; i < 2; i++) { /* the document's end, then the stream's */
		yaml_event_type_t type;
		yaml_mark_t at;

		if ((rc = next(r, &event)))
			return rc;
		type = event.type;
		at = event.start_mark;
		yaml_event_delete(&event);
		if (i == 1 && type != YAML_STREAM_END_EVENT)
			return fail_mark(r, at, "a second document in the file");
	}
	return 0;
}

int barista_doc_parse(struct barista_doc *doc, const char *path, const char *text, size_t size,
		      struct barista_arena *arena, struct barista_err *err)
{
	struct reader r = {.doc = doc, .err = err};
	int rc;

	*doc = (struct barista_doc){.path = path, .text = text, .size = size, .arena = arena};
	if (!yaml_parser_initialize(&r.parser))
		return barista_no_memory(err);
	yaml_parser_set_input_string(&r.parser, (const unsigned char *)text, size);
	rc = read_document(&r);
	yaml_parser_delete(&r.parser);
	return rc;
}

int barista_doc_load(struct barista_doc *doc, const char *path, struct barista_arena *arena,
		     struct barista_err *err)
{
	char *text, *own = barista_arena_strdup(arena, path);
	size_t size;
	int rc;

	if (!own)
		return barista_no_memory(err);
	if ((rc = barista_read_file(path, arena, &text, &size, err)) ||
	    (rc = barista_seal_check(path, text, size, err)))
		return rc;
	return barista_doc_parse(doc, own, text, size, arena, err);
}

struct barista_node *barista_node_get(const struct barista_node *map, const char *key)
{
	for (size_t i = 0; i < map->n; i++)
		if (!strcmp(map->key[i]->text, key))
			return map->item[i];
	return NULL;
}

int barista_fail_node(struct barista_err *err, const struct barista_doc *doc,
		      const struct barista_node *node, const char *fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = barista_vfail_at(err, doc->path, doc->text, node->line, node->col, fmt, ap);
	va_end(ap);
	return rc;
}
