/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Messages: suggestions, places and carets. */
#include "check.h"

#include "base/err.h"
#include "base/split.h"
#include "base/text.h"

static void suggest(void **state)
{
	static const char *const names[] = {"bandwidth",   "clock",     "int8",
					    "int8-packed", "resources", NULL};
	static const struct {
		const char *word, *hint;
	} rows[] = {
		{"bandwith", ", did you mean 'bandwidth'"},
		{"bandwidth", ", did you mean 'bandwidth'"},
		{"clok", ", did you mean 'clock'"},
		{"int-8", ", did you mean 'int8'"},
		{"res", ", did you mean 'resources'"},
		{"resource", ", did you mean 'resources'"},
		{"x", ""},
		{"", ""},
		{"bus", ""},
		{"temperature", ""},
	};
	char buf[64], word[300];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		barista_suggest_from(buf, sizeof buf, rows[i].word, names);
		CHECK(!strcmp(buf, rows[i].hint), "'%s' gives '%s'", rows[i].word, buf);
	}
	memset(word, 'b', sizeof word - 1);
	word[sizeof word - 1] = '\0';
	barista_suggest_from(buf, sizeof buf, word, names);
	assert_string_equal(buf, "");
	/* A short buffer is filled, not overrun. */
	barista_suggest_from(buf, 8, "clok", names);
	assert_string_equal(buf, ", did y");
}

static void place_and_caret(void **state)
{
	static const char text[] = "a: 1\n\tbad: 2\r\nlast";
	static const struct {
		int line, col;
		const char *message;
	} rows[] = {
		{1, 1, "f.yaml:1:1: no 7\n  a: 1\n  ^"},
		{1, 4, "f.yaml:1:4: no 7\n  a: 1\n     ^"},
		{1, 5, "f.yaml:1:5: no 7\n  a: 1\n      ^"},   /* at the line's end */
		{2, 2, "f.yaml:2:2: no 7\n  \tbad: 2\n  \t^"}, /* a tab stays one */
		{3, 1, "f.yaml:3:1: no 7\n  last\n  ^"},
		{1, 7, "f.yaml:1:7: no 7"},
		{4, 1, "f.yaml:4:1: no 7"},
		{1, 0, "f.yaml:1:0: no 7"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_err err;

		assert_int_equal(barista_fail_at(&err, "f.yaml", text, rows[i].line, rows[i].col,
						 "no %d", 7),
				 BARISTA_E_INPUT);
		assert_int_equal(err.status, BARISTA_E_INPUT);
		assert_string_equal(err.msg, rows[i].message);
	}
}

/* Whatever the lengths, the message stays within its room and ends in a NUL. */
static void long_messages(void **state)
{
	static char path[3000], line[3000];
	struct {
		struct barista_err err;
		char guard[8];
	} e;

	(void)state;
	memset(path, 'p', sizeof path - 1);
	memset(line, 'l', sizeof line - 1);
	memset(e.guard, 0x5a, sizeof e.guard);
	for (int col = 1; col < 2900; col += 3) {
		barista_fail_at(&e.err, path, line, 1, col, "%s", path);
		assert_true(strlen(e.err.msg) < sizeof e.err.msg);
		/* The caret stands under the column, or there is none. */
		if (col <= 160)
			assert_int_equal(strchr(strrchr(e.err.msg, '\n'), '^') -
						 strrchr(e.err.msg, '\n') - 3,
					 col - 1);
		else
			assert_null(strchr(e.err.msg, '^'));
	}
	barista_fail(&e.err, BARISTA_E_SYSTEM, "%s", path);
	assert_int_equal(strlen(e.err.msg), sizeof e.err.msg - 1);
	barista_err_context(&e.err, line);
	assert_true(strlen(e.err.msg) < sizeof e.err.msg);
	for (size_t i = 0; i < sizeof e.guard; i++)
		assert_int_equal(e.guard[i], 0x5a);
}

static void context(void **state)
{
	struct barista_err err;

	(void)state;
	assert_int_equal(barista_fail(&err, BARISTA_E_ARGUMENT, "unknown '%s'", "x"),
			 BARISTA_E_ARGUMENT);
	barista_err_context(&err, "device.yaml");
	assert_string_equal(err.msg, "device.yaml: unknown 'x'");
	assert_int_equal(err.status, BARISTA_E_ARGUMENT);
	assert_int_equal(barista_no_memory(&err), BARISTA_E_SYSTEM);
	assert_string_equal(err.msg, "out of memory");
}

/* The items of a list, and the length that a short buffer hides. */
static void split(void **state)
{
	static const struct {
		const char *list, *items; /* with a bar behind each */
	} rows[] = {
		{"a", "a|"},       {"a,bc,d", "a|bc|d|"}, {"", "|"},         {",", "||"},
		{"a,,b", "a||b|"}, {"a,", "a||"},         {"=a=b", "=a=b|"},
	};
	const char *rest = "abcdefgh,x";
	char item[8], all[64];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		all[0] = '\0';
		for (const char *left = rows[i].list; left;) {
			size_t n = barista_split_next(&left, item, sizeof item);

			assert_int_equal(n, strlen(item));
			strcat(strcat(all, item), "|");
		}
		assert_string_equal(all, rows[i].items);
	}
	assert_int_equal(barista_split_next(&rest, item, sizeof item), 8);
	assert_string_equal(item, "abcdefg");
	assert_int_equal(barista_split_next(&rest, item, sizeof item), 1);
	assert_string_equal(item, "x");
	assert_null(rest);
}

int test_text(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(suggest),       cmocka_unit_test(place_and_caret),
		cmocka_unit_test(long_messages), cmocka_unit_test(context),
		cmocka_unit_test(split),
	};

	return GROUP(tests);
}
