/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MEASURE_BLAS_H
#define MEASURE_BLAS_H

#include "base/err.h"

#include <stddef.h>

/* Loads OpenBLAS, once; what follows needs it. Call it from one thread. Fails with BARISTA_E_SYSTEM
 * when it is not installed. */
int barista_blas_load(struct barista_err *err);

/* OpenBLAS: c = a*b, row-major, a m x k, b k x n. */
void barista_dgemm(size_t m, size_t n, size_t k, const double *a, const double *b, double *c);
void barista_sgemm(size_t m, size_t n, size_t k, const float *a, const float *b, float *c);

/* Does it run code for an old CPU although this one has AVX2? Debian 12's OpenBLAS does on
 * CPUs that are newer than it. */
bool barista_blas_is_behind(void);

/* Its version and threads, for reports. */
void barista_blas_name(char *buf, size_t size);

#endif
