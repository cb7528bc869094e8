/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OpenBLAS is loaded when it is wanted: merely starting it takes memory and threads, which commands
 * that compute no GEMM do without. */
#include "measure/blas.h"

#include <cblas.h>
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static struct {
	void *library;
	__typeof__(cblas_dgemm) *dgemm;
	__typeof__(cblas_sgemm) *sgemm;
	__typeof__(openblas_get_corename) *corename;
	__typeof__(openblas_get_config) *config;
	__typeof__(openblas_get_num_threads) *threads;
} blas;

/* The address of a function, put where a pointer to one is. */
static bool find(const char *name, void *function, size_t size)
{
	void *address = dlsym(blas.library, name);

	memcpy(function, &address, size);
	return address != NULL;
}

#define FIND(name, member) find(name, &blas.member, sizeof blas.member)

int barista_blas_load(struct barista_err *err)
{
	static const char name[] = "libopenblas.so.0";

	if (blas.library)
		return 0;
	blas.library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
	if (blas.library && FIND("cblas_dgemm", dgemm) && FIND("cblas_sgemm", sgemm) &&
	    FIND("openblas_get_corename", corename) && FIND("openblas_get_config", config) &&
	    FIND("openblas_get_num_threads", threads))
		return 0;
	barista_fail(err, BARISTA_E_SYSTEM,
		     "cannot load OpenBLAS (%.300s): install the package libopenblas0", dlerror());
	if (blas.library)
		dlclose(blas.library);
	blas.library = NULL;
	return err->status;
}

void barista_dgemm(size_t m, size_t n, size_t k, const double *a, const double *b, double *c)
{
	blas.dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)m, (blasint)n, (blasint)k, 1,
		   a, (blasint)k, b, (blasint)n, 0, c, (blasint)n);
}

void barista_sgemm(size_t m, size_t n, size_t k, const float *a, const float *b, float *c)
{
	blas.sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)m, (blasint)n, (blasint)k, 1,
		   a, (blasint)k, b, (blasint)n, 0, c, (blasint)n);
}

bool barista_blas_is_behind(void)
{
#ifdef __x86_64__
	return __builtin_cpu_supports("avx2") && !strcmp(blas.corename(), "Prescott");
#else
	return false;
#endif
}

void barista_blas_name(char *buf, size_t size)
{
	snprintf(buf, size, "%s, %d threads", blas.config(), blas.threads());
}
