/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every diagnostic of the decoder, with its place. */
#include "check.h"

#include "barista/family.h"
#include "io/schema.h"

struct target {
	const char *name;
	int64_t count, pair[2];
	bool flag;
	double rate;
	const struct barista_node *map, *list, *any;
};

static const struct barista_field fields[] = {
	BARISTA_FIELD("name", STRING, struct target, name, .required = true),
	BARISTA_FIELD("count", INT, struct target, count, .lo = 1, .hi = 100),
	BARISTA_FIELD("pair", INTS, struct target, pair, .lo = 0, .hi = 9, .count = 2),
	BARISTA_FIELD("flag", BOOL, struct target, flag, .required = false),
	BARISTA_FIELD("rate", QUANTITY, struct target, rate, .lo = 1e6, .hi = 1e12,
		      .dimension = BARISTA_DIM_BIT_PER_S),
	BARISTA_FIELD("map", MAP, struct target, map, .required = false),
	BARISTA_FIELD("list", LIST, struct target, list, .required = false),
	BARISTA_FIELD("any", ANY, struct target, any, .required = false),
};

static int decode(const char *text, struct target *t, struct barista_arena *arena,
		  struct barista_err *err)
{
	struct barista_doc doc;

	CHECK_OK(barista_doc_parse(&doc, "t.yaml", text, strlen(text), arena, err), err);
	return barista_decode(&doc, doc.root, fields, COUNT(fields), t, err);
}

static void decoded(void **state)
{
	struct barista_arena *arena = barista_arena_make();
	struct target t = {.count = 55, .pair = {5, 6}, .rate = 7};
	struct barista_err err;

	(void)state;
	CHECK_OK(decode("name: 'a b'\ncount: 100\npair: [0, 9]\nflag: true\nrate: 1 Mbit/s\nmap: "
			"{}\n"
			"list: []\nany: [x]\n",
			&t, arena, &err),
		 &err);
	assert_string_equal(t.name, "a b");
	assert_int_equal(t.count, 100);
	assert_int_equal(t.pair[0], 0);
	assert_int_equal(t.pair[1], 9);
	assert_true(t.flag);
	assert_true(t.rate == 1e6);
	assert_int_equal(t.map->kind, BARISTA_MAPPING);
	assert_int_equal(t.list->kind, BARISTA_SEQUENCE);
	assert_int_equal(t.any->n, 1);
	/* Absent and optional: as it was. */
	t = (struct target){.count = 55, .pair = {5, 6}, .rate = 7};
	CHECK_OK(decode("name: x\n", &t, arena, &err), &err);
	assert_int_equal(t.count, 55);
	assert_int_equal(t.pair[1], 6);
	assert_true(t.rate == 7);
	barista_arena_free(arena);
}

static bool at_place(const char *message, const char *place)
{
	char start[40];

	snprintf(start, sizeof start, "t.yaml:%s: ", place);
	return !strncmp(message, start, strlen(start));
}

static const struct {
	const char *text, *place, *message;
} bad[] = {
	{"count: 3\n", "1:1", "missing key 'name'"},
	{"name: x\ncuont: 3\n", "2:1", "unknown key 'cuont', did you mean 'count'"},
	{"name: x\nzzzzzz: 3\n", "2:1", "unknown key 'zzzzzz'"},
	{"name: ''\n", "1:7", "'name' is empty"},
	{"name:\n", "1:6", "'name' is empty"},
	{"name: [x]\n", "1:7", "'name' must be a single value, not a list"},
	{"name: {x: 1}\n", "1:7", "'name' must be a single value, not a mapping"},
	{"name: \"a\\nb\"\n", "1:7", "'name' holds a control character"},
	{"name: \"a\\x7f\"\n", "1:7", "'name' holds a control character"},
	{"name: x\ncount: 0\n", "2:8", "'count' must be from 1 to 100, not 0"},
	{"name: x\ncount: 101\n", "2:8", "'count' must be from 1 to 100, not 101"},
	{"name: x\ncount: -1\n", "2:8", "'count' must be from 1 to 100, not -1"},
	{"name: x\ncount: 1.5\n", "2:8", "'count' must be a whole number"},
	{"name: x\ncount: three\n", "2:8", "'count' must be a whole number"},
	{"name: x\ncount: 99999999999999999999\n", "2:8", "'count' must be a whole number"},
	{"name: x\ncount: .nan\n", "2:8", "'count' must be a whole number"},
	{"name: x\ncount: ~\n", "2:8", "'count' must be a whole number"},
	{"name: x\ncount: []\n", "2:8", "'count' must be a single value, not a list"},
	{"name: x\npair: 3\n", "2:7", "'pair' must be a list, not a single value"},
	{"name: x\npair: [1]\n", "2:7", "'pair' must hold 2 numbers, not 1"},
	{"name: x\npair: [1, 2, 3]\n", "2:7", "'pair' must hold 2 numbers, not 3"},
	{"name: x\npair: [1, 10]\n", "2:11", "'pair' must be from 0 to 9, not 10"},
	{"name: x\npair: [1, a]\n", "2:11", "'pair' must be a whole number"},
	{"name: x\nflag: yes\n", "2:7", "'flag' must be true or false, not 'yes'"},
	{"name: x\nflag: True\n", "2:7", "'flag' must be true or false, not 'True'"},
	{"name: x\nrate: 1000000\n", "2:7",
	 "'rate': '1000000' has no unit, expected e.g. 30 Gbit/s"},
	{"name: x\nrate: 30 GHz\n", "2:7", "'rate': wrong unit 'GHz'"},
	{"name: x\nrate: 1 kbit/s\n", "2:7",
	 "'rate' must be from 1 Mbit/s to 1 Tbit/s, not '1 kbit/s'"},
	{"name: x\nrate: 2 Tbit/s\n", "2:7",
	 "'rate' must be from 1 Mbit/s to 1 Tbit/s, not '2 Tbit/s'"},
	{"name: x\nrate: -30 Gbit/s\n", "2:7", "'rate' must be from"},
	{"name: x\nrate: nan Gbit/s\n", "2:7", "is not a number"},
	{"name: x\nrate: [30 Gbit/s]\n", "2:7", "'rate' must be a single value, not a list"},
	{"name: x\nmap: [1]\n", "2:6", "'map' must be a mapping, not a list"},
	{"name: x\nmap: 1\n", "2:6", "'map' must be a mapping, not a single value"},
	{"name: x\nlist: {a: 1}\n", "2:7", "'list' must be a list, not a mapping"},
};

static void refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct barista_arena *arena = barista_arena_make();
		struct barista_err err = {0, ""};
		struct target t = {0};
		int rc = decode(bad[i].text, &t, arena, &err);

		CHECK(rc == BARISTA_E_INPUT && at_place(err.msg, bad[i].place) &&
			      strstr(err.msg, bad[i].message),
		      "%s gives %d %s", bad[i].text, rc, err.msg);
		CHECK(strchr(err.msg, '^'), "%s: no caret in %s", bad[i].text, err.msg);
		barista_arena_free(arena);
	}
}

static int decode_fact(const char *text, struct barista_quantity *out, struct barista_arena *arena,
		       struct barista_err *err)
{
	const struct barista_node *sources;
	struct barista_doc doc;

	CHECK_OK(barista_doc_parse(&doc, "t.yaml", text, strlen(text), arena, err), err);
	sources = barista_node_get(doc.root, "sources");
	return barista_decode_fact(&doc, barista_node_get(doc.root, "f"), sources, "clock",
				   BARISTA_DIM_HZ, 1e6, 1e10, out, err);
}

#define S "sources: {s: a book}\n"

static void facts(void **state)
{
	static const struct {
		const char *text, *place, *message;
	} rows[] = {
		{S "f: {value: 3 MHz, source: s, status: verified}\n", NULL, NULL},
		{S "f: {note: n, status: assumed, source: s, value: 3 MHz}\n", NULL, NULL},
		{S "f: 3 MHz\n", "2:4", "'clock' must be a mapping, not a single value"},
		{S "f: {}\n", "2:4", "'clock' must have a value, a source and a status"},
		{S "f: {value: 3 MHz, source: s}\n", "2:4", "'clock' must have a value"},
		{S "f: {value: 3 MHz, status: derived}\n", "2:4", "'clock' must have a value"},
		{S "f: {source: s, status: derived}\n", "2:4", "'clock' must have a value"},
		{S "f: {value: 3 MHz, source: t, status: derived}\n", "2:27",
		 "unknown source 't': add it to the file's sources"},
		{S "f: {value: 3 MHz, source: s, status: verifeid}\n", "2:38",
		 "'verifeid', did you mean 'verified'"},
		{S "f: {value: 3 MHz, source: s, status: rumour}\n", "2:38",
		 "'rumour', expected one of: verified, unverified, derived, "
		 "fitted, measured, assumed"},
		{S "f: {valu: 3 MHz, source: s, status: derived}\n", "2:5",
		 "'valu', did you mean 'value'"},
		{S "f: {value: 3 MHz, source: s, status: derived, note: ''}\n", "2:53",
		 "'note' is empty"},
		{S "f: {value: 3, source: s, status: derived}\n", "2:12",
		 "'clock': '3' has no unit"},
		{S "f: {value: 1 kHz, source: s, status: derived}\n", "2:12",
		 "'clock' must be from 1 MHz to 10 GHz"},
		{S "f: {value: [3 MHz], source: s, status: derived}\n", "2:12",
		 "'clock' must be a single value, not a list"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_arena *arena = barista_arena_make();
		struct barista_quantity fact = {.value = -1};
		struct barista_err err = {0, ""};
		int rc = decode_fact(rows[i].text, &fact, arena, &err);

		if (rows[i].message) {
			CHECK(rc && at_place(err.msg, rows[i].place) &&
				      strstr(err.msg, rows[i].message),
			      "%s: %s", rows[i].text, err.msg);
			CHECK(fact.value == -1, "%s: the output is touched on failure",
			      rows[i].text);
		} else {
			CHECK(!rc && fact.value == 3e6 && !strcmp(fact.source, "a book"), "%s: %s",
			      rows[i].text, err.msg);
		}
		barista_arena_free(arena);
	}
}

int test_schema(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(decoded),
		cmocka_unit_test(refused),
		cmocka_unit_test(facts),
	};

	return GROUP(tests);
}
