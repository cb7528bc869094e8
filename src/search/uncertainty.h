/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_UNCERTAINTY_H
#define SEARCH_UNCERTAINTY_H

#include "barista/family.h"

struct barista_interval {
	double lo, hi;
}; /* 5th and 95th percentile */

struct barista_uncertainty {
	struct barista_interval time;     /* s per training image */
	struct barista_interval ppw_mean; /* op/s/W */
	double win_share; /* share of the samples in which point 0 is better; 1 for point 0 */
};

/* Evaluates n points, at most 128, at 256 samples of a Sobol sequence between low and high of
 * every uncertain quantity, the same samples for all points, and compares them by a metric.
 * class_time receives the intervals of
 * point 0's layer classes, [nclasses], or is NULL; so may stop be. Errors: BARISTA_E_ARGUMENT,
 * BARISTA_E_SYSTEM; BARISTA_E_STOPPED when *stop is not 0. */
int barista_uncertainty_run(const struct barista_model *model, const struct barista_point *point,
			    size_t n, enum barista_metric by, struct barista_uncertainty *out,
			    struct barista_interval *class_time, const volatile sig_atomic_t *stop,
			    struct barista_err *err);

/* Point 0 is told from another when it wins in at least this share of the samples. */
#define BARISTA_CLEAR_WIN_SHARE 0.95

#endif
