/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Architectures and boards side by side, in the same terms. */
#include "report/compare.h"

#include "barista/family.h"
#include "base/err.h"
#include "io/unit.h"
#include "model/metric.h"
#include "network/workload.h"

#include <math.h>

static const enum barista_metric shown[] = {BARISTA_PPW_MEAN, BARISTA_PPW_TOTAL, BARISTA_DSP,
					    BARISTA_BRAM, BARISTA_BOARDS};
enum { NSHOWN = sizeof shown / sizeof *shown };

static size_t make_columns(struct barista_column *c, bool wide)
{
	size_t n = 0;

	c[n++] = (struct barista_column){"family", BARISTA_TEXT, 0};
	c[n++] = (struct barista_column){"board", BARISTA_TEXT, 0};
	c[n++] = (struct barista_column){"best for", BARISTA_TEXT, 0};
	c[n++] = (struct barista_column){"time per image", BARISTA_REAL, BARISTA_DIM_SECOND};
	c[n++] = (struct barista_column){"images/s", BARISTA_REAL, BARISTA_DIM_COUNT};
	for (size_t m = 0; m < (wide ? (size_t)BARISTA_NMETRICS : NSHOWN); m++) {
		const struct barista_metric_def *d =
			&barista_metric_defs[wide ? m : (size_t)shown[m]];

		c[n++] = (struct barista_column){d->name, BARISTA_REAL, d->dimension};
	}
	c[n++] = (struct barista_column){"binds", BARISTA_TEXT, 0};
	if (wide)
		c[n++] = (struct barista_column){"design", BARISTA_TEXT, 0};
	if (wide)
		c[n++] = (struct barista_column){"why not", BARISTA_TEXT, 0};
	return n;
}

static void add_row(struct barista_table *t, const struct barista_compared *r, bool wide)
{
	const double time = r->feasible ? r->metric[BARISTA_TIME] : (double)NAN;

	barista_cell_text(t, r->family->name);
	barista_cell_text(t, r->board);
	barista_cell_text(t, r->feasible ? r->aim : "-");
	barista_cell_real(t, time);
	barista_cell_real(t, 1 / time);
	for (size_t m = 0; m < (wide ? (size_t)BARISTA_NMETRICS : NSHOWN); m++)
		barista_cell_real(t, r->feasible ? r->metric[wide ? m : (size_t)shown[m]]
						 : (double)NAN);
	barista_cell_text(t, r->feasible ? r->binds : "does not fit");
	if (wide)
		barista_cell_text(t, r->feasible ? r->design : "");
	if (wide)
		barista_cell_text(t, r->feasible ? "" : r->why_not);
}

struct barista_table *barista_compare_table(const struct barista_comparison *c, bool wide)
{
	struct barista_column column[8 + BARISTA_NMETRICS];
	struct barista_table *t = barista_table_make(column, make_columns(column, wide));

	for (size_t i = 0; t && i < c->n; i++)
		add_row(t, &c->row[i], wide);
	return t;
}

json_t *barista_compare_json(const struct barista_comparison *c)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < c->n; i++) {
		const struct barista_compared *r = &c->row[i];
		json_t *o = json_object();

		json_object_set_new(o, "family", json_string(r->family->name));
		json_object_set_new(o, "device", json_string(r->board));
		json_object_set_new(o, "feasible", json_boolean(r->feasible));
		json_object_set_new(o, "why_not",
				    r->feasible ? json_null() : json_string(r->why_not));
		json_object_set_new(o, "best_for", r->feasible ? json_string(r->aim) : json_null());
		json_object_set_new(o, "kernel",
				    r->feasible ? json_string(r->design) : json_null());
		json_object_set_new(o, "binds", r->feasible ? json_string(r->binds) : json_null());
		json_object_set_new(
			o, "images_per_s",
			barista_json_real(r->feasible ? 1 / r->metric[BARISTA_TIME] : (double)NAN));
		for (int m = 0; m < BARISTA_NMETRICS; m++)
			json_object_set_new(
				o, barista_metric_defs[m].key,
				barista_json_real(r->feasible ? r->metric[m] : (double)NAN));
		json_array_append_new(rows, o);
	}
	return json_pack("{s:s, s:f, s:o}", "workload", c->net->name, "op_per_image", c->ops,
			 "designs", rows);
}

int barista_compare_print(const struct barista_comparison *c, FILE *f, bool markdown,
			  struct barista_err *err)
{
	struct barista_table *t = barista_compare_table(c, false);
	char ops[64];
	int rc;

	barista_quantity_format(ops, sizeof ops, c->ops, BARISTA_DIM_OP);
	fprintf(f, "%s%s%s\n%s per %simage; times are per image\n\n", markdown ? "# " : "",
		c->net->title, markdown ? "\n" : "", ops, c->training ? "training " : "");
	if (c->net->incomplete)
		fprintf(f, "INCOMPLETE: %s\n\n", c->net->incomplete);
	rc = !t         ? barista_no_memory(err)
	     : markdown ? barista_table_markdown(t, f, err)
			: barista_table_print(t, f, false, err);
	barista_table_free(t);
	fputc('\n', f);
	for (size_t i = 0; i < c->n; i++) {
		const struct barista_compared *r = &c->row[i];

		fprintf(f, "%s%s on %s%s%s: %s\n", markdown ? "- " : "", r->family->name, r->board,
			r->feasible ? ", best for " : "", r->feasible ? r->aim : "",
			r->feasible ? r->design : r->why_not);
	}
	if (markdown)
		fputs("\n![compare](charts/compare.png)\n", f);
	return rc;
}
