/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A systolic GEMM behind PCIe. The kernel of [Barista] III-B and IV is an output-stationary
 * mesh of T_M x T_N PEs, one multiply-accumulate each per cycle; equation numbers are the
 * paper's. The richer kernel (derived) keeps R_M x R_N outputs per PE, so that P_M x P_N PEs
 * serve the tile, has V multipliers per PE along K, and U replicas that share the memory;
 * with R = V = U = 1 it is Barista's. tau and the resource constants are derived or fitted,
 * as the device file says. */
#include "base/err.h"
#include "base/num.h"
#include "families/systolic/equations.h"
#include "families/systolic/notation.h"
#include "model/device.h"
#include "model/family.h"
#include "model/precision.h"

#include <string.h>

static const struct barista_knob knobs[BARISTA_SYSTOLIC_KNOBS] = {
	[TILE_M] = {"tile_m", "elements",
		    "rows of an output tile, T_M; of the mesh, when a PE keeps one output", 1,
		    65536, false, true, 1U << OUTPUTS_M, (double)NAN, NULL},
	[TILE_N] = {"tile_n", "elements", "columns of an output tile, T_N", 1, 65536, false, true,
		    1U << OUTPUTS_N, (double)NAN, NULL},
	[TILE_K] = {"tile_k", "elements", "depth of the input tiles, T_K", 1, 65536, false, true,
		    1U << PRECISION | 1U << VECTOR, (double)NAN, NULL},
	[PRECISION] = {"precision", "", "number format, for all passes or per pass", 0, 4095, true,
		       false, 0, (double)NAN, barista_precision_format},
	[VECTOR] = {"vector", "", "multipliers per PE along K, V", 1, 256, false, false, 0, 1,
		    NULL},
	[OUTPUTS_M] = {"outputs_m", "", "output rows per PE, R_M", 1, 1024, false, false,
		       1U << TILE_M, 1, NULL},
	[OUTPUTS_N] = {"outputs_n", "", "output columns per PE, R_N", 1, 1024, false, false,
		       1U << TILE_N, 1, NULL},
	[REPLICAS] = {"replicas", "", "copies of the kernel that share the memory, U", 1, 256,
		      false, true, 0, 1, NULL},
	/* 0 may be more than 1: these two do not grow */
	[IN_BUFFERS] =
		{"in_buffers", "",
		 "buffers of inputs: 2 overlaps loading with compute; 0: the board's kernel.buffers",
		 0, 2, false, false, 0, 0, NULL},
	[OUT_BUFFERS] =
		{"out_buffers", "",
		 "buffers of outputs: 2 hides draining; 0: the board's kernel.output_buffers", 0, 2,
		 false, false, 0, 0, NULL},
};

/* Tiles cover each dimension once (so that the MACs before padding are M*N*K), and no
 * less than the matrices crosses the memory interface. */
static inline bool conserves(const struct setting *s, const struct gemm_terms *v,
			     const struct kernel *k)
{
	double last_m = s->m - (v->n_m - 1) * k->t_m, last_n = s->n - (v->n_n - 1) * k->t_n;
	double last_k = s->k - (v->n_k - 1) * k->t_k;

	return (last_m > 0) & (last_m <= k->t_m) & (last_n > 0) & (last_n <= k->t_n) &
	       (last_k > 0) & (last_k <= k->t_k) &
	       (v->d_mem >= s->wl * (s->m * s->k + s->k * s->n + s->m * s->n));
}

struct setting barista_systolic_gemm_params(const struct barista_model *model,
					    const struct barista_gemm *g, enum barista_precision p)
{
	const struct barista_quantity *fact = model->dev->param;

	return (struct setting){
		.m = (double)g->m,
		.n = (double)g->n,
		.k = (double)g->k,
		.wl = barista_precision_defs[p].bits,
		.latency = model->dev->pe[p][BARISTA_PE_LATENCY].value,
		.w_out = fact[BARISTA_OUTPUTS_PER_CYCLE].value,
		.b_mem = fact[BARISTA_MEM_BANDWIDTH].value,
		.channels = fact[BARISTA_MEM_CHANNELS].value,
		.ports = fact[BARISTA_PORTS].value,
		.burst = fact[BARISTA_BURST].value,
		.overhead = fact[BARISTA_BURST_OVERHEAD].value,
		.f = fact[BARISTA_CLOCK].value,
		.derate_above = fact[BARISTA_DERATE_ABOVE].value,
		.derate_slope = fact[BARISTA_DERATE_SLOPE].value,
		.dsps = fact[BARISTA_RES_DSP].value,
		.b_pcie = fact[BARISTA_PCIE_BANDWIDTH].value,
		.tau = fact[BARISTA_TILE_TIME].value,
	};
}

/* Points from i that share their precision. */
static size_t run_length(const double *precision, size_t i, size_t n)
{
	size_t end = i;

	while (end < n && precision[end] == precision[i])
		end++;
	return end - i;
}

struct kernel barista_systolic_mesh(const struct barista_device *dev, const double *const *knob,
				    size_t i)
{
	double in = at(knob[IN_BUFFERS], i, 0), out = at(knob[OUT_BUFFERS], i, 0);

	return (struct kernel){
		.t_m = knob[TILE_M][i],
		.t_n = knob[TILE_N][i],
		.t_k = knob[TILE_K][i],
		.v = at(knob[VECTOR], i, 1),
		.r_m = at(knob[OUTPUTS_M], i, 1),
		.r_n = at(knob[OUTPUTS_N], i, 1),
		.u = at(knob[REPLICAS], i, 1),
		.buffers = in ? in : dev->param[BARISTA_BUFFERS].value,
		.out_buffers = out ? out : dev->param[BARISTA_OUT_BUFFERS].value,
	};
}

static void gemm_column(const struct barista_model *model, const struct setting *s,
			const struct barista_batch *b, size_t from, size_t n)
{
	for (size_t i = from; i < from + n; i++) {
		struct kernel k = barista_systolic_mesh(model->dev, b->knob, i);
		struct gemm_terms terms;

		k.dsp = b->metric[BARISTA_DSP][i];
		terms = gemm_terms(s, &k);
		b->scratch[i] = terms.t_gemm;
		b->not_conserved[i] |= !conserves(s, &terms, &k);
	}
}

static void times(const struct barista_model *model, struct barista_batch *b)
{
	const struct barista_lowered *lowered = model->lowered;

	for (size_t i = 0, len; i < b->n; i += len) {
		double precision = b->knob[PRECISION][i];

		len = run_length(b->knob[PRECISION], i, b->n);
		for (size_t s = 0; s < lowered->nclasses; s++) {
			const struct barista_layer_class *class = &lowered->layer_class[s];
			double *restrict time = b->class_time + s * b->n;

			memset(time + i, 0, len * sizeof *time);
			for (size_t g = 0; g < class->ngemms; g++) {
				const struct barista_gemm *gemm = &lowered->gemm[class->gemm[g]];
				struct setting set = barista_systolic_gemm_params(
					model, gemm, barista_pass_precision(precision, gemm->pass));

				gemm_column(model, &set, b, i, len);
				for (size_t j = i; j < i + len; j++)
					time[j] += class->per_image[g] * b->scratch[j];
			}
		}
	}
}

/* A row of the narrowest precision must be able to fill the bus, however small the network. */
static double useful(const struct barista_model *model, size_t knob)
{
	const struct barista_lowered *lowered = model->lowered;
	double largest[BARISTA_SYSTOLIC_KNOBS] = {
		[TILE_M] = (double)lowered->max_m,
		[TILE_N] = (double)lowered->max_n,
		[TILE_K] = (double)lowered->max_k,
		[VECTOR] = 64,
		[OUTPUTS_M] = 64,
		[OUTPUTS_N] = 64,
		[REPLICAS] = 16,
		[IN_BUFFERS] = 2,
		[OUT_BUFFERS] = 2,
	};
	double narrowest = INFINITY;

	for (int p = 0; p < BARISTA_NPRECISIONS; p++)
		if (model->dev->has_precision[p])
			narrowest = fmin(narrowest, barista_precision_defs[p].bits);
	largest[TILE_K] =
		fmax(largest[TILE_K],
		     barista_ceil_div(model->dev->param[BARISTA_BUS_WIDTH].value, narrowest));
	return fmin(largest[knob], knobs[knob].hi);
}

static int admit(const struct barista_model *model, const struct barista_point *point,
		 struct barista_err *err)
{
	enum barista_precision p[BARISTA_NPASSES];
	size_t n = barista_precisions_used(point->knob[PRECISION], p);
	int rc;

	for (size_t i = 0; i < n; i++) {
		if (p[i] >= BARISTA_NPRECISIONS)
			return barista_fail(err, BARISTA_E_ARGUMENT,
					    "%.0f encodes no precision per pass",
					    point->knob[PRECISION]);
		if ((rc = barista_precision_admit(model->dev, p[i], err)))
			return rc;
	}
	return 0;
}

/* What decides most of the time first: padding and traffic follow from the tile alone. */
static const size_t order[BARISTA_SYSTOLIC_KNOBS] = {
	PRECISION, TILE_M,    TILE_N,     REPLICAS,    VECTOR,
	OUTPUTS_M, OUTPUTS_N, IN_BUFFERS, OUT_BUFFERS, TILE_K,
};

static const struct barista_headline shown[] = {
	{BARISTA_MEM_BANDWIDTH, "memory ", ""},
	{BARISTA_PCIE_BANDWIDTH, "PCIe ", ""},
	{BARISTA_TILE_TIME, "tiling ", " per element on the host"},
};

const struct barista_family barista_systolic = {
	.name = "systolic",
	.summary = "an output-stationary systolic GEMM behind PCIe, Barista's and richer ones",
	.notation =
		"T_MxT_NxT_K:PRECISION, e.g. 16x16x64:fp32, or P_MxP_N/vV/rR_MxR_N/kT_K/uU:PRECISION, "
		"e.g. 13x16/v8/r20x16/k512:fp32",
	.default_board = "aws-f1-vu9p",
	.default_precision = "fp32",
	.default_design = "16x16x64:fp32",
	.per_layer = true,
	.knob = knobs,
	.scaling_knob = SIZE_MAX,
	.nknobs = BARISTA_SYSTOLIC_KNOBS,
	.headline = shown,
	.nheadline = sizeof shown / sizeof *shown,
	.term = barista_systolic_term_table,
	.nterms = BARISTA_SYSTOLIC_TERMS,
	.parse = barista_systolic_parse,
	.format = barista_systolic_format,
	.max_useful = useful,
	.validate = admit,
	.resources = barista_systolic_resources,
	.times = times,
	.terms = barista_systolic_terms,
	.inner_knob = TILE_K,
	.table_columns = barista_systolic_table_columns,
	.tabulate = barista_systolic_tabulate,
	.sweep_inner = barista_systolic_sweep_inner,
	.lower_bound = barista_systolic_lower_bound,
	.mark_undominated = barista_systolic_mark_undominated,
	.knob_order = order,
	.dominance_rule =
		"a smaller tile makes as many tiles of every GEMM, or pads none deeper, or this one is not whole",
};
