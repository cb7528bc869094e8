/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text format of protocol buffers, read without a schema. */
#include "check.h"

#include "import/caffe/prototext.h"

static int parse(struct barista_proto *root, const char *text, size_t size,
		 struct barista_arena **arena, struct barista_err *err)
{
	static struct barista_proto_text src;

	*arena = barista_arena_make();
	assert_non_null(*arena);
	src = (struct barista_proto_text){"t.prototxt", text};
	return barista_proto_parse(root, &src, size, *arena, err);
}

/* name=word name="text" name{...}, one space between; bytes that do not print as <7f>. */
static void dump(char *to, size_t size, const struct barista_proto *message)
{
	for (const struct barista_proto *f = message->first; f; f = f->next) {
		size_t n = strlen(to);

		n += (size_t)snprintf(to + n, size - n, "%s%s%s", n && to[n - 1] != '{' ? " " : "",
				      f->name,
				      f->kind == BARISTA_PROTO_MESSAGE  ? "{"
				      : f->kind == BARISTA_PROTO_STRING ? "=\""
									: "=");
		if (f->kind == BARISTA_PROTO_MESSAGE)
			dump(to, size, f);
		for (size_t i = 0; f->kind != BARISTA_PROTO_MESSAGE && i < f->length; i++) {
			unsigned char c = (unsigned char)f->text[i];

			n += (size_t)snprintf(to + n, size - n,
					      c < 0x20 || c > 0x7e ? "<%02x>" : "%c", c);
		}
		n = strlen(to);
		snprintf(to + n, size - n, "%s",
			 f->kind == BARISTA_PROTO_MESSAGE  ? "}"
			 : f->kind == BARISTA_PROTO_STRING ? "\""
							   : "");
	}
}

static void trees(void **state)
{
	static const struct {
		const char *text, *tree;
	} rows[] = {
		{"", ""},
		{" \t\r\n\f\v# only a comment", ""},
		{"a: 1", "a=1"},
		{"a:1 b:2", "a=1 b=2"},
		{"a: 1; b: 2, c: 3", "a=1 b=2 c=3"},
		{"a: 1 # why\n# and\nb: 2#", "a=1 b=2"},
		{"a: -1 b: - 2 c: -inf d: -\n 3", "a=-1 b=-2 c=-inf d=-3"},
		{"a: 1.5f b: 1e-3 c: 1E+5f d: .5 e: 5. f: 0x1F g: 017",
		 "a=1.5f b=1e-3 c=1E+5f d=.5 e=5. f=0x1F g=017"},
		{"a: nan b: inf c: MAX d: true", "a=nan b=inf c=MAX d=true"},
		{"a { b: 1 }", "a{b=1}"},
		{"a: { b: 1 }", "a{b=1}"},
		{"a < b: 1 >", "a{b=1}"},
		{"a: < b < > c { } >", "a{b{} c{}}"},
		{"a{b{c:1}}d:2", "a{b{c=1}} d=2"},
		{"a { b: 1 }; c < d: 2 >, e: 3", "a{b=1} c{d=2} e=3"},
		{"a: [1, 2,3]", "a=1 a=2 a=3"},
		{"a: []", ""},
		{"a: [ ] b: 1", "b=1"},
		{"a [ { b: 1 }, < b: 2 > ]", "a{b=1} a{b=2}"},
		{"a: [ \"x\" 'y', \"z\" ]", "a=\"xy\" a=\"z\""},
		{"a: \"x\" b: 'y'", "a=\"x\" b=\"y\""},
		{"a: \"it's\" b: 'say \"hi\"'", "a=\"it's\" b=\"say \"hi\"\""},
		{"a: \"x\" \"y\"\n 'z' # on\n \"!\" b: 1", "a=\"xyz!\" b=1"},
		{"a: \"\"", "a=\"\""},
		{"a: \"\\n\\t\\\\\\\"\\'\\?\\a\\b\\f\\r\\v\"",
		 "a=\"<0a><09>\\\"'?<07><08><0c><0d><0b>\""},
		{"a: \"\\101\\1012\\0\\x41\\x4g\\X4a\"", "a=\"AA2<00>A<04>gJ\""},
		{"a: \"\\u0041\\u00e9\\u20ac\\U0001F600\"",
		 "a=\"A<c3><a9><e2><82><ac><f0><9f><98><80>\""},
		{"a: \"\xc3\xa9\"", "a=\"<c3><a9>\""},
		{"[a.b.c]: 1 [d.e/f.g] { h: 2 }", "[a.b.c]=1 [d.e/f.g]{h=2}"},
		{"a_1: 1 A: 2 _: 3", "a_1=1 A=2 _=3"},
		{"a: 1 a: 2", "a=1 a=2"},
		{"\xef\xbb\xbf"
		 "a: 1\r\nb {\r\n}\r\n",
		 "a=1 b{}"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_err err = {0, ""};
		struct barista_arena *arena;
		struct barista_proto root;
		char tree[400] = "";

		CHECK_OK(parse(&root, rows[i].text, strlen(rows[i].text), &arena, &err), &err);
		dump(tree, sizeof tree, &root);
		CHECK(!strcmp(tree, rows[i].tree), "row %zu '%s': %s", i, rows[i].text, tree);
		barista_arena_free(arena);
	}
}

static void places(void **state)
{
	static const char text[] = "a: 1\n  b {\n\tc: \"\xc3\xa9\" d: [ 7,\n 8 ] }\n";
	struct barista_proto root, *b, *d;
	struct barista_arena *arena;
	struct barista_err err;

	(void)state;
	CHECK_OK(parse(&root, text, strlen(text), &arena, &err), &err);
	b = barista_proto_find(root.first, "b");
	assert_int_equal(b->line, 2);
	assert_int_equal(b->col, 3);
	assert_int_equal(b->value_col, 5);
	d = barista_proto_find(b->first, "d");
	assert_int_equal(d->line, 3);
	assert_int_equal(d->col, 9); /* a character of two bytes is one column */
	d = barista_proto_find(d->next, "d");
	assert_int_equal(d->col, 9);
	assert_int_equal(d->value_line, 4);
	assert_int_equal(d->value_col, 2);
	assert_null(barista_proto_find(d->next, "d"));
	barista_arena_free(arena);
}

static void refused(void **state)
{
	static const struct {
		const char *text, *message;
	} rows[] = {
		{"a", "1:2: the file ends where ':' or '{' is expected"},
		{"a 1", "1:3: expected ':' or '{', found '1'"},
		{"a \"x\"", "1:3: expected ':' or '{', found '\"'"},
		{"a:", "1:3: the file ends where a value is expected"},
		{"a: -", "1:5: the file ends where a value is expected"},
		{"a: }", "1:4: expected a value, found '}'"},
		{"a: $b", "1:4: expected a value, found '$': is this a template"},
		{"a: 1\n{{ b }}",
		 "2:1: expected the name of a field, found '{': is this a template"},
		{"a: %d", "1:4: expected a value, found '%': is this a template"},
		{"}", "1:1: expected the name of a field, found '}'"},
		{"a { b: 1", "1:1: the file ends inside 'a', which has no '}'"},
		{"a {\n b < c: 1\n", "2:2: the file ends inside 'b', which has no '>'"},
		{"a { b: 1 >", "1:10: expected the name of a field, found '>'"},
		{"a < b: 1 }", "1:10: expected the name of a field, found '}'"},
		{"a: \"x", "1:6: the string is not closed on its line"},
		{"a: \"x\n\"", "1:6: the string is not closed on its line"},
		{"a: 'x\"", "1:7: the string is not closed on its line"},
		{"a: \"x\\", "1:7: an unknown escape in a string"},
		{"a: \"\\q\"", "1:6: an unknown escape in a string"},
		{"a: \"\\8\"", "1:6: an unknown escape in a string"},
		{"a: \"\\x\"", "1:7: \\x needs hexadecimal digits"},
		{"a: \"\\400\"", "1:9: an octal escape above \\377"},
		{"a: \"\\u12\"", "1:9: \\u needs 4 hexadecimal digits"},
		{"a: \"\\U00110000\"", "1:15: \\u needs 4 hexadecimal digits, \\U 8, up to 10ffff"},
		{"a: [1 2]", "1:7: expected ',' or ']', found '2'"},
		{"a: [1,", "1:7: the file ends where a value is expected"},
		{"a: [1", "1:6: the file ends where ',' or ']' is expected"},
		{"a: [[1]]", "1:5: expected a value, found '['"},
		{"a [1]", "1:4: expected ':' or '{', found '1'"},
		{"[a.b: 1", "1:8: the file ends where ']' is expected"},
		{"[a\n]: 1", "1:3: expected ']', found byte 0x0a"},
		{"1a: 1", "1:3: a field cannot begin with a digit"},
		{"a: 1;; b: 2", "1:6: expected the name of a field, found ';'"},
		{"a: \x01", "1:4: expected a value, found byte 0x01"},
		{"a: 1 \xff", "1:6: expected the name of a field, found byte 0xff"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_err err = {0, ""};
		struct barista_arena *arena;
		struct barista_proto root;
		char message[200];
		int rc = parse(&root, rows[i].text, strlen(rows[i].text), &arena, &err);

		snprintf(message, sizeof message, "t.prototxt:%s", rows[i].message);
		CHECK(rc == BARISTA_E_INPUT && !strncmp(err.msg, message, strlen(message)),
		      "row %zu '%s': %d %s", i, rows[i].text, rc, err.msg);
		barista_arena_free(arena);
	}
}

static void zero_bytes(void **state)
{
	static const char text[] = "a: \"x\0y\" b: \"z\\0\"";
	struct barista_proto root, *f;
	struct barista_arena *arena;
	struct barista_err err;
	const char *string;

	(void)state;
	CHECK_OK(parse(&root, text, sizeof text - 1, &arena, &err), &err);
	f = root.first;
	assert_int_equal(f->length, 3);
	assert_memory_equal(f->text, "x\0y", 4);
	for (; f; f = f->next) {
		CHECK(barista_proto_string_value(&(struct barista_proto_text){"t", text}, f,
						 &string, &err) == BARISTA_E_INPUT &&
			      strstr(err.msg, "holds a zero byte"),
		      "%s", err.msg);
	}
	barista_arena_free(arena);
	CHECK(parse(&root, "a: 1\0", 5, &arena, &err) == BARISTA_E_INPUT,
	      "a zero byte is no space");
	assert_non_null(strstr(err.msg, "1:5: expected the name of a field, found byte 0x00"));
	barista_arena_free(arena);
}

static void nesting(void **state)
{
	(void)state;
	for (size_t depth = 99; depth <= 102; depth++) {
		struct barista_err err = {0, ""};
		struct barista_arena *arena;
		struct barista_proto root;
		char text[400] = "";

		for (size_t i = 0; i < depth; i++)
			strcpy(text + 2 * i, i % 2 ? "a<" : "a{");
		for (size_t i = depth; i-- > 0;)
			strcat(text, i % 2 ? ">" : "}");
		CHECK(!parse(&root, text, strlen(text), &arena, &err) == (depth <= 100), "%zu: %s",
		      depth, err.msg);
		CHECK(depth <= 100 ||
			      strstr(err.msg,
				     "t.prototxt:1:202: messages are nested more than 100 deep"),
		      "%s", err.msg);
		barista_arena_free(arena);
	}
}

/* Numbers and truths, as protocol buffers read them. */
static void values(void **state)
{
	static const struct {
		const char *text;
		bool is_int;
		int64_t i;
		bool is_real;
		double r;
		bool is_bool, b;
	} rows[] = {
		{"0", true, 0, true, 0, true, false},
		{"1", true, 1, true, 1, true, true},
		{"-7", true, -7, true, -7, false, false},
		{"017", true, 15, true, 17, false, false},
		{"0x1f", true, 31, false, 0, false, false},
		{"08", false, 0, true, 8, false, false},
		{"1.5", false, 0, true, 1.5, false, false},
		{"1.5f", false, 0, true, 1.5, false, false},
		{"2e1", false, 0, true, 20, false, false},
		{"2.f", false, 0, true, 2, false, false},
		{"true", false, 0, false, 0, true, true},
		{"False", false, 0, false, 0, true, false},
		{"t", false, 0, false, 0, true, true},
		{"f", false, 0, false, 0, true, false},
		{"yes", false, 0, false, 0, false, false},
		{"1e", false, 0, false, 0, false, false},
		{"999999999999", true, 999999999999, true, 999999999999, false, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct barista_proto_text text = {"t", "a"};
		const struct barista_proto f = {.name = "a",
						.kind = BARISTA_PROTO_WORD,
						.text = rows[i].text,
						.length = strlen(rows[i].text),
						.line = 1,
						.col = 1,
						.value_line = 1,
						.value_col = 1};
		struct barista_err err;
		int64_t whole = 0;
		double real = 0;
		bool truth = false;

		CHECK(!barista_proto_int_value(&text, &f, INT32_MIN, INT64_MAX / 2, &whole, &err) ==
			      rows[i].is_int,
		      "%s", f.text);
		CHECK(!barista_proto_real_value(&text, &f, &real, &err) == rows[i].is_real, "%s",
		      f.text);
		CHECK(!barista_proto_bool_value(&text, &f, &truth, &err) == rows[i].is_bool, "%s",
		      f.text);
		CHECK(whole == rows[i].i && near(real, rows[i].r, 1e-15) && truth == rows[i].b,
		      "%s: %lld %g", f.text, (long long)whole, real);
	}
}

int test_prototext(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(trees),      cmocka_unit_test(places),  cmocka_unit_test(refused),
		cmocka_unit_test(zero_bytes), cmocka_unit_test(nesting), cmocka_unit_test(values),
	};

	return GROUP(tests);
}
