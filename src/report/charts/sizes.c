/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file tells which sizes of kernels the charts show, and searches for the best kernel of
 * each. */
#include "report/charts/sizes.h"

#include "base/err.h"
#include "io/unit.h"
#include "model/device.h"
#include "model/metric.h"
#include "search/rankings.h"
#include "search/search.h"
#include "search/space.h"

#include <math.h>

size_t barista_sides(const struct barista_board *b, size_t knob, double side[BARISTA_MAX_SIDES])
{
	const struct barista_range *r = &b->space.range[knob];
	double best = barista_board_choice(b)->point.knob[knob];
	size_t n = 0, size = barista_range_size(r);

	if (size <= BARISTA_MAX_SIDES) {
		for (; n < size; n++)
			side[n] = barista_range_value(r, n);
		return n;
	}
	for (double v = 1; v <= r->hi && n + 1 < BARISTA_MAX_SIDES; v *= 2) {
		if (best < v && (!n || best > side[n - 1]))
			side[n++] = best;
		if (v >= r->lo)
			side[n++] = v;
	}
	return n;
}

static char prefix(const struct barista_report *r)
{
	enum barista_metric metric = barista_objective_metric(r->objective);

	return *barista_dimension_prefix(barista_metric_defs[metric].dimension,
					 barista_board_choice(&r->board[0])->metric[metric]);
}

const char *barista_size_label(const struct barista_report *r, char buf[64])
{
	const struct barista_metric_def *def =
		&barista_metric_defs[barista_objective_metric(r->objective)];
	char p = prefix(r);

	snprintf(buf, 64, "%.20s [%.*s%.20s]", def->name, p != '-', &p,
		 barista_dimension_unit(def->dimension));
	return buf;
}

bool barista_more_is_better(const struct barista_report *r)
{
	return barista_metric_defs[barista_objective_metric(r->objective)].better > 0;
}

/* Lifts every budget of the board, to tell how fast a kernel would be that does not fit. */
static struct barista_device without_budgets(const struct barista_device *dev)
{
	struct barista_device lifted = *dev;

	for (int i = 0; i < barista_nbudgets; i++) {
		const struct barista_budget_def *def = &barista_budget_defs[i];

		if (def->usable >= 0)
			lifted.param[def->usable].value = 1e9;
		else if (def->total >= 0)
			lifted.param[def->total].value = def->at_least ? 0 : (double)NAN;
	}
	return lifted;
}

static int search_size(const struct barista_report *r, const struct barista_device *dev,
		       const struct barista_space *space, double *value, struct barista_err *err)
{
	struct barista_model model = {dev, r->lowered, r->board[0].model.family};
	struct barista_search_options options = {
		.objective = r->objective, .keep = 1, .network_only = true, .stop = r->watch->stop};
	struct barista_search *search;
	int rc = barista_search_run(&search, &model, space, &options, err);

	if (rc)
		return rc;
	*value = barista_prefix_apply(
		barista_search_top(search)->item[0].metric[barista_objective_metric(r->objective)],
		prefix(r));
	barista_search_free(search);
	return 0;
}

/* Counts a search that is done. */
static int step(struct barista_watch *w, struct barista_err *err)
{
	if (w->stop && *w->stop)
		return barista_fail(err, BARISTA_E_STOPPED,
				    "stopped before the data of all charts were there: search "
				    "again for them");
	w->done++;
	if (w->progress)
		w->progress(w->user, w->done, w->total, (double)NAN);
	return 0;
}

int barista_best_of_size(const struct barista_report *r, double down, double across, double choice,
			 struct barista_size_best *best, struct barista_err *err)
{
	const struct barista_board *b = &r->board[0];
	struct barista_device lifted = without_budgets(b->dev);
	struct barista_space space = b->space;
	int rc, stopped;

	space.range[0].lo = space.range[0].hi = down;
	space.range[1].lo = space.range[1].hi = across;
	space.nchoices = 1;
	space.choice[0] = choice;
	*best = (struct barista_size_best){(double)NAN, true};
	rc = search_size(r, b->dev, &space, &best->value, err);
	best->fits = rc != BARISTA_E_INFEASIBLE;
	if (!best->fits)
		rc = search_size(r, &lifted, &space, &best->value, err);
	stopped = step(r->watch, err);
	return stopped || rc == BARISTA_E_INFEASIBLE ? stopped : rc;
}
