/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file writes a comparison of architectures and boards, in the same terms for all. */
#include "report/compare.h"

#include "model/metric.h"
#include "network/workload.h"
#include "report/columns.h"

#include <math.h>

/* People see a few metrics; a wide table, for machines, has all of them. */
static struct barista_metrics metrics(bool wide)
{
	static const enum barista_metric few[] = {BARISTA_PPW_MEAN, BARISTA_PPW_TOTAL, BARISTA_DSP,
						  BARISTA_BRAM, BARISTA_BOARDS};

	return wide ? BARISTA_ALL_METRICS : (struct barista_metrics){sizeof few / sizeof *few, few};
}

static size_t make_columns(struct barista_column *c, bool wide)
{
	size_t n = 0;

	c[n++] = barista_text_column("family");
	c[n++] = barista_text_column("board");
	c[n++] = barista_text_column("best for");
	c[n++] = barista_real_column("time per image", BARISTA_DIM_SECOND);
	c[n++] = barista_real_column("images/s", BARISTA_DIM_COUNT);
	n += barista_metric_columns(c + n, metrics(wide));
	c[n++] = barista_text_column("binds");
	if (wide) {
		c[n++] = barista_text_column("design");
		c[n++] = barista_text_column("why not");
	}
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
	barista_metric_cells(t, metrics(wide), r->feasible ? r->metric : NULL);
	barista_cell_text(t, r->feasible ? r->binds : "does not fit");
	if (wide) {
		barista_cell_text(t, r->feasible ? r->design : "");
		barista_cell_text(t, r->feasible ? "" : r->why_not);
	}
}

static struct barista_table *make_table(const struct barista_comparison *c, bool wide)
{
	struct barista_column column[8 + BARISTA_NMETRICS];
	struct barista_table *t = barista_table_make(column, make_columns(column, wide));

	for (size_t i = 0; t && i < c->n; i++)
		add_row(t, &c->row[i], wide);
	return t;
}

static json_t *row_json(const struct barista_compared *r)
{
	const double none = (double)NAN;
	json_t *o = json_object();

	barista_json_set_text(o, "family", r->family->name);
	barista_json_set_text(o, "device", r->board);
	barista_json_set_bool(o, "feasible", r->feasible);
	barista_json_set_text(o, "why_not", r->feasible ? NULL : r->why_not);
	barista_json_set_text(o, "best_for", r->feasible ? r->aim : NULL);
	barista_json_set_text(o, "kernel", r->feasible ? r->design : NULL);
	barista_json_set_text(o, "binds", r->feasible ? r->binds : NULL);
	barista_json_set_real(o, "images_per_s", r->feasible ? 1 / r->metric[BARISTA_TIME] : none);
	for (int m = 0; m < BARISTA_NMETRICS; m++)
		barista_json_set_real(o, barista_metric_defs[m].key,
				      r->feasible ? r->metric[m] : none);
	return o;
}

json_t *barista_compare_json(const struct barista_comparison *c)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < c->n; i++)
		barista_json_append(rows, row_json(&c->row[i]));
	return json_pack("{s:s, s:f, s:b, s:o}", "workload", c->net->name, "op_per_image", c->ops,
			 "partial", c->partial, "designs", rows);
}

static void text(struct barista_prose *p, const void *comparison)
{
	const struct barista_comparison *c = comparison;
	char ops[64];

	barista_prose_title(p, c->net->title);
	fprintf(p->f, "%s per %simage; times are per image\n\n",
		barista_prose_quantity(ops, c->ops, BARISTA_DIM_OP),
		c->training ? "training " : "");
	if (c->net->incomplete)
		fprintf(p->f, "INCOMPLETE: %s\n\n", c->net->incomplete);
	if (c->partial)
		fputs("PARTIAL: stopped before all architectures were searched\n\n", p->f);
	barista_prose_table(p, make_table(c, false), false);
	fputc('\n', p->f);
	for (size_t i = 0; i < c->n; i++) {
		const struct barista_compared *r = &c->row[i];

		barista_prose_item(p);
		fprintf(p->f, "%s on %s%s%s: %s\n", r->family->name, r->board,
			r->feasible ? ", best for " : "", r->feasible ? r->aim : "",
			r->feasible ? r->design : r->why_not);
	}
	barista_prose_break(p);
	if (p->style.charts)
		barista_prose_picture(p, "compare");
}

static struct barista_table *table(const void *comparison)
{
	return make_table(comparison, true);
}

static json_t *json(const void *comparison)
{
	return barista_compare_json(comparison);
}

const struct barista_document barista_compare_document = {text, table, json};
