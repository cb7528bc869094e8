/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loops themselves, compiled once per instruction set: the including file defines LOOPS, the
 * table's name. Only operations that every set rounds alike, so the variants agree bit for bit. */
#include "model/kernel.h"
#include "model/systolic_loops.h"

#ifdef LOOPS
#define INLINE static inline __attribute__((always_inline))

/* ---- runs ---- */

INLINE double rich_time(const struct shape_run *r, size_t g, size_t i)
{
	const struct gemm_line *l = &r->line[g];
	double bursts = l->gap > 0 ? bursts_along_k(l->wl, l->burst, l->t_m, l->t_n, r->t_k[i]) : 0;

	return line_time(l, r->q_k[g][i], r->n_k[g][i], r->n_k[g][i] * r->lanes[i], bursts);
}

INLINE double one_time(const struct shape_run *r, const struct gemm_line *l, size_t g, size_t i, bool plain)
{
	return r->weight[g] * (plain ? plain_time(l, r->q_k[g][i]) : rich_time(r, g, i));
}

/* One loop per number of GEMMs, so that their constants stay in registers. */
INLINE double shape_loop(const struct shape_run *run, size_t ngemms, bool plain)
{
	const struct shape_run r = *run;
	double *restrict time = r.time, least = (double)INFINITY;

#pragma omp simd reduction(min : least)
	for (size_t i = 0; i < r.n; i++) {
		double t = one_time(&r, &r.line[0], 0, i, plain);

		if (ngemms > 1)
			t += one_time(&r, &r.line[1], 1, i, plain);
		if (ngemms > 2)
			t += one_time(&r, &r.line[2], 2, i, plain);
		time[i] = t;
		least = t < least ? t : least;
	}
	return least;
}

static double run_shape(const struct shape_run *r)
{
	switch (r->ngemms + (r->plain ? 0 : BARISTA_NPASSES)) {
	case 1: return shape_loop(r, 1, true);
	case 2: return shape_loop(r, 2, true);
	case 3: return shape_loop(r, 3, true);
	case 4: return shape_loop(r, 1, false);
	case 5: return shape_loop(r, 2, false);
	default: return shape_loop(r, 3, false);
	}
}

/* ---- boxes ---- */

INLINE double larger(double a, double b)
{
	return a > b ? a : b;
}

INLINE double smaller(double a, double b)
{
	return a < b ? a : b;
}

/* The largest tile along one side that the multipliers left by the other side allow. */
INLINE double side_limit(double hi, double macs_max, double others, double outputs)
{
	return smaller(hi, floor(macs_max / others) * outputs);
}

/* Cycles of all tiles of one replica, apart from tile sizes: every multiplier busy, and each tile's
 * skew and drain. Less than (2) by more than what rounding can do. */
INLINE double work_cycles(const struct setting *s, const struct box *b, double macs_max, double q_m, double q_n,
			  double n_m, double n_n, double steps)
{
	double skew = n_n * q_m / b->hi.r_m + n_m * q_n / b->hi.r_n;
	double cycles = q_m * q_n * steps * b->lo.v / macs_max;

	skew = s->latency < 2 ? skew / 2 : skew + n_m * n_n * (s->latency - 2);
	if (b->hi.out_buffers < 2)
		skew += q_m * q_n / s->w_out;
	return (cycles + skew / b->hi.u) * (1 - 1e-12);
}

/* Every operand at its least, in the operations of gemm_line() and line_time(): as those all grow
 * with their operands, rounded too, the result is at most the time of any point of the box. With
 * all knobs fixed it is that time. */
INLINE double box_time(const struct setting *s, const struct box *b, double macs_max, double dsp)
{
	const struct kernel *lo = &b->lo, *hi = &b->hi;
	double p_m = divide_up(lo->t_m, hi->r_m), p_n = divide_up(lo->t_n, hi->r_n), others = lo->v * lo->u;
	double hi_m = side_limit(hi->t_m, macs_max, p_n * others, hi->r_m);
	double hi_n = side_limit(hi->t_n, macs_max, p_m * others, hi->r_n);
	double n_m = barista_ceil_div(s->m, hi_m), n_n = barista_ceil_div(s->n, hi_n), n_k = barista_ceil_div(s->k, hi->t_k);
	double q_m = larger(lo->r_m == hi->r_m ? divide_up(s->m, lo->r_m) * lo->r_m : s->m, n_m * lo->t_m);
	double q_n = larger(lo->r_n == hi->r_n ? divide_up(s->n, lo->r_n) * lo->r_n : s->n, n_n * lo->t_n);
	double q_k = larger(s->k, n_k * lo->t_k), bit = 1 / bandwidth_reached(s, hi->u), pcie = s->wl / s->b_pcie;
	double f = s->f * clock_left(dsp / s->dsps, s->derate_above, s->derate_slope);
	double host = (s->tau + pcie) * (q_m + q_n) * q_k + (2 * s->tau + pcie) * (q_m * q_n);
	double mem = s->wl * bit * (q_m * n_n + n_m * q_n) * q_k + s->wl * bit * (q_m * q_n);
	double steps = larger(n_k * divide_up(lo->t_k, hi->v), divide_up(q_k, hi->v));
	struct gemm_line l = {
		.outputs = lo->r_m * lo->r_n, .skew = p_m + p_n - 2 + s->latency,
		.drain = divide_up(lo->t_m * lo->t_n, s->w_out), .out_buffers = hi->out_buffers,
	};
	double comp = divide_up(n_m * n_n, hi->u) * (1 / f) * tile_cycles(&l, steps);

	if (s->overhead > 0) {
		double bursts = bursts_along_k(s->wl, s->burst, lo->t_m, lo->t_n, lo->t_k);

		mem += s->overhead * bit *
		       (n_m * n_n * (n_k * bursts + barista_ceil_div(s->wl * (lo->t_m * lo->t_n), s->burst)));
	}
	comp = larger(comp, work_cycles(s, b, macs_max, q_m, q_n, n_m, n_n, steps) * (1 / f));
	return host + overlapped(mem, comp, hi->buffers);
}

INLINE void set_side(struct kernel *k, size_t knob, double v)
{
	switch (knob) {
	case TILE_M: k->t_m = v; break;
	case TILE_N: k->t_n = v; break;
	case TILE_K: k->t_k = v; break;
	case VECTOR: k->v = v; break;
	case OUTPUTS_M: k->r_m = v; break;
	case OUTPUTS_N: k->r_n = v; break;
	case REPLICAS: k->u = v; break;
	case IN_BUFFERS: k->buffers = v > 0 ? v : k->buffers; break;
	case OUT_BUFFERS: k->out_buffers = v > 0 ? v : k->out_buffers; break;
	}
}

INLINE void bound_loop(const struct box_run *run, size_t varied, bool gaps, bool unit)
{
	struct box_run r = *run;
	double *restrict time = r.time;

	/* What a loop need not ask again. */
	if (!gaps)
		r.set.overhead = 0;
	if (unit) {
		r.box.lo.v = r.box.hi.v = r.box.lo.r_m = r.box.hi.r_m = r.box.lo.r_n = r.box.hi.r_n = 1;
		r.box.lo.u = r.box.hi.u = r.set.w_out = 1;
	}
#pragma omp simd
	for (size_t i = 0; i < r.n; i++) {
		struct box b = r.box;

		set_side(&b.lo, varied, r.value[i]);
		set_side(&b.hi, varied, r.value[i]);
		time[i] += r.weight * box_time(&r.set, &b, r.macs_max, r.dsp[i]);
	}
}

static bool all_unit(const struct box_run *r)
{
	const struct kernel *k = &r->box.hi, *l = &r->box.lo;

	return k->v == 1 && k->r_m == 1 && k->r_n == 1 && k->u == 1 && l->u == 1 && r->set.w_out == 1 && !(r->set.overhead > 0);
}

static void bound(const struct box_run *r)
{
	if (all_unit(r) && r->varied == TILE_M)
		bound_loop(r, TILE_M, false, true);
	else if (all_unit(r) && r->varied == TILE_N)
		bound_loop(r, TILE_N, false, true);
	else
		bound_loop(r, r->varied, true, false);
}

const struct barista_loops LOOPS = {run_shape, bound};
#endif
