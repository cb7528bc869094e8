/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A systolic GEMM behind PCIe. The kernel of [Barista] III-B and IV is an output-stationary
 * mesh of T_M x T_N PEs, one multiply-accumulate each per cycle; equation numbers are the
 * paper's. The richer kernel (derived) keeps R_M x R_N outputs per PE, so that P_M x P_N PEs
 * serve the tile, has V multipliers per PE along K, and U replicas that share the memory;
 * with R = V = U = 1 it is Barista's. tau and the resource constants are derived or fitted,
 * as the device file says. */
#include "base/err.h"
#include "base/num.h"
#include "model/bram.h"
#include "model/family.h"
#include "model/kernel.h"
#include "model/precision.h"

#include <stdio.h>
#include <string.h>

static const struct barista_knob knobs[BARISTA_SYSTOLIC_KNOBS] = {
	[TILE_M] = {"tile_m", "elements", "rows of an output tile, T_M; of the mesh, when a PE keeps one output",
		    1, 65536, false, true, (double)NAN, NULL},
	[TILE_N] = {"tile_n", "elements", "columns of an output tile, T_N", 1, 65536, false, true, (double)NAN,
		    NULL},
	[TILE_K] = {"tile_k", "elements", "depth of the input tiles, T_K", 1, 65536, false, true, (double)NAN,
		    NULL},
	[PRECISION] = {"precision", "", "number format, for all passes or per pass", 0, 4095, true, false,
		       (double)NAN, barista_precision_format},
	[VECTOR] = {"vector", "", "multipliers per PE along K, V", 1, 256, false, false, 1, NULL},
	[OUTPUTS_M] = {"outputs_m", "", "output rows per PE, R_M", 1, 1024, false, false, 1, NULL},
	[OUTPUTS_N] = {"outputs_n", "", "output columns per PE, R_N", 1, 1024, false, false, 1, NULL},
	[REPLICAS] = {"replicas", "", "copies of the kernel that share the memory, U", 1, 256, false, true, 1,
		      NULL},
};

/* What does not depend on the design point's knobs. */
struct setting {
	double m, n, k;
	double wl, latency, w_out, buffers, out_buffers;
	double b_mem, channels, ports, burst, overhead;
	double f, derate_above, derate_slope, dsps;
	double b_pcie, tau;
};

/* The kernel: its tile, and how it is laid out. */
struct kernel { double t_m, t_n, t_k, v, r_m, r_n, u, dsp; };

/* Every quantity of equations (1) to (5) for one GEMM on one kernel. */
struct gemm_terms {
	double p_m, p_n, n_m, n_n, n_k;
	double d_mem, n_burst, b_eff, t_mem, c_tile, c_drain, c_comp, f_eff, t_comp, t_ip;
	double d_pcie, t_pcie, e_tile, t_tile, t_gemm;
};

/* ceil(a/b) of whole numbers; Barista's kernel divides by 1 throughout, and that is free. */
static inline double divide_up(double a, double b)
{
	return b == 1 ? a : barista_ceil_div(a, b);
}

/* (1): tiles of A and B per step along K, a tile of C per output tile; a gap after each burst. */
static inline void memory_terms(const struct setting *s, const struct kernel *k, struct gemm_terms *v)
{
	double gaps = 0;
	double a = k->t_m * k->t_k, b = k->t_k * k->t_n, c = k->t_m * k->t_n;
	double reached = k->u * s->ports < s->channels ? k->u * s->ports : s->channels;

	v->d_mem = s->wl * (v->n_m * v->n_n * (v->n_k * (a + b) + c));
	if (s->overhead > 0) {
		v->n_burst = v->n_m * v->n_n * (v->n_k * (barista_ceil_div(s->wl * a, s->burst) +
							  barista_ceil_div(s->wl * b, s->burst)) +
						barista_ceil_div(s->wl * c, s->burst));
		gaps = s->overhead * v->n_burst;
	} else {
		v->n_burst = 0; /* no gaps: not counted */
	}
	v->b_eff = s->b_mem * (reached / s->channels);
	v->t_mem = (v->d_mem + gaps) / v->b_eff;
}

/* What is left of the clock when a kernel uses this share of the DSPs; one that does not fit is
 * taken as using all. The slope is at most 0.9, so something is. */
static inline double clock_left(double share, double above, double slope)
{
	double beyond = (share < 1 ? share : 1) - above;

	return 1 - slope * (beyond > 0 ? beyond : 0);
}

/* (2), form derived, and met exactly by the RTL in tests/rtl: stream, skew, latency of the last sums; drain, hidden behind the next
 * tile when outputs are double-buffered. A PE with fewer outputs than L keeps L partial sums
 * of each, as Barista's does, so that it never stalls; adding them up while draining costs no
 * cycle per tile but, once per GEMM, a tail of (L - 1) times the adder's latency after the last
 * output, which (2) leaves out, as (3) does the first tile's load and the last one's write. */
static inline void compute_terms(const struct setting *s, const struct kernel *k, struct gemm_terms *v)
{
	double both, longer;

	v->c_tile = v->n_k * (k->r_m * k->r_n) * divide_up(k->t_k, k->v) + (v->p_m + v->p_n - 2) +
		    s->latency;
	v->c_drain = divide_up(k->t_m * k->t_n, s->w_out);
	both = v->c_tile + v->c_drain;
	longer = v->c_tile > v->c_drain ? v->c_tile : v->c_drain;
	v->c_comp = divide_up(v->n_m * v->n_n, k->u) * (s->out_buffers > 1 ? longer : both);
	v->f_eff = s->f * clock_left(k->dsp / s->dsps, s->derate_above, s->derate_slope);
	v->t_comp = v->c_comp / v->f_eff;
}

static inline struct gemm_terms gemm_terms(const struct setting *s, const struct kernel *k)
{
	struct gemm_terms v;
	double q_m, q_n, q_k, slow, fast;

	v.p_m = divide_up(k->t_m, k->r_m);
	v.p_n = divide_up(k->t_n, k->r_n);
	v.n_m = barista_ceil_div(s->m, k->t_m);
	v.n_n = barista_ceil_div(s->n, k->t_n);
	v.n_k = barista_ceil_div(s->k, k->t_k);
	memory_terms(s, k, &v);
	compute_terms(s, k, &v);
	/* (3): the slower one when buffers overlap them, else both */
	slow = v.t_mem > v.t_comp ? v.t_mem : v.t_comp;
	fast = v.t_mem > v.t_comp ? v.t_comp : v.t_mem;
	v.t_ip = slow + (2 - s->buffers) * fast;
	/* (4), (5): padded matrices cross PCIe once */
	q_m = v.n_m * k->t_m, q_n = v.n_n * k->t_n, q_k = v.n_k * k->t_k;
	v.d_pcie = s->wl * (q_m * q_k + q_k * q_n + q_m * q_n);
	v.t_pcie = v.d_pcie / s->b_pcie;
	/* host: tile A and B, clear and untile C */
	v.e_tile = q_m * q_k + q_k * q_n + 2 * (q_m * q_n);
	v.t_tile = s->tau * v.e_tile;
	v.t_gemm = v.t_tile + v.t_pcie + v.t_ip;
	return v;
}

/* Tiles cover each dimension once (so that the MACs before padding are M*N*K), and no
 * less than the matrices crosses the memory interface. */
static inline bool conserves(const struct setting *s, const struct gemm_terms *v, const struct kernel *k)
{
	double last_m = s->m - (v->n_m - 1) * k->t_m, last_n = s->n - (v->n_n - 1) * k->t_n;
	double last_k = s->k - (v->n_k - 1) * k->t_k;

	return (last_m > 0) & (last_m <= k->t_m) & (last_n > 0) & (last_n <= k->t_n) & (last_k > 0) &
	       (last_k <= k->t_k) & (v->d_mem >= s->wl * (s->m * s->k + s->k * s->n + s->m * s->n));
}

static struct setting make_setting(const struct barista_model *model, const struct barista_gemm *g,
				   enum barista_precision p)
{
	const struct barista_fact *fact = model->dev->fact;

	return (struct setting){
		.m = (double)g->m, .n = (double)g->n, .k = (double)g->k,
		.wl = barista_precision_defs[p].bits,
		.latency = model->dev->cost[p][BARISTA_COST_LATENCY].value,
		.w_out = fact[BARISTA_OUTPUTS_PER_CYCLE].value,
		.buffers = fact[BARISTA_BUFFERS].value,
		.out_buffers = fact[BARISTA_OUT_BUFFERS].value,
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

/* A column that is not there holds the preset, 1, of the richer kernel's knobs. */
static inline double at(const double *column, size_t i)
{
	return column ? column[i] : 1;
}

static void gemm_column(const struct setting *s, size_t n, const double *const *knob, const double *dsp,
			double *restrict time, unsigned char *restrict broken)
{
	const double *restrict t_m = knob[TILE_M], *restrict t_n = knob[TILE_N], *restrict t_k = knob[TILE_K];
	const double *v = knob[VECTOR], *r_m = knob[OUTPUTS_M], *r_n = knob[OUTPUTS_N], *u = knob[REPLICAS];

	bool plain = !v && !r_m && !r_n && !u;   /* Barista's: a loop of its own, for speed only */

	for (size_t i = 0; plain && i < n; i++) {
		struct kernel k = {t_m[i], t_n[i], t_k[i], 1, 1, 1, 1, dsp[i]};
		struct gemm_terms terms = gemm_terms(s, &k);

		time[i] = terms.t_gemm;
		broken[i] |= !conserves(s, &terms, &k);
	}
	for (size_t i = 0; !plain && i < n; i++) {
		struct kernel k = {t_m[i], t_n[i], t_k[i], at(v, i), at(r_m, i), at(r_n, i), at(u, i), dsp[i]};
		struct gemm_terms terms = gemm_terms(s, &k);

		time[i] = terms.t_gemm;
		broken[i] |= !conserves(s, &terms, &k);
	}
}

static void times(const struct barista_model *model, struct barista_batch *b)
{
	const struct barista_plan *plan = model->plan;
	const double *knob[BARISTA_SYSTOLIC_KNOBS];

	for (size_t i = 0, len; i < b->n; i += len) {
		double precision = b->knob[PRECISION][i];

		len = run_length(b->knob[PRECISION], i, b->n);
		for (int k = 0; k < BARISTA_SYSTOLIC_KNOBS; k++)
			knob[k] = b->knob[k] ? b->knob[k] + i : NULL;
		for (size_t s = 0; s < plan->nshapes; s++) {
			const struct barista_shape *shape = &plan->shape[s];
			double *restrict time = b->shape_time + s * b->n + i;

			memset(time, 0, len * sizeof *time);
			for (size_t g = 0; g < shape->ngemms; g++) {
				const struct barista_gemm *gemm = &plan->gemm[shape->gemm[g]];
				double weight = shape->per_image[g], *restrict t = b->scratch;
				struct setting set = make_setting(model, gemm,
					barista_pass_precision(precision, gemm->pass));

				gemm_column(&set, len, knob, b->metric[BARISTA_DSP] + i, t, b->broken + i);
				for (size_t j = 0; j < len; j++)
					time[j] += weight * t[j];
			}
		}
	}
}

/* ---- resources ---- */

/* Block RAM of the partial sums of one PE: fitted on Barista's, one block when there is a
 * latency to cover; with several outputs per PE, a bank of them. */
static double sums_blocks(const struct barista_device *dev, enum barista_precision p, const struct kernel *k)
{
	double outputs = k->r_m * k->r_n, latency = dev->cost[p][BARISTA_COST_LATENCY].value;

	if (outputs == 1)
		return latency > 1;
	return barista_bank_blocks(dev->block_ram, outputs * (outputs < latency ? latency : 1),
				   barista_precision_defs[p].sum_bits);
}

/* DSPs of a mesh. A packed DSP serves neighbours along one side, whichever wastes less. */
static double mesh_dsp(double p_m, double p_n, double per_mac)
{
	double along_m = ceil(p_m * per_mac) * p_n, along_n = p_m * ceil(p_n * per_mac);

	return along_m < along_n ? along_m : along_n;
}

/* One mesh per number format that the passes use: none is reconfigured in between. */
static void mesh_cost(const struct barista_device *dev, enum barista_precision p, const struct kernel *k,
		      double *used)
{
	const struct barista_fact *cost = dev->cost[p], *fact = dev->fact;
	double p_m = divide_up(k->t_m, k->r_m), p_n = divide_up(k->t_n, k->r_n);
	double macs = k->u * (p_m * p_n * k->v), steps = divide_up(k->t_k, k->v);
	double width = barista_precision_defs[p].bits * k->v;
	double banks = p_m * barista_bank_blocks(dev->block_ram, k->r_m * steps, width) +
		       p_n * barista_bank_blocks(dev->block_ram, k->r_n * steps, width);

	used[BARISTA_DSP] += k->u * k->v * mesh_dsp(p_m, p_n, cost[BARISTA_COST_DSP].value);
	used[BARISTA_BRAM] += k->u * fact[BARISTA_BUFFERS].value * banks;
	used[BARISTA_BRAM] += k->u * fact[BARISTA_OUT_BUFFERS].value * (p_m * p_n) * sums_blocks(dev, p, k);
	used[BARISTA_LUT] += ceil(macs * cost[BARISTA_COST_LUT].value);
	used[BARISTA_FF] += ceil(macs * cost[BARISTA_COST_FF].value);
}

static double power(const struct barista_device *dev, const double *used)
{
	const struct barista_fact *fact = dev->fact;

	if (!isnan(fact[BARISTA_POWER_TOTAL].value))
		return fact[BARISTA_POWER_TOTAL].value;
	return fact[BARISTA_POWER_STATIC].value + fact[BARISTA_POWER_DSP].value * used[BARISTA_DSP] +
	       fact[BARISTA_POWER_BRAM].value * used[BARISTA_BRAM] +
	       fact[BARISTA_POWER_LUT].value * used[BARISTA_LUT] +
	       fact[BARISTA_POWER_FF].value * used[BARISTA_FF];
}

/* Row bits, clock after derating and peak: what follows from the mesh. */
static void finish_metrics(const struct barista_device *dev, const struct kernel *k, double *used)
{
	const struct barista_fact *fact = dev->fact;
	double p_m = divide_up(k->t_m, k->r_m), p_n = divide_up(k->t_n, k->r_n);
	double f = fact[BARISTA_CLOCK].value *
		   clock_left(used[BARISTA_DSP] / fact[BARISTA_RES_DSP].value, fact[BARISTA_DERATE_ABOVE].value,
			      fact[BARISTA_DERATE_SLOPE].value);

	used[BARISTA_POWER] = power(dev, used);
	used[BARISTA_PEAK] = 2 * (k->u * (p_m * p_n * k->v)) * f;
	used[BARISTA_WHOLE] = p_m * k->r_m == k->t_m && p_n * k->r_n == k->t_n;
}

static void resources(const struct barista_model *model, struct barista_batch *b)
{
	static const enum barista_metric written[] = {BARISTA_DSP, BARISTA_BRAM, BARISTA_LUT,
						      BARISTA_FF, BARISTA_ROW_BITS, BARISTA_POWER,
						      BARISTA_PEAK, BARISTA_WHOLE};
	const struct barista_device *dev = model->dev;

	for (size_t i = 0; i < b->n; i++) {
		struct kernel k = {b->knob[TILE_M][i], b->knob[TILE_N][i], b->knob[TILE_K][i],
				   at(b->knob[VECTOR], i), at(b->knob[OUTPUTS_M], i),
				   at(b->knob[OUTPUTS_N], i), at(b->knob[REPLICAS], i), 0};
		enum barista_precision p[BARISTA_NPASSES];
		size_t n = barista_precisions_used(b->knob[PRECISION][i], p);
		double used[BARISTA_NMETRICS] = {
			[BARISTA_DSP] = dev->fact[BARISTA_FIXED_DSP].value,
			[BARISTA_BRAM] = dev->fact[BARISTA_FIXED_BRAM].value,
			[BARISTA_LUT] = dev->fact[BARISTA_FIXED_LUT].value,
			[BARISTA_FF] = dev->fact[BARISTA_FIXED_FF].value,
			[BARISTA_ROW_BITS] = INFINITY,
		};

		for (size_t j = 0; j < n; j++) {
			double row = k.t_k * barista_precision_defs[p[j]].bits;

			mesh_cost(dev, p[j], &k, used);
			used[BARISTA_ROW_BITS] = row < used[BARISTA_ROW_BITS] ? row : used[BARISTA_ROW_BITS];
		}
		finish_metrics(dev, &k, used);
		for (size_t m = 0; m < sizeof written / sizeof *written; m++)
			b->metric[written[m]][i] = used[written[m]];
	}
}

/* A row of the narrowest precision must be able to fill the bus, however small the network. */
static double useful(const struct barista_model *model, size_t knob)
{
	const struct barista_plan *plan = model->plan;
	double largest[BARISTA_SYSTOLIC_KNOBS] = {
		[TILE_M] = (double)plan->max_m, [TILE_N] = (double)plan->max_n, [TILE_K] = (double)plan->max_k,
		[VECTOR] = 64, [OUTPUTS_M] = 64, [OUTPUTS_N] = 64, [REPLICAS] = 16,
	};
	double narrowest = INFINITY;

	for (int p = 0; p < BARISTA_NPRECISIONS; p++)
		if (model->dev->has_precision[p])
			narrowest = fmin(narrowest, barista_precision_defs[p].bits);
	largest[TILE_K] = fmax(largest[TILE_K],
			       barista_ceil_div(model->dev->fact[BARISTA_BUS_WIDTH].value, narrowest));
	return fmin(largest[knob], knobs[knob].hi);
}

static int admit(const struct barista_device *dev, const struct barista_point *point,
		 struct barista_err *err)
{
	enum barista_precision p[BARISTA_NPASSES];
	size_t n = barista_precisions_used(point->knob[PRECISION], p);
	char list[160] = "";

	for (size_t i = 0; i < n; i++) {
		if (p[i] >= BARISTA_NPRECISIONS)
			return barista_fail(err, BARISTA_USAGE, "%.0f encodes no precision per pass",
					    point->knob[PRECISION]);
		if (dev->has_precision[p[i]])
			continue;
		for (int q = 0; q < BARISTA_NPRECISIONS; q++)
			if (dev->has_precision[q])
				snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s",
					 *list ? ", " : "", barista_precision_defs[q].name);
		return barista_fail(err, BARISTA_INFEASIBLE,
				    "device '%.80s' has no cost for precision '%s'; it has %s", dev->name,
				    barista_precision_defs[p[i]].name, list);
	}
	return 0;
}

/* ---- terms ---- */

enum {
	M, N, K, T_M, T_N, T_K, V, R_M, R_N, U, WL, L, W_OUT, BUFFERS, OUT_BUFFERS, B_MEM, CHANNELS, PORTS,
	BURST, OVERHEAD, F, B_PCIE, TAU, P_M, P_N, N_M, N_N, N_K, MACS, PADDED, D_MEM, N_BURST, B_EFF, T_MEM,
	C_TILE, C_DRAIN, C_COMP, F_EFF, T_COMP, T_IP, D_PCIE, T_PCIE, E_TILE, T_TILE, T_GEMM, NTERMS
};
_Static_assert((int)NTERMS <= (int)BARISTA_MAX_TERMS, "room for the terms");

#define COUNT BARISTA_DIM_COUNT
#define SECOND BARISTA_DIM_SECOND
#define CYCLE BARISTA_DIM_CYCLE
#define BIT BARISTA_DIM_BIT

static const struct barista_term terms_table[NTERMS] = {
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
	[BUFFERS] = {"buffers", "input buffers", NULL, "device", COUNT, 0},
	[OUT_BUFFERS] = {"out_buffers", "output buffers", NULL, "device", COUNT, 0},
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
	[PADDED] = {"MACs_padded", "with padding", "n_M*T_M * n_N*T_N * n_K*T_K", "[Barista] III-B", COUNT, 0},
	[D_MEM] = {"D_mem", "memory traffic", "WL * (n_M*n_N * (n_K*(T_M*T_K + T_K*T_N) + T_M*T_N))",
		   "[Barista] (1)", BIT, BARISTA_ROLE_TRAFFIC},
	[N_BURST] = {"n_burst", "bursts",
		     "min(1, overhead) * (n_M*n_N * (n_K*(ceil(WL*(T_M*T_K)/burst) + ceil(WL*(T_K*T_N)/burst)) + "
		     "ceil(WL*(T_M*T_N)/burst)))", "derived", COUNT, 0},
	[B_EFF] = {"B_eff", "bandwidth reached", "B_mem * (min(U*ports, channels)/channels)", "derived",
		   BARISTA_DIM_BIT_PER_S, 0},
	[T_MEM] = {"t_mem", "memory", "(D_mem + overhead*n_burst)/B_eff", "[Barista] (1), gaps derived", SECOND,
		   BARISTA_ROLE_BINDS},
	[C_TILE] = {"C_tile", "cycles of a tile", "n_K * (R_M*R_N) * ceil(T_K/V) + (P_M + P_N - 2) + L",
		    "[Barista] (2), form derived", CYCLE, 0},
	[C_DRAIN] = {"C_drain", "cycles of its drain", "ceil(T_M*T_N/w_out)", "[Barista] (2), form derived", CYCLE,
		     0},
	[C_COMP] = {"C_comp", "compute cycles",
		    "ceil(n_M*n_N/U) * (max(C_tile, C_drain) + (2 - out_buffers)*min(C_tile, C_drain))",
		    "[Barista] (2), form derived", CYCLE, 0},
	[F_EFF] = {"f_eff", "clock reached", NULL, "device, derated by DSP use", BARISTA_DIM_HZ, 0},
	[T_COMP] = {"t_comp", "compute", "C_comp/f_eff", "[Barista] (2)", SECOND, BARISTA_ROLE_BINDS},
	[T_IP] = {"t_ip", "kernel", "max(t_mem, t_comp) + (2 - buffers)*min(t_mem, t_comp)", "[Barista] (3)",
		  SECOND, BARISTA_ROLE_PART | BARISTA_ROLE_DEVICE},
	[D_PCIE] = {"D_pcie", "PCIe traffic",
		    "WL * (n_M*T_M*n_K*T_K + n_K*T_K*n_N*T_N + n_M*T_M*n_N*T_N)", "[Barista] (4)", BIT, 0},
	[T_PCIE] = {"t_pcie", "PCIe", "D_pcie/B_pcie", "[Barista] (5)", SECOND,
		    BARISTA_ROLE_BINDS | BARISTA_ROLE_PART},
	[E_TILE] = {"E_tile", "elements tiled", "n_M*T_M*n_K*T_K + n_K*T_K*n_N*T_N + 2*(n_M*T_M*n_N*T_N)",
		    "derived from [Barista] III-C", COUNT, 0},
	[T_TILE] = {"t_tile", "tiling", "tau*E_tile", "derived from [Barista] III-C", SECOND,
		    BARISTA_ROLE_BINDS | BARISTA_ROLE_PART},
	[T_GEMM] = {"t_gemm", "total", "t_tile + t_pcie + t_ip", "[Barista] IV", SECOND, BARISTA_ROLE_TOTAL},
};

static double dsp_of(const struct barista_device *dev, const struct kernel *k, double precision)
{
	enum barista_precision p[BARISTA_NPASSES];
	size_t n = barista_precisions_used(precision, p);
	double used[BARISTA_NMETRICS] = {[BARISTA_DSP] = dev->fact[BARISTA_FIXED_DSP].value};

	for (size_t i = 0; i < n; i++)
		mesh_cost(dev, p[i], k, used);
	return used[BARISTA_DSP];
}

static void terms(const struct barista_model *model, const struct barista_point *point, size_t gemm,
		  double *value)
{
	const struct barista_gemm *g = &model->plan->gemm[gemm];
	const double *knob = point->knob;
	struct setting s = make_setting(model, g, barista_pass_precision(knob[PRECISION], g->pass));
	struct kernel k = {knob[TILE_M], knob[TILE_N], knob[TILE_K], knob[VECTOR], knob[OUTPUTS_M],
			   knob[OUTPUTS_N], knob[REPLICAS], 0};
	struct gemm_terms v;

	k.dsp = dsp_of(model->dev, &k, knob[PRECISION]);
	v = gemm_terms(&s, &k);
	memcpy(value, (const double[NTERMS]){
		[M] = s.m, [N] = s.n, [K] = s.k, [T_M] = k.t_m, [T_N] = k.t_n, [T_K] = k.t_k,
		[V] = k.v, [R_M] = k.r_m, [R_N] = k.r_n, [U] = k.u, [WL] = s.wl, [L] = s.latency,
		[W_OUT] = s.w_out, [BUFFERS] = s.buffers, [OUT_BUFFERS] = s.out_buffers, [B_MEM] = s.b_mem,
		[CHANNELS] = s.channels, [PORTS] = s.ports, [BURST] = s.burst, [OVERHEAD] = s.overhead,
		[F] = s.f, [B_PCIE] = s.b_pcie, [TAU] = s.tau, [P_M] = v.p_m, [P_N] = v.p_n,
		[N_M] = v.n_m, [N_N] = v.n_n, [N_K] = v.n_k, [MACS] = s.m * s.n * s.k,
		[PADDED] = v.n_m * k.t_m * (v.n_n * k.t_n) * (v.n_k * k.t_k),
		[D_MEM] = v.d_mem, [N_BURST] = v.n_burst, [B_EFF] = v.b_eff, [T_MEM] = v.t_mem,
		[C_TILE] = v.c_tile, [C_DRAIN] = v.c_drain, [C_COMP] = v.c_comp, [F_EFF] = v.f_eff,
		[T_COMP] = v.t_comp, [T_IP] = v.t_ip, [D_PCIE] = v.d_pcie, [T_PCIE] = v.t_pcie,
		[E_TILE] = v.e_tile, [T_TILE] = v.t_tile, [T_GEMM] = v.t_gemm,
	}, NTERMS * sizeof *value);
}

const struct barista_family barista_systolic = {
	.name = "systolic",
	.summary = "an output-stationary systolic GEMM behind PCIe, Barista's and richer ones",
	.notation = "T_MxT_NxT_K:PRECISION, e.g. 16x16x64:fp32, or P_MxP_N/vV/rR_MxR_N/kT_K/uU:PRECISION, "
		    "e.g. 13x16/v8/r20x16/k512:fp32",
	.knob = knobs, .nknobs = BARISTA_SYSTOLIC_KNOBS,
	.term = terms_table, .nterms = NTERMS,
	.parse = barista_kernel_parse, .format = barista_kernel_format, .useful = useful, .admit = admit,
	.resources = resources, .times = times, .terms = terms,
};
