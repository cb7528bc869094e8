/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Robust linear fits, which is what measured times get: a disturbed one must not move the rest. The
 * steps are (1) plain least squares, and the leverage h of each row; (2) the residuals over
 * sqrt(1 - h), and their spread s by the median; (3) each row's weight (1 - (r/(4.685*s))^2)^2, 0
 * beyond that; (4) weighted least squares, and back to (2) until no constant changes; (5) variances
 * by Street, Carroll and Ruppert (1988). A round costs O(rows * terms^2). */
#include "measure/robust_fit.h"

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_ROUNDS = 500 };

static const double tuning = 4.685, mad_of_sigma = 0.6745;

int barista_robust_fit_make(struct barista_robust_fit *fit, size_t rows, size_t terms,
			    struct barista_err *err)
{
	*fit = (struct barista_robust_fit){.rows = rows, .terms = terms};
	if (rows <= terms || terms > BARISTA_FIT_MAX_TERMS)
		return barista_fail(err, BARISTA_E_INPUT,
				    "%zu measurements are too few to fit %zu constants", rows,
				    terms);
	fit->memory = calloc(rows * (2 * terms + 6), sizeof *fit->memory);
	if (!fit->memory)
		return barista_no_memory(err);
	fit->x = fit->memory;
	fit->qr = fit->x + rows * terms;
	fit->y = fit->qr + rows * terms;
	fit->right = fit->y + rows;
	fit->residual = fit->right + rows;
	fit->weight = fit->residual + rows;
	fit->leverage = fit->weight + rows;
	fit->work = fit->leverage + rows;
	return 0;
}

void barista_robust_fit_free(struct barista_robust_fit *fit)
{
	free(fit->memory);
}

void barista_robust_fit_add(struct barista_robust_fit *fit, const double *x, double y)
{
	memcpy(fit->x + fit->filled * fit->terms, x, fit->terms * sizeof *x);
	fit->y[fit->filled++] = y;
}

/* Do the rows determine every constant? The triangle's diagonal tells, up to rounding. */
static bool is_regular(const struct barista_robust_fit *fit)
{
	double largest = 0, least = INFINITY;

	for (size_t j = 0; j < fit->terms; j++) {
		largest = fmax(largest, fabs(fit->qr[j * fit->terms + j]));
		least = fmin(least, fabs(fit->qr[j * fit->terms + j]));
	}
	return least > 1e-14 * largest;
}

/* Solves the weighted least squares, with the QR decomposition left in fit->qr. */
static bool solve(struct barista_robust_fit *fit)
{
	double tau[BARISTA_FIT_MAX_TERMS];
	gsl_matrix_view qr = gsl_matrix_view_array(fit->qr, fit->rows, fit->terms);
	gsl_vector_view t = gsl_vector_view_array(tau, fit->terms),
			right = gsl_vector_view_array(fit->right, fit->rows),
			constant = gsl_vector_view_array(fit->constant, fit->terms),
			rest = gsl_vector_view_array(fit->work, fit->rows);

	for (size_t i = 0; i < fit->rows; i++) {
		double root = sqrt(fit->weight[i]);

		for (size_t j = 0; j < fit->terms; j++)
			fit->qr[i * fit->terms + j] = root * fit->x[i * fit->terms + j];
		fit->right[i] = root * fit->y[i];
	}
	return !gsl_linalg_QR_decomp(&qr.matrix, &t.vector) && is_regular(fit) &&
	       !gsl_linalg_QR_lssolve(&qr.matrix, &t.vector, &right.vector, &constant.vector,
				      &rest.vector);
}

static void find_residuals(struct barista_robust_fit *fit)
{
	for (size_t i = 0; i < fit->rows; i++) {
		fit->residual[i] = fit->y[i];
		for (size_t j = 0; j < fit->terms; j++)
			fit->residual[i] -= fit->constant[j] * fit->x[i * fit->terms + j];
	}
}

/* Solves R^T z = b, where R is the upper triangle in fit->qr. */
static void solve_transposed(const struct barista_robust_fit *fit, const double *b, double *z)
{
	for (size_t j = 0; j < fit->terms; j++) {
		z[j] = b[j];
		for (size_t k = 0; k < j; k++)
			z[j] -= fit->qr[k * fit->terms + j] * z[k];
		z[j] /= fit->qr[j * fit->terms + j];
	}
}

/* After the unweighted solution: the leverage of row x is x (X^T X)^-1 x^T = |R^-T x|^2, and the
 * variances are those for residuals of 1, the diagonal of (X^T X)^-1 = R^-1 R^-T. */
static void find_leverages(struct barista_robust_fit *fit)
{
	double z[BARISTA_FIT_MAX_TERMS], unit[BARISTA_FIT_MAX_TERMS] = {0};

	for (size_t i = 0; i < fit->rows; i++) {
		double h = 0;

		solve_transposed(fit, fit->x + i * fit->terms, z);
		for (size_t j = 0; j < fit->terms; j++)
			h += z[j] * z[j];
		fit->leverage[i] = fmin(h, 0.9999);
	}
	for (size_t k = 0; k < fit->terms; k++) { /* column k of R^-T is row k of R^-1 */
		unit[k] = 1;
		solve_transposed(fit, unit, z);
		unit[k] = 0;
		fit->variance[k] = 0;
		for (size_t j = 0; j < fit->terms; j++)
			fit->variance[k] += z[j] * z[j];
	}
}

/* The median of the residuals' sizes, without the smallest ones, which a fit makes small. */
static double spread(struct barista_robust_fit *fit, bool adjusted)
{
	size_t n = fit->rows, p = fit->terms;

	for (size_t i = 0; i < n; i++)
		fit->work[i] = fabs(fit->residual[i]) / (adjusted ? sqrt(1 - fit->leverage[i]) : 1);
	gsl_sort(fit->work, 1, n);
	return gsl_stats_median_from_sorted_data(fit->work + p - 1, 1, n - p + 1) / mad_of_sigma;
}

static void find_weights(struct barista_robust_fit *fit, double scale)
{
	for (size_t i = 0; i < fit->rows; i++) {
		double u = fit->residual[i] / sqrt(1 - fit->leverage[i]) / scale;

		fit->weight[i] = fabs(u) < 1 ? (1 - u * u) * (1 - u * u) : 0;
	}
}

static bool unchanged(const struct barista_robust_fit *fit, const double *before)
{
	const double tolerance = 1.4901161193847656e-8; /* sqrt of the precision of a double */

	for (size_t j = 0; j < fit->terms; j++)
		if (fabs(before[j] - fit->constant[j]) >
		    tolerance * fmax(fabs(before[j]), fabs(fit->constant[j])))
			return false;
	return true;
}

/* What the residuals say of their standard deviation: `plain` is that of plain least squares. */
static double robust_sigma(const struct barista_robust_fit *fit, double scale, double plain)
{
	double n = (double)fit->rows, p = (double)fit->terms, a = 0, b = 0, sigma;

	for (size_t i = 0; i < fit->rows; i++) {
		double u = fit->residual[i] / sqrt(1 - fit->leverage[i]) / scale;
		double v = fabs(u) < 1 ? 1 - u * u : 0, psi = u * v * v;

		a += v * (fabs(u) < 1 ? 1 - 5 * u * u : 0) / n; /* the derivative of psi */
		b += (1 - fit->leverage[i]) * psi * psi / (n - p);
	}
	sigma = (1 + p / n * (1 - a) / a) * sqrt(b) * scale / a;
	return fmax(sigma, sqrt((plain * plain * p * p + sigma * sigma * n) / (p * p + n)));
}

void barista_robust_fit_solve(struct barista_robust_fit *fit)
{
	double least = 1e-6 * gsl_stats_sd(fit->y, 1, fit->rows), plain = 0, scale, sigma;
	double before[BARISTA_FIT_MAX_TERMS];
	bool ok;

	for (size_t i = 0; i < fit->rows; i++)
		fit->weight[i] = 1;
	ok = solve(fit);
	find_leverages(fit);
	find_residuals(fit);
	for (size_t i = 0; i < fit->rows; i++)
		plain += fit->residual[i] * fit->residual[i] / (double)(fit->rows - fit->terms);
	for (int round = 0; ok && round < MAX_ROUNDS; round++) {
		memcpy(before, fit->constant, sizeof before);
		find_weights(fit, tuning * fmax(spread(fit, true), least > 0 ? least : 1));
		ok = solve(fit);
		find_residuals(fit);
		if (unchanged(fit, before))
			break;
	}
	scale = tuning * spread(fit, false);
	sigma = robust_sigma(fit, scale, sqrt(plain));
	for (size_t j = 0; j < fit->terms; j++) {
		fit->variance[j] *= sigma * sigma;
		if (!ok)
			fit->constant[j] = (double)NAN;
	}
}

double barista_robust_fit_half_width(const struct barista_robust_fit *fit, size_t j)
{
	return sqrt(fit->variance[j]) * gsl_cdf_tdist_Pinv(0.975, (double)(fit->rows - fit->terms));
}
