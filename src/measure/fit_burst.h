/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MEASURE_FIT_BURST_H
#define MEASURE_FIT_BURST_H

#include "base/err.h"

/* Memory bandwidth against burst length: rate = peak * burst/(burst + overhead) (derived; the
 * form of equation (1)'s gaps). */
struct barista_burst_fit {
	size_t n;
	double peak, peak_lo, peak_hi;             /* bit/s, with its 95 % interval */
	double overhead, overhead_lo, overhead_hi; /* bit */
	double worst;                              /* largest relative error of a pair */
};

/* Fits measured pairs of a file: one "BURST, RATE" per line with units ("4096 B, 11.2 GB/s"),
 * # begins a comment. At least three pairs with two different bursts. */
int barista_burst_fit_file(struct barista_burst_fit *out, const char *path,
			   struct barista_err *err);

#endif
