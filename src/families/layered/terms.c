/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The equations of the layered family, and its terms: names, units, formulas and values. One row of
 * a report is what a layer starts of one kind; its terms are of one launch. */
#include "base/num.h"
#include "barista/family.h"
#include "families/layered/layered.h"
#include "model/device.h"
#include "model/precision.h"
#include "model/terms.h"
#include "network/workload.h"

#include <string.h>

/* clang-format off */
enum {
	M, N, K, ACC, E, T_M, T_N, T_K, Q, WL, F, B_MEM, ETA, B_PCIE, E_PCIE, LABELS, N_M, N_N,
	N_K, MACS, PADDED, C_COMP, D_MEM, D_ENDS, D_PCIE, T_0, T_LAUNCH, T_ENDS, T_COMP, T_MEM,
	T_RUN, T_TRANSFER, T_TOTAL, NTERMS
};
/* clang-format on */
CHECK_TERMS(NTERMS, BARISTA_LAYERED_TERMS);

const struct barista_term barista_layered_term_table[BARISTA_LAYERED_TERMS] = {
	[M] = {"M", "rows of A and C", NULL, "lowering", COUNT, 0},
	[N] = {"N", "columns of B and C", NULL, "lowering", COUNT, 0},
	[K] = {"K", "columns of A, rows of B", NULL, "lowering", COUNT, 0},
	[ACC] = {"acc", "1: C is read too", NULL, "Caffe's layer code", COUNT, 0},
	[E] = {"E", "elements that a kernel without GEMM moves", NULL, "Caffe's layer code", COUNT,
	       0},
	[T_M] = {"T_M", "tile rows", NULL, "design", COUNT, 0},
	[T_N] = {"T_N", "tile columns", NULL, "design", COUNT, 0},
	[T_K] = {"T_K", "tile depth", NULL, "design", COUNT, 0},
	[Q] = {"Q", "multiply-accumulates per cycle", NULL, "design", COUNT, 0},
	[WL] = {"WL", "word length", NULL, "precision", BIT, 0},
	[F] = {"f", "clock", NULL, "device", BARISTA_DIM_HZ, 0},
	[B_MEM] = {"B_mem", "memory bandwidth", NULL, "device", BARISTA_DIM_BIT_PER_S, 0},
	[ETA] = {"eta", "share of it that kernels reach", NULL, "device", BARISTA_DIM_FRACTION, 0},
	[B_PCIE] = {"B_pcie", "PCIe bandwidth", NULL, "device", BARISTA_DIM_BIT_PER_S, 0},
	[E_PCIE] = {"E_pcie", "elements over PCIe", NULL, "Caffe's data layer", COUNT, 0},
	[LABELS] = {"D_beside", "labels or losses over PCIe", NULL, "Caffe's data and loss layers",
		    BIT, 0},
	[N_M] = {"n_M", "tiles along M", "ceil(M/T_M)", "derived", COUNT, 0},
	[N_N] = {"n_N", "tiles along N", "ceil(N/T_N)", "derived", COUNT, 0},
	[N_K] = {"n_K", "tiles along K", "ceil(K/T_K)", "derived", COUNT, 0},
	[MACS] = {"MACs", "multiply-accumulates", "M*N*K", "lowering", COUNT, 0},
	[PADDED] = {"MACs_padded", "with padding", "n_M*T_M * n_N*T_N * n_K*T_K", "derived", COUNT,
		    0},
	[C_COMP] = {"C_comp", "compute cycles", "MACs_padded/Q", "derived", BARISTA_DIM_CYCLE, 0},
	[D_MEM] = {"D_mem", "memory traffic", "WL * (n_N*M*K + n_M*K*N + (1 + acc)*M*N + E)",
		   "derived", BIT, BARISTA_ROLE_TRAFFIC},
	[D_ENDS] = {"D_ends", "first tiles in, last one out",
		    "WL * ((min(T_M, M) + min(T_N, N))*min(T_K, K) + (1 + acc)*min(T_M, "
		    "M)*min(T_N, N))",
		    "derived", BIT, 0},
	[D_PCIE] = {"D_pcie", "PCIe traffic", "WL*E_pcie + D_beside", "derived", BIT, 0},
	[T_0] = {"t_0", "a transfer beside its bits", NULL, "device", SECOND, 0},
	[T_LAUNCH] = {"t_launch", "launch", NULL, "device", SECOND,
		      BARISTA_ROLE_BINDS | BARISTA_ROLE_PART},
	[T_ENDS] = {"t_ends", "their way", "D_ends/(eta*B_mem)", "derived", SECOND, 0},
	[T_COMP] = {"t_comp", "compute", "C_comp/f + t_ends", "derived", SECOND,
		    BARISTA_ROLE_BINDS},
	[T_MEM] = {"t_mem", "memory", "D_mem/(eta*B_mem)", "derived", SECOND, BARISTA_ROLE_BINDS},
	[T_RUN] = {"t_run", "kernel", "max(t_comp, t_mem)", "derived", SECOND,
		   BARISTA_ROLE_PART | BARISTA_ROLE_DEVICE},
	[T_TRANSFER] = {"t_transfer", "PCIe", "t_0 + D_pcie/B_pcie", "derived", SECOND,
			BARISTA_ROLE_BINDS | BARISTA_ROLE_PART},
	[T_TOTAL] = {"t_kernel", "total", "t_launch + t_run + t_transfer", "derived", SECOND,
		     BARISTA_ROLE_TOTAL},
};

struct barista_layered_mode barista_layered_mode(const struct barista_point *point)
{
	return (struct barista_layered_mode){point->knob[LAYERED_BATCHED] > 0,
					     point->knob[LAYERED_FUSED] > 0};
}

struct barista_layered_params barista_layered_params(const struct barista_device *dev,
						     const struct barista_point *point)
{
	enum barista_precision p =
		barista_pass_precision(point->knob[LAYERED_PRECISION], BARISTA_FWD);
	const struct barista_quantity *fact = dev->param;

	return (struct barista_layered_params){
		.t_m = point->knob[LAYERED_M],
		.t_n = point->knob[LAYERED_N],
		.t_k = point->knob[LAYERED_K],
		.q = point->knob[LAYERED_Q],
		.wl = barista_precision_defs[p].bits,
		.b_mem = fact[BARISTA_MEM_BANDWIDTH].value,
		.eta = fact[BARISTA_STREAM_SHARE].value,
		.f = fact[BARISTA_CLOCK].value,
		.t_launch = fact[BARISTA_LAUNCH_TIME].value,
		.t_0 = fact[BARISTA_TRANSFER_TIME].value,
		.b_pcie = fact[BARISTA_PCIE_BANDWIDTH].value,
	};
}

/* The equations (derived from [FeCaffe]). Tiles of A and B are read anew for every tile of C; C is
 * written once, and read where it is added to. Loading, computing and storing overlap, but the
 * first tiles come before any computing and the last one goes after all of it; so either the
 * multipliers are busy in between, or the memory is all the time. The last tile is taken to be
 * full; that loads run but one step ahead, which costs time where both take about as long, is left
 * out. A tile of C has so many sums that the latency of an adder costs nothing. For given numbers
 * of tiles nothing falls when a tile grows. */
static double ends(const struct barista_layered_params *s, const struct barista_launch *k)
{
	double m = fmin(s->t_m, k->m), n = fmin(s->t_n, k->n);

	return (m + n) * fmin(s->t_k, k->k) + (k->accumulates ? 2 : 1) * (m * n);
}

struct barista_layered_times barista_layered_launch_times(const struct barista_layered_params *s,
							  const struct barista_launch *k)
{
	struct barista_layered_times v = {0};

	if (!(k->count > 0))
		return v;
	if (k->transfer) {
		v.t_0 = s->t_0;
		v.d_pcie = s->wl * k->sent + k->sent_bits;
		v.t_transfer = v.t_0 + v.d_pcie / s->b_pcie;
		v.t_total = v.t_transfer;
		return v;
	}
	v.n_m = barista_ceil_div(k->m, s->t_m);
	v.n_n = barista_ceil_div(k->n, s->t_n);
	v.n_k = barista_ceil_div(k->k, s->t_k);
	v.c_comp = v.n_m * s->t_m * (v.n_n * s->t_n) * (v.n_k * s->t_k) / s->q;
	v.d_mem = s->wl * (v.n_n * (k->m * k->k) + v.n_m * (k->k * k->n) +
			   (k->accumulates ? 2 : 1) * (k->m * k->n) + k->elements);
	v.d_ends = s->wl * ends(s, k);
	v.t_ends = v.d_ends / (s->eta * s->b_mem);
	v.t_comp = v.c_comp / s->f + v.t_ends;
	v.t_mem = v.d_mem / (s->eta * s->b_mem);
	v.t_run = v.t_comp > v.t_mem ? v.t_comp : v.t_mem;
	v.t_launch = s->t_launch;
	v.t_total = v.t_launch + v.t_run;
	return v;
}

static size_t layer_of(const struct barista_lowered *lowered, size_t class)
{
	size_t l = 0;

	while (lowered->class_of[l] != class)
		l++;
	return l;
}

/* What takes no time, a view or an activation in another kernel's epilogue, still has a row. */
static const struct barista_launch nothing = {.name = "nothing"};

static size_t launches_of(const struct barista_model *model, const struct barista_point *point,
			  size_t class, struct barista_launch launch[BARISTA_LAYERED_LAUNCHES])
{
	size_t n = barista_layered_launches(model->lowered, layer_of(model->lowered, class),
					    barista_layered_mode(point), launch);

	if (!n)
		launch[n++] = nothing;
	return n;
}

size_t barista_layered_time_part_count(const struct barista_model *model,
				       const struct barista_point *point, size_t class)
{
	struct barista_launch launch[BARISTA_LAYERED_LAUNCHES];

	return launches_of(model, point, class, launch);
}

static void write_terms(const struct barista_layered_params *s, const struct barista_launch *k,
			double *value)
{
	struct barista_layered_times v = barista_layered_launch_times(s, k);

	memcpy(value,
	       (const double[NTERMS]){
		       [M] = k->m,
		       [N] = k->n,
		       [K] = k->k,
		       [ACC] = k->accumulates,
		       [E] = k->elements,
		       [T_M] = s->t_m,
		       [T_N] = s->t_n,
		       [T_K] = s->t_k,
		       [Q] = s->q,
		       [WL] = s->wl,
		       [F] = s->f,
		       [B_MEM] = s->b_mem,
		       [ETA] = s->eta,
		       [B_PCIE] = s->b_pcie,
		       [E_PCIE] = k->sent,
		       [LABELS] = k->sent_bits,
		       [N_M] = v.n_m,
		       [N_N] = v.n_n,
		       [N_K] = v.n_k,
		       [MACS] = k->m * k->n * k->k,
		       [PADDED] = v.n_m * s->t_m * (v.n_n * s->t_n) * (v.n_k * s->t_k),
		       [C_COMP] = v.c_comp,
		       [D_MEM] = v.d_mem,
		       [D_ENDS] = v.d_ends,
		       [T_ENDS] = v.t_ends,
		       [D_PCIE] = v.d_pcie,
		       [T_0] = v.t_0,
		       [T_LAUNCH] = v.t_launch,
		       [T_COMP] = v.t_comp,
		       [T_MEM] = v.t_mem,
		       [T_RUN] = v.t_run,
		       [T_TRANSFER] = v.t_transfer,
		       [T_TOTAL] = v.t_total,
	       },
	       NTERMS * sizeof *value);
}

void barista_layered_time_part(const struct barista_model *model, const struct barista_point *point,
			       size_t class, size_t i, struct barista_time_part *out)
{
	struct barista_layered_params s = barista_layered_params(model->dev, point);
	struct barista_launch launch[BARISTA_LAYERED_LAUNCHES];
	const struct barista_launch *k = &launch[i];

	launches_of(model, point, class, launch);
	*out = (struct barista_time_part){.name = k->name,
					  .m = k->m > 0 ? k->m : (double)NAN,
					  .n = k->m > 0 ? k->n : (double)NAN,
					  .k = k->m > 0 ? k->k : (double)NAN,
					  .per_image =
						  k->count / (double)model->lowered->net->batch};
	write_terms(&s, k, out->value);
}
