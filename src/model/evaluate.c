/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evaluates designs of any architecture. A family writes what a design uses and how long each layer
 * takes; budgets, and the metrics that follow from these, are the same for all families. */
#include "base/err.h"
#include "barista/family.h"
#include "base/num.h"
#include "io/unit.h"
#include "model/device.h"
#include "model/evaluate.h"
#include "model/metric.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void barista_resource_defaults(double *const *metric, size_t n)
{
	for (int k = 0; k < barista_nbudgets; k++)
		for (size_t i = 0; i < n; i++)
			metric[barista_budget_defs[k].metric][i] =
				barista_budget_defs[k].at_least ? (double)INFINITY : 0;
	for (size_t i = 0; i < n; i++)
		metric[BARISTA_BOARDS][i] = 1;
}

size_t barista_resources(const struct barista_model *model, struct barista_batch *b)
{
	size_t feasible = 0;

	barista_resource_defaults(b->metric, b->n);
	memset(b->over, 0, b->n * sizeof *b->over);
	model->family->resources(model, b);
	for (int k = 0; k < barista_nbudgets; k++) {
		const struct barista_budget_def *def = &barista_budget_defs[k];
		const double *used = b->metric[def->metric];
		double limit = barista_budget_limit(model->dev, k);

		for (size_t i = 0; i < b->n; i++)
			if (barista_budget_broken(k, used[i], limit))
				b->over[i] |= (uint16_t)(1 << k);
	}
	for (size_t i = 0; i < b->n; i++)
		feasible += !b->over[i];
	return feasible;
}

double barista_class_ppw(const struct barista_layer_class *class, double time_s, double power_w)
{
	return class->ops > 0 ? class->ops / time_s / power_w : 0;
}

void barista_class_ppws(const struct barista_lowered *lowered, const double *class_time,
			double power_w, double *ppw)
{
	for (size_t s = 0; s < lowered->nclasses; s++)
		ppw[s] = barista_class_ppw(&lowered->layer_class[s], class_time[s], power_w);
}

/* Writes the metrics that follow from the time of the whole network and the power. */
static void derive_metrics(const struct barista_lowered *lowered, double *metric)
{
	for (int m = 0; m < BARISTA_NMETRICS; m++)
		if (barista_metric_defs[m].derive)
			metric[m] = barista_metric_defs[m].derive(
				metric[BARISTA_TIME], metric[BARISTA_POWER], lowered->ops);
}

bool barista_metric_of_time(enum barista_metric metric)
{
	return metric == BARISTA_PPW_MEAN || metric == BARISTA_TIME ||
	       barista_metric_defs[metric].derive;
}

void barista_totals(const struct barista_lowered *lowered, const double *class_time, size_t stride,
		    double *metric, double *ppw)
{
	double time = 0, mean = 0, power = metric[BARISTA_POWER];

	for (size_t s = 0; s < lowered->nclasses; s++) {
		double t = class_time[s * stride],
		       layers = (double)lowered->layer_class[s].multiplicity;
		double p = barista_class_ppw(&lowered->layer_class[s], t, power);

		time += layers * t;
		mean += layers * p;
		if (ppw)
			ppw[s] = p;
	}
	metric[BARISTA_TIME] = time;
	metric[BARISTA_PPW_MEAN] = mean / (double)lowered->nworking;
	derive_metrics(lowered, metric);
}

/* Writes the totals of point i, of which times() has written the times. */
static void set_totals(const struct barista_model *model, struct barista_batch *b, size_t i)
{
	double metric[BARISTA_NMETRICS];

	metric[BARISTA_POWER] = b->metric[BARISTA_POWER][i];
	metric[BARISTA_TIME] = b->metric[BARISTA_TIME][i];
	if (model->family->pipelined) {
		derive_metrics(model->lowered, metric);
		/* The layers share the time, so that there is no PPW of a layer to take a mean of.
		 */
		metric[BARISTA_PPW_MEAN] = metric[BARISTA_PPW_TOTAL];
	} else {
		barista_totals(model->lowered, b->class_time + i, b->n, metric, NULL);
	}
	for (int m = 0; m < BARISTA_NMETRICS; m++)
		if (barista_metric_of_time((enum barista_metric)m))
			b->metric[m][i] = metric[m];
}

int barista_evaluate(const struct barista_model *model, struct barista_batch *b,
		     struct barista_err *err)
{
	memset(b->not_conserved, 0, b->n);
	model->family->times(model, b);
	for (size_t i = 0; i < b->n; i++) {
		set_totals(model, b, i);
		if (b->not_conserved[i])
			return barista_fail(
				err, BARISTA_E_SYSTEM,
				"internal error: a design point breaks conservation of "
				"multiply-accumulates or of memory traffic; please report it");
	}
	return 0;
}

static int check_knobs(const struct barista_family *f, const struct barista_point *point,
		       struct barista_err *err)
{
	for (size_t k = 0; k < f->nknobs; k++) {
		double v = point->knob[k];

		if (!(v >= f->knob[k].lo && v <= f->knob[k].hi) || v != floor(v))
			return barista_fail(err, BARISTA_E_ARGUMENT,
					    "%s is %g: it must be a whole number from %.0f to %.0f",
					    f->knob[k].name, v, f->knob[k].lo, f->knob[k].hi);
	}
	return 0;
}

int barista_evaluate_point(const struct barista_model *model, const struct barista_point *point,
			   struct barista_result *out, struct barista_err *err)
{
	struct barista_batch b = {.n = 1, .class_time = out->class_time, .points = point};
	uint16_t over = 0;
	unsigned char broken = 0;
	double scratch;
	int rc = check_knobs(model->family, point, err);

	if (rc || (rc = model->family->validate(model, point, err)))
		return rc;
	for (size_t k = 0; k < model->family->nknobs; k++)
		b.knob[k] = &point->knob[k];
	for (int m = 0; m < BARISTA_NMETRICS; m++)
		b.metric[m] = &out->metric[m];
	b.over = &over;
	b.not_conserved = &broken;
	b.scratch = &scratch;
	barista_resources(model, &b);
	out->over = over;
	return barista_evaluate(model, &b, err);
}

/* Writes, for example, "needs 9 dsp, 8 usable, 12.5 % over (lift rules.usable_dsp)". */
static size_t explain_excess(const struct barista_device *dev, int b, double used, char *buf,
			     size_t size)
{
	const struct barista_budget_def *def = &barista_budget_defs[b];
	const struct barista_metric_def *metric = &barista_metric_defs[def->metric];
	double limit = barista_budget_limit(dev, b),
	       total = def->total < 0 ? 1 : dev->param[def->total].value;
	char u[64], l[64], t[64], advice[96];

	barista_quantity_format(u, sizeof u, used, metric->dimension);
	barista_quantity_format(l, sizeof l, limit, metric->dimension);
	barista_quantity_format(t, sizeof t, total, metric->dimension);
	if (def->total < 0)
		return (size_t)snprintf(buf, size, "%s", def->lift);
	if (def->at_least)
		return (size_t)snprintf(buf, size, "a %s fills %s of %s (lower %s)", metric->help,
					u, l, def->lift);
	if (def->usable >= 0 && used > total)
		snprintf(advice, sizeof advice, "the board has %s", t);
	else
		snprintf(advice, sizeof advice, "lift %s", def->lift);
	return (size_t)snprintf(buf, size, "needs %s %s, %s usable, %.1f %% over (%s)", u,
				metric->name, l, 100 * (used / limit - 1), advice);
}

void barista_explain_infeasible(const struct barista_model *model,
				const struct barista_result *result, char *buf, size_t size)
{
	size_t n = 0;

	buf[0] = '\0';
	for (int b = 0; b < barista_nbudgets && n < size; b++) {
		if (!(result->over >> b & 1))
			continue;
		if (n)
			n += (size_t)snprintf(buf + n, size - n, "; ");
		if (n < size)
			n += explain_excess(model->dev, b,
					    result->metric[barista_budget_defs[b].metric], buf + n,
					    size - n);
	}
}
