/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_METRIC_H
#define MODEL_METRIC_H

#include "barista/family.h"

/* A metric of a design. */
struct barista_metric_def {
	const char *name, *key, *unit, *help; /* key: the name in JSON, with its unit */
	enum barista_dimension dimension;
	int better; /* +1 higher, -1 lower, 0 neither */
	/* Computes it from s per image, W and op per image. NULL: an architecture writes it, or it
	 * is a mean. */
	double (*derive)(double time_s, double power_w, double ops);
};

extern const struct barista_metric_def barista_metric_defs[BARISTA_NMETRICS];

/* A budget: a metric that must stay at or below (or above) a limit. */
struct barista_budget_def {
	enum barista_metric metric;
	/* The limit is the product of two parameters (enum barista_param). A negative one counts as
	 * 1. */
	int total, usable;
	bool at_least;    /* the limit is a lower one */
	const char *lift; /* what to change to lift it */
};

extern const struct barista_budget_def barista_budget_defs[];
extern const int barista_nbudgets;

/* Returns how much of a budget's metric the board allows; NaN: any. */
double barista_budget_limit(const struct barista_device *dev, int budget);

/* Returns how much of a metric the board allows: its tightest upper budget, infinity without one.
 */
double barista_metric_limit(const struct barista_device *dev, enum barista_metric metric);

/* Does the metric follow from the time of the layers? The others are of the design alone. */
bool barista_metric_of_time(enum barista_metric metric);

/* Returns whether this much of a budget's metric breaks it. */
bool barista_budget_broken(int budget, double used, double limit);

#endif
