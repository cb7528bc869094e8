/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RTL_GOLDEN_H
#define RTL_GOLDEN_H

#include "measure/refgemm.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One GEMM on one mesh. */
struct rtl_case {
	size_t t_m, t_n, t_k, latency, buffers, bits, w_out, m, n, k;
	unsigned long seed;
};

/* What the simulation is given, and what it is held against. */
struct golden {
	struct rtl_case one;
	double cycles, words; /* C_comp and D_mem/WL of the model */
	double n_m, n_n, n_k;
	struct barista_tiling a, b, c;
	int16_t *a_tiles, *b_tiles; /* card memory, laid out by the host code */
	int64_t *c_tiles;
	unsigned char *written; /* how often each word of c_tiles was */
	int64_t *reference;     /* C by the reference GEMM */
};

/* data_dir: where devices/ is. */
int golden_make(struct golden *g, const struct rtl_case *one, const char *data_dir,
		struct barista_err *err);
void golden_free(struct golden *g);

/* Words of C that differ from the reference, or were not written exactly once. */
int golden_compare(const struct golden *g, size_t *differing, size_t *miswritten,
		   struct barista_err *err);

#ifdef __cplusplus
}
#endif

#endif
