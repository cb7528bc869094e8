/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file makes the tables of a report: layers, kernels, the selection of kernels, boards. */
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

static const enum barista_metric block_metrics[] = {BARISTA_DSP, BARISTA_BRAM};
static const struct barista_metrics blocks = {2, block_metrics};

static const struct barista_interval unknown = {(double)NAN, (double)NAN};

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

/* ---- layers: a row for each, and for every kernel of it that is shown */

/* Returns the kernel of a rank: the layer's own, or that of the network. */
static const struct barista_candidate *layer_candidate(const struct barista_board *b, size_t class,
						       size_t rank)
{
	return b->model.family->per_layer ? &b->search->class_ranking[class].item[rank]
					  : &barista_search_top(b->search)->item[rank];
}

/* Returns how many kernels a layer shows; where all layers share one design, it is that one. */
static size_t layer_candidates(const struct barista_report *r, const struct barista_board *b,
			       size_t class)
{
	size_t n = b->model.family->per_layer ? b->search->class_ranking[class].n : 1;

	return n < (size_t)r->top ? n : (size_t)r->top;
}

/* The table has the columns that these ask for. */
struct layer_columns {
	bool wide;
	bool rank, kernel; /* the layer's rank of the kernel, the kernel and its resources */
	bool ppw;          /* PPW and rate of the layer by itself */
	bool interval;
};

static struct layer_columns layer_columns(const struct barista_report *r, bool wide)
{
	const struct barista_family *f = r->board[0].model.family;

	return (struct layer_columns){
		.wide = wide,
		.rank = wide || (f->per_layer && r->top > 1),
		.kernel = wide || f->per_layer,
		.ppw = wide || !f->pipelined,
		.interval = r->board[0].class_interval,
	};
}

static size_t make_layer_columns(struct barista_column *c, const struct barista_family *f,
				 struct layer_columns has)
{
	size_t n = barista_board_column(c, has.wide);

	c[n++] = barista_text_column("layer");
	if (has.rank)
		c[n++] = barista_real_column("rank", BARISTA_DIM_COUNT);
	if (has.kernel)
		c[n++] = barista_text_column("kernel");
	if (has.wide)
		n += barista_knob_columns(c + n, f);
	if (has.ppw)
		c[n++] = barista_real_column("ppw", BARISTA_DIM_OP_PER_S_W);
	c[n++] = barista_real_column("time", BARISTA_DIM_SECOND);
	if (has.ppw)
		c[n++] = barista_real_column("rate", BARISTA_DIM_OP_PER_S);
	for (size_t t = 0; barista_next_part(f, &t); t++)
		c[n++] = barista_real_column(f->term[t].label, BARISTA_DIM_SECOND);
	c[n++] = barista_text_column("binds");
	if (has.kernel)
		n += barista_metric_columns(c + n, blocks);
	if (has.interval)
		interval_columns(c, &n, "time low", "time high", BARISTA_DIM_SECOND);
	return n;
}

static void add_layer_row(struct barista_table *t, const struct barista_board *b, size_t layer,
			  size_t rank, struct layer_columns has)
{
	const struct barista_family *f = b->model.family;
	const struct barista_lowered *lowered = b->model.lowered;
	size_t class = lowered->class_of[layer];
	const struct barista_candidate *k = layer_candidate(b, class, rank);
	double ops = barista_own_ops(&b->model, class);
	struct barista_stages stages;

	barista_class_stages(&b->model, &k->point, class, &stages);
	barista_board_cell(t, b, has.wide);
	barista_cell_text(t, lowered->name[layer]);
	if (has.rank)
		barista_cell_real(t, (double)(rank + 1));
	if (has.kernel)
		barista_kernel_cell(t, f, &k->point, has.wide);
	if (has.wide)
		barista_knob_cells(t, f, &k->point);
	if (has.ppw)
		barista_cell_real(t, isnan(ops) ? ops : k->class_ppw[class]);
	barista_cell_real(t, k->class_time[class]);
	if (has.ppw)
		barista_cell_real(t, ops / k->class_time[class]);
	for (size_t i = 0; barista_next_part(f, &i); i++)
		barista_cell_real(t, stages.time[i]);
	barista_cell_text(t, stages.binds);
	if (has.kernel)
		barista_metric_cells(t, blocks, k->metric);
	if (has.interval)
		interval_cells(t, rank ? unknown : b->class_interval[class]);
}

struct barista_table *barista_layers_table(const struct barista_report *r, bool wide)
{
	struct barista_column c[BARISTA_MAX_COLUMNS];
	struct layer_columns has = layer_columns(r, wide);
	struct barista_table *t =
		barista_table_make(c, make_layer_columns(c, r->board[0].model.family, has));

	for (size_t i = 0; t && i < barista_boards_shown(r, wide); i++) {
		const struct barista_board *b = &r->board[i];

		for (size_t l = 0; l < r->lowered->nlayers; l++) {
			size_t n = layer_candidates(r, b, r->lowered->class_of[l]);

			for (size_t rank = 0; rank < n; rank++)
				add_layer_row(t, b, l, rank, has);
		}
	}
	return t;
}

/* ---- kernels: the best ones for the network */

static struct barista_metrics kernel_metrics(bool wide)
{
	static const enum barista_metric few[] = {BARISTA_PPW_MEAN, BARISTA_PPW_TOTAL, BARISTA_TIME,
						  BARISTA_DSP, BARISTA_BRAM};

	return wide ? BARISTA_ALL_METRICS : (struct barista_metrics){sizeof few / sizeof *few, few};
}

static size_t make_kernel_columns(struct barista_column *c, const struct barista_board *b,
				  bool wide)
{
	size_t n = barista_board_column(c, wide);

	c[n++] = barista_real_column("rank", BARISTA_DIM_COUNT);
	c[n++] = barista_text_column("kernel");
	if (wide)
		n += barista_knob_columns(c + n, b->model.family);
	n += barista_metric_columns(c + n, kernel_metrics(wide));
	n += barista_routing_columns(c + n);
	if (b->uncertainty) {
		interval_columns(c, &n, "time low", "time high", BARISTA_DIM_SECOND);
		interval_columns(c, &n, "ppw low", "ppw high", BARISTA_DIM_OP_PER_S_W);
		c[n++] = barista_real_column("rank 1 wins %", BARISTA_DIM_COUNT);
	}
	return n;
}

static void add_kernel_row(struct barista_table *t, const struct barista_board *b, size_t rank,
			   bool wide)
{
	const struct barista_family *f = b->model.family;
	const struct barista_candidate *k = &barista_search_top(b->search)->item[rank];

	barista_board_cell(t, b, wide);
	barista_cell_real(t, (double)(rank + 1));
	barista_kernel_cell(t, f, &k->point, wide);
	if (wide)
		barista_knob_cells(t, f, &k->point);
	barista_metric_cells(t, kernel_metrics(wide), k->metric);
	barista_routing_cells(t, b->dev, k->metric[BARISTA_DSP]);
	if (b->uncertainty) {
		interval_cells(t, b->uncertainty[rank].time);
		interval_cells(t, b->uncertainty[rank].ppw_mean);
		barista_cell_real(t, rank ? 100 * b->uncertainty[rank].win_share : (double)NAN);
	}
}

struct barista_table *barista_kernels_table(const struct barista_report *r, bool wide)
{
	struct barista_column c[BARISTA_MAX_COLUMNS];
	struct barista_table *t = barista_table_make(c, make_kernel_columns(c, &r->board[0], wide));

	for (size_t i = 0; t && i < barista_boards_shown(r, wide); i++) {
		size_t n = barista_search_top(r->board[i].search)->n;

		for (size_t rank = 0; rank < n && rank < (size_t)r->top; rank++)
			add_kernel_row(t, &r->board[i], rank, wide);
	}
	return t;
}

/* ---- selection: where each layer does best */

static void add_selection_row(struct barista_table *t, const struct barista_report *r,
			      const struct barista_board *b, size_t layer, bool set)
{
	size_t class = r->lowered->class_of[layer];
	const struct barista_candidate *of_set = barista_kernel_set_choose(&b->set, class);
	double fpga = barista_board_best(b, BARISTA_RANK_OFFLOAD)->class_ppw[class];
	double other = r->baseline_ppw[layer];

	barista_cell_text(t, r->lowered->name[layer]);
	barista_cell_real(t, b->search->class_ranking[class].item[0].class_ppw[class]);
	barista_cell_real(t, barista_board_choice(b)->class_ppw[class]);
	barista_cell_real(t, fpga);
	barista_cell_real(t, other);
	barista_cell_text(t, r->baseline_from[layer]);
	barista_cell_text(t, other > fpga ? r->baseline->kind : "fpga");
	if (set) {
		barista_kernel_cell(t, b->model.family, &of_set->point, true);
		barista_cell_real(t, of_set->class_ppw[class]);
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
	for (size_t i = 0; t && i < barista_boards_shown(r, wide); i++) {
		for (size_t l = 0; l < r->lowered->nlayers; l++) {
			barista_board_cell(t, &r->board[i], wide);
			add_selection_row(t, r, &r->board[i], l, set);
		}
	}
	return t;
}

/* ---- boards: side by side */

static void add_board_row(struct barista_table *t, const struct barista_report *r,
			  const struct barista_board *b)
{
	const struct barista_candidate *best = barista_board_choice(b);
	const struct barista_candidate *fast = barista_board_best(b, BARISTA_RANK_TIME);
	const struct barista_quantity *param = b->dev->param;
	bool constant_power = !isnan(param[BARISTA_POWER_TOTAL].value);

	barista_cell_text(t, b->dev->name);
	barista_kernel_cell(t, b->model.family, &best->point, true);
	barista_cell_real(t, best->metric[BARISTA_TIME]);
	barista_cell_real(t, best->metric[BARISTA_PPW_MEAN]);
	barista_cell_real(t, best->metric[BARISTA_PPW_TOTAL]);
	barista_cell_real(t, best->metric[BARISTA_POWER]);
	barista_cell_text(
		t, param[constant_power ? BARISTA_POWER_TOTAL : BARISTA_POWER_STATIC].status);
	barista_kernel_cell(t, b->model.family, &fast->point, true);
	barista_cell_real(t, fast->metric[BARISTA_TIME]);
	barista_cell_real(t, fast->metric[BARISTA_DSP]);
	barista_cell_real(t, param[BARISTA_RES_DSP].value);
	barista_cell_text(t, isnan(r->deadline) ? "-" : b->meets_deadline ? "met" : "missed");
}

struct barista_table *barista_boards_table(const struct barista_report *r, bool wide)
{
	struct barista_table *t = barista_table_headed(
		"board; best kernel; time [s]; ppw_mean [op/s/W]; ppw_total [op/s/W]; "
		"power [W]; power status; fastest kernel; fastest time [s]; "
		"fastest dsp [1]; board dsp [1]; deadline");

	(void)wide;
	for (size_t i = 0; t && i < r->nboards; i++)
		add_board_row(t, r, &r->board[i]);
	return t;
}
