/* SPDX-License-Identifier: GPL-3.0-or-later */
/* These tables tell which resource to buy next. */
#include "report/columns.h"

#include "barista/family.h"
#include "io/unit.h"
#include "model/device.h"
#include "model/metric.h"
#include "search/rankings.h"
#include "search/what_if.h"

#include <math.h>

bool barista_what_if_wanted(const struct barista_report *r)
{
	return r->board[0].what_if;
}

static void change_cell(struct barista_table *t, const struct barista_what_if_row *row)
{
	char text[32] = "-";

	if (row && !row->feasible)
		snprintf(text, sizeof text, "none fits");
	else if (row)
		snprintf(text, sizeof text,
			 fabs(row->best_change) < 0.0005 ? "%6.1f %%" : "%+6.1f %%",
			 fabs(row->best_change) < 0.0005 ? 0 : 100 * row->best_change);
	barista_cell_text(t, text);
}

static void add_line(struct barista_table *t, const struct barista_board *b,
		     const struct barista_what_if *w)
{
	const struct barista_param_def *def = &barista_param_defs[w->param];
	const struct barista_what_if_row *extreme = barista_what_if_at(w, w->less ? 0.5 : 2);
	char text[BARISTA_POINT_TEXT];

	snprintf(text, sizeof text, "%s%s", def->path, w->less ? " (less is better)" : "");
	barista_cell_text(t, text);
	barista_quantity_format(text, sizeof text, b->dev->param[w->param].value, def->dimension);
	barista_cell_text(t, text);
	change_cell(t, barista_what_if_at(w, 0.5));
	change_cell(t, barista_what_if_at(w, 0.8));
	change_cell(t, barista_what_if_at(w, 1.25));
	change_cell(t, barista_what_if_at(w, 2));
	barista_cell_real(t, round(100 * w->sensitivity) / 100 + 0.0);
	if (extreme && extreme->feasible)
		barista_kernel_cell(t, b->model.family, &extreme->point, false);
	else
		barista_cell_text(t, "-");
}

static struct barista_table *table_for_people(const struct barista_report *r)
{
	enum barista_metric metric = barista_objective_metric(r->objective);
	struct barista_table *t;
	char head[160];

	snprintf(head, sizeof head,
		 "resource; now; %.40s at x0.5; at x0.8; at x1.25; at x2; sensitivity [1]; "
		 "kernel at x2 (x0.5)",
		 barista_metric_defs[metric].name);
	t = barista_table_headed(head);
	for (size_t i = 0; t && i < BARISTA_WHAT_IF_PARAMS && r->board[0].what_if[i].n; i++)
		add_line(t, &r->board[0], &r->board[0].what_if[i]);
	return t;
}

static void add_row(struct barista_table *t, const struct barista_board *b, size_t rank,
		    const struct barista_what_if_row *row)
{
	const struct barista_what_if *w = &b->what_if[rank];
	const struct barista_param_def *def = &barista_param_defs[w->param];

	barista_cell_text(t, b->dev->name);
	barista_cell_text(t, def->path);
	barista_cell_real(t, (double)(rank + 1));
	barista_cell_real(t, row->factor);
	barista_cell_real(t, row->value);
	barista_cell_text(t, barista_dimension_unit(def->dimension));
	barista_cell_text(t, row->feasible ? "yes" : "no");
	if (row->feasible)
		barista_kernel_cell(t, b->model.family, &row->point, true);
	else
		barista_cell_text(t, "");
	barista_cell_real(t, row->best);
	barista_cell_real(t, 100 * row->best_change);
	barista_cell_real(t, row->time);
	barista_cell_real(t, 100 * row->time_change);
	barista_cell_real(t, w->sensitivity);
}

struct barista_table *barista_what_if_table(const struct barista_report *r, bool wide)
{
	const struct barista_metric_def *metric =
		&barista_metric_defs[barista_objective_metric(r->objective)];
	struct barista_table *t;
	char head[240];

	if (!wide)
		return table_for_people(r);
	snprintf(head, sizeof head,
		 "board; path; buy next [1]; factor [1]; value [1]; unit; feasible; kernel; %.40s "
		 "[%s]; change %% [1]; fastest_time [s]; time_change %% [1]; sensitivity [1]",
		 metric->name, metric->unit);
	t = barista_table_headed(head);
	for (size_t b = 0; t && b < r->nboards; b++)
		for (size_t i = 0; i < BARISTA_WHAT_IF_PARAMS; i++)
			for (size_t k = 0; k < r->board[b].what_if[i].n; k++)
				add_row(t, &r->board[b], i, &r->board[b].what_if[i].row[k]);
	return t;
}
