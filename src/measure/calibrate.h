/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MEASURE_CALIBRATE_H
#define MEASURE_CALIBRATE_H

#include "base/err.h"
#include "barista/family.h"

/* What this host measures. */
struct barista_host_sample {
	double elements, seconds;
};

struct barista_host {
	char cpu[128], blas[160];
	size_t nsamples;
	struct barista_host_sample
		sample[24];                 /* tiling and untiling, sizes from 64 KiB to 64 MiB */
	double tile_time, tile_lo, tile_hi; /* s per element, with its 95 % interval */
	double mem_bandwidth;               /* bit/s, copy: read and written bits */
	double power_w;                     /* NaN when the energy counters can't be read */
	size_t ngemms;
	struct barista_gemm_time *gemm; /* OpenBLAS, fp32, median of several runs */
};

/* Measures; the GEMMs are the distinct shapes of the lowered network whose operands take no more
 * than 1 GiB. */
int barista_host_measure(struct barista_host *out, const struct barista_lowered *lowered,
			 barista_progress progress, void *user, struct barista_err *err);
void barista_host_free(struct barista_host *host);

#endif
