/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_TABLE_H
#define IO_TABLE_H

#include "base/err.h"
#include "barista/family.h"

#include "io/json.h"
#include <stdio.h>

enum barista_cell { BARISTA_TEXT, BARISTA_REAL };

/* Real columns have a dimension: their head names the unit, in SI for machines and with
 * one prefix per column for people. */
struct barista_column {
	const char *name;
	enum barista_cell type;
	enum barista_dimension dimension;
};

static inline struct barista_column barista_text_column(const char *name)
{
	return (struct barista_column){name, BARISTA_TEXT, BARISTA_DIM_COUNT};
}

static inline struct barista_column barista_real_column(const char *name,
							enum barista_dimension dimension)
{
	return (struct barista_column){name, BARISTA_REAL, dimension};
}

/* Its name for machines, the head in CSV and the key in JSON: "clock_rate_hz". */
void barista_column_key(char *buf, size_t size, const struct barista_column *column);

struct barista_table;

/* At most 64 columns; copied. NULL when out of memory. */
struct barista_table *barista_table_make(const struct barista_column *column, size_t n);
/* The same from the heads of the columns, "layer; time [s]; GEMMs [1]": text, or a number of this
 * unit as barista_dimension_unit() names it ([1]: a count, [fraction]). NULL also for a unit that
 * there is not. */
struct barista_table *barista_table_headed(const char *heads);
void barista_table_free(struct barista_table *t);

/* Append cells row by row, left to right. NaN is an empty cell. A failure (memory) is
 * remembered and reported by the writers. */
void barista_cell_text(struct barista_table *t, const char *text);
void barista_cell_real(struct barista_table *t, double value);

/* bold: the head is written in bold type. */
int barista_table_print(const struct barista_table *t, FILE *f, bool bold, struct barista_err *err);
int barista_table_csv(const struct barista_table *t, FILE *f, struct barista_err *err);
/* A Markdown table, heads and figures as for people. */
int barista_table_markdown(const struct barista_table *t, FILE *f, struct barista_err *err);
/* An array of objects with the keys of the CSV head; a new reference, NULL without memory. */
json_t *barista_table_json(const struct barista_table *t);
/* The same, and frees the table; NULL for NULL. */
json_t *barista_table_json_free(struct barista_table *t);

#endif
