/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MEASURE_REFGEMM_H
#define MEASURE_REFGEMM_H

#include "base/err.h"
#include "measure/tile.h"
#include "barista/family.h"

/* The reference GEMM: C = A*B tile by tile, in the order and with the partial sums of
 * the systolic kernel: output tiles by rows; for each, all tiles along K; every output
 * keeps L partial sums, step k of the padded stream going to sum k mod L, added up in
 * order at the end. [Barista] III-B. */
struct barista_refgemm {
	enum barista_precision precision;
	size_t m, n, k, t_m, t_n, t_k;
	size_t latency; /* L */
};

/* What was done, counted while it was done. */
struct barista_counts {
	double out_tiles; /* tiles of C */
	double steps;     /* pairs of input tiles */
	double macs;      /* multiply-accumulates of the mesh, padding included */
	double real_macs; /* those on elements of the matrices */
	double words;     /* elements that crossed the memory interface */
	double tiled;     /* elements tiled, cleared and untiled on the host */
};

/* Columns that the inner loop takes together: the lanes of the CPU as a mesh. */
enum { BARISTA_LANES = 8 };

/* Element types: float for fp32, fp16 and bf16 (holding values of that format), int16_t
 * for the integers; C is float or int64_t. */
bool barista_is_integer(enum barista_precision p);
size_t barista_element_size(enum barista_precision p);
size_t barista_result_size(enum barista_precision p);

/* Seeded values: uniform reals in [-1, 1] rounded to the format, or integers of its whole
 * range. The same seed gives the same values everywhere. */
int barista_fill(void *matrix, size_t n, enum barista_precision p, unsigned long seed,
		 struct barista_err *err);

/* Working memory of one run, kept so that it can be run again for timing. */
struct barista_workspace;
int barista_workspace_make(struct barista_workspace **out, const struct barista_refgemm *gemm,
			   struct barista_err *err);
void barista_workspace_free(struct barista_workspace *w);

/* Tiles a (m x k) and b (k x n), multiplies, untiles into c (m x n), all row-major. */
void barista_refgemm_run(struct barista_workspace *w, const void *a, const void *b, void *c,
			 struct barista_counts *counts);

/* Seconds that the last run spent on tiling, clearing and untiling. */
double barista_workspace_tile_time(const struct barista_workspace *w);

/* Bound on |c - exact| in units of sum |a||b|, from the roundings on the longest path:
 * (1 + u)^n - 1, n = ceil(K'/L) + L + 1 (standard error analysis, e.g. Higham 2002, 3.1),
 * and its absolute part from underflow. 0 for integers. */
double barista_refgemm_bound(const struct barista_refgemm *gemm);
double barista_refgemm_underflow(const struct barista_refgemm *gemm);

#endif
