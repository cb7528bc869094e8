/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MEASURE_ROBUST_FIT_H
#define MEASURE_ROBUST_FIT_H

#include <gsl/gsl_multifit.h>

/* A linear fit y = sum of constant[j] * x[j] that outliers hardly move: iteratively reweighted
 * least squares with bisquare weights, by GSL. */
struct barista_robust_fit {
	gsl_multifit_robust_workspace *work;
	gsl_matrix *x, *covariance;
	gsl_vector *y, *constant;
	size_t rows, terms, filled;
};

/* Room for so many rows of so many terms; returns 0, or GSL's error. Free it in either case. */
int barista_robust_fit_make(struct barista_robust_fit *fit, size_t rows, size_t terms);
void barista_robust_fit_free(struct barista_robust_fit *fit);

/* Adds a row: x[terms] and what they should give. */
void barista_robust_fit_add(struct barista_robust_fit *fit, const double *x, double y);

/* Fits the rows; returns 0, also when the last digits still change after 500 rounds, or GSL's
 * error. */
int barista_robust_fit_solve(struct barista_robust_fit *fit);

/* A constant, and half the width of its 95 % interval, by Student's t. */
double barista_robust_fit_constant(const struct barista_robust_fit *fit, size_t j);
double barista_robust_fit_half_width(const struct barista_robust_fit *fit, size_t j);

#endif
