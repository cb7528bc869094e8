/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MEASURE_FIT_CPU_H
#define MEASURE_FIT_CPU_H

#include "base/err.h"
#include "barista/family.h"

/* The model's equations with this CPU as the device. The reference GEMM is a mesh with
 * BARISTA_LANES lanes along N; its time is a sum of counts of equations (1), (2) and of
 * tiling, each with a constant (derived):
 *     t = c0*vectors + c1*remainder + c2*row steps + c3*tile pairs + c4*D_mem + c5*E_tile
 *       + c6*drained sums */
enum { BARISTA_CPU_TERMS = 7 };
extern const char *const barista_cpu_terms[BARISTA_CPU_TERMS];

struct barista_cpu_pair {
	size_t gemm;
	struct barista_point point;
	double count[BARISTA_CPU_TERMS];
	double measured_s, predicted_s;
	bool held_back;
};

struct barista_cpu_fit {
	size_t n, nheld;
	struct barista_cpu_pair *pair;
	double constant[BARISTA_CPU_TERMS]; /* s per count, fitted on the pairs not held back; 0
					     * for a term that the fit dropped */
	double median_error;                /* |predicted/measured - 1| on those held back */
	double p90_error;
	double spearman;
};

/* Measures (GEMM, kernel) pairs within max_macs, at random as many as take a few seconds a
 * round, fits on a random half (GSL robust regression of the relative error) and predicts
 * the other. progress as in a search.
 * BARISTA_E_INFEASIBLE when fewer than four pairs per constant can be measured. */
int barista_cpu_fit_run(struct barista_cpu_fit *out, const struct barista_model *model,
			unsigned long seed, double max_macs, barista_progress progress, void *user,
			struct barista_err *err);
void barista_cpu_fit_free(struct barista_cpu_fit *fit);

#endif
