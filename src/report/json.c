/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file makes JSON of a report, for run.json and for programs that read the output. */
#include "report/report.h"

#include "barista/family.h"
#include "io/unit.h"
#include "model/baseline.h"
#include "model/device.h"
#include "model/metric.h"
#include "network/workload.h"
#include "report/breakdown.h"
#include "search/rankings.h"
#include "search/search.h"
#include "search/uncertainty.h"
#include "search/what_if.h"

#include <math.h>
#include <stdio.h>

/* Returns, for instance, {"kernel": "32x32x64:fp32", "tile_m": 32, ..., "precision": "fp32"}. */
static json_t *point_json(const struct barista_family *f, const struct barista_point *p)
{
	json_t *o = json_object();
	char text[BARISTA_POINT_TEXT];

	f->format(p, text, sizeof text);
	barista_json_set_text(o, "kernel", text);
	for (size_t k = 0; k < f->nknobs; k++) {
		if (f->knob[k].categorical) {
			f->knob[k].format(p->knob[k], text, sizeof text);
			barista_json_set_text(o, f->knob[k].name, text);
		} else {
			barista_json_set(o, f->knob[k].name, barista_json_real(p->knob[k]));
		}
	}
	return o;
}

static json_t *layer_best(const struct barista_board *b, const struct barista_candidate *c,
			  size_t s)
{
	json_t *o = point_json(b->model.family, &c->point);
	struct barista_stages stages;

	barista_json_set_real(o, "ppw",
			      isnan(barista_own_ops(&b->model, s)) ? (double)NAN : c->class_ppw[s]);
	barista_json_set_real(o, "time_s", c->class_time[s]);
	barista_json_set_real(o, "dsp", c->metric[BARISTA_DSP]);
	barista_json_set_real(o, "bram", c->metric[BARISTA_BRAM]);
	barista_class_stages(&b->model, &c->point, s, &stages);
	barista_json_set_text(o, "binds", stages.binds);
	return o;
}

static json_t *certificate_json(const struct barista_board *b)
{
	const struct barista_certificate *c = &b->search->certificate;
	json_t *o = json_object();

	barista_json_set_real(o, "evaluated", c->evaluated);
	barista_json_set_real(o, "bounded", c->pruned);
	barista_json_set_real(o, "over_budget", c->over_budget);
	barista_json_set_real(o, "dominated", c->dominated);
	barista_json_set_real(o, "not_reached", c->unvisited);
	barista_json_set_real(o, "evaluated_to_begin_with", c->seeds);
	barista_json_set_text(o, "dominated_means", b->model.family->dominance_rule);
	return o;
}

static json_t *layers_json(const struct barista_report *r, const struct barista_board *b)
{
	json_t *layers = json_array();

	for (size_t l = 0; l < r->lowered->nlayers; l++) {
		size_t s = r->lowered->class_of[l];
		const struct barista_ranking *top = b->model.family->per_layer
							    ? &b->search->class_ranking[s]
							    : barista_search_top(b->search);
		size_t n = b->model.family->per_layer ? top->n : 1;
		json_t *o = json_object(), *all = json_array();

		barista_json_set_text(o, "name", r->lowered->name[l]);
		barista_json_set(o, "best", layer_best(b, &top->item[0], s));
		for (size_t i = 0; i < n && i < (size_t)r->top; i++)
			barista_json_append(all, layer_best(b, &top->item[i], s));
		barista_json_set(o, "top", all);
		barista_json_append(layers, o);
	}
	return layers;
}

static json_t *kernel_json(const struct barista_board *b, const struct barista_candidate *c)
{
	json_t *o = point_json(b->model.family, &c->point);
	double share = c->metric[BARISTA_DSP] / b->dev->param[BARISTA_RES_DSP].value;

	for (int m = 0; m < BARISTA_NMETRICS; m++)
		barista_json_set_real(o, barista_metric_defs[m].key, c->metric[m]);
	barista_json_set_bool(o, "flagged", share > b->dev->param[BARISTA_FLAG_DSP].value);
	return o;
}

static json_t *offload_json(const struct barista_report *r, const struct barista_board *b)
{
	const struct barista_candidate *c = barista_board_best(b, BARISTA_RANK_OFFLOAD);
	json_t *o = point_json(b->model.family, &c->point), *layers = json_array();

	barista_json_set_real(o, "ppw_mean", c->score);
	barista_json_set_text(o, "baseline", r->baseline->name);
	for (size_t l = 0; l < r->lowered->nlayers; l++) {
		double fpga = c->class_ppw[r->lowered->class_of[l]];
		bool other = r->baseline_ppw[l] > fpga;
		json_t *row = json_object();

		barista_json_set_text(row, "name", r->lowered->name[l]);
		barista_json_set_text(row, "on", other ? r->baseline->kind : "fpga");
		barista_json_set_real(row, "ppw", other ? r->baseline_ppw[l] : fpga);
		barista_json_set_real(row, "fpga_ppw", fpga);
		barista_json_set_real(row, "baseline_ppw", r->baseline_ppw[l]);
		barista_json_set_text(row, "baseline_from", r->baseline_from[l]);
		barista_json_append(layers, row);
	}
	barista_json_set(o, "layers", layers);
	return o;
}

static const struct barista_metric_def *objective_metric(const struct barista_board *b)
{
	return &barista_metric_defs[barista_objective_metric(b->search->objective)];
}

static json_t *set_json(const struct barista_board *b)
{
	const struct barista_metric_def *metric = objective_metric(b);
	json_t *o = json_object(), *kernels = json_array();
	char bound[64];

	for (size_t i = 0; i < b->set.n; i++)
		barista_json_append(kernels, point_json(b->model.family, &b->set.kernel[i]->point));
	barista_json_set(o, "kernels", kernels);
	barista_json_set_real(o, metric->key, b->set.value);
	snprintf(bound, sizeof bound, "bound_%s", metric->key);
	barista_json_set_real(o, bound, b->set.bound);
	barista_json_set_bool(o, "exact", b->set.exact);
	return o;
}

static json_t *boards_json(const struct barista_report *r)
{
	json_t *boards = json_array();

	for (size_t i = 0; i < r->nboards; i++) {
		const struct barista_board *b = &r->board[i];
		json_t *o = json_object();

		barista_json_set_text(o, "device", b->dev->name);
		barista_json_set(o, "single", kernel_json(b, barista_board_choice(b)));
		barista_json_set(o, "fastest",
				 kernel_json(b, barista_board_best(b, BARISTA_RANK_TIME)));
		barista_json_set_real(o, "board_dsp", b->dev->param[BARISTA_RES_DSP].value);
		barista_json_set(o, "meets_deadline",
				 isnan(r->deadline) ? json_null()
						    : json_boolean(b->meets_deadline));
		barista_json_append(boards, o);
	}
	return boards;
}

static json_t *pareto_json(const struct barista_report *r)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < r->nboards; i++) {
		const struct barista_board *b = &r->board[i];

		for (size_t k = 0; k < b->search->front.n; k++) {
			json_t *o = json_object(),
			       *kernel = kernel_json(b, &b->search->front.item[k]);

			barista_json_set_text(o, "device", b->dev->name);
			barista_json_set_all(o, kernel);
			barista_json_append(rows, o);
		}
	}
	return rows;
}

static json_t *what_if_row_json(const struct barista_board *b, size_t rank,
				const struct barista_what_if_row *row)
{
	const struct barista_what_if *w = &b->what_if[rank];
	json_t *o = json_object();
	char kernel[BARISTA_POINT_TEXT];

	b->model.family->format(&row->point, kernel, sizeof kernel);
	barista_json_set_text(o, "device", b->dev->name);
	barista_json_set_text(o, "path", barista_param_defs[w->param].path);
	barista_json_set(o, "buy_next", json_integer((json_int_t)rank + 1));
	barista_json_set_real(o, "factor", row->factor);
	barista_json_set_real(o, "value", row->value);
	barista_json_set_text(o, "unit",
			      barista_dimension_unit(barista_param_defs[w->param].dimension));
	barista_json_set_bool(o, "feasible", row->feasible);
	barista_json_set(o, "kernel", row->feasible ? barista_json_text(kernel) : json_null());
	barista_json_set_real(o, objective_metric(b)->key, row->best);
	barista_json_set_real(o, "change_percent", 100 * row->best_change);
	barista_json_set_real(o, "fastest_time_s", row->time);
	barista_json_set_real(o, "time_change_percent", 100 * row->time_change);
	barista_json_set_real(o, "sensitivity", w->sensitivity);
	return o;
}

static json_t *what_if_json(const struct barista_report *r)
{
	json_t *rows = json_array();

	for (size_t i = 0; i < r->nboards; i++) {
		const struct barista_board *b = &r->board[i];

		for (size_t rank = 0; rank < BARISTA_WHAT_IF_PARAMS; rank++)
			for (size_t k = 0; k < b->what_if[rank].n; k++)
				barista_json_append(
					rows, what_if_row_json(b, rank, &b->what_if[rank].row[k]));
	}
	return rows;
}

static json_t *intervals_json(const struct barista_board *b)
{
	const struct barista_ranking *top = barista_search_top(b->search);
	json_t *ties = json_array();
	char text[BARISTA_POINT_TEXT];

	for (size_t i = 1; i < top->n; i++) {
		if (b->uncertainty[i].win_share >= BARISTA_CLEAR_WIN_SHARE)
			continue;
		b->model.family->format(&top->item[i].point, text, sizeof text);
		barista_json_append(ties, barista_json_text(text));
	}
	return json_pack("{s:[f,f], s:[f,f], s:b, s:i, s:o}", "time_s", b->uncertainty[0].time.lo,
			 b->uncertainty[0].time.hi, "ppw_mean", b->uncertainty[0].ppw_mean.lo,
			 b->uncertainty[0].ppw_mean.hi, "rank1_clear", !barista_count_ties(b),
			 "compared", (int)top->n - 1, "ties", ties);
}

static json_t *kernels_json(const struct barista_report *r, const struct barista_board *b)
{
	const struct barista_ranking *top = barista_search_top(b->search);
	json_t *kernels = json_array();

	for (size_t i = 0; i < top->n && i < (size_t)r->top; i++)
		barista_json_append(kernels, kernel_json(b, &top->item[i]));
	return kernels;
}

/* Sets what was searched, and how surely. */
static void set_search(json_t *root, const struct barista_report *r, const struct barista_board *b)
{
	if (b->uncertainty)
		barista_json_set(root, "intervals", intervals_json(b));
	barista_json_set_text(root, "workload", r->net->name);
	barista_json_set_text(root, "incomplete", r->net->incomplete);
	barista_json_set_text(root, "device", b->dev->name);
	barista_json_set_text(root, "family", b->model.family->name);
	barista_json_set_text(root, "objective", barista_objective_name(b->search->objective));
	barista_json_set_real(root, "points", b->search->points);
	barista_json_set_text(root, "search", b->search->exhaustive ? "exhaustive" : "exact");
	barista_json_set_bool(root, "partial", barista_report_partial(r));
	barista_json_set(root, "certificate", certificate_json(b));
}

/* The best design by each objective. */
static json_t *best_by_json(const struct barista_board *b)
{
	json_t *o = json_object();

	for (int i = 0; i < BARISTA_NOBJECTIVES; i++) {
		enum barista_rank by = (enum barista_rank)i;

		barista_json_set(o, barista_objective_name(by),
				 kernel_json(b, barista_board_best(b, by)));
	}
	return o;
}

/* Sets the best designs of the first board. */
static void set_best(json_t *root, const struct barista_report *r, const struct barista_board *b)
{
	char per_layer_key[64];
	bool per_layer = b->model.family->per_layer;
	bool routable = b->search->ranking[BARISTA_RANK_ROUTABLE].n;
	json_t *single = kernel_json(b, barista_board_choice(b));

	if (per_layer)
		barista_json_set_real(single, "regret", barista_regret(b));
	barista_json_set(root, "layers", layers_json(r, b));
	barista_json_set(root, "single", single);
	barista_json_set(root, "single_unflagged",
			 routable ? kernel_json(b, barista_board_best(b, BARISTA_RANK_ROUTABLE))
				  : json_null());
	snprintf(per_layer_key, sizeof per_layer_key, "per_layer_%s", objective_metric(b)->key);
	if (per_layer)
		barista_json_set_real(root, per_layer_key, b->set.bound);
	barista_json_set(root, "best_by", best_by_json(b));
	barista_json_set(root, "kernels", kernels_json(r, b));
	if (per_layer)
		barista_json_set(root, "set", set_json(b));
}

/* Sets the boards side by side. */
static void set_boards(json_t *root, const struct barista_report *r)
{
	size_t smallest = barista_smallest_board(r);
	bool met = smallest < r->nboards && !isnan(r->deadline);
	json_t *excluded = json_array();

	barista_json_set(root, "boards", boards_json(r));
	for (size_t i = 0; i < r->nexcluded; i++)
		barista_json_append(excluded, barista_json_text(r->excluded[i].why));
	barista_json_set(root, "excluded_boards", excluded);
	barista_json_set_real(root, "deadline_s", r->deadline);
	barista_json_set_text(root, "smallest_board", met ? r->board[smallest].dev->name : NULL);
}

json_t *barista_report_json(const struct barista_report *r)
{
	const struct barista_board *b = &r->board[0];
	json_t *root = json_object();

	set_search(root, r, b);
	set_best(root, r, b);
	if (barista_pareto_wanted(r))
		barista_json_set(root, "pareto", pareto_json(r));
	if (barista_scaling_wanted(r))
		barista_json_set(root, "scaling",
				 barista_table_json_free(barista_scaling_table(r, true)));
	if (barista_what_if_wanted(r))
		barista_json_set(root, "what_if", what_if_json(r));
	if (b->model.family->per_layer)
		barista_json_set(root, "offload", offload_json(r, b));
	set_boards(root, r);
	return root;
}
