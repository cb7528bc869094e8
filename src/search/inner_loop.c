/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search/inner_loop.h"

#include "base/memory.h"
#include "barista/family.h"
#include "base/err.h"
#include "base/isa.h"
#include "model/evaluate.h"
#include "model/metric.h"
#include "model/point.h"
#include "search/search.h"

#include <stdlib.h>
#include <string.h>

unsigned barista_upper_budgets(void)
{
	unsigned mask = 0;

	for (int b = 0; b < barista_nbudgets; b++)
		if (!barista_budget_defs[b].at_least)
			mask |= 1U << b;
	return mask;
}

unsigned barista_budgets_exceeded(const struct barista_model *model,
				  const struct barista_point *point, double *metric)
{
	double scratch;
	struct barista_batch one = {.n = 1, .points = point, .scratch = &scratch};
	uint16_t over;

	for (size_t k = 0; k < model->family->nknobs; k++)
		one.knob[k] = &point->knob[k];
	for (int m = 0; m < BARISTA_NMETRICS; m++)
		one.metric[m] = &metric[m];
	one.over = &over;
	barista_resources(model, &one);
	return over;
}

static bool make_run(struct barista_inner_loop *w)
{
	size_t nclasses = w->model->lowered->nclasses,
	       n = w->n < BARISTA_INNER_BATCH ? w->n : BARISTA_INNER_BATCH;

	w->run = (struct barista_inner_batch){
		.model = w->model,
		.value = w->value,
		.stride = w->n,
		.table = w->table,
		.isa = (int)barista_isa_best(),
		.class_time = calloc(nclasses * n, sizeof(double)),
		.least = calloc(nclasses, sizeof(double)),
		.scratch = calloc(n, sizeof(double)),
	};
	return w->run.class_time && w->run.least && w->run.scratch;
}

int barista_inner_loop_share(struct barista_inner_loop **out, const struct barista_inner_loop *from,
			     struct barista_search *keep, struct barista_err *err)
{
	struct barista_inner_loop *w = calloc(1, sizeof *w);

	if (!w)
		return barista_no_memory(err);
	w->model = from->model;
	w->keep = keep;
	w->n = from->n;
	w->value = from->value;
	w->table = from->table;
	w->each = from->each;
	w->each_user = from->each_user;
	if (!make_run(w)) {
		w->value = w->table = NULL;
		barista_inner_loop_free(w);
		return barista_no_memory(err);
	}
	*out = w;
	return 0;
}

int barista_inner_loop_make(struct barista_inner_loop **out, const struct barista_model *model,
			    struct barista_search *keep, const double *value, size_t n,
			    struct barista_err *err)
{
	struct barista_inner_loop first = {.model = model, .keep = keep, .n = n};
	int rc;

	first.value = malloc((n ? n : 1) * sizeof *value);
	first.table =
		malloc((n ? n : 1) * model->family->table_columns(model) * sizeof *first.table);
	if (!first.value || !first.table) {
		rc = barista_no_memory(err);
	} else {
		memcpy(first.value, value, n * sizeof *value);
		rc = model->family->tabulate(model, first.value, n, first.table)
			     ? barista_inner_loop_share(out, &first, keep, err)
			     : barista_fail(err, BARISTA_E_SYSTEM,
					    "internal error: tiles do not cover a dimension once; "
					    "please report it");
	}
	if (rc) {
		free(first.value);
		free(first.table);
	} else {
		(*out)->owns_table = true;
	}
	return rc;
}

void barista_inner_loop_free(struct barista_inner_loop *w)
{
	if (!w)
		return;
	if (w->owns_table) {
		free(w->value);
		free(w->table);
	}
	barista_free_all(w->run.class_time, w->run.least, w->run.scratch, w);
}

static unsigned over_at(struct barista_inner_loop *w, size_t i, double *metric)
{
	w->run.point.knob[w->model->family->inner_knob] = w->value[i];
	return barista_budgets_exceeded(w->model, &w->run.point, metric);
}

/* Of what a design takes, all that a ranking or a front may compare, and whether its tile divides.
 * The row of a tile grows with every step, and only its lower limit matters. */
static bool same_resources(const double *a, const double *b)
{
	for (enum barista_metric m = 0; m < BARISTA_NMETRICS; m++)
		if (!barista_metric_of_time(m) && a[m] != b[m] &&
		    (barista_metric_defs[m].better || m == BARISTA_TILE_DIVIDES))
			return false;
	return true;
}

/* Returns the first value in lo..hi-1 for which `changed` holds, or hi when there is none.
 * Resources only grow along the values, so it is false up to there and true from there on, and
 * halving finds it. */
static size_t first_where(struct barista_inner_loop *w, size_t lo, size_t hi,
			  bool (*changed)(struct barista_inner_loop *w, size_t i,
					  const double *with),
			  const double *with)
{
	while (lo < hi) {
		size_t middle = lo + (hi - lo) / 2;

		if (changed(w, middle, with))
			hi = middle;
		else
			lo = middle + 1;
	}
	return lo;
}

static bool differs(struct barista_inner_loop *w, size_t i, const double *with)
{
	double metric[BARISTA_NMETRICS];

	over_at(w, i, metric);
	return !same_resources(metric, with);
}

static bool beyond(struct barista_inner_loop *w, size_t i, const double *with)
{
	double metric[BARISTA_NMETRICS];

	(void)with;
	return over_at(w, i, metric) & barista_upper_budgets();
}

static bool above_limits(struct barista_inner_loop *w, size_t i, const double *with)
{
	double metric[BARISTA_NMETRICS];

	(void)with;
	return !(over_at(w, i, metric) & ~barista_upper_budgets());
}

/* Finds where the resources change after `from`. Most often that is where they changed in this
 * piece the last time, so that place is tried first. */
static size_t end_of_piece(struct barista_inner_loop *w, size_t piece, size_t from, size_t to,
			   const double *metric)
{
	size_t *last_break = &w->last_break[piece % (sizeof w->last_break / sizeof *w->last_break)];
	bool near = *last_break > from && *last_break < to && !differs(w, *last_break - 1, metric);

	if (near && differs(w, *last_break, metric))
		return *last_break;
	if (!differs(w, to - 1, metric))
		return to;
	*last_break = first_where(w, near ? *last_break + 1 : from + 1, to, differs, metric);
	return *last_break;
}

/* Hands the points of the batch on to the caller's function. */
static int hand_on(struct barista_inner_loop *w, struct barista_err *err)
{
	const struct barista_inner_batch *run = &w->run;
	size_t nknobs = w->model->family->nknobs, columns = nknobs + BARISTA_NMETRICS + 1;
	double *all = calloc(columns * run->n, sizeof *all);
	struct barista_batch b = {.n = run->n, .class_time = run->class_time};
	int rc;

	if (!all)
		return barista_no_memory(err);
	b.over = (uint16_t *)(all + (columns - 1) * run->n);
	for (size_t k = 0; k < nknobs; k++) {
		for (size_t i = 0; i < run->n; i++)
			all[k * run->n + i] = k == w->model->family->inner_knob
						      ? run->value[run->from + i]
						      : run->point.knob[k];
		b.knob[k] = all + k * run->n;
	}
	for (size_t m = 0; m < BARISTA_NMETRICS; m++)
		b.metric[m] = all + (nknobs + m) * run->n;
	barista_resources(w->model, &b);
	for (size_t i = 0; i < run->n; i++) {
		struct barista_scored g = {.class_time = run->class_time + i,
					   .stride = run->n,
					   .ppw = w->keep->scratch};

		g.metric[BARISTA_POWER] = b.metric[BARISTA_POWER][i];
		barista_scored_totals(&g, w->model->lowered);
		for (enum barista_metric m = 0; m < BARISTA_NMETRICS; m++)
			if (barista_metric_of_time(m))
				b.metric[m][i] = g.metric[m];
	}
	rc = w->each(w->each_user, &b, err);
	free(all);
	return rc;
}

static int evaluate(struct barista_inner_loop *w, size_t from, size_t to, struct barista_err *err)
{
	for (size_t i = from; i < to; i += w->run.n) {
		int rc;

		w->run.from = i;
		w->run.n = to - i < BARISTA_INNER_BATCH ? to - i : BARISTA_INNER_BATCH;
		w->model->family->sweep_inner(&w->run);
		w->evaluated += (double)w->run.n;
		if (!barista_incumbents_insert_batch(w->keep, &w->run))
			return barista_no_memory(err);
		if (w->each && (rc = hand_on(w, err)))
			return rc;
	}
	return 0;
}

/* Finds the first value beyond an upper budget. Most often it is near where it was in the last
 * row, so the search begins there. */
static size_t end_within(struct barista_inner_loop *w, size_t from)
{
	size_t last_break = w->end, n = w->n;

	if (last_break > from && last_break < n && beyond(w, last_break, NULL))
		n = last_break;
	else if (!beyond(w, n - 1, NULL))
		return n;
	for (size_t step = 1; n == last_break && last_break > from + step; step *= 4) {
		if (!beyond(w, last_break - step, NULL)) {
			w->end = first_where(w, last_break - step + 1, last_break, beyond, NULL);
			return w->end;
		}
		n = last_break -= step;
	}
	w->end = first_where(w, from, n, beyond, NULL);
	return w->end;
}

/* Finds the feasible values, from..to-1. Returns false when not even the smallest value is within
 * the upper budgets. */
static bool find_feasible(struct barista_inner_loop *w, const struct barista_point *outer,
			  size_t *from, size_t *to)
{
	double metric[BARISTA_NMETRICS];
	unsigned over;

	barista_point_copy(&w->run.point, outer);
	over = over_at(w, 0, metric);
	if (over & barista_upper_budgets())
		return false;
	*from = over ? first_where(w, 1, w->n, above_limits, NULL) : 0;
	*to = *from < w->n ? end_within(w, *from) : w->n;
	return true;
}

double barista_inner_loop_count(struct barista_inner_loop *w, const struct barista_point *outer)
{
	size_t from, to;

	return find_feasible(w, outer, &from, &to) ? (double)(to - from) : -1;
}

int barista_inner_loop_run(struct barista_inner_loop *w, const struct barista_point *outer,
			   bool *any, struct barista_err *err)
{
	size_t from, to, piece = 0;
	int rc = 0;

	*any = w->n && find_feasible(w, outer, &from, &to);
	if (!*any) {
		w->over += (double)w->n;
		return 0;
	}
	w->over += (double)(w->n - (to - from));
	for (size_t end; !rc && from < to; from = end) {
		over_at(w, from, w->run.metric);
		end = end_of_piece(w, piece++, from, to, w->run.metric);
		rc = evaluate(w, from, end, err);
	}
	return rc;
}
