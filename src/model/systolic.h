/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_SYSTOLIC_H
#define MODEL_SYSTOLIC_H

/* The equations of the systolic family, for its times (in columns) and its terms (one by
 * one): the same code, so that they agree bit for bit. Private to the family. */
#include "base/num.h"
#include "barista.h"

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

struct setting barista_systolic_setting(const struct barista_model *model, const struct barista_gemm *g,
					enum barista_precision p);

/* DSPs of a kernel with this precision knob, the fixed ones included. */
double barista_systolic_dsp(const struct barista_device *dev, const struct kernel *k, double precision);

/* Terms of the family's table, in its order. */
enum { BARISTA_SYSTOLIC_TERMS = 45 };
extern const struct barista_term barista_systolic_term_table[BARISTA_SYSTOLIC_TERMS];
void barista_systolic_terms(const struct barista_model *model, const struct barista_point *point,
			    size_t gemm, double *value);

#endif
