/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/columns.h"

#include "barista/family.h"
#include "model/device.h"
#include "model/metric.h"
#include "search/search.h"

/* Rows for people; machines get all. */
enum { ROWS = 20 };

bool barista_pareto_wanted(const struct barista_report *r)
{
	return r->board[0].search->front.nmetrics;
}

size_t barista_pareto_shown(const struct barista_front *front)
{
	return front->n < ROWS ? front->n : ROWS;
}

/* Shown row i of the front: they are spread evenly over it, both ends among them. */
static const struct barista_candidate *shown_row(const struct barista_front *front, size_t i)
{
	size_t n = barista_pareto_shown(front);

	return &front->item[n > 1 ? i * (front->n - 1) / (n - 1) : 0];
}

static void add_wide_row(struct barista_table *t, const struct barista_board *b,
			 const struct barista_candidate *c)
{
	const struct barista_quantity *fact = b->dev->param;
	double share = c->metric[BARISTA_DSP] / fact[BARISTA_RES_DSP].value;

	barista_cell_text(t, b->dev->name);
	barista_kernel_cell(t, b->model.family, &c->point, true);
	barista_knob_cells(t, b->model.family, &c->point);
	for (int m = 0; m < BARISTA_NMETRICS; m++)
		barista_cell_real(t, c->metric[m]);
	barista_cell_real(t, 100 * share);
	barista_cell_text(t, share > fact[BARISTA_FLAG_DSP].value ? "flagged" : "ok");
}

static struct barista_table *wide_table(const struct barista_report *r)
{
	struct barista_column c[BARISTA_MAX_COLUMNS];
	size_t n = barista_board_column(c, true);
	struct barista_table *t;

	c[n++] = barista_text_column("kernel");
	n += barista_knob_columns(r->board[0].model.family, c + n);
	for (int m = 0; m < BARISTA_NMETRICS; m++)
		c[n++] = barista_real_column(barista_metric_defs[m].name,
					     barista_metric_defs[m].dimension);
	c[n++] = barista_real_column("dsp %", BARISTA_DIM_COUNT);
	c[n++] = barista_text_column("routing");
	t = barista_table_make(c, n);
	for (size_t b = 0; t && b < r->nboards; b++)
		for (size_t i = 0; i < r->board[b].search->front.n; i++)
			add_wide_row(t, &r->board[b], &r->board[b].search->front.item[i]);
	return t;
}

/* A family that lists its designs promises the best in time and resources, and in mean PPW and
 * resources: of a pipeline that is the same, of others not both at once. */
bool barista_front_proven(const struct barista_board *b)
{
	const struct barista_front *front = &b->search->front;
	bool time = false, mean = false;

	if (b->search->partial)
		return false;
	if (!b->model.family->enumerate || !(b->search->certificate.dominated > 0))
		return true;
	for (size_t m = 0; m < front->nmetrics; m++) {
		switch (front->metric[m]) {
		case BARISTA_PPW_MEAN: mean = !b->model.family->pipelined; break;
		case BARISTA_PPW_TOTAL:
		case BARISTA_TIME:
		case BARISTA_RATE:
		case BARISTA_ENERGY: time = true; break;
		case BARISTA_ROW_BITS:
		case BARISTA_PEAK:
		case BARISTA_TILE_DIVIDES: return false;
		default: break;
		}
	}
	return !(time && mean);
}

struct barista_table *barista_pareto_table(const struct barista_report *r, bool wide)
{
	const struct barista_board *b = &r->board[0];
	const struct barista_front *front = &b->search->front;
	struct barista_column c[1 + BARISTA_NMETRICS] = {{"kernel", BARISTA_TEXT, 0}};
	struct barista_table *t;

	if (wide)
		return wide_table(r);
	for (size_t m = 0; m < front->nmetrics; m++) {
		const struct barista_metric_def *d = &barista_metric_defs[front->metric[m]];

		c[1 + m] = barista_real_column(d->name, d->dimension);
	}
	t = barista_table_make(c, 1 + front->nmetrics);
	for (size_t i = 0; t && i < barista_pareto_shown(front); i++) {
		const struct barista_candidate *k = shown_row(front, i);

		barista_kernel_cell(t, b->model.family, &k->point, false);
		for (size_t m = 0; m < front->nmetrics; m++)
			barista_cell_real(t, k->metric[front->metric[m]]);
	}
	return t;
}
