/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_VERIFICATION_H
#define REPORT_VERIFICATION_H

#include "measure/check_gemm.h"
#include "measure/fit_cpu.h"
#include "report/format.h"

/* These are the limits of the check of times, for pairs that no constant was fitted on. */
#define BARISTA_MAX_MEDIAN_ERROR 0.12
#define BARISTA_MIN_SPEARMAN 0.95

/* This is one GEMM in the kernel's own precision. */
struct barista_verified_gemm {
	size_t gemm; /* of the lowered network */
	enum barista_precision precision;
	struct barista_check check;
};

/* The runs in one precision came to this: the worst of each figure. */
struct barista_verified_precision {
	size_t runs;
	double error, of_bound, differing;
};

/* GEMMs were run and held against the model, and the model's equations were held against the
 * time that this CPU takes. */
struct barista_verification {
	const struct barista_model *model;
	struct barista_point point; /* the kernel */
	size_t ngemms;
	struct barista_verified_gemm *gemm;
	size_t runs, skipped, count_failures, result_failures;
	struct barista_verified_precision precision[BARISTA_NPRECISIONS];
	double *tile_time; /* [runs] s per element, of the runs in the kernel's own precision */
	size_t ntile_times;
	struct barista_cpu_fit fit; /* n is 0 when no time could be checked */
};

/* Returns 0, or BARISTA_E_INFEASIBLE: counts differ, results are out of bound, or the times of
 * pairs that were held back are missed by more than the limits. */
int barista_verification_verdict(const struct barista_verification *v, struct barista_err *err);

/* This document writes a struct barista_verification. Its table is that of the GEMMs. */
extern const struct barista_document barista_verification_document;

#endif
