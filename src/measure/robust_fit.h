/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MEASURE_ROBUST_FIT_H
#define MEASURE_ROBUST_FIT_H

#include "base/err.h"

#include <stddef.h>

enum { BARISTA_FIT_MAX_TERMS = 8 };

/* A linear fit y = sum of constant[j] * x[j] that outliers hardly move: iteratively reweighted
 * least squares with bisquare weights, to the definitions of GSL's gsl_multifit_robust(). That one
 * crashes when memory runs out, in its solver; here everything is allocated before. */
struct barista_robust_fit {
	size_t rows, terms, filled;
	double *memory; /* one block, which the others point into */
	double *x, *y;  /* rows x terms, and rows */
	double *qr, *right, *residual, *weight, *leverage, *work;
	double constant[BARISTA_FIT_MAX_TERMS];
	double variance[BARISTA_FIT_MAX_TERMS]; /* of the constants */
};

/* Room for so many rows of so many terms, more rows than terms. Free it in either case. */
int barista_robust_fit_make(struct barista_robust_fit *fit, size_t rows, size_t terms,
			    struct barista_err *err);
void barista_robust_fit_free(struct barista_robust_fit *fit);

/* Adds a row: x[terms] and what they should give. */
void barista_robust_fit_add(struct barista_robust_fit *fit, const double *x, double y);

/* Fits the rows. The last digits may still change after 500 rounds; without a solution the
 * constants are NaN. */
void barista_robust_fit_solve(struct barista_robust_fit *fit);

/* Half the width of a constant's 95 % interval, by Student's t. */
double barista_robust_fit_half_width(const struct barista_robust_fit *fit, size_t j);

#endif
