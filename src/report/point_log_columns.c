/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/point_log_columns.h"

#include "model/metric.h"
#include "report/columns.h"

#include <math.h>

static void add_column(struct barista_point_log_columns *columns, struct barista_column column,
		       const char *name, const char *unit, const char *help,
		       enum barista_point_log_type type)
{
	struct barista_point_log_column *c = &columns->column[columns->n++];

	c->name = name;
	c->unit = unit;
	c->help = help;
	c->type = type;
	barista_column_key(c->head, sizeof c->head, &column);
}

void barista_point_log_columns(struct barista_point_log_columns *c,
			       const struct barista_family *family)
{
	*c = (struct barista_point_log_columns){.family = family};
	add_column(c, barista_text_column("board"), "board", "", "name of the board",
		   BARISTA_POINT_LOG_TEXT);
	add_column(c, barista_text_column("kernel"), "kernel", "", family->notation,
		   BARISTA_POINT_LOG_TEXT);
	for (size_t k = 0; k < family->nknobs; k++) {
		const struct barista_knob *knob = &family->knob[k];

		add_column(c, barista_text_column(knob->name), knob->name, knob->unit, knob->help,
			   knob->categorical ? BARISTA_POINT_LOG_TEXT : BARISTA_POINT_LOG_INTEGER);
		c->choice[k].value = (double)NAN;
	}
	for (size_t m = 0; m < BARISTA_NMETRICS; m++) {
		const struct barista_metric_def *d = &barista_metric_defs[m];

		add_column(c, barista_real_column(d->name, d->dimension), d->key, d->unit, d->help,
			   BARISTA_POINT_LOG_REAL);
	}
}

static const char *choice_text(struct barista_point_log_choice *c, const struct barista_knob *knob,
			       double value)
{
	if (c->value != value) {
		knob->format(value, c->text, sizeof c->text);
		c->value = value;
	}
	return c->text;
}

void barista_point_log_fill(struct barista_point_log_row *row, struct barista_point_log_columns *c,
			    const char *board, const struct barista_batch *batch, size_t i)
{
	const struct barista_family *f = c->family;
	union barista_point_log_cell *knobs = row->cell + BARISTA_POINT_LOG_KNOBS,
				     *metric = knobs + f->nknobs;
	struct barista_point point = {.nstages = 0};

	for (size_t k = 0; k < f->nknobs; k++) {
		const struct barista_knob *knob = &f->knob[k];
		double v = batch->knob[k] ? batch->knob[k][i] : knob->default_value;

		point.knob[k] = v;
		if (knob->categorical)
			knobs[k].text = choice_text(&c->choice[k], knob, v);
		else
			knobs[k].real = v;
	}
	f->format(&point, row->kernel, sizeof row->kernel);
	row->cell[BARISTA_POINT_LOG_BOARD].text = board;
	row->cell[BARISTA_POINT_LOG_KERNEL].text = row->kernel;
	for (size_t m = 0; m < BARISTA_NMETRICS; m++)
		metric[m].real = batch->metric[m] ? batch->metric[m][i] : (double)NAN;
}
