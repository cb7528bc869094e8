/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Barista kernel: an output-stationary mesh of T_M x T_N PEs behind PCIe, one
 * multiply-accumulate each per cycle. [Barista] III-B and IV; equation numbers are the
 * paper's. The exact form of (2), tau and the resource constants are derived or fitted,
 * as the device file says. */
#include "base/err.h"
#include "base/num.h"
#include "base/text.h"
#include "io/unit.h"
#include "model/bram.h"
#include "model/family.h"
#include "model/precision.h"

#include <stdio.h>
#include <string.h>

enum { TILE_M, TILE_N, TILE_K, PRECISION, NKNOBS };

static const struct barista_knob knobs[NKNOBS] = {
	[TILE_M] = {"tile_m", "elements", "rows of the mesh and of an output tile, T_M", 1, 65536, false, NULL},
	[TILE_N] = {"tile_n", "elements", "columns of the mesh and of an output tile, T_N", 1, 65536, false, NULL},
	[TILE_K] = {"tile_k", "elements", "depth of the input tiles, T_K", 1, 65536, false, NULL},
	[PRECISION] = {"precision", "", "number format, for all passes or per pass", 0, 4095, true,
		       barista_precision_format},
};

/* What does not depend on the design point's tiles. */
struct setting {
	double m, n, k;
	double wl, latency, w_out, buffers;
	double b_mem, f, b_pcie, tau;
};

/* Every quantity of equations (1) to (5) for one GEMM on one kernel. */
struct gemm_terms {
	double n_m, n_n, n_k;
	double d_mem, t_mem, c_comp, t_comp, t_ip;
	double d_pcie, t_pcie, e_tile, t_tile, t_gemm;
};

static inline struct gemm_terms gemm_terms(const struct setting *s, double t_m, double t_n, double t_k)
{
	struct gemm_terms v;
	double p_m, p_n, p_k, slow, fast;

	v.n_m = barista_ceil_div(s->m, t_m);
	v.n_n = barista_ceil_div(s->n, t_n);
	v.n_k = barista_ceil_div(s->k, t_k);
	/* (1) */
	v.d_mem = s->wl * (v.n_m * v.n_n * (v.n_k * (t_m * t_k + t_k * t_n) + t_m * t_n));
	v.t_mem = v.d_mem / s->b_mem;
	/* (2), derived: stream, skew, latency of the last sums, drain */
	v.c_comp = v.n_m * v.n_n *
		   (v.n_k * t_k + (t_m + t_n - 2) + s->latency + barista_ceil_div(t_m * t_n, s->w_out));
	v.t_comp = v.c_comp / s->f;
	/* (3): the slower one when buffers overlap them, else both */
	slow = v.t_mem > v.t_comp ? v.t_mem : v.t_comp;
	fast = v.t_mem > v.t_comp ? v.t_comp : v.t_mem;
	v.t_ip = slow + (2 - s->buffers) * fast;
	/* (4), (5): padded matrices cross PCIe once */
	p_m = v.n_m * t_m, p_n = v.n_n * t_n, p_k = v.n_k * t_k;
	v.d_pcie = s->wl * (p_m * p_k + p_k * p_n + p_m * p_n);
	v.t_pcie = v.d_pcie / s->b_pcie;
	/* host: tile A and B, clear and untile C */
	v.e_tile = p_m * p_k + p_k * p_n + 2 * (p_m * p_n);
	v.t_tile = s->tau * v.e_tile;
	v.t_gemm = v.t_tile + v.t_pcie + v.t_ip;
	return v;
}

/* Tiles cover each dimension once (so that the MACs before padding are M*N*K), and no
 * less than the matrices crosses the memory interface. */
static inline bool conserves(const struct setting *s, const struct gemm_terms *v, double t_m,
			     double t_n, double t_k)
{
	double last_m = s->m - (v->n_m - 1) * t_m, last_n = s->n - (v->n_n - 1) * t_n;
	double last_k = s->k - (v->n_k - 1) * t_k;

	return (last_m > 0) & (last_m <= t_m) & (last_n > 0) & (last_n <= t_n) & (last_k > 0) &
	       (last_k <= t_k) & (v->d_mem >= s->wl * (s->m * s->k + s->k * s->n + s->m * s->n));
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
		.b_mem = fact[BARISTA_MEM_BANDWIDTH].value,
		.f = fact[BARISTA_CLOCK].value,
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

static void gemm_column(const struct setting *s, size_t n, const double *restrict t_m,
			const double *restrict t_n, const double *restrict t_k, double *restrict time,
			unsigned char *restrict broken)
{
	for (size_t i = 0; i < n; i++) {
		struct gemm_terms v = gemm_terms(s, t_m[i], t_n[i], t_k[i]);

		time[i] = v.t_gemm;
		broken[i] |= !conserves(s, &v, t_m[i], t_n[i], t_k[i]);
	}
}

static void times(const struct barista_model *model, struct barista_batch *b)
{
	const struct barista_plan *plan = model->plan;

	for (size_t i = 0, len; i < b->n; i += len) {
		double precision = b->knob[PRECISION][i];

		len = run_length(b->knob[PRECISION], i, b->n);
		for (size_t s = 0; s < plan->nshapes; s++) {
			const struct barista_shape *shape = &plan->shape[s];
			double *restrict time = b->shape_time + s * b->n + i;

			memset(time, 0, len * sizeof *time);
			for (size_t g = 0; g < shape->ngemms; g++) {
				const struct barista_gemm *gemm = &plan->gemm[shape->gemm[g]];
				double weight = shape->per_image[g], *restrict t = b->scratch;
				struct setting set = make_setting(model, gemm,
					barista_pass_precision(precision, gemm->pass));

				gemm_column(&set, len, b->knob[TILE_M] + i, b->knob[TILE_N] + i,
					    b->knob[TILE_K] + i, t, b->broken + i);
				for (size_t j = 0; j < len; j++)
					time[j] += weight * t[j];
			}
		}
	}
}

/* ---- resources ---- */

/* One mesh per number format that the passes use: none is reconfigured in between. */
static void mesh_cost(const struct barista_device *dev, enum barista_precision p, double t_m,
		      double t_n, double t_k, double *used)
{
	const struct barista_fact *cost = dev->cost[p];
	double pes = t_m * t_n, banks = dev->fact[BARISTA_BUFFERS].value * (t_m + t_n);

	used[BARISTA_DSP] += ceil(pes * cost[BARISTA_COST_DSP].value);
	used[BARISTA_BRAM] += banks * barista_bank_blocks(dev->block_ram, t_k, barista_precision_defs[p].bits);
	if (cost[BARISTA_COST_LATENCY].value > 1) /* partial sums: one block per PE */
		used[BARISTA_BRAM] += pes;
	used[BARISTA_LUT] += ceil(pes * cost[BARISTA_COST_LUT].value);
	used[BARISTA_FF] += ceil(pes * cost[BARISTA_COST_FF].value);
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

static void resources(const struct barista_model *model, struct barista_batch *b)
{
	static const enum barista_metric written[] = {BARISTA_DSP, BARISTA_BRAM, BARISTA_LUT,
						      BARISTA_FF, BARISTA_ROW_BITS, BARISTA_POWER,
						      BARISTA_PEAK};
	const struct barista_device *dev = model->dev;

	for (size_t i = 0; i < b->n; i++) {
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
			double row = b->knob[TILE_K][i] * barista_precision_defs[p[j]].bits;

			mesh_cost(dev, p[j], b->knob[TILE_M][i], b->knob[TILE_N][i], b->knob[TILE_K][i], used);
			used[BARISTA_ROW_BITS] = row < used[BARISTA_ROW_BITS] ? row : used[BARISTA_ROW_BITS];
		}
		used[BARISTA_POWER] = power(dev, used);
		used[BARISTA_PEAK] = 2 * b->knob[TILE_M][i] * b->knob[TILE_N][i] * dev->fact[BARISTA_CLOCK].value;
		for (size_t m = 0; m < sizeof written / sizeof *written; m++)
			b->metric[written[m]][i] = used[written[m]];
	}
}

/* ---- notation: 16x16x64:fp32 ---- */

static int fail_kernel(const char *text, struct barista_err *err)
{
	return barista_fail(err, BARISTA_USAGE,
			    "'%.60s' is not a kernel: expected T_MxT_NxT_K:PRECISION, e.g. 16x16x64:fp32", text);
}

static int parse(const char *text, struct barista_point *out, struct barista_err *err)
{
	static const char *const separators[] = {"x", "x", ":"};
	struct barista_point point = {{0}};
	const char *p = text;
	int rc = 0;

	for (int i = TILE_M; i <= TILE_K; i++) {
		size_t len = strspn(p, "0123456789");
		char digits[24];
		int64_t v;

		if (!len || len >= sizeof digits)
			return fail_kernel(text, err);
		snprintf(digits, sizeof digits, "%.*s", (int)len, p);
		if (!barista_parse_int(digits, &v))
			return fail_kernel(text, err);
		if ((double)v < knobs[i].lo || (double)v > knobs[i].hi)
			return barista_fail(err, BARISTA_USAGE, "kernel '%.60s': %s must be from %.0f to %.0f, "
					    "not %s", text, knobs[i].name, knobs[i].lo, knobs[i].hi, digits);
		point.knob[i] = (double)v;
		p += len;
		if (i == TILE_K && !*p)
			break;
		if (*p != *separators[i])
			return fail_kernel(text, err);
		p++;
	}
	if (*p) {
		rc = barista_precision_parse(p, &point.knob[PRECISION], err);
	} else if (p[-1] == ':') {
		return fail_kernel(text, err);
	}
	if (!rc)
		*out = point;
	return rc;
}

static void format(const struct barista_point *point, char *buf, size_t size)
{
	char precision[64];

	barista_precision_format(point->knob[PRECISION], precision, sizeof precision);
	snprintf(buf, size, "%.0fx%.0fx%.0f:%s", point->knob[TILE_M], point->knob[TILE_N],
		 point->knob[TILE_K], precision);
}

/* A row of the narrowest precision must be able to fill the bus, however small the network. */
static double useful(const struct barista_model *model, size_t knob)
{
	const struct barista_plan *plan = model->plan;
	double largest[NKNOBS] = {(double)plan->max_m, (double)plan->max_n, (double)plan->max_k, 0};
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
	M, N, K, T_M, T_N, T_K, WL, L, W_OUT, BUFFERS, B_MEM, F, B_PCIE, TAU,
	N_M, N_N, N_K, MACS, PADDED, D_MEM, T_MEM, C_COMP, T_COMP, T_IP,
	D_PCIE, T_PCIE, E_TILE, T_TILE, T_GEMM, NTERMS
};

static const struct barista_term terms_table[NTERMS] = {
	[M] = {"M", "rows of A and C", NULL, "lowering", BARISTA_DIM_COUNT, 0},
	[N] = {"N", "columns of B and C", NULL, "lowering", BARISTA_DIM_COUNT, 0},
	[K] = {"K", "columns of A, rows of B", NULL, "lowering", BARISTA_DIM_COUNT, 0},
	[T_M] = {"T_M", "tile rows", NULL, "kernel", BARISTA_DIM_COUNT, 0},
	[T_N] = {"T_N", "tile columns", NULL, "kernel", BARISTA_DIM_COUNT, 0},
	[T_K] = {"T_K", "tile depth", NULL, "kernel", BARISTA_DIM_COUNT, 0},
	[WL] = {"WL", "word length", NULL, "precision", BARISTA_DIM_BIT, 0},
	[L] = {"L", "accumulation latency", NULL, "device", BARISTA_DIM_CYCLE, 0},
	[W_OUT] = {"w_out", "outputs per cycle", NULL, "device", BARISTA_DIM_COUNT, 0},
	[BUFFERS] = {"buffers", "tile buffers", NULL, "device", BARISTA_DIM_COUNT, 0},
	[B_MEM] = {"B_mem", "memory bandwidth", NULL, "device", BARISTA_DIM_BIT_PER_S, 0},
	[F] = {"f", "clock", NULL, "device", BARISTA_DIM_HZ, 0},
	[B_PCIE] = {"B_pcie", "PCIe bandwidth", NULL, "device", BARISTA_DIM_BIT_PER_S, 0},
	[TAU] = {"tau", "tiling time per element", NULL, "device or host", BARISTA_DIM_SECOND, 0},
	[N_M] = {"n_M", "tiles along M", "ceil(M/T_M)", "[Barista] III-B", BARISTA_DIM_COUNT, 0},
	[N_N] = {"n_N", "tiles along N", "ceil(N/T_N)", "[Barista] III-B", BARISTA_DIM_COUNT, 0},
	[N_K] = {"n_K", "tiles along K", "ceil(K/T_K)", "[Barista] III-B", BARISTA_DIM_COUNT, 0},
	[MACS] = {"MACs", "multiply-accumulates", "M*N*K", "lowering", BARISTA_DIM_COUNT, 0},
	[PADDED] = {"MACs_padded", "with padding", "n_M*T_M * n_N*T_N * n_K*T_K", "[Barista] III-B",
		    BARISTA_DIM_COUNT, 0},
	[D_MEM] = {"D_mem", "memory traffic", "WL * (n_M*n_N * (n_K*(T_M*T_K + T_K*T_N) + T_M*T_N))",
		   "[Barista] (1)", BARISTA_DIM_BIT, BARISTA_ROLE_TRAFFIC},
	[T_MEM] = {"t_mem", "memory", "D_mem/B_mem", "[Barista] (1)", BARISTA_DIM_SECOND,
		   BARISTA_ROLE_BINDS},
	[C_COMP] = {"C_comp", "compute cycles",
		    "n_M*n_N * (n_K*T_K + (T_M + T_N - 2) + L + ceil(T_M*T_N/w_out))",
		    "[Barista] (2), form derived", BARISTA_DIM_CYCLE, 0},
	[T_COMP] = {"t_comp", "compute", "C_comp/f", "[Barista] (2)", BARISTA_DIM_SECOND,
		    BARISTA_ROLE_BINDS},
	[T_IP] = {"t_ip", "kernel", "max(t_mem, t_comp) + (2 - buffers)*min(t_mem, t_comp)", "[Barista] (3)",
		  BARISTA_DIM_SECOND, BARISTA_ROLE_PART | BARISTA_ROLE_DEVICE},
	[D_PCIE] = {"D_pcie", "PCIe traffic",
		    "WL * (n_M*T_M*n_K*T_K + n_K*T_K*n_N*T_N + n_M*T_M*n_N*T_N)", "[Barista] (4)",
		    BARISTA_DIM_BIT, 0},
	[T_PCIE] = {"t_pcie", "PCIe", "D_pcie/B_pcie", "[Barista] (5)", BARISTA_DIM_SECOND,
		    BARISTA_ROLE_BINDS | BARISTA_ROLE_PART},
	[E_TILE] = {"E_tile", "elements tiled",
		    "n_M*T_M*n_K*T_K + n_K*T_K*n_N*T_N + 2*(n_M*T_M*n_N*T_N)", "derived from [Barista] III-C",
		    BARISTA_DIM_COUNT, 0},
	[T_TILE] = {"t_tile", "tiling", "tau*E_tile", "derived from [Barista] III-C", BARISTA_DIM_SECOND,
		    BARISTA_ROLE_BINDS | BARISTA_ROLE_PART},
	[T_GEMM] = {"t_gemm", "total", "t_tile + t_pcie + t_ip", "[Barista] IV", BARISTA_DIM_SECOND,
		    BARISTA_ROLE_TOTAL},
};

static void terms(const struct barista_model *model, const struct barista_point *point, size_t gemm,
		  double *value)
{
	const struct barista_gemm *g = &model->plan->gemm[gemm];
	const double *knob = point->knob;
	struct setting s = make_setting(model, g, barista_pass_precision(knob[PRECISION], g->pass));
	struct gemm_terms v = gemm_terms(&s, knob[TILE_M], knob[TILE_N], knob[TILE_K]);
	const double all[NTERMS] = {
		[M] = s.m, [N] = s.n, [K] = s.k,
		[T_M] = knob[TILE_M], [T_N] = knob[TILE_N], [T_K] = knob[TILE_K],
		[WL] = s.wl, [L] = s.latency, [W_OUT] = s.w_out, [BUFFERS] = s.buffers,
		[B_MEM] = s.b_mem, [F] = s.f, [B_PCIE] = s.b_pcie, [TAU] = s.tau,
		[N_M] = v.n_m, [N_N] = v.n_n, [N_K] = v.n_k,
		[MACS] = s.m * s.n * s.k,
		[PADDED] = v.n_m * knob[TILE_M] * (v.n_n * knob[TILE_N]) * (v.n_k * knob[TILE_K]),
		[D_MEM] = v.d_mem, [T_MEM] = v.t_mem, [C_COMP] = v.c_comp, [T_COMP] = v.t_comp,
		[T_IP] = v.t_ip, [D_PCIE] = v.d_pcie, [T_PCIE] = v.t_pcie, [E_TILE] = v.e_tile,
		[T_TILE] = v.t_tile, [T_GEMM] = v.t_gemm,
	};

	memcpy(value, all, sizeof all);
}

const struct barista_family barista_systolic = {
	.name = "systolic",
	.summary = "Barista's output-stationary systolic GEMM behind PCIe",
	.notation = "T_MxT_NxT_K:PRECISION, e.g. 16x16x64:fp32",
	.knob = knobs, .nknobs = NKNOBS,
	.term = terms_table, .nterms = NTERMS,
	.parse = parse, .format = format, .useful = useful, .admit = admit,
	.resources = resources, .times = times, .terms = terms,
};
