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

/* Tiles cover each dimension once (so that the MACs before padding are M*N*K), and no
 * less than the matrices crosses the memory interface. */
static inline bool conserves(const struct gemm_params *s, const struct gemm_terms *v,
			     const struct mesh *k)
{
	double last_m = s->m - (v->n_m - 1) * k->t_m, last_n = s->n - (v->n_n - 1) * k->t_n;
	double last_k = s->k - (v->n_k - 1) * k->t_k;

	return (last_m > 0) & (last_m <= k->t_m) & (last_n > 0) & (last_n <= k->t_n) &
	       (last_k > 0) & (last_k <= k->t_k) &
	       (v->d_mem >= s->wl * (s->m * s->k + s->k * s->n + s->m * s->n));
}

struct gemm_params barista_systolic_gemm_params(const struct barista_model *model,
						const struct barista_gemm *g,
						enum barista_precision p)
{
	const struct barista_quantity *param = model->dev->param;

	return (struct gemm_params){
		.m = (double)g->m,
		.n = (double)g->n,
		.k = (double)g->k,
		.wl = barista_precision_defs[p].bits,
		.latency = model->dev->pe[p][BARISTA_PE_LATENCY].value,
		.w_out = param[BARISTA_OUTPUTS_PER_CYCLE].value,
		.b_mem = param[BARISTA_MEM_BANDWIDTH].value,
		.channels = param[BARISTA_MEM_CHANNELS].value,
		.ports = param[BARISTA_PORTS].value,
		.burst = param[BARISTA_BURST].value,
		.overhead = param[BARISTA_BURST_OVERHEAD].value,
		.f = param[BARISTA_CLOCK].value,
		.derate_above = param[BARISTA_DERATE_ABOVE].value,
		.derate_slope = param[BARISTA_DERATE_SLOPE].value,
		.dsps = param[BARISTA_RES_DSP].value,
		.b_pcie = param[BARISTA_PCIE_BANDWIDTH].value,
		.tau = param[BARISTA_TILE_TIME].value,
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

struct mesh barista_systolic_mesh(const struct barista_device *dev, const double *const *knob,
				  size_t i)
{
	double in = knob_or_default(knob[SYSTOLIC_IN_BUFFERS], i, 0),
	       out = knob_or_default(knob[SYSTOLIC_OUT_BUFFERS], i, 0);

	return (struct mesh){
		.t_m = knob[SYSTOLIC_TILE_M][i],
		.t_n = knob[SYSTOLIC_TILE_N][i],
		.t_k = knob[SYSTOLIC_TILE_K][i],
		.v = knob_or_default(knob[SYSTOLIC_VECTOR], i, 1),
		.r_m = knob_or_default(knob[SYSTOLIC_OUTPUTS_M], i, 1),
		.r_n = knob_or_default(knob[SYSTOLIC_OUTPUTS_N], i, 1),
		.u = knob_or_default(knob[SYSTOLIC_REPLICAS], i, 1),
		.buffers = in ? in : dev->param[BARISTA_BUFFERS].value,
		.out_buffers = out ? out : dev->param[BARISTA_OUT_BUFFERS].value,
	};
}

static void gemm_column(const struct barista_model *model, const struct gemm_params *s,
			const struct barista_batch *b, size_t from, size_t n)
{
	for (size_t i = from; i < from + n; i++) {
		struct mesh k = barista_systolic_mesh(model->dev, b->knob, i);
		struct gemm_terms terms;

		k.dsp = b->metric[BARISTA_DSP][i];
		terms = gemm_terms(s, &k);
		b->scratch[i] = terms.t_gemm;
		b->not_conserved[i] |= !conserves(s, &terms, &k);
	}
}

void barista_systolic_times(const struct barista_model *model, struct barista_batch *b)
{
	const struct barista_lowered *lowered = model->lowered;

	for (size_t i = 0, len; i < b->n; i += len) {
		double precision = b->knob[SYSTOLIC_PRECISION][i];

		len = run_length(b->knob[SYSTOLIC_PRECISION], i, b->n);
		for (size_t s = 0; s < lowered->nclasses; s++) {
			const struct barista_layer_class *class = &lowered->layer_class[s];
			double *restrict time = b->class_time + s * b->n;

			memset(time + i, 0, len * sizeof *time);
			for (size_t g = 0; g < class->ngemms; g++) {
				const struct barista_gemm *gemm = &lowered->gemm[class->gemm[g]];
				struct gemm_params set = barista_systolic_gemm_params(
					model, gemm, barista_pass_precision(precision, gemm->pass));

				gemm_column(model, &set, b, i, len);
				for (size_t j = i; j < i + len; j++)
					time[j] += class->per_image[g] * b->scratch[j];
			}
		}
	}
}
