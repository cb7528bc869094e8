/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/err.h"
#include "model/device.h"
#include "model/evaluate.h"
#include "model/metric.h"
#include "search/branch_bound.h"
#include "search/confirm.h"
#include "search/enumerated.h"
#include "search/inner_loop.h"
#include "search/nearest_miss.h"
#include "search/ranks.h"
#include "search/search.h"
#include "search/sweep.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fails with a message that names the point that is least over its budgets. */
static int fail_infeasible(const struct barista_search *s, const struct barista_point *nearest,
			   struct barista_err *err)
{
	struct barista_result result = {
		.class_time = calloc(s->model->lowered->nclasses, sizeof(double))};
	char kernel[BARISTA_POINT_TEXT], why[400], points[32];
	int rc = result.class_time ? barista_evaluate_point(s->model, nearest, &result, err)
				   : barista_no_memory(err);

	free(result.class_time);
	if (rc)
		return rc;
	s->model->family->format(nearest, kernel, sizeof kernel);
	barista_explain_infeasible(s->model, &result, why, sizeof why);
	snprintf(points, sizeof points, s->points < 1e15 ? "%.0f" : "%.3g", s->points);
	return barista_fail(
		err, BARISTA_E_INFEASIBLE,
		"no feasible kernel on '%.80s' among %s points; the nearest, %.400s: %s",
		s->model->dev->name, points, kernel, why);
}

/* A family that is swept; the nearest point is looked for only when none is feasible. */
static int sweep(struct barista_search *s, const struct barista_space *space,
		 const struct barista_search_options *options, struct barista_point *nearest,
		 struct barista_err *err)
{
	struct barista_levels levels;
	int rc = barista_levels_make(&levels, space, s->model, options->exhaustive, err);

	if (rc)
		return rc;
	s->points = s->certificate.points = levels.points;
	rc = options->exhaustive ? barista_sweep_run(s, &levels, options, err)
				 : barista_branch_bound_run(s, &levels, options, err);
	if (rc || barista_ranks_rank(options->ranks) || s->ranking[BARISTA_RANK_TIME].n ||
	    s->partial)
		return rc;
	if (!options->exhaustive && (rc = barista_levels_make(&levels, space, s->model, true, err)))
		return rc;
	*nearest = barista_nearest_miss(s->model, &levels);
	return 0;
}

static int run(struct barista_search *s, const struct barista_space *space,
	       const struct barista_search_options *options, struct barista_err *err)
{
	struct barista_point nearest;
	int rc;

	if (options->exhaustive && s->model->family->enumerate)
		return barista_fail(
			err, BARISTA_E_ARGUMENT,
			"family '%s' lists its best designs itself: there is nothing to sweep, so "
			"leave option exhaustive out",
			s->model->family->name);
	s->exhaustive = options->exhaustive;
	if (!barista_incumbents_init(s, options))
		return barista_no_memory(err);
	rc = s->model->family->enumerate
		     ? barista_enumerated_search(s, space, options, &nearest, err)
		     : sweep(s, space, options, &nearest, err);
	if (rc || barista_ranks_rank(options->ranks))
		return rc;
	if (!s->ranking[BARISTA_RANK_TIME].n && s->unsaved.status) {
		*err = s->unsaved;
		return err->status;
	}
	if (!s->ranking[BARISTA_RANK_TIME].n && s->partial)
		return barista_fail(err, BARISTA_E_STOPPED,
				    "'%.80s': stopped before any feasible kernel was found",
				    s->model->dev->name);
	if (!s->ranking[BARISTA_RANK_TIME].n)
		return fail_infeasible(s, &nearest, err);
	if (!barista_front_sort(&s->front))
		return barista_no_memory(err);
	if ((rc = barista_search_confirm(s, options->stop, err)))
		return rc;
	for (int o = 0; o < BARISTA_NOBJECTIVES; o++)
		if (!s->ranking[o].n)
			s->ranking[o] = s->ranking[BARISTA_RANK_TIME];
	return 0;
}

static int search_space(struct barista_search **out, const struct barista_model *model,
			const struct barista_space *space,
			const struct barista_search_options *options, struct barista_err *err)
{
	struct barista_arena *arena;
	struct barista_search *search = barista_arena_object(sizeof *search, &arena);
	int rc;

	if (!search)
		return barista_no_memory(err);
	search->arena = arena;
	search->model = model;
	rc = run(search, space, options, err);
	if (rc)
		barista_search_free(search);
	else
		*out = search;
	return rc;
}

static int check_options(const struct barista_search_options *o, struct barista_err *err)
{
	if (o->objective >= BARISTA_NOBJECTIVES)
		return barista_fail(err, BARISTA_E_ARGUMENT, "ranking %d is no objective",
				    (int)o->objective);
	if (!(o->deadline >= 0))
		return barista_fail(err, BARISTA_E_ARGUMENT, "a deadline of %g s", o->deadline);
	if (o->threads < 0)
		return barista_fail(err, BARISTA_E_ARGUMENT, "%d threads", o->threads);
	if (o->keep > BARISTA_MAX_KEPT)
		return barista_fail(err, BARISTA_E_ARGUMENT, "%zu designs to keep, at most %d",
				    o->keep, BARISTA_MAX_KEPT);
	if (!o->exhaustive && (o->checkpoint || o->each))
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "a checkpoint and a callback for each design go with an "
				    "exhaustive search");
	if (o->checkpoint && o->each)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "a search that is resumed hands on only part of the designs: "
				    "leave the checkpoint or the callback out");
	if (o->npareto > BARISTA_NMETRICS)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "a front of more metrics than there are");
	for (size_t m = 0; m < o->npareto; m++)
		if (o->pareto[m] >= BARISTA_NMETRICS || !barista_metric_defs[o->pareto[m]].better)
			return barista_fail(
				err, BARISTA_E_ARGUMENT,
				"metric %d of a front is none of which more or less is better",
				(int)o->pareto[m]);
	return 0;
}

int barista_search_run(struct barista_search **out, const struct barista_model *model,
		       const struct barista_space *space,
		       const struct barista_search_options *options, struct barista_err *err)
{
	enum { KEPT = 5 };
	struct barista_search_options o = {.keep = 0};
	struct barista_space *full = NULL;
	int rc;

	if (options)
		o = *options;
	if (!o.keep)
		o.keep = KEPT;
	if ((rc = check_options(&o, err)) ||
	    (!space && (rc = barista_space_make(&full, model, err))))
		return rc;
	rc = search_space(out, model, full ? full : space, &o, err);
	barista_space_free(full);
	return rc;
}
