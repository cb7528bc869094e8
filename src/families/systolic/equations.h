/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FAMILIES_SYSTOLIC_EQUATIONS_H
#define FAMILIES_SYSTOLIC_EQUATIONS_H

/* The equations of the systolic family, for its times (in columns) and its terms (one by
 * one): the same code, so that they agree bit for bit. Private to the family. */
#include "base/num.h"
#include "barista.h"
#include "barista/family.h"
#include "model/family_parts.h"
#include "families/systolic/notation.h"
#include "model/frequency.h"

/* What does not depend on the design point's knobs. */
struct gemm_params {
	double m, n, k;
	double wl, latency, w_out;
	double b_mem, channels, ports, burst, overhead;
	double f, derate_above, derate_slope, dsps;
	double b_pcie, tau;
};

/* The kernel: its tile, and how it is laid out. */
struct mesh {
	double t_m, t_n, t_k, v, r_m, r_n, u, buffers, out_buffers, dsp;
};

/* Every quantity of equations (1) to (5) for one GEMM on one kernel. */
struct gemm_terms {
	double p_m, p_n, n_m, n_n, n_k;
	double d_mem, n_burst, b_eff, t_mem, c_tile, c_drain, c_comp, f_eff, t_comp, t_ip;
	double d_pcie, t_pcie, e_tile, t_tile, t_gemm;
};

/* The time of one GEMM as a function of what T_K alone decides: the padded depth
 * K' = n_K*T_K and the steps along it, n_K*ceil(T_K/V). Everything else is a constant. */
struct linear_in_kprime {
	double host_k, host_0;       /* s per K', s: tiling and PCIe, (4) and (5) */
	double mem_k, mem_0;         /* s per K', s: (1) without gaps */
	double gap, tiles, c_bursts; /* s per burst; for their number */
	double cycle; /* s per cycle of a tile, times the tiles that follow each other */
	double outputs, skew, drain, fixed; /* of (2); fixed = skew + drain */
	double buffers, out_buffers;
};

/* ceil(a/b) of whole numbers; Barista's kernel divides by 1 throughout, and that is free. */
static inline double divide_up(double a, double b)
{
	return b == 1 ? a : barista_ceil_div(a, b);
}

/* Memory bandwidth that the replicas reach together. */
static inline double bandwidth_reached(const struct gemm_params *s, double u)
{
	double reached = u * s->ports < s->channels ? u * s->ports : s->channels;

	return s->b_mem * (reached / s->channels);
}

static inline double bursts_along_k(double wl, double burst, double t_m, double t_n, double t_k)
{
	return barista_ceil_div(wl * (t_m * t_k), burst) +
	       barista_ceil_div(wl * (t_k * t_n), burst);
}

/* What a precision and a kernel decide, whatever the GEMM. */
struct rates {
	double host_k, host_0; /* s per element of A and B, of C: tiling and PCIe */
	double mem, gap;       /* s per element moved, per burst */
	double cycle;          /* s */
	double skew, drain;    /* cycles of a tile */
	double c_bursts;
};

static inline struct rates rates_of(const struct gemm_params *s, const struct mesh *k)
{
	double bit = 1 / bandwidth_reached(s, k->u), pcie = s->wl / s->b_pcie;
	double f = s->f * barista_clock_left(k->dsp / s->dsps, s->derate_above, s->derate_slope);
	struct rates r = {
		.host_k = s->tau + pcie,
		.host_0 = 2 * s->tau + pcie,
		.mem = s->wl * bit,
		.gap = s->overhead * bit,
		.cycle = 1 / f,
		.skew = divide_up(k->t_m, k->r_m) + divide_up(k->t_n, k->r_n) - 2 + s->latency,
		.drain = divide_up(k->t_m * k->t_n, s->w_out),
	};

	if (r.gap > 0)
		r.c_bursts = barista_ceil_div(s->wl * (k->t_m * k->t_n), s->burst);
	return r;
}

static inline struct linear_in_kprime linear_in_kprime(const struct gemm_params *s,
						       const struct rates *r, const struct mesh *k)
{
	double n_m = barista_ceil_div(s->m, k->t_m), n_n = barista_ceil_div(s->n, k->t_n);
	double q_m = n_m * k->t_m, q_n = n_n * k->t_n;

	return (struct linear_in_kprime){
		.host_k = r->host_k * (q_m + q_n),
		.host_0 = r->host_0 * (q_m * q_n),
		.mem_k = r->mem * (q_m * n_n + n_m * q_n),
		.mem_0 = r->mem * (q_m * q_n),
		.gap = r->gap,
		.c_bursts = r->c_bursts,
		.tiles = n_m * n_n,
		.cycle = divide_up(n_m * n_n, k->u) * r->cycle,
		.outputs = k->r_m * k->r_n,
		.skew = r->skew,
		.drain = r->drain,
		.fixed = r->skew + r->drain,
		.buffers = k->buffers,
		.out_buffers = k->out_buffers,
	};
}

/* (2), form derived, and met exactly by the RTL in tests/rtl: stream, skew, latency of the last
 * sums; drain, hidden behind the next tile when outputs are double-buffered. A PE with fewer
 * outputs than L keeps L partial sums of each, as Barista's does, so that it never stalls; adding
 * them up while draining costs no cycle per tile but, once per GEMM, a tail of (L - 1) times the
 * adder's latency after the last output, which (2) leaves out, as (3) does the first tile's load
 * and the last one's write. */
static inline double tile_cycles(const struct linear_in_kprime *l, double steps)
{
	double c_tile = steps * l->outputs + l->skew,
	       longer = c_tile > l->drain ? c_tile : l->drain;

	return l->out_buffers > 1 ? longer : c_tile + l->drain;
}

/* (3): the slower one when buffers overlap them, else both */
static inline double overlapped(double mem, double comp, double buffers)
{
	double slow = mem > comp ? mem : comp, fast = mem > comp ? comp : mem;

	return slow + (2 - buffers) * fast;
}

/* t_gemm; bursts: of one step along K, when there are gaps */
static inline double line_time(const struct linear_in_kprime *l, bool gaps, double q_k, double n_k,
			       double steps, double bursts)
{
	double mem = l->mem_k * q_k + l->mem_0;

	if (gaps)
		mem += l->gap * (l->tiles * (n_k * bursts + l->c_bursts));
	return l->host_k * q_k + l->host_0 +
	       overlapped(mem, l->cycle * tile_cycles(l, steps), l->buffers);
}

/* The same for Barista's kernel, with V = R = 1, two input buffers, one for outputs and no gaps:
 * steps = K'. The same operations in the same order, those with 0 and 1 left out: the same bits. */
static inline double basic_time(const struct linear_in_kprime *l, double q_k)
{
	double mem = l->mem_k * q_k + l->mem_0, comp = l->cycle * (q_k + l->fixed);

	return l->host_k * q_k + l->host_0 + (mem > comp ? mem : comp);
}

static inline bool is_basic(const struct linear_in_kprime *l, double v)
{
	return v == 1 && l->outputs == 1 && l->buffers == 2 && l->out_buffers == 1 && !(l->gap > 0);
}

/* The terms one by one, for people. t_gemm is the sum of t_tile, t_pcie and t_ip, added up in
 * the order of linear_in_kprime(), so in its last bits not quite that of the rounded terms. */
static inline struct gemm_terms gemm_terms(const struct gemm_params *s, const struct mesh *k)
{
	struct rates r = rates_of(s, k);
	struct linear_in_kprime l = linear_in_kprime(s, &r, k);
	struct gemm_terms v = {
		.p_m = divide_up(k->t_m, k->r_m),
		.p_n = divide_up(k->t_n, k->r_n),
		.n_m = barista_ceil_div(s->m, k->t_m),
		.n_n = barista_ceil_div(s->n, k->t_n),
		.n_k = barista_ceil_div(s->k, k->t_k),
	};
	double q_m = v.n_m * k->t_m, q_n = v.n_n * k->t_n, q_k = v.n_k * k->t_k;
	double steps = v.n_k * divide_up(k->t_k, k->v), bursts = 0;

	if (l.gap > 0) {
		bursts = bursts_along_k(s->wl, s->burst, k->t_m, k->t_n, k->t_k);
		v.n_burst = l.tiles * (v.n_k * bursts + l.c_bursts);
	}
	v.d_mem = s->wl *
		  (v.n_m * v.n_n * (v.n_k * (k->t_m * k->t_k + k->t_k * k->t_n) + k->t_m * k->t_n));
	v.b_eff = bandwidth_reached(s, k->u);
	v.t_mem = (v.d_mem + s->overhead * v.n_burst) / v.b_eff;
	v.c_tile = steps * l.outputs + l.skew;
	v.c_drain = l.drain;
	v.c_comp = divide_up(l.tiles, k->u) * tile_cycles(&l, steps);
	v.f_eff = s->f * barista_clock_left(k->dsp / s->dsps, s->derate_above, s->derate_slope);
	v.t_comp = v.c_comp / v.f_eff;
	v.t_ip = overlapped(v.t_mem, v.t_comp, k->buffers);
	/* (4), (5): padded matrices cross PCIe once */
	v.d_pcie = s->wl * (q_m * q_k + q_k * q_n + q_m * q_n);
	v.t_pcie = v.d_pcie / s->b_pcie;
	/* host: tile A and B, clear and untile C */
	v.e_tile = q_m * q_k + q_k * q_n + 2 * (q_m * q_n);
	v.t_tile = s->tau * v.e_tile;
	v.t_gemm = line_time(&l, l.gap > 0, q_k, v.n_k, steps, bursts);
	return v;
}

/* A kernel from a column of each knob, its DSPs known; a column that is not there holds the
 * preset. */
static inline double knob_or_default(const double *column, size_t i, double preset)
{
	return column ? column[i] : preset;
}

struct gemm_params barista_systolic_gemm_params(const struct barista_model *model,
						const struct barista_gemm *g,
						enum barista_precision p);

/* The layout of a point; the board's buffers where it says none. Without its DSPs. */
struct mesh barista_systolic_mesh(const struct barista_device *dev, const double *const *knob,
				  size_t i);

/* DSPs of a kernel with this precision knob, the fixed ones included. */
double barista_systolic_dsp(const struct barista_device *dev, const struct mesh *k,
			    double precision);

/* All resource metrics of a kernel, into used[BARISTA_NMETRICS]; the other metrics are left alone.
 */
void barista_systolic_used(const struct barista_device *dev, const struct mesh *k, double precision,
			   double *used);
enum { BARISTA_SYSTOLIC_WRITTEN = 8 };
extern const enum barista_metric barista_systolic_written[BARISTA_SYSTOLIC_WRITTEN];
/* Runs, boxes and dominated values: run.c and bound.c. */
size_t barista_systolic_table_columns(const struct barista_model *model);
bool barista_systolic_tabulate(const struct barista_model *model, const double *t_k, size_t n,
			       double *table);
void barista_systolic_sweep_inner(const struct barista_inner_batch *run);
void barista_systolic_lower_bound(const struct barista_box_batch *boxes);
void barista_systolic_mark_undominated(const struct barista_model *model,
				       const struct barista_point *lo,
				       const struct barista_point *hi, size_t knob,
				       unsigned char *keep);

/* Terms of the family's table, in its order. */
enum { BARISTA_SYSTOLIC_TERMS = 45 };
void barista_systolic_terms(const struct barista_model *model, const struct barista_point *point,
			    size_t gemm, double *value);

BARISTA_FAMILY_DECLARE(systolic, BARISTA_SYSTOLIC_KNOBS, BARISTA_SYSTOLIC_TERMS);

#endif
