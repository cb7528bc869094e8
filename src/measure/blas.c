/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "measure/blas.h"

#include <cblas.h>
#include <stdio.h>
#include <string.h>

void barista_dgemm(size_t m, size_t n, size_t k, const double *a, const double *b, double *c)
{
	cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)m, (blasint)n, (blasint)k,
		    1, a, (blasint)k, b, (blasint)n, 0, c, (blasint)n);
}

void barista_sgemm(size_t m, size_t n, size_t k, const float *a, const float *b, float *c)
{
	cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)m, (blasint)n, (blasint)k,
		    1, a, (blasint)k, b, (blasint)n, 0, c, (blasint)n);
}

bool barista_blas_is_behind(void)
{
#ifdef __x86_64__
	return __builtin_cpu_supports("avx2") && !strcmp(openblas_get_corename(), "Prescott");
#else
	return false;
#endif
}

void barista_blas_name(char *buf, size_t size)
{
	snprintf(buf, size, "%s, %d threads", openblas_get_config(), openblas_get_num_threads());
}
