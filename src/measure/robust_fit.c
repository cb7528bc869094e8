/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Robust linear fits, which is what measured times get: a disturbed one must not move the rest. */
#include "measure/robust_fit.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <math.h>

int barista_robust_fit_make(struct barista_robust_fit *fit, size_t rows, size_t terms)
{
	*fit = (struct barista_robust_fit){.rows = rows, .terms = terms};
	fit->work = gsl_multifit_robust_alloc(gsl_multifit_robust_bisquare, rows, terms);
	fit->x = gsl_matrix_alloc(rows, terms);
	fit->covariance = gsl_matrix_alloc(terms, terms);
	fit->y = gsl_vector_alloc(rows);
	fit->constant = gsl_vector_alloc(terms);
	return fit->work && fit->x && fit->covariance && fit->y && fit->constant ? 0 : GSL_ENOMEM;
}

void barista_robust_fit_free(struct barista_robust_fit *fit)
{
	gsl_multifit_robust_free(fit->work);
	gsl_matrix_free(fit->x), gsl_matrix_free(fit->covariance);
	gsl_vector_free(fit->y), gsl_vector_free(fit->constant);
}

void barista_robust_fit_add(struct barista_robust_fit *fit, const double *x, double y)
{
	for (size_t j = 0; j < fit->terms; j++)
		gsl_matrix_set(fit->x, fit->filled, j, x[j]);
	gsl_vector_set(fit->y, fit->filled++, y);
}

int barista_robust_fit_solve(struct barista_robust_fit *fit)
{
	int rc = gsl_multifit_robust_maxiter(500, fit->work);

	if (!rc)
		rc = gsl_multifit_robust(fit->x, fit->y, fit->constant, fit->covariance, fit->work);
	return rc == GSL_EMAXITER ? 0 : rc;
}

double barista_robust_fit_constant(const struct barista_robust_fit *fit, size_t j)
{
	return gsl_vector_get(fit->constant, j);
}

double barista_robust_fit_half_width(const struct barista_robust_fit *fit, size_t j)
{
	return sqrt(gsl_matrix_get(fit->covariance, j, j)) *
	       gsl_cdf_tdist_Pinv(0.975, (double)(fit->rows - fit->terms));
}
