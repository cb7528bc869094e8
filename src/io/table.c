/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table is filled cell by cell and then written in one of several formats. Its cells lie row by
 * row in one array; their texts in an arena. */
#include "io/table.h"

#include "base/array.h"
#include "base/arena.h"
#include "base/num.h"
#include "io/csv.h"
#include "io/markdown.h"
#include "io/unit.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

union cell {
	const char *text;
	double real;
};

enum { MAX_COLUMNS = 64 };

struct barista_table {
	struct barista_column column[MAX_COLUMNS];
	size_t ncolumns, n, room; /* cells */
	union cell *cell;
	struct barista_arena *arena;
	bool failed;
};

struct barista_table *barista_table_make(const struct barista_column *column, size_t n)
{
	struct barista_table *t = n <= MAX_COLUMNS ? calloc(1, sizeof *t) : NULL;

	if (!t)
		return NULL;
	t->ncolumns = n;
	t->arena = barista_arena_make();
	for (size_t i = 0; t->arena && i < n; i++) {
		t->column[i] = column[i];
		t->column[i].name = barista_arena_strdup(t->arena, column[i].name);
		t->failed |= !t->column[i].name;
	}
	if (t->arena && !t->failed)
		return t;
	barista_table_free(t);
	return NULL;
}

static bool find_dimension(const char *unit, enum barista_dimension *out)
{
	for (int d = 0; d < BARISTA_NDIMS; d++) {
		const char *name = d == BARISTA_DIM_COUNT ? "1"
				   : d == BARISTA_DIM_FRACTION
					   ? "fraction"
					   : barista_dimension_unit((enum barista_dimension)d);

		if (strcmp(name, unit) != 0)
			continue;
		*out = (enum barista_dimension)d;
		return true;
	}
	return false;
}

/* "time [s]"; the name stays in text. */
static bool read_head(char *text, struct barista_column *out)
{
	char *unit = strstr(text, " ["), *end = unit ? strchr(unit, ']') : NULL;
	enum barista_dimension dimension;

	*out = barista_text_column(text);
	if (!end)
		return true;
	*end = *unit = '\0';
	if (!find_dimension(unit + 2, &dimension))
		return false;
	*out = barista_real_column(text, dimension);
	return true;
}

struct barista_table *barista_table_headed(const char *heads)
{
	struct barista_column column[MAX_COLUMNS];
	char text[2048], *at = text;
	size_t n = 0;

	if (strlen(heads) >= sizeof text)
		return NULL;
	strcpy(text, heads);
	while (at && n < MAX_COLUMNS) {
		char *next = strstr(at, "; ");

		if (next) {
			*next = '\0';
			next += 2;
		}
		if (!read_head(at, &column[n++]))
			return NULL;
		at = next;
	}
	return barista_table_make(column, n);
}

void barista_table_free(struct barista_table *t)
{
	if (!t)
		return;
	barista_arena_free(t->arena);
	free(t->cell);
	free(t);
}

static void append(struct barista_table *t, union cell cell)
{
	if (t->failed)
		return;
	if (!barista_array_reserve(&t->cell, &t->room, t->n + 1, sizeof *t->cell)) {
		t->failed = true;
		return;
	}
	t->cell[t->n++] = cell;
}

void barista_cell_text(struct barista_table *t, const char *text)
{
	const char *copy = barista_arena_strdup(t->arena, text);

	if (!copy)
		t->failed = true;
	append(t, (union cell){.text = copy});
}

void barista_cell_real(struct barista_table *t, double value)
{
	append(t, (union cell){.real = value});
}

static int check(const struct barista_table *t, struct barista_err *err)
{
	return t->failed ? barista_no_memory(err) : 0;
}

static size_t width_of(const char *s)
{
	size_t n = 0;

	for (; *s; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80; /* characters of UTF-8 */
	return n;
}

static double largest(const struct barista_table *t, size_t col)
{
	double max = 0;

	for (size_t i = col; i < t->n; i += t->ncolumns)
		if (isfinite(t->cell[i].real) && fabs(t->cell[i].real) > max)
			max = fabs(t->cell[i].real);
	return max;
}

static void head_text(char *buf, size_t size, const struct barista_column *c, char prefix)
{
	const char *unit = barista_dimension_unit(c->dimension);

	if (c->type == BARISTA_REAL && *unit)
		snprintf(buf, size, "%s [%.*s%s]", c->name, prefix != '-', &prefix, unit);
	else
		snprintf(buf, size, "%s", c->name);
}

static void real_text(char *buf, size_t size, double v, char prefix)
{
	double x = barista_prefix_apply(v, prefix);

	if (isnan(v))
		snprintf(buf, size, "-");
	else if (x == floor(x) && fabs(x) < 1e12)
		snprintf(buf, size, "%.0f", x);
	else
		snprintf(buf, size, "%.4g", x);
}

/* Returns cell i as people read it, which may lie in buf. */
static const char *cell_text(const struct barista_table *t, size_t i, const char *prefix, char *buf,
			     size_t size)
{
	size_t c = i % t->ncolumns;

	if (t->column[c].type == BARISTA_TEXT)
		return t->cell[i].text;
	real_text(buf, size, t->cell[i].real, prefix[c]);
	return buf;
}

/* Chooses a prefix for each column of figures: the one that suits its largest. */
static void choose_prefixes(const struct barista_table *t, char *prefix)
{
	for (size_t c = 0; c < t->ncolumns; c++)
		prefix[c] =
			t->column[c].type == BARISTA_REAL
				? *barista_dimension_prefix(t->column[c].dimension, largest(t, c))
				: '-';
}

/* Writes one cell of a line. Blanks are owed until something follows them, so that none end a line.
 */
static void put_cell(FILE *f, const char *s, size_t width, bool left, bool last, size_t *owed)
{
	size_t w = width_of(s), blanks = width > w ? width - w : 0;

	if (!left)
		*owed += blanks;
	if (*s) {
		fprintf(f, "%*s%s", (int)*owed, "", s);
		*owed = 0;
	}
	*owed += left ? blanks + 2 : 2;
	if (last) {
		fputc('\n', f);
		*owed = 0;
	}
}

int barista_table_print(const struct barista_table *t, FILE *f, bool bold, struct barista_err *err)
{
	size_t width[MAX_COLUMNS] = {0}, n = t->ncolumns, owed = 0;
	char prefix[MAX_COLUMNS], buf[128];

	if (check(t, err))
		return err->status;
	choose_prefixes(t, prefix);
	for (size_t c = 0; c < n; c++) {
		head_text(buf, sizeof buf, &t->column[c], prefix[c]);
		width[c] = width_of(buf);
	}
	for (size_t i = 0; i < t->n; i++) {
		size_t w = width_of(cell_text(t, i, prefix, buf, sizeof buf));

		if (w > width[i % n])
			width[i % n] = w;
	}
	if (bold)
		fputs("\033[1m", f);
	for (size_t c = 0; c < n; c++) {
		head_text(buf, sizeof buf, &t->column[c], prefix[c]);
		put_cell(f, buf, width[c], t->column[c].type == BARISTA_TEXT, c + 1 == n, &owed);
	}
	if (bold)
		fputs("\033[0m", f);
	for (size_t i = 0; i < t->n; i++)
		put_cell(f, cell_text(t, i, prefix, buf, sizeof buf), width[i % n],
			 t->column[i % n].type == BARISTA_TEXT, (i + 1) % n == 0, &owed);
	return 0;
}

int barista_table_markdown(const struct barista_table *t, FILE *f, struct barista_err *err)
{
	char prefix[MAX_COLUMNS], buf[128];
	size_t n = t->ncolumns;

	if (check(t, err))
		return err->status;
	choose_prefixes(t, prefix);
	for (size_t c = 0; c < n; c++) {
		head_text(buf, sizeof buf, &t->column[c], prefix[c]);
		fputs("| ", f);
		barista_markdown_cell(f, buf);
		fputs(c + 1 == n ? " |\n" : " ", f);
	}
	for (size_t c = 0; c < n; c++)
		fputs(t->column[c].type == BARISTA_REAL ? "|---:" : "|:---", f);
	fputs("|\n", f);
	for (size_t i = 0; i < t->n; i++) {
		fputs("| ", f);
		barista_markdown_cell(f, cell_text(t, i, prefix, buf, sizeof buf));
		fputs((i + 1) % n ? " " : " |\n", f);
	}
	return 0;
}

/* The key has the letters and digits of the name; '%' becomes percent, and anything else one '_'.
 */
void barista_column_key(char *buf, size_t size, const struct barista_column *c)
{
	const char *suffix = c->type == BARISTA_REAL ? barista_dimension_suffix(c->dimension) : "";
	char name[128];
	size_t n = 0;

	snprintf(name, sizeof name, "%s%s%s", c->name, *suffix ? "_" : "", suffix);
	for (const char *p = name; *p && n + 9 < size; p++) {
		if (isalnum((unsigned char)*p))
			buf[n++] = *p;
		else if (*p == '%')
			n += (size_t)snprintf(buf + n, size - n, "percent");
		else if (n && buf[n - 1] != '_')
			buf[n++] = '_';
	}
	while (n && buf[n - 1] == '_')
		n--;
	buf[n] = '\0';
}

int barista_table_csv(const struct barista_table *t, FILE *f, struct barista_err *err)
{
	size_t n = t->ncolumns;
	char buf[128];

	if (check(t, err))
		return err->status;
	for (size_t c = 0; c < n; c++) {
		barista_column_key(buf, sizeof buf, &t->column[c]);
		barista_csv_put(f, buf, false);
		fputc(c + 1 == n ? '\n' : ',', f);
	}
	for (size_t i = 0; i < t->n; i++) {
		if (t->column[i % n].type == BARISTA_TEXT) {
			barista_csv_put(f, t->cell[i].text, false);
		} else if (!isnan(t->cell[i].real)) {
			barista_format_real(buf, sizeof buf, t->cell[i].real);
			fputs(buf, f);
		}
		fputc((i + 1) % n ? ',' : '\n', f);
	}
	return 0;
}

json_t *barista_table_json(const struct barista_table *t)
{
	json_t *rows = json_array(), *row = NULL;
	size_t n = t->ncolumns;
	char key[128];

	for (size_t i = 0; rows && i < t->n; i++) {
		const struct barista_column *c = &t->column[i % n];

		if (i % n == 0)
			barista_json_append(rows, row = json_object());
		barista_column_key(key, sizeof key, c);
		barista_json_set(row, key,
				 c->type == BARISTA_TEXT ? barista_json_text(t->cell[i].text)
							 : barista_json_real(t->cell[i].real));
	}
	if (t->failed) {
		json_decref(rows);
		return NULL;
	}
	return rows;
}

json_t *barista_table_json_free(struct barista_table *t)
{
	json_t *rows = t ? barista_table_json(t) : NULL;

	barista_table_free(t);
	return rows;
}
