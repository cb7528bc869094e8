/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_BASELINE_H
#define MODEL_BASELINE_H

#include "barista/family.h"

/* A measured GEMM. */
struct barista_gemm_time {
	int64_t m, n, k;
	double seconds;
};

/* Published figures of one network. */
struct barista_published {
	const char *workload;
	double mean; /* op/s/W; NaN when not published */
	size_t n;
	const char **layer;
	double *ppw; /* op/s/W per layer */
	const char *source, *status;
};

/* A processor that could run the GEMMs instead, or the host that feeds the board. */
struct barista_baseline {
	const char *name, *title, *path, *kind; /* kind: cpu or gpu */
	struct barista_quantity power;          /* W */
	struct barista_quantity peak_fp32;      /* op/s; value NaN when absent */
	struct barista_quantity mem_bandwidth;  /* bit/s; value NaN when absent */
	struct barista_quantity tile_time;      /* s per element; value NaN when absent */
	double tile_time_lo, tile_time_hi;      /* 95 % interval; NaN when absent */
	size_t npublished;
	struct barista_published *published;
	size_t ntimes;
	struct barista_gemm_time *time; /* measured OpenBLAS times, fp32 */
	char sha256[65];
	struct barista_arena *arena;
};

int barista_baseline_load(struct barista_baseline **out, const char *name, const char *data_dir,
			  struct barista_err *err);

void barista_baseline_free(struct barista_baseline *base);

/* Writes the PPW of every layer of the lowered network on this processor, op/s/W: by measured times
 * (fp32) when the file has those of all its GEMMs, else the published figure of the layer, else
 * NaN. from[i] names which. A published mean of the network says nothing of a layer. */
void barista_baseline_ppw(const struct barista_baseline *base,
			  const struct barista_lowered *lowered, double *ppw, const char **from);

/* Returns the published mean of the network, op/s/W, or NaN. */
double barista_baseline_mean(const struct barista_baseline *base,
			     const struct barista_workload *net);

#endif
