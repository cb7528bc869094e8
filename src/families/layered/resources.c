/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a GEMM kernel of the layered family takes of the board (derived). Q = q_M * q_N multipliers
 * work on q_M rows and q_N columns of the tile of C at a time. Tiles of A and B are
 * double-buffered, C's is not, and each is one memory, as wide as the words that a cycle needs: q_M
 * of A, q_N of B, Q sums of C. The layout of Q that takes the fewest block RAMs is the one that is
 * built. A device's fixed blocks are those of Barista's shell, fitted on it, so they do not count
 * here; neither do the other kernels, which move data and multiply next to nothing. */
#include "base/num.h"
#include "barista/family.h"
#include "families/layered/layered.h"
#include "model/bram.h"
#include "model/device.h"
#include "model/power.h"
#include "model/precision.h"

double barista_layered_input_blocks(const struct barista_device *dev, enum barista_precision p,
				    double along, double q, double t_k)
{
	enum { BUFFERS = 2 };

	return BUFFERS *
	       barista_bank_blocks(dev->block_ram, along * t_k, q * barista_precision_defs[p].bits);
}

double barista_layered_sums_blocks(const struct barista_device *dev, enum barista_precision p,
				   double each, double q)
{
	return barista_bank_blocks(dev->block_ram, each, q * barista_precision_defs[p].sum_bits);
}

/* Of q_m x q_n multipliers; a tile that they do not divide is padded. */
static double layout_blocks(const struct barista_device *dev, enum barista_precision p,
			    const double *knob, double q_m, double q_n)
{
	double rows = barista_ceil_div(knob[LAYERED_M], q_m),
	       columns = barista_ceil_div(knob[LAYERED_N], q_n);

	return barista_layered_input_blocks(dev, p, rows, q_m, knob[LAYERED_K]) +
	       barista_layered_input_blocks(dev, p, columns, q_n, knob[LAYERED_K]) +
	       barista_layered_sums_blocks(dev, p, rows * columns, q_m * q_n);
}

static bool divides(double d, double x)
{
	return fmod(x, d) == 0;
}

/* When Q divides T_M * T_N there is a layout that divides both: gcd(Q, T_M) rows leave a factor
 * that T_N has. */
static double fewest_blocks(const struct barista_device *dev, enum barista_precision p,
			    const double *knob, bool whole)
{
	double q = knob[LAYERED_Q], fewest = INFINITY;

	for (double d = 1; d * d <= q; d++) {
		for (int turned = 0; turned < 2 && divides(d, q); turned++) {
			double q_m = turned ? q / d : d, q_n = turned ? d : q / d;

			if (!whole ||
			    (divides(q_m, knob[LAYERED_M]) && divides(q_n, knob[LAYERED_N])))
				fewest = fmin(fewest, layout_blocks(dev, p, knob, q_m, q_n));
		}
	}
	return fewest;
}

const enum barista_metric barista_layered_written[BARISTA_LAYERED_WRITTEN] = {
	BARISTA_DSP,   BARISTA_BRAM, BARISTA_LUT,          BARISTA_FF,     BARISTA_ROW_BITS,
	BARISTA_POWER, BARISTA_PEAK, BARISTA_TILE_DIVIDES, BARISTA_BOARDS,
};

void barista_layered_used(const struct barista_device *dev, const struct barista_point *point,
			  double *used)
{
	enum barista_precision p =
		barista_pass_precision(point->knob[LAYERED_PRECISION], BARISTA_FWD);
	const struct barista_quantity *cost = dev->pe[p];
	double q = point->knob[LAYERED_Q];
	bool whole = divides(q, point->knob[LAYERED_M] * point->knob[LAYERED_N]);

	used[BARISTA_DSP] = ceil(q * cost[BARISTA_PE_DSP].value);
	used[BARISTA_BRAM] = fewest_blocks(dev, p, point->knob, whole);
	used[BARISTA_LUT] = ceil(q * cost[BARISTA_PE_LUT].value);
	used[BARISTA_FF] = ceil(q * cost[BARISTA_PE_FF].value);
	used[BARISTA_ROW_BITS] = point->knob[LAYERED_K] * barista_precision_defs[p].bits;
	used[BARISTA_POWER] = barista_board_power(dev, used);
	used[BARISTA_PEAK] = 2 * q * dev->param[BARISTA_CLOCK].value;
	used[BARISTA_TILE_DIVIDES] = whole;
	used[BARISTA_BOARDS] = 1;
}

void barista_layered_resources(const struct barista_model *model, struct barista_batch *b)
{
	for (size_t i = 0; i < b->n; i++) {
		double used[BARISTA_NMETRICS];

		barista_layered_used(model->dev, &b->points[i], used);
		for (size_t m = 0; m < BARISTA_LAYERED_WRITTEN; m++)
			b->metric[barista_layered_written[m]][i] = used[barista_layered_written[m]];
	}
}
