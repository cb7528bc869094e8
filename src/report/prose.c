/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report in words: one text for the terminal and for report.md. */
#include "io/unit.h"
#include "model/baseline.h"
#include "model/device.h"
#include "model/metric.h"
#include "network/workload.h"
#include "report/breakdown.h"
#include "report/charts/registry.h"
#include "search/search.h"
#include "search/uncertainty.h"
#include "search/what_if.h"

#include <math.h>
#include <string.h>

struct writer {
	FILE *f;
	bool markdown, bold;
	struct barista_err *err;
	int rc;
};

static void heading(struct writer *w, int level, const char *text)
{
	if (w->markdown)
		fprintf(w->f, "\n%.*s %s\n\n", level, "####", text);
	else
		fprintf(w->f, "\n%s%s%s\n", w->bold ? "\033[1m" : "", text,
			w->bold ? "\033[0m" : "");
}

static void table(struct writer *w, struct barista_table *t)
{
	if (!w->rc && !t)
		w->rc = barista_no_memory(w->err);
	if (!w->rc)
		w->rc = w->markdown ? barista_table_markdown(t, w->f, w->err)
				    : barista_table_print(t, w->f, false, w->err);
	barista_table_free(t);
}

/* A quantity as text; several per printf, each in its own buffer. */
static const char *show(char buf[64], double value, enum barista_dimension dim)
{
	barista_quantity_format(buf, 64, value, dim);
	return buf;
}

static const char *kernel(char buf[BARISTA_POINT_TEXT], const struct barista_board *b,
			  const struct barista_candidate *c)
{
	b->model.family->format(&c->point, buf, BARISTA_POINT_TEXT);
	return buf;
}

/* A number of points: whole while that can be read. */
static const char *count(char buf[32], double n)
{
	snprintf(buf, 32, n < 1e9 ? "%.0f" : "%.3g", n);
	return buf;
}

/* Where the points of the space went: what makes the answer a proof. */
static void print_certificate(struct writer *w, const struct barista_report *r,
			      const struct barista_board *b)
{
	const struct barista_certificate *c = &b->search->certificate;
	char q[6][32];

	fprintf(w->f, "%s: %s points, ",
		b->model.family->enumerate ? b->model.family->name
		: r->grid_all              ? "every integer"
					   : "powers of two",
		count(q[0], c->points));
	if (b->search->partial)
		fprintf(w->f,
			"PARTIAL: stopped with %s of them evaluated and %s not reached; the best "
			"so far:\n",
			count(q[1], c->evaluated), count(q[2], c->unvisited));
	else if (b->model.family->enumerate)
		fprintf(w->f,
			"the best of them proven: %s listed and evaluated, %s more are over a "
			"budget%s%s%s%s\n",
			count(q[1], c->evaluated), count(q[2], c->over_budget),
			c->dominated > 0 ? "; the other " : "",
			c->dominated > 0 ? count(q[3], c->dominated) : "",
			c->dominated > 0 ? ": " : "",
			c->dominated > 0 ? b->model.family->dominance_rule : "");
	else if (b->search->exhaustive)
		fprintf(w->f, "all %s that fit evaluated\n", count(q[1], c->evaluated));
	else
		fprintf(w->f,
			"the best of them proven: %s evaluated (%s before, to begin with), %s "
			"bounded, %s over a budget, "
			"%s dominated\n",
			count(q[1], c->evaluated), count(q[2], c->seeds), count(q[3], c->pruned),
			count(q[4], c->over_budget), count(q[5], c->dominated));
}

static void print_head(struct writer *w, const struct barista_report *r,
		       const struct barista_board *b)
{
	const struct barista_quantity *f = b->dev->param;
	const struct barista_family *family = b->model.family;
	char q[64];

	fprintf(w->f, "%s%s\n", w->markdown ? "# " : "", r->net->title);
	if (w->markdown)
		fputc('\n', w->f);
	fprintf(w->f, "on %s: %s", b->dev->title, show(q, f[BARISTA_CLOCK].value, BARISTA_DIM_HZ));
	for (size_t i = 0; i < family->nheadline; i++) {
		const struct barista_headline *s = &family->headline[i];

		fprintf(w->f, ", %s%s%s", s->before,
			show(q, f[s->param].value, barista_param_defs[s->param].dimension),
			s->after);
	}
	fputc('\n', w->f);
	if (r->nboards > 1)
		fprintf(w->f, "(first of %zu boards, which are compared at the end)\n", r->nboards);
	fprintf(w->f, "%s, %zu layers (%s)%s; times per %simage\n",
		r->lowered->training ? "training" : "inference", r->lowered->nlayers,
		r->lowered->lowering.other_layers ? "all"
		: r->lowered->lowering.all_layers ? "all that multiply"
						  : "convolutions",
		!family->terms                      ? ""
		: r->lowered->lowering.batched_gemm ? ", one GEMM per batch"
						    : ", one GEMM per image",
		r->lowered->training ? "training " : "");
	if (r->net->incomplete)
		fprintf(w->f, "INCOMPLETE: %s\n", r->net->incomplete);
	print_certificate(w, r, b);
}

/* The layers of a pipeline have no PPW of their own to take a mean of. */
static const char *ppw_label(const struct barista_board *b)
{
	return b->model.family->pipelined ? "PPW" : "mean PPW";
}

/* What to build, in three lines. */
static void print_answer(struct writer *w, const struct barista_board *b)
{
	const struct barista_candidate *c = &b->search->ranking[BARISTA_RANK_PPW].item[0];
	char k[BARISTA_POINT_TEXT], q[2][64], binds[128];

	barista_network_bottleneck(&b->model, &c->point, binds, sizeof binds);
	fprintf(w->f, "\nbuild %s: %s per image, %s %s; %s\n", kernel(k, b, c),
		show(q[0], c->metric[BARISTA_TIME], BARISTA_DIM_SECOND), ppw_label(b),
		show(q[1], c->metric[BARISTA_PPW_MEAN], BARISTA_DIM_OP_PER_S_W), binds);
}

/* Rank 1 is clear of a kernel that it beats in nearly all samples of the uncertain facts. */
static void print_ties(struct writer *w, const struct barista_board *b)
{
	size_t ties, said = 0;
	char k[BARISTA_POINT_TEXT];

	if (!b->uncertainty)
		return;
	ties = barista_count_ties(b);
	fprintf(w->f, "low and high: 90 %% intervals; against the next %zu kernel%s rank 1 is ",
		b->search->ranking[BARISTA_RANK_PPW].n - 1,
		b->search->ranking[BARISTA_RANK_PPW].n == 2 ? "" : "s");
	if (!ties)
		fputs("clear\n", w->f);
	else
		fprintf(w->f, "a tie with %zu: ", ties);
	for (size_t i = 1; ties && i < b->search->ranking[BARISTA_RANK_PPW].n && said < 4; i++)
		if (b->uncertainty[i].win_share < BARISTA_CLEAR_WIN_SHARE)
			fprintf(w->f, "%s%s", said++ ? ", " : "",
				kernel(k, b, &b->search->ranking[BARISTA_RANK_PPW].item[i]));
	if (ties)
		fputs(ties > said ? ", ...\n" : "\n", w->f);
}

/* The ranking by time prefers what is easy to route, so that its first may be slower than this
 * design. */
static void print_faster(struct writer *w, const struct barista_board *b,
			 const struct barista_candidate *c)
{
	const struct barista_candidate *fast =
		&b->search->ranking[BARISTA_RANK_TIME_ROUTABLE].item[0];
	char k[BARISTA_POINT_TEXT], q[64];

	if (fast->metric[BARISTA_TIME] >= c->metric[BARISTA_TIME])
		fast = &b->search->ranking[BARISTA_RANK_TIME].item[0];
	if (fast->metric[BARISTA_TIME] >= c->metric[BARISTA_TIME])
		fputs(", and none is faster", w->f);
	else
		fprintf(w->f, "; the fastest, %s: %s per image", kernel(k, b, fast),
			show(q, fast->metric[BARISTA_TIME], BARISTA_DIM_SECOND));
}

static void print_single(struct writer *w, const struct barista_report *r,
			 const struct barista_board *b)
{
	const struct barista_search *s = b->search;
	const struct barista_candidate *c = &s->ranking[BARISTA_RANK_PPW].item[0];
	double flag = b->dev->param[BARISTA_FLAG_DSP].value;
	double share = c->metric[BARISTA_DSP] / b->dev->param[BARISTA_RES_DSP].value;
	char k[BARISTA_POINT_TEXT], q[2][64];

	heading(w, 2,
		b->model.family->per_layer ? "Best single kernel for the network"
					   : "Best designs for the network");
	fprintf(w->f, "%s: %s %s", kernel(k, b, c), ppw_label(b),
		show(q[0], c->metric[BARISTA_PPW_MEAN], BARISTA_DIM_OP_PER_S_W));
	if (b->model.family->per_layer)
		fprintf(w->f, "; the best kernel per layer reaches %s, so regret %.2f %%",
			show(q[1], barista_per_layer_mean(s), BARISTA_DIM_OP_PER_S_W),
			100 * barista_regret(s));
	else
		print_faster(w, b, c);
	fputc('\n', w->f);
	if (share > flag && s->ranking[BARISTA_RANK_PPW_ROUTABLE].n)
		fprintf(w->f,
			"flagged: it uses %.1f %% of the DSPs, and routing often fails above %.0f "
			"%%; "
			"at or below that, %s reaches %s\n",
			100 * share, 100 * flag,
			kernel(k, b, &s->ranking[BARISTA_RANK_PPW_ROUTABLE].item[0]),
			show(q[0], s->ranking[BARISTA_RANK_PPW_ROUTABLE].item[0].score,
			     BARISTA_DIM_OP_PER_S_W));
	print_ties(w, b);
	if (r->top > 1 && b->model.family->enumerate && s->certificate.dominated > 0)
		fputs("the first is proven the best; those after it are the best of the designs "
		      "listed\n",
		      w->f);
	if (w->markdown)
		fputc('\n', w->f);
	table(w, barista_kernels_table(r, false));
}

static void print_set(struct writer *w, const struct barista_report *r,
		      const struct barista_board *b)
{
	char k[BARISTA_POINT_TEXT], q[2][64];

	if (r->kernels < 2 || !b->model.family->per_layer)
		return;
	heading(w, 2, "Best kernels together");
	for (size_t i = 0; i < b->set.n; i++)
		fprintf(w->f, "%s%s", i ? ", " : "", kernel(k, b, b->set.kernel[i]));
	fprintf(w->f,
		": mean PPW %s, each layer on the better one and reconfiguration not counted; "
		"no number of kernels from this grid exceeds %s%s\n",
		show(q[0], b->set.ppw_mean, BARISTA_DIM_OP_PER_S_W),
		show(q[1], b->set.bound, BARISTA_DIM_OP_PER_S_W),
		b->set.exact ? " (proven best)"
			     : " (not proven best: the gap to that is all it can miss)");
}

static void print_curve(struct writer *w, const struct barista_report *r,
			const struct barista_board *b)
{
	const struct barista_family *f = b->model.family;
	char title[96];

	if (!barista_scaling_wanted(r))
		return;
	snprintf(title, sizeof title, "The fastest by %.60s", f->knob[f->scaling_knob].name);
	heading(w, 2, title);
	table(w, barista_scaling_table(r, false));
}

static void print_pareto(struct writer *w, const struct barista_report *r,
			 const struct barista_board *b)
{
	const struct barista_front *front = &b->search->front;
	size_t more = front->n - barista_pareto_shown(front);
	char title[256] = "Pareto front: ", points[32];

	if (!front->nmetrics)
		return;
	for (size_t m = 0; m < front->nmetrics; m++)
		snprintf(title + strlen(title), sizeof title - strlen(title), "%s%s", m ? ", " : "",
			 barista_metric_defs[front->metric[m]].name);
	heading(w, 2, title);
	fprintf(w->f, "%zu kernel%s of which no other is at least as good in all", front->n,
		front->n == 1 ? "" : "s");
	if (!barista_front_proven(b))
		fprintf(w->f, ", among the %s evaluated",
			count(points, b->search->certificate.evaluated));
	else
		fprintf(w->f, ": %s for %s points", front->n == 1 ? "it stands" : "they stand",
			count(points, b->search->points));
	fputc('\n', w->f);
	if (w->markdown)
		fputc('\n', w->f);
	table(w, barista_pareto_table(r, false));
	if (more)
		fprintf(w->f, "%s%zu more between these: in %s\n", w->markdown ? "\n" : "", more,
			w->markdown ? "pareto.csv" : "pareto.csv (`-o`) and `--format json`");
}

/* Layers with a figure of the baseline, and layers that it takes. */
static void count_baseline(const struct barista_report *r, const struct barista_board *b,
			   size_t *known, size_t *taken)
{
	const struct barista_candidate *c = &b->search->ranking[BARISTA_RANK_OFFLOAD].item[0];

	*known = *taken = 0;
	for (size_t l = 0; l < r->lowered->nlayers; l++) {
		*known += !isnan(r->baseline_ppw[l]);
		*taken += r->baseline_ppw[l] > c->class_ppw[r->lowered->class_of[l]];
	}
}

static void print_offload(struct writer *w, const struct barista_report *r,
			  const struct barista_board *b)
{
	const struct barista_candidate *c = &b->search->ranking[BARISTA_RANK_OFFLOAD].item[0];
	double mean = barista_baseline_mean(r->baseline, r->net);
	bool gpu = !strcmp(r->baseline->kind, "gpu");
	size_t known, taken;
	char k[BARISTA_POINT_TEXT], q[64];

	if (!b->model.family->per_layer)
		return;
	count_baseline(r, b, &known, &taken);
	heading(w, 2, gpu ? "FPGA or GPU, per layer" : "FPGA or CPU, per layer");
	if (!known)
		fprintf(w->f,
			"%s has no figures per layer of this network%s%s: all layers on the "
			"FPGA%s\n",
			r->baseline->title, isnan(mean) ? "" : ", only its mean, ",
			isnan(mean) ? "" : show(q, mean, BARISTA_DIM_OP_PER_S_W),
			gpu ? "" : " (`barista-dse calibrate` measures this host)");
	else if (taken == r->lowered->nlayers)
		fprintf(w->f, "no layer on the FPGA: %s has the higher PPW in all, mean %s\n",
			r->baseline->title, show(q, c->score, BARISTA_DIM_OP_PER_S_W));
	else if (!taken)
		fprintf(w->f,
			"%s on the FPGA for all layers: %s has the higher PPW in none: mean PPW "
			"%s\n",
			kernel(k, b, c), r->baseline->title,
			show(q, c->score, BARISTA_DIM_OP_PER_S_W));
	else
		fprintf(w->f,
			"%s on the FPGA for %zu layer%s, %s for the other %zu, each where its PPW "
			"is higher: "
			"mean PPW %s\n",
			kernel(k, b, c), r->lowered->nlayers - taken,
			r->lowered->nlayers - taken == 1 ? "" : "s", r->baseline->title, taken,
			show(q, c->score, BARISTA_DIM_OP_PER_S_W));
	if (!known && r->kernels < 2)
		return;
	if (w->markdown)
		fputc('\n', w->f);
	table(w, barista_selection_table(r, false));
}

static void print_boards(struct writer *w, const struct barista_report *r)
{
	size_t smallest = barista_smallest_board(r);
	char q[64], k[BARISTA_POINT_TEXT];

	if (r->nboards + r->nexcluded < 2 && isnan(r->deadline))
		return;
	heading(w, 2, "Boards");
	for (size_t i = 0; i < r->nexcluded; i++)
		fprintf(w->f, "left out: %s\n", r->excluded[i].why);
	for (size_t i = 0; i < r->nboards; i++)
		if (r->board[i].search->partial)
			fprintf(w->f, "PARTIAL: %s: the best so far\n", r->board[i].dev->name);
	if (!isnan(r->deadline)) {
		show(q, r->deadline, BARISTA_DIM_SECOND);
		if (smallest < r->nboards)
			fprintf(w->f,
				"smallest board (fewest DSPs) within %s per image: %s, with %s\n",
				q, r->board[smallest].dev->name,
				kernel(k, &r->board[smallest],
				       &r->board[smallest]
						.search->ranking[BARISTA_RANK_TIME_ROUTABLE]
						.item[0]));
		else
			fprintf(w->f, "no board meets %s per image\n", q);
	}
	if (w->markdown)
		fputc('\n', w->f);
	table(w, barista_boards_table(r, false));
}

static void print_what_if(struct writer *w, const struct barista_report *r,
			  const struct barista_board *b)
{
	const struct barista_what_if *first;

	if (!b->what_if)
		return;
	first = &b->what_if[0];
	heading(w, 2, "What to buy next");
	if (first->gain > 0)
		fprintf(w->f, "%s: at x%s the best kernel's mean PPW is %.1f %% higher",
			barista_param_defs[first->param].path, first->less ? "0.8" : "1.25",
			100 * first->gain);
	else
		fputs("no resource by itself: a quarter more of one does not raise the best "
		      "kernel's mean PPW",
		      w->f);
	fprintf(w->f, "; each row is a search anew with that alone scaled, and %s\n",
		isnan(b->dev->param[BARISTA_POWER_TOTAL].value)
			? "power follows the blocks used only"
			: "power is not scaled with it");
	if (w->markdown)
		fputc('\n', w->f);
	table(w, barista_what_if_table(r, false));
}

static const char *layers_title(const struct barista_family *f)
{
	if (f->per_layer)
		return "Best kernel per layer";
	return f->pipelined ? "Layers of the best design, which work at the same time"
			    : "Layers of the best design";
}

int barista_report_print(const struct barista_report *r, FILE *f, bool markdown, bool bold,
			 bool charts, struct barista_err *err)
{
	struct writer w = {f, markdown, bold, err, 0};
	const struct barista_board *b = &r->board[0];

	print_head(&w, r, b);
	print_answer(&w, b);
	heading(&w, 2, layers_title(b->model.family));
	table(&w, barista_layers_table(r, false));
	print_single(&w, r, b);
	print_curve(&w, r, b);
	print_set(&w, r, b);
	print_pareto(&w, r, b);
	print_offload(&w, r, b);
	print_what_if(&w, r, b);
	print_boards(&w, r);
	if (!w.rc && charts) {
		heading(&w, 2, "Charts");
		for (size_t i = 0; barista_chart_name(i); i++)
			if (barista_chart_wanted(r, i))
				fprintf(f, "![%s](charts/%s.png)\n\n", barista_chart_name(i),
					barista_chart_name(i));
	}
	return w.rc;
}
