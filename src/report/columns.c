/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several tables have these columns. */
#include "report/columns.h"

#include "model/device.h"
#include "model/metric.h"

#include <math.h>
#include <string.h>

size_t barista_boards_shown(const struct barista_report *r, bool wide)
{
	return wide ? r->nboards : 1;
}

size_t barista_board_column(struct barista_column *c, bool wide)
{
	if (wide)
		c[0] = barista_text_column("board");
	return wide;
}

void barista_board_cell(struct barista_table *t, const struct barista_board *b, bool wide)
{
	if (wide)
		barista_cell_text(t, b->dev->name);
}

void barista_kernel_cell(struct barista_table *t, const struct barista_family *f,
			 const struct barista_point *p, bool wide)
{
	enum { READABLE = 72 };
	char text[BARISTA_POINT_TEXT];

	f->format(p, text, sizeof text);
	if (!wide && strlen(text) > READABLE)
		strcpy(text + READABLE - 3, "...");
	barista_cell_text(t, text);
}

size_t barista_knob_columns(struct barista_column *c, const struct barista_family *f)
{
	for (size_t k = 0; k < f->nknobs; k++)
		c[k] = f->knob[k].categorical
			       ? barista_text_column(f->knob[k].name)
			       : barista_real_column(f->knob[k].name, BARISTA_DIM_COUNT);
	return f->nknobs;
}

void barista_knob_cells(struct barista_table *t, const struct barista_family *f,
			const struct barista_point *p)
{
	char text[64];

	for (size_t k = 0; k < f->nknobs; k++) {
		if (f->knob[k].categorical) {
			f->knob[k].format(p->knob[k], text, sizeof text);
			barista_cell_text(t, text);
		} else {
			barista_cell_real(t, p->knob[k]);
		}
	}
}

static enum barista_metric metric_at(struct barista_metrics metrics, size_t i)
{
	return metrics.metric ? metrics.metric[i] : (enum barista_metric)i;
}

size_t barista_metric_columns(struct barista_column *c, struct barista_metrics metrics)
{
	for (size_t i = 0; i < metrics.n; i++) {
		const struct barista_metric_def *d = &barista_metric_defs[metric_at(metrics, i)];

		c[i] = barista_real_column(d->name, d->dimension);
	}
	return metrics.n;
}

void barista_metric_cells(struct barista_table *t, struct barista_metrics metrics,
			  const double *value)
{
	for (size_t i = 0; i < metrics.n; i++)
		barista_cell_real(t, value ? value[metric_at(metrics, i)] : (double)NAN);
}

size_t barista_routing_columns(struct barista_column *c)
{
	c[0] = barista_real_column("dsp %", BARISTA_DIM_COUNT);
	c[1] = barista_text_column("routing");
	return 2;
}

void barista_routing_cells(struct barista_table *t, const struct barista_device *dev, double dsp)
{
	double share = dsp / dev->param[BARISTA_RES_DSP].value;

	barista_cell_real(t, 100 * share);
	barista_cell_text(t, share > dev->param[BARISTA_FLAG_DSP].value ? "flagged" : "ok");
}
