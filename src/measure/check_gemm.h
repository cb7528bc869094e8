/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MEASURE_CHECK_GEMM_H
#define MEASURE_CHECK_GEMM_H

#include "measure/refgemm.h"
#include "barista/family.h"

/* One GEMM run in one precision, held against the model and against OpenBLAS. */
struct barista_check {
	struct barista_counts counted, model;
	bool counts_equal;
	double max_error;    /* largest |difference|, relative to sum |a||b| of its element */
	double max_of_bound; /* the same as a fraction of the bound; above 1 is a failure */
	double differing;    /* integer results that differ */
	bool results_ok;
	double tile_s_per_element; /* measured: tiling, clearing and untiling */
	double seconds;            /* of the whole run */
};

/* May this GEMM be run within max_macs (padded) and the memory that leaves? */
bool barista_check_fits(const struct barista_model *model, const struct barista_point *point,
			size_t gemm, double max_macs);

/* Runs GEMM `gemm` of the lowered network with the point's tiles in precision p. */
int barista_check_run(const struct barista_model *model, const struct barista_point *point,
		      size_t gemm, enum barista_precision p, unsigned long seed,
		      struct barista_check *out, struct barista_err *err);

/* The kernel's shape for a GEMM, with sizes as the reference GEMM wants them. */
struct barista_refgemm barista_refgemm_of(const struct barista_model *model,
					  const struct barista_point *point, size_t gemm,
					  enum barista_precision p);

#endif
