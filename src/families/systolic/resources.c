/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a systolic kernel takes of the board. */
#include "families/systolic/equations.h"
#include "barista/family.h"
#include "families/systolic/notation.h"
#include "model/bram.h"
#include "model/device.h"
#include "model/power.h"
#include "model/precision.h"

/* Block RAM of the partial sums of one PE: fitted on Barista's, one block when there is a
 * latency to cover; with several outputs per PE, a bank of them. */
static double sums_blocks(const struct barista_device *dev, enum barista_precision p,
			  const struct mesh *k)
{
	double outputs = k->r_m * k->r_n, latency = dev->pe[p][BARISTA_PE_LATENCY].value;

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
static void mesh_cost(const struct barista_device *dev, enum barista_precision p,
		      const struct mesh *k, double *used)
{
	const struct barista_quantity *cost = dev->pe[p];
	double p_m = divide_up(k->t_m, k->r_m), p_n = divide_up(k->t_n, k->r_n);
	double macs = k->u * (p_m * p_n * k->v), steps = divide_up(k->t_k, k->v);
	double width = barista_precision_defs[p].bits * k->v;
	double blocks_m = barista_bank_blocks(dev->block_ram, k->r_m * steps, width);
	double blocks_n = k->r_n == k->r_m
				  ? blocks_m
				  : barista_bank_blocks(dev->block_ram, k->r_n * steps, width);
	double banks = p_m * blocks_m + p_n * blocks_n;

	used[BARISTA_DSP] += k->u * k->v * mesh_dsp(p_m, p_n, cost[BARISTA_PE_DSP].value);
	used[BARISTA_BRAM] += k->u * k->buffers * banks;
	used[BARISTA_BRAM] += k->u * k->out_buffers * (p_m * p_n) * sums_blocks(dev, p, k);
	used[BARISTA_LUT] += ceil(macs * cost[BARISTA_PE_LUT].value);
	used[BARISTA_FF] += ceil(macs * cost[BARISTA_PE_FF].value);
}

/* Row bits, clock after derating and peak: what follows from the mesh. */
static void finish_metrics(const struct barista_device *dev, const struct mesh *k, double *used)
{
	const struct barista_quantity *param = dev->param;
	double p_m = divide_up(k->t_m, k->r_m), p_n = divide_up(k->t_n, k->r_n);
	double f = param[BARISTA_CLOCK].value *
		   barista_clock_left(used[BARISTA_DSP] / param[BARISTA_RES_DSP].value,
				      param[BARISTA_DERATE_ABOVE].value,
				      param[BARISTA_DERATE_SLOPE].value);

	used[BARISTA_POWER] = barista_board_power(dev, used);
	used[BARISTA_PEAK] = 2 * (k->u * (p_m * p_n * k->v)) * f;
	used[BARISTA_TILE_DIVIDES] = p_m * k->r_m == k->t_m && p_n * k->r_n == k->t_n;
}

void barista_systolic_used(const struct barista_device *dev, const struct mesh *k, double precision,
			   double *used)
{
	enum barista_precision p[BARISTA_NPASSES];
	size_t n = barista_precisions_used(precision, p);

	used[BARISTA_DSP] = dev->param[BARISTA_FIXED_DSP].value;
	used[BARISTA_BRAM] = dev->param[BARISTA_FIXED_BRAM].value;
	used[BARISTA_LUT] = dev->param[BARISTA_FIXED_LUT].value;
	used[BARISTA_FF] = dev->param[BARISTA_FIXED_FF].value;
	used[BARISTA_ROW_BITS] = INFINITY;
	for (size_t j = 0; j < n; j++) {
		double row = k->t_k * barista_precision_defs[p[j]].bits;

		mesh_cost(dev, p[j], k, used);
		used[BARISTA_ROW_BITS] =
			row < used[BARISTA_ROW_BITS] ? row : used[BARISTA_ROW_BITS];
	}
	finish_metrics(dev, k, used);
}

const enum barista_metric barista_systolic_written[BARISTA_SYSTOLIC_WRITTEN] = {
	BARISTA_DSP,      BARISTA_BRAM,  BARISTA_LUT,  BARISTA_FF,
	BARISTA_ROW_BITS, BARISTA_POWER, BARISTA_PEAK, BARISTA_TILE_DIVIDES,
};

void barista_systolic_resources(const struct barista_model *model, struct barista_batch *b)
{
	for (size_t i = 0; i < b->n; i++) {
		struct mesh k = barista_systolic_mesh(model->dev, b->knob, i);
		double used[BARISTA_NMETRICS];

		barista_systolic_used(model->dev, &k, b->knob[SYSTOLIC_PRECISION][i], used);
		for (size_t m = 0; m < BARISTA_SYSTOLIC_WRITTEN; m++)
			b->metric[barista_systolic_written[m]][i] =
				used[barista_systolic_written[m]];
	}
}

double barista_systolic_dsp(const struct barista_device *dev, const struct mesh *k,
			    double precision)
{
	enum barista_precision p[BARISTA_NPASSES];
	size_t n = barista_precisions_used(precision, p);
	double used[BARISTA_NMETRICS] = {[BARISTA_DSP] = dev->param[BARISTA_FIXED_DSP].value};

	for (size_t i = 0; i < n; i++)
		mesh_cost(dev, p[i], k, used);
	return used[BARISTA_DSP];
}
