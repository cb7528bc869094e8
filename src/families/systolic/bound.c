/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lower bounds over boxes of kernels, and dominated values.
 *
 * Bounds: every operand of the equations is set to its least in the box, within what the
 * multipliers of the board allow; as the equations grow with each operand, rounded too, no kernel
 * takes less.
 *
 * Dominance, by knob: (1) a tile side is kept when it is the smallest with its number of tiles in
 * some GEMM, for a larger one only pads; (2) with R fixed, only its multiples; (3) of depths that
 * fill the bus, only those that pad some GEMM least. What is left out has a smaller value beside it
 * that takes no longer and uses no more. The cost is one pass over the values per distinct size. */
#include "families/systolic/loops.h"
#include "barista/family.h"
#include "families/systolic/notation.h"
#include "model/device.h"
#include "model/power.h"
#include "model/precision.h"

#include <string.h>

/* The board's buffers where the knob says none; the most and the least where it is free. */
static void free_buffers(struct box *b, const double *const *lo, const double *const *hi)
{
	if (*lo[SYSTOLIC_IN_BUFFERS] != *hi[SYSTOLIC_IN_BUFFERS])
		b->lo.buffers = 1, b->hi.buffers = 2;
	if (*lo[SYSTOLIC_OUT_BUFFERS] != *hi[SYSTOLIC_OUT_BUFFERS])
		b->lo.out_buffers = 1, b->hi.out_buffers = 2;
}

/* Only rows of this many elements fill the bus. */
static double least_row(const struct barista_model *model, double precision)
{
	enum barista_precision p[BARISTA_NPASSES];
	size_t n = barista_precisions_used(precision, p);
	double least = 1;

	for (size_t i = 0; i < n; i++)
		least = fmax(least, barista_ceil_div(model->dev->param[BARISTA_BUS_WIDTH].value,
						     barista_precision_defs[p[i]].bits));
	return least;
}

static struct box box_at(const struct barista_box_batch *boxes, size_t i)
{
	const double *lo[BARISTA_SYSTOLIC_KNOBS], *hi[BARISTA_SYSTOLIC_KNOBS];
	struct box b;

	for (size_t k = 0; k < BARISTA_SYSTOLIC_KNOBS; k++) {
		lo[k] = k == boxes->varied ? &boxes->value[i] : &boxes->lo.knob[k];
		hi[k] = k == boxes->varied ? &boxes->value[i] : &boxes->hi.knob[k];
	}
	b.lo = barista_systolic_mesh(boxes->model->dev, lo, 0);
	b.hi = barista_systolic_mesh(boxes->model->dev, hi, 0);
	b.lo.t_k = fmin(b.hi.t_k, fmax(b.lo.t_k, least_row(boxes->model, *lo[SYSTOLIC_PRECISION])));
	free_buffers(&b, lo, hi);
	return b;
}

/* Resources grow with tiles, replicas and buffers; fewer PEs are needed the more outputs each
 * keeps. Block RAM does not grow with V and R, so while they are free only its fixed part is sure.
 */
static void least_resources(const struct barista_box_batch *boxes, size_t i, double *used)
{
	const struct barista_device *dev = boxes->model->dev;
	struct box b = box_at(boxes, i);
	struct mesh k = b.lo;
	bool laid_out = b.lo.v == b.hi.v && b.lo.r_m == b.hi.r_m && b.lo.r_n == b.hi.r_n;

	k.r_m = b.hi.r_m;
	k.r_n = b.hi.r_n;
	barista_systolic_used(dev, &k,
			      boxes->varied == SYSTOLIC_PRECISION
				      ? boxes->value[i]
				      : boxes->lo.knob[SYSTOLIC_PRECISION],
			      used);
	if (!laid_out) {
		used[BARISTA_BRAM] = dev->param[BARISTA_FIXED_BRAM].value;
		used[BARISTA_POWER] = barista_board_power(dev, used);
	}
	used[BARISTA_ROW_BITS] =
		used[BARISTA_ROW_BITS] / b.lo.t_k * b.hi.t_k; /* in this order exact */
	if (!laid_out || b.lo.t_m != b.hi.t_m || b.lo.t_n != b.hi.t_n)
		used[BARISTA_TILE_DIVIDES] = 1;
	used[BARISTA_PEAK] = INFINITY;
}

/* Multipliers that the usable DSPs make at most, over all meshes that the passes need. */
static double most_macs(const struct barista_device *dev, double dsp_limit, double precision)
{
	enum barista_precision p[BARISTA_NPASSES];
	size_t n = barista_precisions_used(precision, p);
	double per_mac = 0,
	       usable = dev->param[BARISTA_RES_DSP].value * dev->param[BARISTA_USABLE_DSP].value;

	usable = usable < dsp_limit ? usable : dsp_limit;
	for (size_t i = 0; i < n; i++)
		per_mac += dev->pe[p[i]][BARISTA_PE_DSP].value;
	return per_mac > 0 ? (usable - dev->param[BARISTA_FIXED_DSP].value) / per_mac * (1 + 1e-12)
			   : (double)INFINITY;
}

/* Does a value of this knob not stand for itself? */
static bool is_code(size_t knob)
{
	return knob == SYSTOLIC_PRECISION || knob == SYSTOLIC_IN_BUFFERS ||
	       knob == SYSTOLIC_OUT_BUFFERS;
}

/* Boxes of one precision. */
static void bound_times(const struct barista_box_batch *boxes, size_t from, size_t n,
			double precision)
{
	const struct barista_lowered *lowered = boxes->model->lowered;
	const struct barista_loops *loops = barista_loops_for((enum barista_isa)boxes->isa);
	struct box_run r = {.n = n,
			    .varied = boxes->varied,
			    .value = boxes->value + from,
			    .box = box_at(boxes, from),
			    .dsp = boxes->metric[BARISTA_DSP] + from,
			    .macs_max = most_macs(boxes->model->dev, boxes->dsp_limit, precision)};

	for (size_t s = 0; s < lowered->nclasses; s++) {
		const struct barista_layer_class *class = &lowered->layer_class[s];

		r.time = boxes->class_time + s * boxes->n + from;
		memset(r.time, 0, n * sizeof *r.time);
		for (size_t g = 0; g < class->ngemms; g++) {
			const struct barista_gemm *gemm = &lowered->gemm[class->gemm[g]];

			r.set = barista_systolic_gemm_params(
				boxes->model, gemm, barista_pass_precision(precision, gemm->pass));
			r.weight = class->per_image[g];
			loops->bound(&r);
		}
	}
}

void barista_systolic_lower_bound(const struct barista_box_batch *boxes)
{
	double used[BARISTA_NMETRICS], precision = boxes->lo.knob[SYSTOLIC_PRECISION];

	for (size_t i = 0; i < boxes->n; i++) {
		least_resources(boxes, i, used);
		for (size_t m = 0; m < BARISTA_SYSTOLIC_WRITTEN; m++)
			boxes->metric[barista_systolic_written[m]][i] =
				used[barista_systolic_written[m]];
	}
	if (!is_code(boxes->varied))
		bound_times(boxes, 0, boxes->n, precision);
	for (size_t i = 0; is_code(boxes->varied) && i < boxes->n; i++)
		bound_times(boxes, i, 1,
			    boxes->varied == SYSTOLIC_PRECISION ? boxes->value[i] : precision);
}

/* Marks the least values, from lo on, that make each number of tiles of x. */
static void mark_breakpoints(double x, double lo, double hi, double base, unsigned char *keep)
{
	double t = lo;

	while (t <= hi) {
		double n = barista_ceil_div(x, t);

		keep[(size_t)(t - base)] = 1;
		if (n == 1)
			return;
		/* one tile fewer needs at least x/(n - 1), which is more than t */
		t = barista_ceil_div(x, n - 1);
	}
}

/* Has t a divisor from lo to hi that is above `least`? */
static bool has_divisor(double t, double lo, double hi, double least)
{
	for (double r = lo > least ? lo : least + 1; r <= hi && r <= t; r++)
		if ((size_t)t % (size_t)r == 0)
			return true;
	return false;
}

/* With R outputs along the side, the least whole tile that makes as many tiles as the step s does
 * is ceil(s/R)*R; a tile t beyond s is that only when R divides t and t - s < R. */
static void keep_multiples(double lo, double hi, double r_lo, double r_hi, unsigned char *keep)
{
	double step = 0;

	for (double t = lo; t <= hi; t++) {
		unsigned char *k = &keep[(size_t)(t - lo)];

		step = *k ? t : step;
		*k = step > 0 && has_divisor(t, r_lo, r_hi, t - step);
	}
}

/* R along a side must divide the tile, when that is known. */
static void keep_divisors(double t, double lo, double hi, unsigned char *keep)
{
	for (double r = lo; r <= hi; r++)
		keep[(size_t)(r - lo)] = (size_t)t % (size_t)r == 0;
}

/* Does the depth t_k take as many steps and pad as much as t, or more, in every GEMM? */
static bool pads_more(const struct barista_lowered *lowered, double t_k, double t, double v)
{
	for (size_t i = 0; i < lowered->nsides[2]; i++) {
		double k = (double)lowered->side[2][i], n = barista_ceil_div(k, t),
		       n_k = barista_ceil_div(k, t_k);

		if (n * t > n_k * t_k || n * divide_up(t, v) > n_k * divide_up(t_k, v))
			return false;
	}
	return true;
}

/* Without gaps between bursts the times depend on the depth by what pads_more() looks at alone: of
 * the values that are left, those go that one of the `enough` smallest makes needless. */
static void keep_shallowest(const struct barista_lowered *lowered, double lo, double hi, double v,
			    unsigned char *keep)
{
	enum { ENOUGH = 64 };
	double kept[ENOUGH];
	size_t n = 0;

	for (double t = lo; t <= hi; t++) {
		unsigned char *k = &keep[(size_t)(t - lo)];

		for (size_t i = 0; *k && i < n; i++)
			*k = !pads_more(lowered, t, kept[i], v);
		if (*k && n < ENOUGH)
			kept[n++] = t;
	}
}

static bool fixed(const struct barista_point *lo, const struct barista_point *hi, size_t knob)
{
	return lo->knob[knob] == hi->knob[knob];
}

/* For a given number of tiles along a side of every GEMM, all of (1) to (5) and all resources grow
 * with the tile (derived). A tile that is no multiple of the outputs per PE is infeasible. Along K
 * a vector of V lanes makes (2) depend on ceil(T_K/V) as well, which grows too. */
void barista_systolic_mark_undominated(const struct barista_model *model,
				       const struct barista_point *lo,
				       const struct barista_point *hi, size_t knob,
				       unsigned char *keep)
{
	const struct barista_lowered *lowered = model->lowered;
	double low = lo->knob[knob], high = hi->knob[knob], from = low;
	size_t side = knob == SYSTOLIC_TILE_M   ? 0
		      : knob == SYSTOLIC_TILE_N ? 1
						: 2,
	       span = (size_t)(high - low) + 1;

	memset(keep, 1, span);
	if (knob == SYSTOLIC_OUTPUTS_M && fixed(lo, hi, SYSTOLIC_TILE_M))
		keep_divisors(lo->knob[SYSTOLIC_TILE_M], low, high, keep);
	if (knob == SYSTOLIC_OUTPUTS_N && fixed(lo, hi, SYSTOLIC_TILE_N))
		keep_divisors(lo->knob[SYSTOLIC_TILE_N], low, high, keep);
	if (knob != SYSTOLIC_TILE_M && knob != SYSTOLIC_TILE_N && knob != SYSTOLIC_TILE_K)
		return;
	memset(keep, 0, span);
	if (knob == SYSTOLIC_TILE_K)
		from = fmax(low, least_row(model, lo->knob[SYSTOLIC_PRECISION]));
	for (size_t i = 0; i < lowered->nsides[side]; i++)
		mark_breakpoints((double)lowered->side[side][i], from, high, low, keep);
	if (knob == SYSTOLIC_TILE_K && fixed(lo, hi, SYSTOLIC_VECTOR) &&
	    !(model->dev->param[BARISTA_BURST_OVERHEAD].value > 0))
		keep_shallowest(lowered, low, high, lo->knob[SYSTOLIC_VECTOR], keep);
	if (knob != SYSTOLIC_TILE_K &&
	    hi->knob[knob == SYSTOLIC_TILE_M ? SYSTOLIC_OUTPUTS_M : SYSTOLIC_OUTPUTS_N] > 1)
		keep_multiples(
			low, high,
			lo->knob[knob == SYSTOLIC_TILE_M ? SYSTOLIC_OUTPUTS_M : SYSTOLIC_OUTPUTS_N],
			hi->knob[knob == SYSTOLIC_TILE_M ? SYSTOLIC_OUTPUTS_M : SYSTOLIC_OUTPUTS_N],
			keep);
}
