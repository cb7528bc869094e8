/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Robust fits, held against GSL's of the same definition. */
#include "check.h"

#include "measure/robust_fit.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_multifit.h>

/* Rows around a plane, some of them far off. */
static void fill(struct barista_robust_fit *fit, gsl_matrix *x, gsl_vector *y, struct random *r)
{
	for (size_t i = 0; i < fit->rows; i++) {
		double row[BARISTA_FIT_MAX_TERMS], value = 0.01 * (random_unit(r) - 0.5);

		for (size_t j = 0; j < fit->terms; j++) {
			row[j] = j ? 3 * random_unit(r) : 1;
			value += (double)(j + 1) * row[j];
			gsl_matrix_set(x, i, j, row[j]);
		}
		if (random_unit(r) < 0.125)
			value *= 1 + 5 * random_unit(r);
		gsl_vector_set(y, i, value);
		barista_robust_fit_add(fit, row, value);
	}
}

static void check_fit(size_t rows, size_t terms, struct random *r)
{
	gsl_multifit_robust_workspace *w =
		gsl_multifit_robust_alloc(gsl_multifit_robust_bisquare, rows, terms);
	gsl_matrix *x = gsl_matrix_alloc(rows, terms), *cov = gsl_matrix_alloc(terms, terms);
	gsl_vector *y = gsl_vector_alloc(rows), *c = gsl_vector_alloc(terms);
	struct barista_robust_fit fit;
	struct barista_err err;

	CHECK_OK(barista_robust_fit_make(&fit, rows, terms, &err), &err);
	fill(&fit, x, y, r);
	barista_robust_fit_solve(&fit);
	gsl_multifit_robust_maxiter(500, w);
	gsl_multifit_robust(x, y, c, cov, w);
	for (size_t j = 0; j < terms; j++) {
		double theirs = gsl_vector_get(c, j),
		       half = sqrt(gsl_matrix_get(cov, j, j)) *
			      gsl_cdf_tdist_Pinv(0.975, (double)(rows - terms));

		CHECK(fabs(fit.constant[j] - theirs) <= 1e-6 * (1 + fabs(theirs)),
		      "%zu rows, %zu terms: constant %zu is %g, not %g", rows, terms, j,
		      fit.constant[j], theirs);
		CHECK(fabs(barista_robust_fit_half_width(&fit, j) - half) <= 1e-4 * half + 1e-9,
		      "%zu rows, %zu terms: half width %zu is %g, not %g", rows, terms, j,
		      barista_robust_fit_half_width(&fit, j), half);
	}
	barista_robust_fit_free(&fit);
	gsl_multifit_robust_free(w);
	gsl_matrix_free(x), gsl_matrix_free(cov), gsl_vector_free(y), gsl_vector_free(c);
}

static void as_gsl(void **state)
{
	struct random r = {91};

	(void)state;
	for (int round = 0; round < 300; round++) {
		size_t terms = (size_t)random_int(&r, 1, 4);

		check_fit(terms + (size_t)random_int(&r, 8, 80), terms, &r);
	}
}

static void too_few(void **state)
{
	struct barista_robust_fit fit;
	struct barista_err err;

	(void)state;
	assert_int_equal(barista_robust_fit_make(&fit, 2, 2, &err), BARISTA_E_INPUT);
	assert_string_equal(err.msg, "2 measurements are too few to fit 2 constants");
	barista_robust_fit_free(&fit);
}

/* Rows that say nothing of a term leave it without a value, not with a wrong one. */
static void undetermined(void **state)
{
	struct barista_robust_fit fit;
	struct barista_err err;

	(void)state;
	CHECK_OK(barista_robust_fit_make(&fit, 6, 2, &err), &err);
	for (int i = 0; i < 6; i++)
		barista_robust_fit_add(&fit, (const double[]){1, 2}, 3 + 0.1 * i);
	barista_robust_fit_solve(&fit);
	assert_false(isfinite(barista_robust_fit_half_width(&fit, 1)) && isfinite(fit.constant[1]));
	barista_robust_fit_free(&fit);
}

int test_robust_fit(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_gsl),
		cmocka_unit_test(too_few),
		cmocka_unit_test(undetermined),
	};

	return GROUP(tests);
}
