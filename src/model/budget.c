/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Budgets: how much of a metric a board allows. */
#include "model/metric.h"

#include "model/device.h"

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
