/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What no kernel of a box can do better than, and which tile sizes a smaller one beats. */
#include "model/kernel.h"
#include "model/precision.h"
#include "model/systolic_loops.h"

#include <string.h>

/* The board's buffers where the knob says none; the most and the least where it is free. */
static void free_buffers(struct box *b, const double *const *lo, const double *const *hi)
{
	if (*lo[IN_BUFFERS] != *hi[IN_BUFFERS])
		b->lo.buffers = 1, b->hi.buffers = 2;
	if (*lo[OUT_BUFFERS] != *hi[OUT_BUFFERS])
		b->lo.out_buffers = 1, b->hi.out_buffers = 2;
}

/* Only rows of this many elements fill the bus. */
static double least_row(const struct barista_model *model, double precision)
{
	enum barista_precision p[BARISTA_NPASSES];
	size_t n = barista_precisions_used(precision, p);
	double least = 1;

	for (size_t i = 0; i < n; i++)
		least = fmax(least, barista_ceil_div(model->dev->fact[BARISTA_BUS_WIDTH].value,
						     barista_precision_defs[p[i]].bits));
	return least;
}

static struct box box_at(const struct barista_boxes *boxes, size_t i)
{
	const double *lo[BARISTA_SYSTOLIC_KNOBS], *hi[BARISTA_SYSTOLIC_KNOBS];
	struct box b;

	for (size_t k = 0; k < BARISTA_SYSTOLIC_KNOBS; k++) {
		lo[k] = k == boxes->varied ? &boxes->value[i] : &boxes->lo.knob[k];
		hi[k] = k == boxes->varied ? &boxes->value[i] : &boxes->hi.knob[k];
	}
	b.lo = barista_systolic_kernel(boxes->model->dev, lo, 0);
	b.hi = barista_systolic_kernel(boxes->model->dev, hi, 0);
	b.lo.t_k = fmin(b.hi.t_k, fmax(b.lo.t_k, least_row(boxes->model, *lo[PRECISION])));
	free_buffers(&b, lo, hi);
	return b;
}

/* Resources grow with tiles, replicas and buffers; fewer PEs are needed the more outputs each keeps.
 * Block RAM does not grow with V and R, so while they are free only its fixed part is sure. */
static void least_resources(const struct barista_boxes *boxes, size_t i, double *used)
{
	const struct barista_device *dev = boxes->model->dev;
	struct box b = box_at(boxes, i);
	struct kernel k = b.lo;
	bool laid_out = b.lo.v == b.hi.v && b.lo.r_m == b.hi.r_m && b.lo.r_n == b.hi.r_n;

	k.r_m = b.hi.r_m;
	k.r_n = b.hi.r_n;
	barista_systolic_used(dev, &k, boxes->varied == PRECISION ? boxes->value[i] : boxes->lo.knob[PRECISION], used);
	if (!laid_out) {
		used[BARISTA_BRAM] = dev->fact[BARISTA_FIXED_BRAM].value;
		used[BARISTA_POWER] = barista_systolic_power(dev, used);
	}
	used[BARISTA_ROW_BITS] = used[BARISTA_ROW_BITS] / b.lo.t_k * b.hi.t_k;   /* in this order exact */
	if (!laid_out || b.lo.t_m != b.hi.t_m || b.lo.t_n != b.hi.t_n)
		used[BARISTA_WHOLE] = 1;
	used[BARISTA_PEAK] = INFINITY;
}

/* Multipliers that the usable DSPs make at most, over all meshes that the passes need. */
static double most_macs(const struct barista_device *dev, double precision)
{
	enum barista_precision p[BARISTA_NPASSES];
	size_t n = barista_precisions_used(precision, p);
	double per_mac = 0, usable = dev->fact[BARISTA_RES_DSP].value * dev->fact[BARISTA_USABLE_DSP].value;

	for (size_t i = 0; i < n; i++)
		per_mac += dev->cost[p[i]][BARISTA_COST_DSP].value;
	return per_mac > 0 ? (usable - dev->fact[BARISTA_FIXED_DSP].value) / per_mac * (1 + 1e-12) : (double)INFINITY;
}

/* Does a value of this knob not stand for itself? */
static bool is_code(size_t knob)
{
	return knob == PRECISION || knob == IN_BUFFERS || knob == OUT_BUFFERS;
}

/* Boxes of one precision. */
static void bound_times(const struct barista_boxes *boxes, size_t from, size_t n, double precision)
{
	const struct barista_plan *plan = boxes->model->plan;
	const struct barista_loops *loops = barista_loops_for((enum barista_isa)boxes->isa);
	struct box_run r = {.n = n, .varied = boxes->varied, .value = boxes->value + from, .box = box_at(boxes, from),
			    .dsp = boxes->metric[BARISTA_DSP] + from, .macs_max = most_macs(boxes->model->dev, precision)};

	for (size_t s = 0; s < plan->nshapes; s++) {
		const struct barista_shape *shape = &plan->shape[s];

		r.time = boxes->shape_time + s * boxes->n + from;
		memset(r.time, 0, n * sizeof *r.time);
		for (size_t g = 0; g < shape->ngemms; g++) {
			const struct barista_gemm *gemm = &plan->gemm[shape->gemm[g]];

			r.set = barista_systolic_setting(boxes->model, gemm, barista_pass_precision(precision, gemm->pass));
			r.weight = shape->per_image[g];
			loops->bound(&r);
		}
	}
}

void barista_systolic_bound(const struct barista_boxes *boxes)
{
	double used[BARISTA_NMETRICS], precision = boxes->lo.knob[PRECISION];

	for (size_t i = 0; i < boxes->n; i++) {
		least_resources(boxes, i, used);
		for (size_t m = 0; m < BARISTA_SYSTOLIC_WRITTEN; m++)
			boxes->metric[barista_systolic_written[m]][i] = used[barista_systolic_written[m]];
	}
	if (!is_code(boxes->varied))
		bound_times(boxes, 0, boxes->n, precision);
	for (size_t i = 0; is_code(boxes->varied) && i < boxes->n; i++)
		bound_times(boxes, i, 1, boxes->varied == PRECISION ? boxes->value[i] : precision);
}

/* Marks the least multiples of `step`, from lo on, that make each number of tiles of x. */
static void mark_steps(double x, double step, double lo, double hi, unsigned char *keep)
{
	double t = step * ceil(lo / step);

	while (t <= hi) {
		double n = barista_ceil_div(x, t);

		keep[(size_t)(t - lo)] = 1;
		if (n == 1)
			return;
		/* one tile fewer needs at least x/(n - 1), which is more than t */
		t = barista_ceil_div(x, n - 1);
		t = step == 1 ? t : step * ceil(t / step);
	}
}

/* For a given number of tiles along a side of every GEMM, all of (1) to (5) and all resources grow
 * with the tile (derived). A tile that is no multiple of the outputs per PE is infeasible. Along K a
 * vector of V lanes makes (2) depend on ceil(T_K/V) as well, which grows too. */
void barista_systolic_undominated(const struct barista_model *model, const struct barista_point *point, size_t knob,
				  double lo, double hi, unsigned char *keep)
{
	const struct barista_plan *plan = model->plan;
	int side;
	double from = lo, step = knob == TILE_M ? point->knob[OUTPUTS_M] : knob == TILE_N ? point->knob[OUTPUTS_N] : 1;

	if (knob != TILE_M && knob != TILE_N && knob != TILE_K) {
		memset(keep, 1, (size_t)(hi - lo) + 1);
		return;
	}
	memset(keep, 0, (size_t)(hi - lo) + 1);
	if (knob == TILE_K)
		from = fmax(lo, least_row(model, point->knob[PRECISION]));
	if (from > hi)
		return;
	side = knob == TILE_M ? 0 : knob == TILE_N ? 1 : 2;
	for (size_t i = 0; i < plan->nsides[side]; i++)
		mark_steps((double)plan->side[side][i], step, from, hi, keep + (size_t)(from - lo));
}
