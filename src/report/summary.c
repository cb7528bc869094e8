/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file writes the head of a report in words. */
#include "report/summary.h"

#include "model/device.h"
#include "model/metric.h"
#include "network/workload.h"
#include "report/breakdown.h"
#include "report/wording.h"
#include "search/rankings.h"
#include "search/search.h"

#include <math.h>
#include <string.h>

/* A family that lists its best designs has evaluated all of them. */
static void enumeration_certificate(FILE *f, const struct barista_family *family,
				    const struct barista_certificate *c)
{
	char listed[32], over[32], other[32];

	fprintf(f, "the best of them proven: %s listed and evaluated, %s more are over a budget",
		barista_count_text(listed, c->evaluated), barista_count_text(over, c->over_budget));
	if (c->dominated > 0)
		fprintf(f, "; the other %s: %s", barista_count_text(other, c->dominated),
			family->dominance_rule);
	fputc('\n', f);
}

static void exact_certificate(FILE *f, const struct barista_certificate *c)
{
	char evaluated[32], seeds[32], pruned[32], over[32], dominated[32];

	fprintf(f,
		"the best of them proven: %s evaluated (%s before, to begin with), %s bounded, "
		"%s over a budget, %s dominated\n",
		barista_count_text(evaluated, c->evaluated), barista_count_text(seeds, c->seeds),
		barista_count_text(pruned, c->pruned), barista_count_text(over, c->over_budget),
		barista_count_text(dominated, c->dominated));
}

/* Says where the points of the space went, which is what makes the answer a proof. */
static void certificate(FILE *f, const struct barista_report *r, const struct barista_board *b)
{
	const struct barista_certificate *c = &b->search->certificate;
	const struct barista_family *family = b->model.family;
	char points[32], evaluated[32], left[32];

	fprintf(f, "%s: %s points, ",
		family->enumerate ? family->name
		: r->grid_all     ? "every integer"
				  : "powers of two",
		barista_count_text(points, c->points));
	if (b->search->partial)
		fprintf(f,
			"PARTIAL: stopped with %s of them evaluated and %s not reached; the best "
			"so far:\n",
			barista_count_text(evaluated, c->evaluated),
			barista_count_text(left, c->unvisited));
	else if (family->enumerate)
		enumeration_certificate(f, family, c);
	else if (b->search->exhaustive)
		fprintf(f, "all %s that fit evaluated\n",
			barista_count_text(evaluated, c->evaluated));
	else
		exact_certificate(f, c);
}

/* Writes the board, and its quantities that matter most to the family. */
static void board_line(FILE *f, const struct barista_board *b)
{
	const struct barista_quantity *param = b->dev->param;
	char q[64];

	fprintf(f, "on %s: %s", b->dev->title,
		barista_prose_quantity(q, param[BARISTA_CLOCK].value, BARISTA_DIM_HZ));
	for (size_t i = 0; i < b->model.family->nheadline; i++) {
		const struct barista_headline *h = &b->model.family->headline[i];

		fprintf(f, ", %s%s%s", h->before,
			barista_prose_quantity(q, param[h->param].value,
					       barista_param_defs[h->param].dimension),
			h->after);
	}
	fputc('\n', f);
}

/* Says what the times are of. */
static void lowering_line(FILE *f, const struct barista_lowered *lowered,
			  const struct barista_family *family)
{
	const struct barista_lowering *how = &lowered->lowering;
	const char *layers = how->other_layers ? "all"
			     : how->all_layers ? "all that multiply"
					       : "convolutions";
	const char *gemms = !family->terms      ? ""
			    : how->batched_gemm ? ", one GEMM per batch"
						: ", one GEMM per image";

	fprintf(f, "%s, %zu layers (%s)%s; times per %simage\n",
		lowered->training ? "training" : "inference", lowered->nlayers, layers, gemms,
		lowered->training ? "training " : "");
}

/* Says what the design is the best by. */
static void put_aim(FILE *f, const struct barista_report *r, const struct barista_board *b)
{
	char q[64];

	barista_prose_quantity(q, r->deadline, BARISTA_DIM_SECOND);
	if (isnan(r->deadline))
		fprintf(f, "best by %s", barista_objective_name(r->objective));
	else if (b->meets_deadline)
		fprintf(f, "best by %s within %s", barista_objective_name(r->objective), q);
	else
		fprintf(f, "the fastest: none is within %s", q);
}

static void answer(FILE *f, const struct barista_report *r, const struct barista_board *b)
{
	const struct barista_candidate *c = barista_board_choice(b);
	char kernel[BARISTA_POINT_TEXT], time[64], ppw[64], energy[64], bottleneck[128];

	barista_network_bottleneck(&b->model, &c->point, bottleneck, sizeof bottleneck);
	fprintf(f, "\nbuild %s (", barista_kernel_text(kernel, b, c));
	put_aim(f, r, b);
	fprintf(f, "): %s and %s per image, %s %s; %s\n",
		barista_prose_quantity(time, c->metric[BARISTA_TIME], BARISTA_DIM_SECOND),
		barista_prose_quantity(energy, c->metric[BARISTA_ENERGY], BARISTA_DIM_JOULE),
		barista_ppw_label(b->model.family),
		barista_prose_quantity(ppw, c->metric[BARISTA_PPW_MEAN], BARISTA_DIM_OP_PER_S_W),
		bottleneck);
}

/* Does the design that is built reach what the best by another objective does? The last digits are
 * those of rounding. */
static bool is_as_good(const struct barista_board *b, enum barista_rank by)
{
	enum barista_metric m = barista_objective_metric(by);
	double best = barista_board_best(b, by)->metric[m],
	       ours = barista_board_choice(b)->metric[m];

	return fabs(ours - best) <= 1e-9 * fabs(best);
}

static bool same_design(const struct barista_board *b, enum barista_rank x, enum barista_rank y)
{
	char p[BARISTA_POINT_TEXT], q[BARISTA_POINT_TEXT];

	return !strcmp(barista_kernel_text(p, b, barista_board_best(b, x)),
		       barista_kernel_text(q, b, barista_board_best(b, y)));
}

/* Writes a metric of a design, and by how much it differs from that of the one that is built. */
static void change(FILE *f, const char *before, const struct barista_board *b,
		   const struct barista_candidate *c, enum barista_metric m)
{
	double ours = barista_board_choice(b)->metric[m];
	char q[64];

	fprintf(f, "%s%s (%+.1f %%)", before,
		barista_prose_quantity(q, c->metric[m], barista_metric_defs[m].dimension),
		100 * (c->metric[m] / ours - 1));
}

/* Writes what one design that is best by some other objectives gains and costs. */
static void other_best(struct barista_prose *p, const struct barista_board *b,
		       enum barista_rank first, const bool *shown)
{
	const struct barista_candidate *c = barista_board_best(b, first);
	char kernel[BARISTA_POINT_TEXT];
	FILE *f = p->f;

	barista_prose_item(p);
	fputs("best by", f);
	for (int i = (int)first, n = 0; i < BARISTA_NOBJECTIVES; i++)
		if (!shown[i] && same_design(b, first, (enum barista_rank)i))
			fprintf(f, "%s %s", n++ ? "," : "",
				barista_objective_name((enum barista_rank)i));
	fprintf(f, ": %s", barista_kernel_text(kernel, b, c));
	change(f, ": ", b, c, BARISTA_TIME);
	change(f, " and ", b, c, BARISTA_ENERGY);
	change(f, b->model.family->pipelined ? ", PPW " : ", mean PPW ", b, c, BARISTA_PPW_MEAN);
	fputc('\n', f);
}

/* Lists the best designs by the other objectives, once each. */
static void other_objectives(struct barista_prose *p, const struct barista_board *b)
{
	bool shown[BARISTA_NOBJECTIVES];
	size_t differ = 0;

	for (int i = 0; i < BARISTA_NOBJECTIVES; i++) {
		shown[i] = is_as_good(b, (enum barista_rank)i);
		differ += !shown[i];
	}
	if (!differ && b->search->deadline >= barista_board_choice(b)->metric[BARISTA_TIME]) {
		barista_prose_item(p);
		fputs("no other objective has a better design\n", p->f);
	}
	for (int i = 0; i < BARISTA_NOBJECTIVES; i++) {
		if (shown[i])
			continue;
		other_best(p, b, (enum barista_rank)i, shown);
		for (int k = BARISTA_NOBJECTIVES - 1; k >= i; k--)
			shown[k] |= same_design(b, (enum barista_rank)i, (enum barista_rank)k);
	}
}

void barista_report_summary(struct barista_prose *p, const struct barista_report *r)
{
	const struct barista_board *b = &r->board[0];

	barista_prose_title(p, r->net->title);
	board_line(p->f, b);
	if (r->nboards > 1)
		fprintf(p->f, "(first of %zu boards, which are compared at the end)\n", r->nboards);
	lowering_line(p->f, r->lowered, b->model.family);
	if (r->net->incomplete)
		fprintf(p->f, "INCOMPLETE: %s\n", r->net->incomplete);
	certificate(p->f, r, b);
	answer(p->f, r, b);
	other_objectives(p, b);
}
