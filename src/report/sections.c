/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file writes the sections of a report in words. */
#include "report/sections.h"

#include "model/baseline.h"
#include "model/device.h"
#include "model/metric.h"
#include "network/workload.h"
#include "report/charts/registry.h"
#include "report/wording.h"
#include "search/rankings.h"
#include "search/search.h"
#include "search/uncertainty.h"
#include "search/what_if.h"

#include <math.h>
#include <string.h>

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static const char *ppw_text(char buf[64], double ppw)
{
	return barista_prose_quantity(buf, ppw, BARISTA_DIM_OP_PER_S_W);
}

static void layers(struct barista_prose *p, const struct barista_report *r)
{
	const struct barista_family *f = r->board[0].model.family;

	barista_prose_heading(p, f->per_layer ? "Best kernel per layer"
				 : f->pipelined
					 ? "Layers of the best design, which work at the same time"
					 : "Layers of the best design");
	barista_prose_table(p, barista_layers_table(r, false), false);
}

/* Rank 1 is clear of a kernel that it beats in nearly all samples of the uncertain quantities. */
static void ties(FILE *f, const struct barista_board *b)
{
	enum { NAMED = 4 };
	const struct barista_ranking *top = barista_search_top(b->search);
	size_t n, named = 0;
	char k[BARISTA_POINT_TEXT];

	if (!b->uncertainty)
		return;
	n = barista_count_ties(b);
	fprintf(f, "low and high: 90 %% intervals; against the next %zu kernel%s rank 1 is ",
		top->n - 1, plural(top->n - 1));
	if (!n) {
		fputs("clear\n", f);
		return;
	}
	fprintf(f, "a tie with %zu: ", n);
	for (size_t i = 1; i < top->n && named < NAMED; i++)
		if (b->uncertainty[i].win_share < BARISTA_CLEAR_WIN_SHARE)
			fprintf(f, "%s%s", named++ ? ", " : "",
				barista_kernel_text(k, b, &top->item[i]));
	fputs(n > named ? ", ...\n" : "\n", f);
}

/* Warns when the best kernel uses so many DSPs that it may not route. */
static void flag(FILE *f, const struct barista_board *b)
{
	enum barista_rank objective = b->search->objective;
	double limit = b->dev->param[BARISTA_FLAG_DSP].value;
	double share =
		barista_board_choice(b)->metric[BARISTA_DSP] / b->dev->param[BARISTA_RES_DSP].value;
	char k[BARISTA_POINT_TEXT], q[64];

	if (share > limit && b->search->ranking[BARISTA_RANK_ROUTABLE].n) {
		const struct barista_candidate *c = barista_board_best(b, BARISTA_RANK_ROUTABLE);

		fprintf(f,
			"flagged: it uses %.1f %% of the DSPs, and routing often fails above "
			"%.0f %%; with --max-dsp %.0f%%, %s reaches %s\n",
			100 * share, 100 * limit, 100 * limit, barista_kernel_text(k, b, c),
			barista_objective_text(q, objective,
					       c->metric[barista_objective_metric(objective)]));
	}
}

static void kernels(struct barista_prose *p, const struct barista_report *r)
{
	const struct barista_board *b = &r->board[0];
	const struct barista_family *family = b->model.family;
	const struct barista_candidate *c = barista_board_choice(b);
	double reached = c->metric[barista_objective_metric(r->objective)];
	char k[BARISTA_POINT_TEXT], q[64];

	barista_prose_heading(p, family->per_layer ? "Best single kernel for the network"
						   : "Best designs for the network");
	fprintf(p->f, "%s: %s %s", barista_kernel_text(k, b, c),
		barista_objective_label(b, r->objective),
		barista_objective_text(q, r->objective, reached));
	if (family->per_layer)
		fprintf(p->f, "; the best kernel per layer reaches %s, so regret %.2f %%",
			barista_objective_text(q, r->objective, b->set.bound),
			100 * barista_regret(b));
	fputc('\n', p->f);
	flag(p->f, b);
	ties(p->f, b);
	if (r->top > 1 && family->enumerate && b->search->certificate.dominated > 0)
		fputs("the first is proven the best; those after it are the best of the designs "
		      "listed\n",
		      p->f);
	barista_prose_break(p);
	barista_prose_table(p, barista_kernels_table(r, false), false);
}

static void scaling(struct barista_prose *p, const struct barista_report *r)
{
	const struct barista_family *f = r->board[0].model.family;
	char title[96];

	if (!barista_scaling_wanted(r))
		return;
	snprintf(title, sizeof title, "The fastest by %.60s", f->knob[f->scaling_knob].name);
	barista_prose_heading(p, title);
	barista_prose_table(p, barista_scaling_table(r, false), false);
}

static void kernel_set(struct barista_prose *p, const struct barista_report *r)
{
	const struct barista_board *b = &r->board[0];
	char k[BARISTA_POINT_TEXT], q[4][64];

	if (r->kernels < 2 || !b->model.family->per_layer)
		return;
	barista_prose_heading(p, "Best kernels together");
	for (size_t i = 0; i < b->set.n; i++)
		fprintf(p->f, "%s%s", i ? ", " : "", barista_kernel_text(k, b, b->set.kernel[i]));
	fprintf(p->f,
		": %s %s (%s and %s per image), each layer on the better one and reconfiguration "
		"not counted; no number of kernels from this grid does better than %s%s\n",
		barista_objective_label(b, r->objective),
		barista_objective_text(q[0], r->objective, b->set.value),
		barista_prose_quantity(q[1], b->set.time, BARISTA_DIM_SECOND),
		barista_prose_quantity(q[2], b->set.energy, BARISTA_DIM_JOULE),
		barista_objective_text(q[3], r->objective, b->set.bound),
		b->set.exact ? " (proven best)"
			     : " (not proven best: the gap to that is all it can miss)");
}

static void pareto_text(FILE *f, const struct barista_board *b)
{
	const struct barista_front *front = &b->search->front;
	char points[32];

	fprintf(f, "%zu kernel%s of which no other is at least as good in all", front->n,
		plural(front->n));
	if (!barista_front_proven(b))
		fprintf(f, ", among the %s evaluated\n",
			barista_count_text(points, b->search->certificate.evaluated));
	else
		fprintf(f, ": %s for %s points\n", front->n == 1 ? "it stands" : "they stand",
			barista_count_text(points, b->search->points));
}

static void pareto(struct barista_prose *p, const struct barista_report *r)
{
	const struct barista_front *front = &r->board[0].search->front;
	size_t more = front->n - barista_pareto_shown(front);
	char title[256] = "Pareto front: ";

	if (!barista_pareto_wanted(r))
		return;
	for (size_t m = 0; m < front->nmetrics; m++)
		snprintf(title + strlen(title), sizeof title - strlen(title), "%s%s", m ? ", " : "",
			 barista_metric_defs[front->metric[m]].name);
	barista_prose_heading(p, title);
	pareto_text(p->f, &r->board[0]);
	barista_prose_break(p);
	barista_prose_table(p, barista_pareto_table(r, false), false);
	if (more) {
		barista_prose_break(p);
		fprintf(p->f, "%zu more between these: in pareto.csv%s\n", more,
			p->markup == BARISTA_MARKDOWN ? "" : " (`-o`) and `--format json`");
	}
}

/* Counts the layers with a figure of the baseline, and those that it takes. */
static void count_baseline(const struct barista_report *r, size_t *known, size_t *taken)
{
	const struct barista_candidate *c = barista_board_best(&r->board[0], BARISTA_RANK_OFFLOAD);

	*known = *taken = 0;
	for (size_t l = 0; l < r->lowered->nlayers; l++) {
		*known += !isnan(r->baseline_ppw[l]);
		*taken += r->baseline_ppw[l] > c->class_ppw[r->lowered->class_of[l]];
	}
}

/* Says that the baseline has no figures per layer of this network, and perhaps a mean. */
static void unknown_baseline(FILE *f, const struct barista_report *r, bool gpu)
{
	double mean = barista_baseline_mean(r->baseline, r->net);
	char q[64];

	fprintf(f, "%s has no figures per layer of this network%s%s: all layers on the FPGA%s\n",
		r->baseline->title, isnan(mean) ? "" : ", only its mean, ",
		isnan(mean) ? "" : ppw_text(q, mean),
		gpu ? "" : " (`barista-dse calibrate` measures this host)");
}

/* Says which layers go where, when the baseline takes some number of them. */
static void division(FILE *f, const struct barista_report *r, size_t taken)
{
	const struct barista_board *b = &r->board[0];
	const struct barista_candidate *c = barista_board_best(b, BARISTA_RANK_OFFLOAD);
	const char *baseline = r->baseline->title;
	size_t left = r->lowered->nlayers - taken;
	char k[BARISTA_POINT_TEXT], q[64];

	barista_kernel_text(k, b, c);
	ppw_text(q, c->score);
	if (!left)
		fprintf(f, "no layer on the FPGA: %s has the higher PPW in all, mean %s\n",
			baseline, q);
	else if (!taken)
		fprintf(f,
			"%s on the FPGA for all layers: %s has the higher PPW in none: mean PPW "
			"%s\n",
			k, baseline, q);
	else
		fprintf(f,
			"%s on the FPGA for %zu layer%s, %s for the other %zu, each where its PPW "
			"is higher: mean PPW %s\n",
			k, left, plural(left), baseline, taken, q);
}

static void offload(struct barista_prose *p, const struct barista_report *r)
{
	bool gpu = !strcmp(r->baseline->kind, "gpu");
	size_t known, taken;

	if (!r->board[0].model.family->per_layer)
		return;
	count_baseline(r, &known, &taken);
	barista_prose_heading(p, gpu ? "FPGA or GPU, per layer" : "FPGA or CPU, per layer");
	if (known)
		division(p->f, r, taken);
	else
		unknown_baseline(p->f, r, gpu);
	if (!known && r->kernels < 2)
		return;
	barista_prose_break(p);
	barista_prose_table(p, barista_selection_table(r, false), false);
}

static void what_if(struct barista_prose *p, const struct barista_report *r)
{
	const struct barista_board *b = &r->board[0];
	const char *label = barista_objective_label(b, r->objective);
	const struct barista_what_if *first = b->what_if;

	if (!first)
		return;
	barista_prose_heading(p, "What to buy next");
	if (first->gain > 0)
		fprintf(p->f, "%s: at x%s the best kernel's %s is %.1f %% %s",
			barista_param_defs[first->param].path, first->less ? "0.8" : "1.25", label,
			100 * first->gain, first->sign > 0 ? "higher" : "lower");
	else
		fprintf(p->f,
			"no resource by itself: a quarter more of one does not better the best "
			"kernel's %s",
			label);
	fprintf(p->f, "; each row is a search anew with that alone scaled, and %s\n",
		isnan(b->dev->param[BARISTA_POWER_TOTAL].value)
			? "power follows the blocks used only"
			: "power is not scaled with it");
	barista_prose_break(p);
	barista_prose_table(p, barista_what_if_table(r, false), false);
}

static void deadline(FILE *f, const struct barista_report *r)
{
	size_t smallest = barista_smallest_board(r);
	const struct barista_board *b = &r->board[smallest];
	char q[64], k[BARISTA_POINT_TEXT];

	if (isnan(r->deadline))
		return;
	barista_prose_quantity(q, r->deadline, BARISTA_DIM_SECOND);
	if (smallest == r->nboards)
		fprintf(f, "no board meets %s per image\n", q);
	else
		fprintf(f, "smallest board (fewest DSPs) within %s per image: %s, with %s\n", q,
			b->dev->name, barista_kernel_text(k, b, barista_board_choice(b)));
}

static void boards(struct barista_prose *p, const struct barista_report *r)
{
	if (r->nboards + r->nexcluded < 2 && isnan(r->deadline))
		return;
	barista_prose_heading(p, "Boards");
	for (size_t i = 0; i < r->nexcluded; i++)
		fprintf(p->f, "left out: %s\n", r->excluded[i].why);
	for (size_t i = 0; i < r->nboards; i++)
		if (r->board[i].search->partial)
			fprintf(p->f, "PARTIAL: %s: the best so far\n", r->board[i].dev->name);
	deadline(p->f, r);
	barista_prose_break(p);
	barista_prose_table(p, barista_boards_table(r, false), false);
}

static void charts(struct barista_prose *p, const struct barista_report *r)
{
	(void)r;
	if (p->rc || !p->style.charts)
		return;
	barista_prose_heading(p, "Charts");
	for (size_t i = 0; barista_chart_name(i); i++) {
		if (!(p->style.charts >> i & 1))
			continue;
		barista_prose_picture(p, barista_chart_name(i));
		barista_prose_break(p);
	}
}

void barista_report_sections(struct barista_prose *p, const struct barista_report *r)
{
	static void (*const sections[])(struct barista_prose *, const struct barista_report *) = {
		layers, kernels, scaling, kernel_set, pareto, offload, what_if, boards, charts,
	};

	for (size_t i = 0; i < sizeof sections / sizeof *sections; i++)
		sections[i](p, r);
}
