/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the optimum becomes when one fact of the device is scaled: the exact search, run anew. */
#include "base/err.h"

#include "barista/family.h"
#include "model/device.h"
#include "model/metric.h"
#include "search/rankings.h"
#include "search/search.h"
#include "search/what_if.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Every architecture depends on these. */
static const enum barista_param common[] = {BARISTA_CLOCK, BARISTA_RES_DSP, BARISTA_RES_BRAM};
enum { NCOMMON = sizeof common / sizeof *common };

static const double factors[BARISTA_WHAT_IF_ROWS] = {0.5, 0.8, 1, 1.25, 2};
enum { NOW = 2 }; /* of factors[] */

/* Returns the quantity times the factor, cut to its bounds and rounded if it is a count. */
static double scaled_value(const struct barista_device *dev, enum barista_param fact, double factor)
{
	const struct barista_param_def *def = &barista_param_defs[fact];
	double value = dev->param[fact].value * factor;

	value = fmin(fmax(value, def->lo), def->hi);
	return def->integer ? round(value) : value;
}

/* Searches the device with the fact at row->value. */
static int fill_row(struct barista_what_if_row *row, const struct barista_model *model,
		    const struct barista_space *space, enum barista_param fact,
		    const struct barista_search_options *options, struct barista_err *err)
{
	enum barista_metric metric = barista_objective_metric(options->objective);
	struct barista_device dev = *model->dev;
	struct barista_model changed = *model;
	struct barista_search *search;
	int rc;

	dev.param[fact].value = row->value;
	changed.dev = &dev;
	rc = barista_search_run(&search, &changed, space, options, err);
	row->feasible = !rc;
	row->best = row->time = row->best_change = row->time_change = (double)NAN;
	if (rc)
		return rc;
	row->point = barista_search_top(search)->item[0].point;
	row->best = barista_search_top(search)->item[0].metric[metric];
	row->time = search->ranking[BARISTA_RANK_TIME].item[0].metric[BARISTA_TIME];
	if (search->partial)
		rc = barista_fail(err, BARISTA_E_STOPPED,
				  "stopped before it was known what each resource brings");
	barista_search_free(search);
	return rc;
}

static int fill_fact(struct barista_what_if *w, const struct barista_what_if_row *now,
		     const struct barista_model *model, const struct barista_space *space,
		     const struct barista_search_options *options, struct barista_err *err)
{
	double current = model->dev->param[w->param].value;

	for (size_t i = 0; i < BARISTA_WHAT_IF_ROWS; i++) {
		struct barista_what_if_row *row = &w->row[w->n];
		double value = i == NOW ? current : scaled_value(model->dev, w->param, factors[i]);
		int rc = 0;

		if ((i != NOW && value == current) || (w->n && w->row[w->n - 1].value == value))
			continue;
		*row = i == NOW ? *now : (struct barista_what_if_row){.feasible = false};
		row->factor = factors[i];
		row->value = value;
		if (i != NOW)
			rc = fill_row(row, model, space, w->param, options, err);
		if (rc && rc != BARISTA_E_INFEASIBLE)
			return rc;
		row->best_change = row->best / now->best - 1;
		row->time_change = row->time / now->time - 1;
		w->n++;
	}
	return 0;
}

const struct barista_what_if_row *barista_what_if_at(const struct barista_what_if *w, double factor)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->row[i].factor == factor)
			return &w->row[i];
	return NULL;
}

/* Returns the row at a factor, or that of now when there is none or nothing fits there. */
static const struct barista_what_if_row *near_row(const struct barista_what_if *w, double factor)
{
	const struct barista_what_if_row *row = barista_what_if_at(w, factor);

	return row && row->feasible ? row : barista_what_if_at(w, factors[NOW]);
}

static double sensitivity(const struct barista_what_if *w)
{
	const struct barista_what_if_row *lo = near_row(w, factors[NOW - 1]),
					 *hi = near_row(w, factors[NOW + 1]);

	return lo == hi ? (double)NAN : log(hi->best / lo->best) / log(hi->value / lo->value);
}

/* Returns how much better the best kernel is after so many steps of the fact to the better, as a
 * fraction; what cannot be had that much better brings none. */
static double step_gain(const struct barista_what_if *w, size_t steps)
{
	const struct barista_what_if_row *row =
		barista_what_if_at(w, factors[w->less ? NOW - steps : NOW + steps]);

	return row && row->feasible ? w->sign * row->best_change : 0;
}

static int by_gain(const void *x, const void *y)
{
	const struct barista_what_if *a = x, *b = y;

	if (!a->n != !b->n)
		return a->n ? -1 : 1;
	for (size_t steps = 1; steps <= 2; steps++)
		if (step_gain(a, steps) != step_gain(b, steps))
			return step_gain(a, steps) > step_gain(b, steps) ? -1 : 1;
	return (a->param > b->param) - (a->param < b->param);
}

int barista_what_if(const struct barista_model *model, const struct barista_space *space,
		    const struct barista_search_options *options,
		    struct barista_what_if out[BARISTA_WHAT_IF_PARAMS], struct barista_err *err)
{
	const struct barista_search_options quick = {.objective = options->objective,
						     .deadline = options->deadline,
						     .stop = options->stop,
						     .keep = 1,
						     .network_only = true};
	enum barista_metric metric = barista_objective_metric(options->objective);
	struct barista_what_if all[BARISTA_WHAT_IF_PARAMS] = {{.n = 0}};
	struct barista_what_if_row now = {.value = model->dev->param[common[0]].value};
	int rc = fill_row(&now, model, space, common[0], &quick, err);

	for (size_t i = 0;
	     !rc && i < NCOMMON + model->family->nheadline && i < BARISTA_WHAT_IF_PARAMS; i++) {
		all[i].param = i < NCOMMON ? common[i] : model->family->headline[i - NCOMMON].param;
		all[i].sign = barista_metric_defs[metric].better;
		all[i].less = barista_param_defs[all[i].param].dimension == BARISTA_DIM_SECOND;
		rc = fill_fact(&all[i], &now, model, space, &quick, err);
		all[i].sensitivity = sensitivity(&all[i]);
		all[i].gain = step_gain(&all[i], 1);
	}
	if (rc)
		return rc;
	qsort(all, BARISTA_WHAT_IF_PARAMS, sizeof *all, by_gain);
	memcpy(out, all, sizeof all);
	return 0;
}
