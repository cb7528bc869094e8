/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Budgets: how much of a metric a board allows. */
#include "model/metric.h"

#include "model/device.h"

#include <math.h>

/* NaN breaks nothing. */
bool barista_budget_broken(int budget, double used, double limit)
{
	return barista_budget_defs[budget].at_least ? used < limit : used > limit;
}

double barista_budget_limit(const struct barista_device *dev, int budget)
{
	const struct barista_budget_def *def = &barista_budget_defs[budget];
	double total = def->total < 0 ? 1 : dev->param[def->total].value;

	return def->usable < 0 ? total : total * dev->param[def->usable].value;
}

double barista_metric_limit(const struct barista_device *dev, enum barista_metric metric)
{
	double least = INFINITY;

	for (int b = 0; b < barista_nbudgets; b++)
		if (barista_budget_defs[b].metric == metric && !barista_budget_defs[b].at_least)
			least = fmin(least, barista_budget_limit(dev, b));
	return least;
}
