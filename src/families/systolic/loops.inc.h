/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The loops themselves, compiled once per instruction set: the including file defines LOOPS, the
 * table's name. Only operations that every set rounds alike, so the variants agree bit for bit. */
#include "families/systolic/loops.h"
#include "families/systolic/notation.h"

#ifdef LOOPS
#define INLINE static inline __attribute__((always_inline))

/* ---- runs ---- */

INLINE double one_time(const struct class_run *r, const struct linear_in_kprime *l, size_t g,
		       size_t i, enum run_kind kind)
{
	double bursts = kind == RUN_GAPS
				? bursts_along_k(r->wl[g], r->burst, r->t_m, r->t_n, r->t_k[i])
				: 0;

	if (kind == RUN_BASIC)
		return r->weight[g] * basic_time(l, r->q_k[g][i]);
	return r->weight[g] * line_time(l, kind == RUN_GAPS, r->q_k[g][i], r->n_k[g][i],
					r->n_k[g][i] * r->lanes[i], bursts);
}

/* One loop per number of GEMMs, so that their constants stay in registers. */
INLINE double class_loop(const struct class_run *run, size_t ngemms, enum run_kind kind)
{
	const struct class_run r = *run;
	double *restrict time = r.time, least = (double)INFINITY;

#pragma omp simd reduction(min : least)
	for (size_t i = 0; i < r.n; i++) {
		double t = one_time(&r, &r.line[0], 0, i, kind);

		if (ngemms > 1)
			t += one_time(&r, &r.line[1], 1, i, kind);
		if (ngemms > 2)
			t += one_time(&r, &r.line[2], 2, i, kind);
		time[i] = t;
		least = t < least ? t : least;
	}
	return least;
}

INLINE double any_class(const struct class_run *r, enum run_kind kind)
{
	return r->ngemms == 1   ? class_loop(r, 1, kind)
	       : r->ngemms == 2 ? class_loop(r, 2, kind)
				: class_loop(r, 3, kind);
}

static double run_class(const struct class_run *r)
{
	switch (r->kind) {
	case RUN_BASIC: return any_class(r, RUN_BASIC);
	case RUN_RICH: return any_class(r, RUN_RICH);
	default: return any_class(r, RUN_GAPS);
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

/* Sides of the tile in a box. */
struct sides {
	double lo_m, hi_m, lo_n, hi_n, lo_k, hi_k;
};

/* Tiles and padded sides of a GEMM at their least. */
struct least {
	double n_m, n_n, n_k, q_m, q_n, q_k, steps;
};

INLINE struct least least_of(const struct gemm_params *s, const struct box *b, struct sides t,
			     double macs_max)
{
	const struct mesh *lo = &b->lo, *hi = &b->hi;
	double others = lo->v * lo->u, p_m = barista_ceil_div(t.lo_m, hi->r_m),
	       p_n = barista_ceil_div(t.lo_n, hi->r_n);
	/* no side is larger than the multipliers left by the other side allow */
	double hi_m = smaller(t.hi_m, floor(macs_max / (p_n * others)) * hi->r_m);
	double hi_n = smaller(t.hi_n, floor(macs_max / (p_m * others)) * hi->r_n);
	/* with R fixed, a side is padded to multiples of it at least */
	double whole_m = lo->r_m == hi->r_m ? barista_ceil_div(s->m, lo->r_m) * lo->r_m : s->m;
	double whole_n = lo->r_n == hi->r_n ? barista_ceil_div(s->n, lo->r_n) * lo->r_n : s->n;
	struct least x = {
		.n_m = ceil(s->m / hi_m), .n_n = ceil(s->n / hi_n), .n_k = ceil(s->k / t.hi_k)};

	x.q_m = larger(whole_m, x.n_m * t.lo_m);
	x.q_n = larger(whole_n, x.n_n * t.lo_n);
	x.q_k = larger(s->k, x.n_k * t.lo_k);
	x.steps = larger(x.n_k * barista_ceil_div(t.lo_k, hi->v), barista_ceil_div(x.q_k, hi->v));
	return x;
}

/* Cycles of all tiles of one replica, whatever the tile: every multiplier busy, and each tile's
 * skew and drain. Less than (2) by more than what rounding can do. */
INLINE double work_cycles(const struct gemm_params *s, const struct box *b, double macs_max,
			  double tiles, const struct least *x)
{
	/* P_M + P_N - 2 + L is at least half of P_M + P_N when L is 1; no branches in a loop */
	const double share = s->latency < 2 ? 0.5 : 1, more = s->latency < 2 ? 0 : s->latency - 2;
	const double drained = b->hi.out_buffers < 2 ? 1 / s->w_out : 0;
	double skew =
		(x->n_n * x->q_m * (1 / b->hi.r_m) + x->n_m * x->q_n * (1 / b->hi.r_n)) * share +
		tiles * more + x->q_m * x->q_n * drained;

	return (x->q_m * x->q_n * larger(x->steps * b->lo.v, x->q_k) * (1 / macs_max) +
		skew * (1 / b->hi.u)) *
	       (1 - 1e-12);
}

/* Outputs of a PE: the tile's over the most PEs. */
INLINE double least_outputs(const struct box *b, struct sides t, double macs_max)
{
	double others = b->lo.v * b->lo.u, pes = floor(macs_max / others);
	double all = barista_ceil_div(t.lo_m * t.lo_n, pes);
	double p_m = barista_ceil_div(t.lo_m, b->hi.r_m), p_n = barista_ceil_div(t.lo_n, b->hi.r_n);
	double r_n = larger(b->lo.r_n, barista_ceil_div(t.lo_n, floor(macs_max / (p_m * others))));
	double r_m = larger(b->lo.r_m, barista_ceil_div(t.lo_m, floor(macs_max / (p_n * others))));

	return larger(all, larger(b->lo.r_m * r_n, r_m * b->lo.r_n));
}

/* With the layout fixed and the tile free: no tile has more outputs than the multipliers keep. */
INLINE double least_tiles(const struct box *b, double macs_max, const struct least *x)
{
	double pes = floor(macs_max / (b->lo.v * b->lo.u));

	return x->q_m * x->q_n / (pes * (b->hi.r_m * b->hi.r_n));
}

/* Multipliers in whole PEs, when those are known. */
INLINE double whole_macs(const struct box *b, double macs_max)
{
	double per_pe = b->lo.v * b->lo.u;

	return b->lo.v == b->hi.v && b->lo.u == b->hi.u ? floor(macs_max / per_pe) * per_pe
							: macs_max;
}

/* Every operand at its least, in the operations of linear_in_kprime() and line_time(): as those all
 * grow with their operands, rounded too, the result is at most the time of any point of the box.
 * With all knobs fixed it is that time. */
INLINE double box_time(const struct gemm_params *s, const struct box *b, struct sides t,
		       double macs_max, double dsp, bool gaps, bool wide)
{
	const struct mesh *hi = &b->hi;
	struct least x = least_of(s, b, t, macs_max);
	double bit = 1 / bandwidth_reached(s, hi->u), pcie = s->wl / s->b_pcie, c_tile, cycles,
	       bursts;
	double f = s->f * barista_clock_left(dsp / s->dsps, s->derate_above, s->derate_slope);
	double host =
		(s->tau + pcie) * (x.q_m + x.q_n) * x.q_k + (2 * s->tau + pcie) * (x.q_m * x.q_n);
	double rows = x.q_m * x.n_n + x.n_m * x.q_n, tiles = x.n_m * x.n_n, mem;
	double drain = barista_ceil_div(t.lo_m * t.lo_n, s->w_out);

	if (wide) {
		double t_min = least_tiles(b, macs_max, &x);

		/* for so many tiles the rows and columns loaded are fewest when the tiles are
		 * square */
		tiles = larger(tiles, t_min * (1 - 1e-12));
		rows = larger(rows, 2 * sqrt(x.q_m * x.q_n * t_min) * (1 - 1e-12));
		macs_max = whole_macs(b, macs_max);
	}
	mem = s->wl * bit * rows * x.q_k + s->wl * bit * (x.q_m * x.q_n);
	c_tile = x.steps * least_outputs(b, t, macs_max) +
		 (barista_ceil_div(t.lo_m, hi->r_m) + barista_ceil_div(t.lo_n, hi->r_n) - 2 +
		  s->latency);
	cycles = hi->out_buffers < 2 ? c_tile + drain : larger(c_tile, drain);
	cycles = barista_ceil_div(x.n_m * x.n_n, hi->u) * (1 / f) * cycles;
	if (gaps && s->overhead > 0) {
		bursts = bursts_along_k(s->wl, s->burst, t.lo_m, t.lo_n, t.lo_k);
		mem += s->overhead * bit *
		       (x.n_m * x.n_n *
			(x.n_k * bursts + ceil(s->wl * (t.lo_m * t.lo_n) / s->burst)));
	}
	cycles = larger(cycles, work_cycles(s, b, macs_max, tiles, &x) * (1 / f));
	return host + overlapped(mem, cycles, hi->buffers);
}

INLINE void set_side(struct mesh *k, size_t knob, double v)
{
	switch (knob) {
	case SYSTOLIC_TILE_M: k->t_m = v; break;
	case SYSTOLIC_TILE_N: k->t_n = v; break;
	case SYSTOLIC_TILE_K: k->t_k = v; break;
	case SYSTOLIC_VECTOR: k->v = v; break;
	case SYSTOLIC_OUTPUTS_M: k->r_m = v; break;
	case SYSTOLIC_OUTPUTS_N: k->r_n = v; break;
	case SYSTOLIC_REPLICAS: k->u = v; break;
	}
}

INLINE struct sides sides_of(const struct box *b)
{
	return (struct sides){b->lo.t_m, b->hi.t_m, b->lo.t_n, b->hi.t_n, b->lo.t_k, b->hi.t_k};
}

/* Boxes that differ in T_M or in T_N. Barista's kernel, with its many ones, has loops of its own.
 */
INLINE void tile_loop(const struct box_run *run, bool along_m, bool basic)
{
	struct box b = run->box;
	struct gemm_params s = run->set;
	const double macs_max = run->macs_max,
		     weight = run->weight, *restrict value = run->value, *restrict dsp = run->dsp;
	const struct sides all = {b.lo.t_m, b.hi.t_m, b.lo.t_n, b.hi.t_n, b.lo.t_k, b.hi.t_k};
	double *restrict time = run->time;

	if (basic) {
		b.lo.v = b.hi.v = b.lo.r_m = b.hi.r_m = b.lo.r_n = b.hi.r_n = b.lo.u = b.hi.u =
			s.w_out = 1;
		b.hi.out_buffers = 1;
		b.hi.buffers = 2;
	}
#pragma omp simd
	for (size_t i = 0; i < run->n; i++) {
		const double v = value[i];
		const struct sides t = {
			along_m ? v : all.lo_m,
			along_m ? v : all.hi_m,
			along_m ? all.lo_n : v,
			along_m ? all.hi_n : v,
			all.lo_k,
			all.hi_k,
		};

		time[i] += weight * box_time(&s, &b, t, macs_max, dsp[i], false, false);
	}
}

/* Boxes of one tile that differ in its layout: `varied` among the knobs below is v, the others
 * stay. */
INLINE void layout_loop(const struct box_run *run, size_t varied)
{
	const struct mesh lo = run->box.lo, hi = run->box.hi;
	const struct gemm_params s = run->set;
	const double macs_max = run->macs_max,
		     weight = run->weight, *restrict value = run->value, *restrict dsp = run->dsp;
	const struct sides t = sides_of(&run->box);
	double *restrict time = run->time;

	for (size_t i = 0; i < run->n; i++) {
		const double v = value[i];
		const struct box b = {
			.lo.v = varied == SYSTOLIC_VECTOR ? v : lo.v,
			.hi.v = varied == SYSTOLIC_VECTOR ? v : hi.v,
			.lo.r_m = varied == SYSTOLIC_OUTPUTS_M ? v : lo.r_m,
			.hi.r_m = varied == SYSTOLIC_OUTPUTS_M ? v : hi.r_m,
			.lo.r_n = varied == SYSTOLIC_OUTPUTS_N ? v : lo.r_n,
			.hi.r_n = varied == SYSTOLIC_OUTPUTS_N ? v : hi.r_n,
			.lo.u = varied == SYSTOLIC_REPLICAS ? v : lo.u,
			.hi.u = varied == SYSTOLIC_REPLICAS ? v : hi.u,
			.hi.buffers = hi.buffers,
			.hi.out_buffers = hi.out_buffers,
		};

		time[i] += weight * box_time(&s, &b, t, macs_max, dsp[i], false, false);
	}
}

/* All others. */
static void other_loop(const struct box_run *r)
{
	for (size_t i = 0; i < r->n; i++) {
		struct box b = r->box;

		set_side(&b.lo, r->varied, r->value[i]);
		set_side(&b.hi, r->varied, r->value[i]);
		r->time[i] += r->weight * box_time(&r->set, &b, sides_of(&b), r->macs_max,
						   r->dsp[i], true, true);
	}
}

static bool one_tile(const struct box_run *r)
{
	return r->box.lo.t_m == r->box.hi.t_m && r->box.lo.t_n == r->box.hi.t_n;
}

static bool is_basic_box(const struct box_run *r)
{
	const struct mesh *k = &r->box.hi;

	return k->v == 1 && k->r_m == 1 && k->r_n == 1 && k->u == 1 && k->out_buffers == 1 &&
	       k->buffers == 2 && r->set.w_out == 1;
}

/* Each in a function of its own: together they are too much for the compiler's vectoriser. */
#define NOINLINE_SIMD static __attribute__((noinline)) void
NOINLINE_SIMD basic_m(const struct box_run *r)
{
	tile_loop(r, true, true);
}
NOINLINE_SIMD basic_n(const struct box_run *r)
{
	tile_loop(r, false, true);
}
NOINLINE_SIMD rich_m(const struct box_run *r)
{
	tile_loop(r, true, false);
}
NOINLINE_SIMD rich_n(const struct box_run *r)
{
	tile_loop(r, false, false);
}
NOINLINE_SIMD vector(const struct box_run *r)
{
	layout_loop(r, SYSTOLIC_VECTOR);
}
NOINLINE_SIMD outputs_m(const struct box_run *r)
{
	layout_loop(r, SYSTOLIC_OUTPUTS_M);
}
NOINLINE_SIMD outputs_n(const struct box_run *r)
{
	layout_loop(r, SYSTOLIC_OUTPUTS_N);
}
NOINLINE_SIMD replicas(const struct box_run *r)
{
	layout_loop(r, SYSTOLIC_REPLICAS);
}

static void bound(const struct box_run *r)
{
	bool basic = is_basic_box(r), simple = !(r->set.overhead > 0);

	if (simple && r->varied == SYSTOLIC_TILE_M)
		(basic ? basic_m : rich_m)(r);
	else if (simple && r->varied == SYSTOLIC_TILE_N)
		(basic ? basic_n : rich_n)(r);
	else if (simple && one_tile(r) && r->varied == SYSTOLIC_VECTOR)
		vector(r);
	else if (simple && one_tile(r) && r->varied == SYSTOLIC_OUTPUTS_M)
		outputs_m(r);
	else if (simple && one_tile(r) && r->varied == SYSTOLIC_OUTPUTS_N)
		outputs_n(r);
	else if (simple && one_tile(r) && r->varied == SYSTOLIC_REPLICAS)
		replicas(r);
	else
		other_loop(r);
}

const struct barista_loops LOOPS = {run_class, bound};
#endif
