/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file writes the head of a report in words. */
#include "report/summary.h"

#include "model/device.h"
#include "network/workload.h"
#include "report/breakdown.h"
#include "report/wording.h"
#include "search/search.h"

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

static void answer(FILE *f, const struct barista_board *b)
{
	const struct barista_candidate *c = barista_board_best(b, BARISTA_RANK_PPW);
	char kernel[BARISTA_POINT_TEXT], time[64], ppw[64], bottleneck[128];

	barista_network_bottleneck(&b->model, &c->point, bottleneck, sizeof bottleneck);
	fprintf(f, "\nbuild %s: %s per image, %s %s; %s\n", barista_kernel_text(kernel, b, c),
		barista_prose_quantity(time, c->metric[BARISTA_TIME], BARISTA_DIM_SECOND),
		barista_ppw_label(b->model.family),
		barista_prose_quantity(ppw, c->metric[BARISTA_PPW_MEAN], BARISTA_DIM_OP_PER_S_W),
		bottleneck);
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
	answer(p->f, b);
}
