/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "check.h"

#include "io/file.h"
#include "io/yaml.h"

static int parse(struct barista_doc *doc, const char *text, size_t size,
		 struct barista_arena **arena, struct barista_err *err)
{
	*arena = barista_arena_make();
	assert_non_null(*arena);
	return barista_doc_parse(doc, "t.yaml", text, size, *arena, err);
}

static void places(void **state)
{
	static const char text[] = "# c\na: 1\nlist: [x, 'y z', \"\"]\nmap:\n  k:  {in: v}\n";
	struct barista_node *list, *map;
	struct barista_arena *arena;
	struct barista_doc doc;
	struct barista_err err;

	(void)state;
	CHECK_OK(parse(&doc, text, strlen(text), &arena, &err), &err);
	assert_int_equal(doc.root->n, 3);
	assert_string_equal(barista_node_get(doc.root, "a")->text, "1");
	list = barista_node_get(doc.root, "list");
	assert_int_equal(list->kind, BARISTA_SEQUENCE);
	assert_int_equal(list->n, 3);
	assert_string_equal(list->item[1]->text, "y z");
	assert_string_equal(list->item[2]->text, "");
	assert_int_equal(list->item[1]->line, 3);
	assert_int_equal(list->item[1]->col, 11);
	map = barista_node_get(barista_node_get(doc.root, "map"), "k");
	assert_int_equal(map->kind, BARISTA_MAPPING);
	assert_int_equal(map->line, 5);
	assert_int_equal(map->col, 7);
	assert_string_equal(map->key[0]->text, "in");
	assert_null(barista_node_get(doc.root, "b"));
	barista_arena_free(arena);
}

static void refused(void **state)
{
	static const struct {
		const char *text, *place, *message;
	} rows[] = {
		{"a: 1\nb: 2\na: 3\n", "3:1", "duplicate key 'a'"},
		{"a: {x: 1, x: 2}\n", "1:11", "duplicate key 'x'"},
		{"a: &anchor 1\n", "1:4", "anchors and aliases are not supported"},
		{"a: 1\nb: *a\n", "2:4", "anchors and aliases are not supported"},
		{"a: &m {x: 1}\n", "1:4", "anchors and aliases are not supported"},
		{"a: &m [1]\n", "1:4", "anchors and aliases are not supported"},
		{"&k a: 1\n", "1:1", "anchors and aliases are not supported"},
		{"a: !!str 1\n", "1:4", "tags are not supported"},
		{"a: !x [1]\n", "1:4", "tags are not supported"},
		{"!!map\na: 1\n", "1:1", "tags are not supported"},
		{"a: ! 1\n", "1:4", "tags are not supported"},
		{"a: 1\n---\nb: 2\n", "2:1", "a second document in the file"},
		{"a: 1\n...\n---\n", "3:1", "a second document in the file"},
		{"", "1:1", "the file is empty"},
		{"# only a comment\n", "1:1", "the file is empty"},
		{"---\n", "2:1", "must be a mapping of keys to values"},
		{"text\n", "1:1", "must be a mapping of keys to values"},
		{"- 1\n- 2\n", "1:1", "must be a mapping of keys to values"},
		{"[a]: 1\n", "1:1", "a key must be a plain word"},
		{"? {a: 1}\n: 1\n", "1:3", "a key must be a plain word"},
		{"a: [1\n", "2:1", "did not find expected ',' or ']'"},
		{"a: 'x\n", "2:1", "unexpected end of stream"},
		{"a: b: c\n", "1:5", "mapping values are not allowed"},
		{"a: 1\n\tb: 2\n", "2:1", ""},
		{"a: \"\\0\"\n", "1:4", "a NUL character in the text"},
		{"\"a\\0b\": 1\n", "1:1", "a NUL character in the text"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_arena *arena;
		struct barista_doc doc;
		struct barista_err err = {0, ""};
		char place[40];
		int rc = parse(&doc, rows[i].text, strlen(rows[i].text), &arena, &err);

		snprintf(place, sizeof place, "t.yaml:%s: ", rows[i].place);
		CHECK(rc == BARISTA_E_INPUT && !strncmp(err.msg, place, strlen(place)) &&
			      strstr(err.msg, rows[i].message),
		      "row %zu, %s: %d %s", i, rows[i].place, rc, err.msg);
		barista_arena_free(arena);
	}
}

/* Bytes that no string literal can show. */
static void refused_bytes(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
		const char *message;
	} rows[] = {
		{"a: x\0y\n", 7, "control characters are not allowed"},
		{"a: \x01\n", 5, "control characters are not allowed"},
		{"a: \xff\n", 5, "invalid leading UTF-8 octet"},
		{"a: \xc3", 4, "incomplete UTF-8 octet sequence"},
		{"\xff\xfe"
		 "a",
		 3, "incomplete UTF-16 character"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_arena *arena;
		struct barista_doc doc;
		struct barista_err err = {0, ""};
		int rc = parse(&doc, rows[i].bytes, rows[i].size, &arena, &err);

		CHECK(rc == BARISTA_E_INPUT && strstr(err.msg, rows[i].message), "row %zu: %d %s",
		      i, rc, err.msg);
		barista_arena_free(arena);
	}
}

/* UTF-16 is YAML too. */
static void utf16(void **state)
{
	static const char text[] = "\xff\xfe"
				   "a\0:\0 \0001\0\n\0";
	struct barista_arena *arena;
	struct barista_doc doc;
	struct barista_err err;

	(void)state;
	CHECK_OK(parse(&doc, text, sizeof text - 1, &arena, &err), &err);
	assert_string_equal(barista_node_get(doc.root, "a")->text, "1");
	barista_arena_free(arena);
}

static void nesting(void **state)
{
	(void)state;
	for (size_t depth = 1; depth < 2000; depth += depth < 40 ? 1 : 650) {
		char *text = calloc(1, 2 * depth + 16);
		struct barista_arena *arena;
		struct barista_doc doc;
		struct barista_err err = {0, ""};
		bool ok;

		assert_non_null(text);
		strcpy(text, "a: ");
		memset(text + 3, '[', depth);
		memset(text + 3 + depth, ']', depth);
		ok = !parse(&doc, text, strlen(text), &arena, &err);
		CHECK(ok == (depth + 1 <= 32), "%zu brackets: %s", depth, err.msg);
		CHECK(ok || strstr(err.msg, "t.yaml:1:35: nested deeper than 32 levels"), "%s",
		      err.msg);
		barista_arena_free(arena);
		free(text);
	}
}

static void many_keys(void **state)
{
	(void)state;
	for (int keys = 1023; keys <= 1025; keys++) {
		char *text = malloc(20 * 1025), *p = text;
		struct barista_arena *arena;
		struct barista_doc doc;
		struct barista_err err = {0, ""};
		int rc;

		assert_non_null(text);
		for (int i = 0; i < keys; i++)
			p += sprintf(p, "key%d: %d\n", i, i);
		rc = parse(&doc, text, (size_t)(p - text), &arena, &err);
		CHECK(!rc == (keys <= 1024), "%d keys: %s", keys, err.msg);
		if (rc)
			assert_non_null(strstr(err.msg, "t.yaml:1025:10: more than 1024 items"));
		else
			assert_string_equal(barista_node_get(doc.root, "key1000")->text, "1000");
		barista_arena_free(arena);
		free(text);
	}
}

int test_yaml(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(places),        cmocka_unit_test(refused),
		cmocka_unit_test(refused_bytes), cmocka_unit_test(utf16),
		cmocka_unit_test(nesting),       cmocka_unit_test(many_keys),
	};

	return GROUP(tests);
}
