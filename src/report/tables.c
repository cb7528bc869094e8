/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of a report: layers, kernels, the selection of kernels, boards. */
#include "report/columns.h"

#include "barista/family.h"
#include "model/baseline.h"
#include "model/device.h"
#include "model/metric.h"
#include "report/breakdown.h"
#include "search/kernel_set.h"
#include "search/search.h"
#include "search/uncertainty.h"

#include <math.h>
#include <string.h>

static void interval_columns(struct barista_column *c, size_t *n, const char *low, const char *high,
			     enum barista_dimension dim)
{
	c[(*n)++] = barista_real_column(low, dim);
	c[(*n)++] = barista_real_column(high, dim);
}

static void interval_cells(struct barista_table *t, struct barista_interval i)
{
	barista_cell_real(t, i.lo);
	barista_cell_real(t, i.hi);
}

/* The kernel of a rank: the layer's own, or that of the network. */
static const struct barista_candidate *layer_candidate(const struct barista_board *b, size_t class,
						       size_t rank)
{
	return b->model.family->per_layer ? &b->search->class_ranking[class].item[rank]
					  : &b->search->ranking[BARISTA_RANK_PPW].item[rank];
}

static void add_layer_row(struct barista_table *t, const struct barista_report *r,
			  const struct barista_board *b, size_t l, size_t rank, bool wide)
{
	const struct barista_family *f = b->model.family;
	size_t s = r->lowered->class_of[l];
	const struct barista_candidate *k = layer_candidate(b, s, rank);
	double ops = r->lowered->layer_class[s].ops > 0 && !f->pipelined
			     ? r->lowered->layer_class[s].ops
			     : (double)NAN;
	struct barista_stages stages;

	barista_class_stages(&b->model, &k->point, s, &stages);
	if (wide)
		barista_cell_text(t, b->dev->name);
	barista_cell_text(t, r->lowered->name[l]);
	if (wide || (f->per_layer && r->top > 1))
		barista_cell_real(t, (double)(rank + 1));
	if (wide || f->per_layer)
		barista_kernel_cell(t, f, &k->point, wide);
	if (wide)
		barista_knob_cells(t, f, &k->point);
	if (wide || !f->pipelined)
		barista_cell_real(t, isnan(ops) ? ops : k->class_ppw[s]);
	barista_cell_real(t, k->class_time[s]);
	if (wide || !f->pipelined)
		barista_cell_real(t, ops / k->class_time[s]);
	for (size_t p = 0; p < f->nterms; p++)
		if (f->term[p].role & BARISTA_ROLE_PART)
			barista_cell_real(t, stages.time[p]);
	barista_cell_text(t, stages.binds);
	if (wide || f->per_layer) {
		barista_cell_real(t, k->metric[BARISTA_DSP]);
		barista_cell_real(t, k->metric[BARISTA_BRAM]);
	}
	if (b->layer)
		interval_cells(t, rank ? (struct barista_interval){(double)NAN, (double)NAN}
				       : b->layer[s]);
}

/* One for all layers where they share a design. */
static size_t layer_candidates(const struct barista_board *b, size_t class)
{
	return b->model.family->per_layer ? b->search->class_ranking[class].n : 1;
}

struct barista_table *barista_layers_table(const struct barista_report *r, bool wide)
{
	struct barista_column c[BARISTA_MAX_COLUMNS];
	const struct barista_family *f = r->board[0].model.family;
	size_t n = barista_board_column(c, wide);
	struct barista_table *t;

	c[n++] = barista_text_column("layer");
	if (wide || (f->per_layer && r->top > 1))
		c[n++] = barista_real_column("rank", BARISTA_DIM_COUNT);
	if (wide || f->per_layer)
		c[n++] = barista_text_column("kernel");
	if (wide)
		n += barista_knob_columns(f, c + n);
	if (wide || !f->pipelined)
		c[n++] = barista_real_column("ppw", BARISTA_DIM_OP_PER_S_W);
	c[n++] = barista_real_column("time", BARISTA_DIM_SECOND);
	if (wide || !f->pipelined)
		c[n++] = barista_real_column("rate", BARISTA_DIM_OP_PER_S);
	for (size_t i = 0; i < f->nterms; i++)
		if (f->term[i].role & BARISTA_ROLE_PART)
			c[n++] = barista_real_column(f->term[i].label, BARISTA_DIM_SECOND);
	c[n++] = barista_text_column("binds");
	if (wide || f->per_layer) {
		c[n++] = barista_real_column("dsp", BARISTA_DIM_COUNT);
		c[n++] = barista_real_column("bram", BARISTA_DIM_COUNT);
	}
	if (r->board[0].layer)
		interval_columns(c, &n, "time low", "time high", BARISTA_DIM_SECOND);
	t = barista_table_make(c, n);
	for (size_t b = 0; t && b < barista_boards_shown(r, wide); b++)
		for (size_t l = 0; l < r->lowered->nlayers; l++)
			for (size_t i = 0; i < (size_t)r->top; i++)
				if (i < layer_candidates(&r->board[b], r->lowered->class_of[l]))
					add_layer_row(t, r, &r->board[b], l, i, wide);
	return t;
}

static const enum barista_metric few[] = {BARISTA_PPW_MEAN, BARISTA_PPW_TOTAL, BARISTA_TIME,
					  BARISTA_DSP, BARISTA_BRAM};

static void add_kernel_row(struct barista_table *t, const struct barista_board *b, size_t rank,
			   bool wide, size_t nmetrics)
{
	const struct barista_family *f = b->model.family;
	const struct barista_quantity *fact = b->dev->param;
	const struct barista_candidate *k = &b->search->ranking[BARISTA_RANK_PPW].item[rank];
	double share = k->metric[BARISTA_DSP] / fact[BARISTA_RES_DSP].value;

	if (wide)
		barista_cell_text(t, b->dev->name);
	barista_cell_real(t, (double)(rank + 1));
	barista_kernel_cell(t, f, &k->point, wide);
	if (wide)
		barista_knob_cells(t, f, &k->point);
	for (size_t m = 0; m < nmetrics; m++)
		barista_cell_real(t, k->metric[wide ? m : (size_t)few[m]]);
	barista_cell_real(t, 100 * share);
	barista_cell_text(t, share > fact[BARISTA_FLAG_DSP].value ? "flagged" : "ok");
	if (b->uncertainty) {
		interval_cells(t, b->uncertainty[rank].time);
		interval_cells(t, b->uncertainty[rank].ppw_mean);
		barista_cell_real(t, rank ? 100 * b->uncertainty[rank].win_share : (double)NAN);
	}
}

struct barista_table *barista_kernels_table(const struct barista_report *r, bool wide)
{
	struct barista_column c[BARISTA_MAX_COLUMNS];
	size_t n = barista_board_column(c, wide);
	size_t nmetrics = wide ? (size_t)BARISTA_NMETRICS : sizeof few / sizeof *few;
	struct barista_table *t;

	c[n++] = barista_real_column("rank", BARISTA_DIM_COUNT);
	c[n++] = barista_text_column("kernel");
	if (wide)
		n += barista_knob_columns(r->board[0].model.family, c + n);
	for (size_t m = 0; m < nmetrics; m++) {
		const struct barista_metric_def *d =
			&barista_metric_defs[wide ? m : (size_t)few[m]];

		c[n++] = barista_real_column(d->name, d->dimension);
	}
	c[n++] = barista_real_column("dsp %", BARISTA_DIM_COUNT);
	c[n++] = barista_text_column("routing");
	if (r->board[0].uncertainty) {
		interval_columns(c, &n, "time low", "time high", BARISTA_DIM_SECOND);
		interval_columns(c, &n, "ppw low", "ppw high", BARISTA_DIM_OP_PER_S_W);
		c[n++] = barista_real_column("rank 1 wins %", BARISTA_DIM_COUNT);
	}
	t = barista_table_make(c, n);
	for (size_t b = 0; t && b < barista_boards_shown(r, wide); b++)
		for (size_t i = 0;
		     i < r->board[b].search->ranking[BARISTA_RANK_PPW].n && i < (size_t)r->top; i++)
			add_kernel_row(t, &r->board[b], i, wide, nmetrics);
	return t;
}

static void add_selection_row(struct barista_table *t, const struct barista_report *r,
			      const struct barista_board *b, size_t l, bool set)
{
	size_t s = r->lowered->class_of[l];
	const struct barista_candidate *pick = barista_kernel_set_choose(&b->set, s);
	double fpga = b->search->ranking[BARISTA_RANK_OFFLOAD].item[0].class_ppw[s];

	barista_cell_text(t, r->lowered->name[l]);
	barista_cell_real(t, b->search->class_ranking[s].item[0].score);
	barista_cell_real(t, b->search->ranking[BARISTA_RANK_PPW].item[0].class_ppw[s]);
	barista_cell_real(t, fpga);
	barista_cell_real(t, r->baseline_ppw[l]);
	barista_cell_text(t, r->baseline_from[l]);
	barista_cell_text(t, r->baseline_ppw[l] > fpga ? r->baseline->kind : "fpga");
	if (set) {
		barista_kernel_cell(t, b->model.family, &pick->point, true);
		barista_cell_real(t, pick->class_ppw[s]);
	}
}

struct barista_table *barista_selection_table(const struct barista_report *r, bool wide)
{
	static const struct barista_column fixed[] = {
		{"layer", BARISTA_TEXT, 0},
		{"best ppw", BARISTA_REAL, BARISTA_DIM_OP_PER_S_W},
		{"single ppw", BARISTA_REAL, BARISTA_DIM_OP_PER_S_W},
		{"fpga ppw", BARISTA_REAL, BARISTA_DIM_OP_PER_S_W},
		{"baseline ppw", BARISTA_REAL, BARISTA_DIM_OP_PER_S_W},
		{"baseline", BARISTA_TEXT, 0},
		{"on", BARISTA_TEXT, 0},
		{"set kernel", BARISTA_TEXT, 0},
		{"set ppw", BARISTA_REAL, BARISTA_DIM_OP_PER_S_W},
	};
	bool set = wide || r->kernels > 1;
	struct barista_column c[1 + sizeof fixed / sizeof *fixed];
	size_t n = barista_board_column(c, wide), nfixed = set ? 9 : 7;
	struct barista_table *t;

	memcpy(c + n, fixed, nfixed * sizeof *fixed);
	t = barista_table_make(c, n + nfixed);
	for (size_t b = 0; t && b < barista_boards_shown(r, wide); b++) {
		for (size_t l = 0; l < r->lowered->nlayers; l++) {
			if (wide)
				barista_cell_text(t, r->board[b].dev->name);
			add_selection_row(t, r, &r->board[b], l, set);
		}
	}
	return t;
}

struct barista_table *barista_boards_table(const struct barista_report *r, bool wide)
{
	static const struct barista_column c[] = {
		{"board", BARISTA_TEXT, 0},
		{"best kernel", BARISTA_TEXT, 0},
		{"ppw_mean", BARISTA_REAL, BARISTA_DIM_OP_PER_S_W},
		{"ppw_total", BARISTA_REAL, BARISTA_DIM_OP_PER_S_W},
		{"power", BARISTA_REAL, BARISTA_DIM_WATT},
		{"power status", BARISTA_TEXT, 0},
		{"fastest kernel", BARISTA_TEXT, 0},
		{"fastest time", BARISTA_REAL, BARISTA_DIM_SECOND},
		{"fastest dsp", BARISTA_REAL, BARISTA_DIM_COUNT},
		{"board dsp", BARISTA_REAL, BARISTA_DIM_COUNT},
		{"deadline", BARISTA_TEXT, 0},
	};
	struct barista_table *t = barista_table_make(c, sizeof c / sizeof *c);

	(void)wide;
	for (size_t i = 0; t && i < r->nboards; i++) {
		const struct barista_board *b = &r->board[i];
		const struct barista_candidate *best = barista_board_best(b, BARISTA_RANK_PPW);
		const struct barista_candidate *fast =
			barista_board_best(b, BARISTA_RANK_TIME_ROUTABLE);
		bool constant = !isnan(b->dev->param[BARISTA_POWER_TOTAL].value);

		barista_cell_text(t, b->dev->name);
		barista_kernel_cell(t, b->model.family, &best->point, true);
		barista_cell_real(t, best->metric[BARISTA_PPW_MEAN]);
		barista_cell_real(t, best->metric[BARISTA_PPW_TOTAL]);
		barista_cell_real(t, best->metric[BARISTA_POWER]);
		barista_cell_text(
			t, b->dev->param[constant ? BARISTA_POWER_TOTAL : BARISTA_POWER_STATIC]
				   .status);
		barista_kernel_cell(t, b->model.family, &fast->point, true);
		barista_cell_real(t, fast->metric[BARISTA_TIME]);
		barista_cell_real(t, fast->metric[BARISTA_DSP]);
		barista_cell_real(t, b->dev->param[BARISTA_RES_DSP].value);
		barista_cell_text(t, isnan(r->deadline)  ? "-"
				     : b->meets_deadline ? "met"
							 : "missed");
	}
	return t;
}
