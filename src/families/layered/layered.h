/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FAMILIES_LAYERED_LAYERED_H
#define FAMILIES_LAYERED_LAYERED_H

/* The layered architecture: every layer runs as OpenCL kernels that the host starts one by one, as
 * in FeCaffe (arXiv 1911.08905). Launches follow Caffe's layer code; the equations are derived. */
#include "barista.h"
#include "barista/family.h"
#include "model/family_parts.h"

/* The knobs, in the order of the family's table. */
enum {
	LAYERED_M,
	LAYERED_N,
	LAYERED_K,
	LAYERED_Q,
	LAYERED_BATCHED,
	LAYERED_FUSED,
	LAYERED_PRECISION,
	BARISTA_LAYERED_KNOBS
};

enum barista_layered_pass {
	BARISTA_LAYERED_FORWARD,
	BARISTA_LAYERED_BACKWARD,
	BARISTA_LAYERED_UPDATE,
	BARISTA_LAYERED_PASSES
};

/* What a layer starts of one kind, kernels or transfers. An iteration is one pass of the batch
 * forward and backward; a GEMM is what has an m. */
struct barista_launch {
	const char *name;
	enum barista_layered_pass pass;
	double count;     /* per iteration */
	double m, n, k;   /* of a GEMM, else 0 */
	bool accumulates; /* it reads C too */
	bool bias;        /* it multiplies by ones: no multiply-accumulates of a layer */
	double elements;  /* that a kernel of another kind moves, on average */
	bool transfer;    /* over PCIe, not a kernel */
	double sent,
		sent_bits; /* of a transfer: elements of the design's width, and bits beside them */
};
enum { BARISTA_LAYERED_LAUNCHES = 16 }; /* kinds of a layer, at most */

/* How the kernels are used, beside their tile. */
struct barista_layered_mode {
	bool batched; /* convolutions take the whole batch at once; else image by image, as Caffe
			 does */
	bool fused;   /* bias and a following activation are applied as GEMMs write their output */
};
struct barista_layered_mode barista_layered_mode(const struct barista_point *point);

/* All that layer l of the lowered network starts, in Caffe's order; returns how many kinds. */
size_t barista_layered_launches(const struct barista_lowered *lowered, size_t l,
				struct barista_layered_mode mode,
				struct barista_launch out[BARISTA_LAYERED_LAUNCHES]);

/* What a design takes of the board, into used[BARISTA_NMETRICS]; the other metrics are left alone.
 */
void barista_layered_used(const struct barista_device *dev, const struct barista_point *point,
			  double *used);
enum { BARISTA_LAYERED_WRITTEN = 9 };
extern const enum barista_metric barista_layered_written[BARISTA_LAYERED_WRITTEN]; /* those */

/* Block RAMs of the tiles of A or B, both buffers of each: `along` elements of the tile serve one
 * multiplier, q are read at a time. Of the tile of C: `each` outputs per multiplier. */
double barista_layered_input_blocks(const struct barista_device *dev, enum barista_precision p,
				    double along, double q, double t_k);
double barista_layered_sums_blocks(const struct barista_device *dev, enum barista_precision p,
				   double each, double q);

/* What does not depend on the layer. */
struct barista_layered_params {
	double t_m, t_n, t_k, q;
	double wl, b_mem, eta, f, t_launch, t_0, b_pcie;
};
struct barista_layered_params barista_layered_params(const struct barista_device *dev,
						     const struct barista_point *point);

/* One launch, or one transfer. */
struct barista_layered_times {
	double n_m, n_n, n_k, c_comp, t_comp, d_mem, d_ends, t_ends, t_mem, t_run, d_pcie, t_0,
		t_launch, t_transfer, t_total;
};
struct barista_layered_times barista_layered_launch_times(const struct barista_layered_params *s,
							  const struct barista_launch *k);

/* What an iteration takes in one pass. Kernels and transfers are counted apart. */
struct barista_layered_count {
	double launches, macs, bits, transfers, pcie_bits;
};
void barista_layered_count(const struct barista_model *model, const struct barista_point *point,
			   struct barista_layered_count out[BARISTA_LAYERED_PASSES]);

/* Terms of the family's table, in its order. */
enum { BARISTA_LAYERED_TERMS = 33 };

BARISTA_FAMILY_DECLARE(layered, BARISTA_LAYERED_KNOBS, BARISTA_LAYERED_TERMS);
BARISTA_FAMILY_DECLARE_ENUMERATED(layered);

#endif
