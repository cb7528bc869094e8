/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This table shows how the fastest design changes along the knob that a family scales by. */
#include "report/breakdown.h"
#include "barista/family.h"
#include "model/device.h"
#include "report/columns.h"
#include "search/search.h"

#include <math.h>

bool barista_scaling_wanted(const struct barista_report *r)
{
	return r->board[0].search->curve.n > 1;
}

/* People see the ends, the powers of two, and the fastest. */
static bool shown(const struct barista_scaling_curve *c, size_t i, size_t knob)
{
	double value = c->item[i].point.knob[knob];
	size_t fastest = 0;

	for (size_t k = 1; k < c->n; k++)
		if (c->item[k].metric[BARISTA_TIME] < c->item[fastest].metric[BARISTA_TIME])
			fastest = k;
	return !i || i + 1 == c->n || i == fastest || exp2(round(log2(value))) == value;
}

static void add_row(struct barista_table *t, const struct barista_board *b, size_t i, bool wide)
{
	const struct barista_scaling_curve *c = &b->search->curve;
	const struct barista_candidate *k = &c->item[i];
	double first = c->item[0].metric[BARISTA_TIME], time = k->metric[BARISTA_TIME];
	char binds[128];

	barista_board_cell(t, b, wide);
	barista_cell_real(t, k->point.knob[b->model.family->scaling_knob]);
	barista_cell_real(t, time);
	barista_cell_real(t, 1 / time);
	barista_cell_real(t, first / time);
	barista_cell_real(t, k->metric[BARISTA_PPW_TOTAL]);
	barista_cell_real(t, k->metric[BARISTA_ENERGY]);
	barista_network_bottleneck(&b->model, &k->point, binds, sizeof binds);
	barista_cell_text(t, binds);
	if (wide)
		barista_kernel_cell(t, b->model.family, &k->point, true);
}

struct barista_table *barista_scaling_table(const struct barista_report *r, bool wide)
{
	const struct barista_family *f = r->board[0].model.family;
	struct barista_column c[10];
	size_t n = barista_board_column(c, wide);
	struct barista_table *t;

	c[n++] = barista_real_column(f->knob[f->scaling_knob].name, BARISTA_DIM_COUNT);
	c[n++] = barista_real_column("time", BARISTA_DIM_SECOND);
	c[n++] = barista_real_column("images/s", BARISTA_DIM_COUNT);
	c[n++] = barista_real_column("speed-up", BARISTA_DIM_COUNT);
	c[n++] = barista_real_column("ppw_total", BARISTA_DIM_OP_PER_S_W);
	c[n++] = barista_real_column("energy", BARISTA_DIM_JOULE);
	c[n++] = barista_text_column("binds");
	if (wide)
		c[n++] = barista_text_column("kernel");
	t = barista_table_make(c, n);
	for (size_t b = 0; t && b < barista_boards_shown(r, wide); b++)
		for (size_t i = 0; i < r->board[b].search->curve.n; i++)
			if (wide || shown(&r->board[b].search->curve, i, f->scaling_knob))
				add_row(t, &r->board[b], i, wide);
	return t;
}
