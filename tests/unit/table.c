/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables for people, CSV, Markdown and JSON: one content, four forms. */
#include "check.h"

#include "barista/family.h"
#include "io/csv.h"
#include "io/table.h"

static const struct barista_column columns[] = {
	{"name", BARISTA_TEXT, 0},
	{"clock rate", BARISTA_REAL, BARISTA_DIM_HZ},
	{"dsp", BARISTA_REAL, BARISTA_DIM_COUNT},
};

static struct barista_table *make(void)
{
	static const struct {
		const char *name;
		double clock, dsp;
	} rows[] = {
		{"plain", 250e6, 6840},
		{"a,b", 1e9, 0.5},
		{"say \"hi\"", NAN, -1},
		{"two\nlines", 0, 1e15},
		{"b\xc3\xbc|*_<`\\", 1.0 / 3, NAN},
		{"", 1e6, 0},
	};
	struct barista_table *t = barista_table_make(columns, COUNT(columns));

	assert_non_null(t);
	for (size_t i = 0; i < COUNT(rows); i++) {
		barista_cell_text(t, rows[i].name);
		barista_cell_real(t, rows[i].clock);
		barista_cell_real(t, rows[i].dsp);
	}
	return t;
}

/* What a writer writes; the caller frees it. */
static char *written(int (*write)(const struct barista_table *, FILE *, struct barista_err *),
		     const struct barista_table *t)
{
	struct barista_err err;
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	assert_non_null(f);
	CHECK_OK(write(t, f, &err), &err);
	fclose(f);
	return text;
}

static void csv(void **state)
{
	struct barista_table *t = make();
	char *text = written(barista_table_csv, t);

	(void)state;
	assert_string_equal(text,
			    "name,clock_rate_hz,dsp\nplain,250000000,6840\n\"a,b\",1000000000,0.5\n"
			    "\"say \"\"hi\"\"\",,-1\n\"two\nlines\",0,1e+15\n"
			    "b\xc3\xbc|*_<`\\,0.3333333333333333,\n,1000000,0\n");
	free(text);
	barista_table_free(t);
}

static int print(const struct barista_table *t, FILE *f, struct barista_err *err)
{
	return barista_table_print(t, f, false, err);
}

static int print_bold(const struct barista_table *t, FILE *f, struct barista_err *err)
{
	return barista_table_print(t, f, true, err);
}

static void for_people(void **state)
{
	static const struct barista_column two[] = {
		{"board", BARISTA_TEXT, 0},
		{"time", BARISTA_REAL, BARISTA_DIM_SECOND},
	};
	struct barista_table *t = barista_table_make(two, COUNT(two));
	char *text;

	(void)state;
	barista_cell_text(t, "short"), barista_cell_real(t, 3e-3);
	barista_cell_text(t, "b\xc3\xbc"
			     "cher"),
		barista_cell_real(t, 25e-6);
	barista_cell_text(t, "none"), barista_cell_real(t, NAN);
	text = written(print, t);
	/* One prefix per column, right-aligned; UTF-8 counts characters. */
	assert_string_equal(text, "board   time [ms]\nshort           3\nb\xc3\xbc"
				  "cher      0.025\n"
				  "none            -\n");
	free(text);
	text = written(print_bold, t);
	assert_non_null(strstr(text, "\033[1mboard"));
	assert_non_null(strstr(text, "\033[0m"));
	free(text);
	text = written(barista_table_markdown, t);
	assert_string_equal(text, "| board | time [ms] |\n|:---|---:|\n| short | 3 |\n"
				  "| b\xc3\xbc"
				  "cher | 0.025 |\n| none | - |\n");
	free(text);
	barista_table_free(t);
}

static void markdown_escapes(void **state)
{
	struct barista_table *t = make();
	char *text = written(barista_table_markdown, t);

	(void)state;
	assert_non_null(strstr(text, "b\xc3\xbc\\|\\*\\_\\<\\`\\\\"));
	free(text);
	barista_table_free(t);
}

static void json(void **state)
{
	struct barista_table *t = make();
	json_t *rows = barista_table_json(t), *back;
	struct barista_err err;
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);

	(void)state;
	assert_int_equal(json_array_size(rows), 6);
	CHECK_OK(barista_json_print(rows, f, &err), &err);
	fclose(f);
	back = json_loads(text, 0, NULL);
	assert_non_null(back);
	assert_string_equal(json_string_value(json_object_get(json_array_get(back, 2), "name")),
			    "say \"hi\"");
	assert_true(json_is_null(json_object_get(json_array_get(back, 2), "clock_rate_hz")));
	assert_true(json_is_integer(json_object_get(json_array_get(back, 0), "dsp")));
	assert_int_equal(json_integer_value(json_object_get(json_array_get(back, 0), "dsp")), 6840);
	assert_true(json_real_value(json_object_get(json_array_get(back, 4), "clock_rate_hz")) ==
		    1.0 / 3);
	json_decref(back);
	free(text);
	barista_table_free(t);
}

static void json_reals(void **state)
{
	static const struct {
		double x;
		const char *text;
	} rows[] = {
		{0, "0"},
		{-7, "-7"},
		{0.5, "0.5"},
		{NAN, "null"},
		{INFINITY, "null"},
		{-INFINITY, "null"},
		{8999999999999999, "8999999999999999"},
		{1e16, "10000000000000000.0"},
		{8e-9, "8.0000000000000005e-9"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		json_t *value = barista_json_real(rows[i].x);
		char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(17));

		assert_non_null(text);
		CHECK(strtod(text, NULL) == rows[i].x || !strcmp(text, "null"), "%g is %s",
		      rows[i].x, text);
		CHECK(!strcmp(text, rows[i].text), "%g is %s, expected %s", rows[i].x, text,
		      rows[i].text);
		free(text);
		json_decref(value);
	}
}

/* A field is the same in a buffer and in a file, whatever its length. */
static void csv_fields(void **state)
{
	static const struct {
		const char *text, *field, *always;
	} rows[] = {
		{"", "", "\"\""},
		{"plain text", "plain text", "\"plain text\""},
		{"a,b", "\"a,b\"", "\"a,b\""},
		{"\"", "\"\"\"\"", "\"\"\"\""},
		{"a\nb\r", "\"a\nb\r\"", "\"a\nb\r\""},
		{"=1+1", "\"'=1+1\"", "\"'=1+1\""},
		{"-\"", "\"'-\"\"\"", "\"'-\"\"\""},
		{"@a", "\"'@a\"", "\"'@a\""},
		{"-", "-", "\"-\""},
		{"a=b", "a=b", "\"a=b\""},
	};
	char quotes[1001], field[BARISTA_CSV_ROOM(1000) + 1], *text;
	size_t size;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		field[barista_csv_field(field, rows[i].text)] = '\0';
		assert_string_equal(field, rows[i].field);
		for (int always = 0; always < 2; always++) {
			FILE *f = open_memstream(&text, &size);

			barista_csv_put(f, rows[i].text, always);
			fclose(f);
			assert_string_equal(text, always ? rows[i].always : rows[i].field);
			free(text);
		}
	}
	memset(quotes, '"', 1000);
	quotes[1000] = '\0';
	assert_int_equal(barista_csv_field(field, quotes), BARISTA_CSV_ROOM(1000));
	{
		FILE *f = open_memstream(&text, &size);

		barista_csv_put(f, quotes, false);
		fclose(f);
		assert_int_equal(size, BARISTA_CSV_ROOM(1000));
		assert_memory_equal(text, field, size);
		free(text);
	}
}

static void limits(void **state)
{
	struct barista_column many[65];
	struct barista_table *t;
	struct barista_err err;
	char *text;

	(void)state;
	for (size_t i = 0; i < COUNT(many); i++)
		many[i] = columns[0];
	assert_null(barista_table_make(many, 65));
	t = barista_table_make(many, 64);
	assert_non_null(t);
	for (int i = 0; i < 64 * 1000; i++)
		barista_cell_text(t, "x");
	text = written(barista_table_csv, t);
	assert_int_equal(strlen(text), 64 * 5 + 1000 * 128);
	free(text);
	barista_table_free(t);
	barista_table_free(NULL);
	assert_int_equal(barista_json_print(NULL, stdout, &err), BARISTA_E_SYSTEM);
}

int test_table(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(csv),
		cmocka_unit_test(for_people),
		cmocka_unit_test(markdown_escapes),
		cmocka_unit_test(json),
		cmocka_unit_test(json_reals),
		cmocka_unit_test(csv_fields),
		cmocka_unit_test(limits),
	};

	return GROUP(tests);
}
