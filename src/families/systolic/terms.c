/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terms of the systolic family's equations: names, units, formulas and values. */
#include "families/systolic/equations.h"
#include "barista/family.h"
#include "families/systolic/notation.h"
#include "model/precision.h"
#include "model/terms.h"

#include <string.h>

/* clang-format off */
enum {
	M, N, K, T_M, T_N, T_K, V, R_M, R_N, U, WL, L, W_OUT, BUFFERS, DRAIN_BUFFERS, B_MEM,
	CHANNELS, PORTS, BURST, OVERHEAD, F, B_PCIE, TAU, P_M, P_N, N_M, N_N, N_K, MACS, PADDED,
	D_MEM, N_BURST, B_EFF, T_MEM, C_TILE, C_DRAIN, C_COMP, F_EFF, T_COMP, T_IP, D_PCIE,
	T_PCIE, E_TILE, T_TILE, T_GEMM, NTERMS
};
/* clang-format on */
CHECK_TERMS(NTERMS, BARISTA_SYSTOLIC_TERMS);

const struct barista_term barista_systolic_term_table[BARISTA_SYSTOLIC_TERMS] = {
	[M] = {"M", "rows of A and C", NULL, "lowering", COUNT, 0},
	[N] = {"N", "columns of B and C", NULL, "lowering", COUNT, 0},
	[K] = {"K", "columns of A, rows of B", NULL, "lowering", COUNT, 0},
	[T_M] = {"T_M", "tile rows", NULL, "kernel", COUNT, 0},
	[T_N] = {"T_N", "tile columns", NULL, "kernel", COUNT, 0},
	[T_K] = {"T_K", "tile depth", NULL, "kernel", COUNT, 0},
	[V] = {"V", "multipliers per PE", NULL, "kernel", COUNT, 0},
	[R_M] = {"R_M", "output rows per PE", NULL, "kernel", COUNT, 0},
	[R_N] = {"R_N", "output columns per PE", NULL, "kernel", COUNT, 0},
	[U] = {"U", "replicas", NULL, "kernel", COUNT, 0},
	[WL] = {"WL", "word length", NULL, "precision", BIT, 0},
	[L] = {"L", "accumulation latency", NULL, "device", CYCLE, 0},
	[W_OUT] = {"w_out", "outputs per cycle", NULL, "device", COUNT, 0},
	[BUFFERS] = {"buffers", "input buffers", NULL, "kernel, else device", COUNT, 0},
	[DRAIN_BUFFERS] = {"out_buffers", "output buffers", NULL, "kernel, else device", COUNT, 0},
	[B_MEM] = {"B_mem", "memory bandwidth", NULL, "device", BARISTA_DIM_BIT_PER_S, 0},
	[CHANNELS] = {"channels", "memory channels", NULL, "device", COUNT, 0},
	[PORTS] = {"ports", "channels per replica", NULL, "device", COUNT, 0},
	[BURST] = {"burst", "longest burst", NULL, "device", BIT, 0},
	[OVERHEAD] = {"overhead", "gap after a burst", NULL, "device", BIT, 0},
	[F] = {"f", "clock", NULL, "device", BARISTA_DIM_HZ, 0},
	[B_PCIE] = {"B_pcie", "PCIe bandwidth", NULL, "device", BARISTA_DIM_BIT_PER_S, 0},
	[TAU] = {"tau", "tiling time per element", NULL, "device or host", SECOND, 0},
	[P_M] = {"P_M", "rows of PEs", "ceil(T_M/R_M)", "derived", COUNT, 0},
	[P_N] = {"P_N", "columns of PEs", "ceil(T_N/R_N)", "derived", COUNT, 0},
	[N_M] = {"n_M", "tiles along M", "ceil(M/T_M)", "[Barista] III-B", COUNT, 0},
	[N_N] = {"n_N", "tiles along N", "ceil(N/T_N)", "[Barista] III-B", COUNT, 0},
	[N_K] = {"n_K", "tiles along K", "ceil(K/T_K)", "[Barista] III-B", COUNT, 0},
	[MACS] = {"MACs", "multiply-accumulates", "M*N*K", "lowering", COUNT, 0},
	[PADDED] = {"MACs_padded", "with padding", "n_M*T_M * n_N*T_N * n_K*T_K", "[Barista] III-B",
		    COUNT, 0},
	[D_MEM] = {"D_mem", "memory traffic",
		   "WL * (n_M*n_N * (n_K*(T_M*T_K + T_K*T_N) + T_M*T_N))", "[Barista] (1)", BIT,
		   BARISTA_ROLE_TRAFFIC},
	[N_BURST] = {"n_burst", "bursts",
		     "min(1, overhead) * (n_M*n_N * (n_K*(ceil(WL*(T_M*T_K)/burst) + "
		     "ceil(WL*(T_K*T_N)/burst)) + "
		     "ceil(WL*(T_M*T_N)/burst)))",
		     "derived", COUNT, 0},
	[B_EFF] = {"B_eff", "bandwidth reached", "B_mem * (min(U*ports, channels)/channels)",
		   "derived", BARISTA_DIM_BIT_PER_S, 0},
	[T_MEM] = {"t_mem", "memory", "(D_mem + overhead*n_burst)/B_eff",
		   "[Barista] (1), gaps derived", SECOND, BARISTA_ROLE_BINDS},
	[C_TILE] = {"C_tile", "cycles of a tile",
		    "n_K * (R_M*R_N) * ceil(T_K/V) + (P_M + P_N - 2) + L",
		    "[Barista] (2), form derived", CYCLE, 0},
	[C_DRAIN] = {"C_drain", "cycles of its drain", "ceil(T_M*T_N/w_out)",
		     "[Barista] (2), form derived", CYCLE, 0},
	[C_COMP] = {"C_comp", "compute cycles",
		    "ceil(n_M*n_N/U) * (max(C_tile, C_drain) + (2 - out_buffers)*min(C_tile, "
		    "C_drain))",
		    "[Barista] (2), form derived", CYCLE, 0},
	[F_EFF] = {"f_eff", "clock reached", NULL, "device, derated by DSP use", BARISTA_DIM_HZ, 0},
	[T_COMP] = {"t_comp", "compute", "C_comp/f_eff", "[Barista] (2)", SECOND,
		    BARISTA_ROLE_BINDS},
	[T_IP] = {"t_ip", "kernel", "max(t_mem, t_comp) + (2 - buffers)*min(t_mem, t_comp)",
		  "[Barista] (3)", SECOND, BARISTA_ROLE_PART | BARISTA_ROLE_DEVICE},
	[D_PCIE] = {"D_pcie", "PCIe traffic",
		    "WL * (n_M*T_M*n_K*T_K + n_K*T_K*n_N*T_N + n_M*T_M*n_N*T_N)", "[Barista] (4)",
		    BIT, 0},
	[T_PCIE] = {"t_pcie", "PCIe", "D_pcie/B_pcie", "[Barista] (5)", SECOND,
		    BARISTA_ROLE_BINDS | BARISTA_ROLE_PART},
	[E_TILE] = {"E_tile", "elements tiled",
		    "n_M*T_M*n_K*T_K + n_K*T_K*n_N*T_N + 2*(n_M*T_M*n_N*T_N)",
		    "derived from [Barista] III-C", COUNT, 0},
	[T_TILE] = {"t_tile", "tiling", "tau*E_tile", "derived from [Barista] III-C", SECOND,
		    BARISTA_ROLE_BINDS | BARISTA_ROLE_PART},
	[T_GEMM] = {"t_gemm", "total", "t_tile + t_pcie + t_ip", "[Barista] IV", SECOND,
		    BARISTA_ROLE_TOTAL},
};

/* What the equations start from: the GEMM, the kernel and the board. */
static void put_inputs(double *value, const struct gemm_params *s, const struct mesh *k)
{
	value[M] = s->m;
	value[N] = s->n;
	value[K] = s->k;
	value[T_M] = k->t_m;
	value[T_N] = k->t_n;
	value[T_K] = k->t_k;
	value[V] = k->v;
	value[R_M] = k->r_m;
	value[R_N] = k->r_n;
	value[U] = k->u;
	value[WL] = s->wl;
	value[L] = s->latency;
	value[W_OUT] = s->w_out;
	value[BUFFERS] = k->buffers;
	value[DRAIN_BUFFERS] = k->out_buffers;
	value[B_MEM] = s->b_mem;
	value[CHANNELS] = s->channels;
	value[PORTS] = s->ports;
	value[BURST] = s->burst;
	value[OVERHEAD] = s->overhead;
	value[F] = s->f;
	value[B_PCIE] = s->b_pcie;
	value[TAU] = s->tau;
}

/* What they give. */
static void put_results(double *value, const struct gemm_params *s, const struct mesh *k)
{
	struct gemm_terms v = gemm_terms(s, k);

	value[P_M] = v.p_m;
	value[P_N] = v.p_n;
	value[N_M] = v.n_m;
	value[N_N] = v.n_n;
	value[N_K] = v.n_k;
	value[MACS] = s->m * s->n * s->k;
	value[PADDED] = v.n_m * k->t_m * (v.n_n * k->t_n) * (v.n_k * k->t_k);
	value[D_MEM] = v.d_mem;
	value[N_BURST] = v.n_burst;
	value[B_EFF] = v.b_eff;
	value[T_MEM] = v.t_mem;
	value[C_TILE] = v.c_tile;
	value[C_DRAIN] = v.c_drain;
	value[C_COMP] = v.c_comp;
	value[F_EFF] = v.f_eff;
	value[T_COMP] = v.t_comp;
	value[T_IP] = v.t_ip;
	value[D_PCIE] = v.d_pcie;
	value[T_PCIE] = v.t_pcie;
	value[E_TILE] = v.e_tile;
	value[T_TILE] = v.t_tile;
	value[T_GEMM] = v.t_gemm;
}

void barista_systolic_terms(const struct barista_model *model, const struct barista_point *point,
			    size_t gemm, double *value)
{
	const struct barista_gemm *g = &model->lowered->gemm[gemm];
	const double *knob[BARISTA_SYSTOLIC_KNOBS];
	struct gemm_params s = barista_systolic_gemm_params(
		model, g, barista_pass_precision(point->knob[SYSTOLIC_PRECISION], g->pass));
	struct mesh k;

	for (int i = 0; i < BARISTA_SYSTOLIC_KNOBS; i++)
		knob[i] = &point->knob[i];
	k = barista_systolic_mesh(model->dev, knob, 0);
	k.dsp = barista_systolic_dsp(model->dev, &k, point->knob[SYSTOLIC_PRECISION]);
	put_inputs(value, &s, &k);
	put_results(value, &s, &k);
}
