/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file makes the table of the Pareto front, and tells what the front stands for. */
#include "report/columns.h"

#include "barista/family.h"
#include "model/device.h"
#include "model/metric.h"
#include "search/search.h"

/* People are shown this many rows, as a front may have thousands. */
enum { ROWS = 20 };

bool barista_pareto_wanted(const struct barista_report *r)
{
	return r->board[0].search->front.nmetrics;
}

size_t barista_pareto_shown(const struct barista_front *front)
{
	return front->n < ROWS ? front->n : ROWS;
}

/* Returns row i of those that are shown, which lie evenly along the front, both ends among them. */
static const struct barista_candidate *shown_row(const struct barista_front *front, size_t i)
{
	size_t n = barista_pareto_shown(front);

	return &front->item[n > 1 ? i * (front->n - 1) / (n - 1) : 0];
}

static void add_wide_row(struct barista_table *t, const struct barista_board *b,
			 const struct barista_candidate *c)
{
	barista_board_cell(t, b, true);
	barista_kernel_cell(t, b->model.family, &c->point, true);
	barista_knob_cells(t, b->model.family, &c->point);
	barista_metric_cells(t, BARISTA_ALL_METRICS, c->metric);
	barista_routing_cells(t, b->dev, c->metric[BARISTA_DSP]);
}

static struct barista_table *wide_table(const struct barista_report *r)
{
	struct barista_column c[BARISTA_MAX_COLUMNS];
	size_t n = barista_board_column(c, true);
	struct barista_table *t;

	c[n++] = barista_text_column("kernel");
	n += barista_knob_columns(c + n, r->board[0].model.family);
	n += barista_metric_columns(c + n, BARISTA_ALL_METRICS);
	n += barista_routing_columns(c + n);
	t = barista_table_make(c, n);
	for (size_t b = 0; t && b < r->nboards; b++)
		for (size_t i = 0; i < r->board[b].search->front.n; i++)
			add_wide_row(t, &r->board[b], &r->board[b].search->front.item[i]);
	return t;
}

/* A family that lists its designs promises the best in time and resources, and in mean PPW and
 * resources. In a pipeline these two are the same; elsewhere a front of both at once is not
 * proven. */
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
		case BARISTA_POWER:
		case BARISTA_DSP:
		case BARISTA_BRAM:
		case BARISTA_LUT:
		case BARISTA_FF:
		case BARISTA_BOARDS: break;
		default: return false;
		}
	}
	return !(time && mean);
}

struct barista_table *barista_pareto_table(const struct barista_report *r, bool wide)
{
	const struct barista_board *b = &r->board[0];
	const struct barista_front *front = &b->search->front;
	const struct barista_metrics metrics = {front->nmetrics, front->metric};
	struct barista_column c[1 + BARISTA_NMETRICS] = {barista_text_column("kernel")};
	struct barista_table *t;

	if (wide)
		return wide_table(r);
	t = barista_table_make(c, 1 + barista_metric_columns(c + 1, metrics));
	for (size_t i = 0; t && i < barista_pareto_shown(front); i++) {
		const struct barista_candidate *k = shown_row(front, i);

		barista_kernel_cell(t, b->model.family, &k->point, false);
		barista_metric_cells(t, metrics, k->metric);
	}
	return t;
}
