/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "barista.h"

#include "barista/family.h"
#include "model/device.h"
#include "model/metric.h"

const struct barista_metric_def barista_metric_defs[BARISTA_NMETRICS] = {
	[BARISTA_PPW_MEAN] = {"ppw_mean", "ppw_mean", "op/s/W",
			      "performance per watt, mean over the layers", BARISTA_DIM_OP_PER_S_W,
			      1},
	[BARISTA_PPW_TOTAL] = {"ppw_total", "ppw_total", "op/s/W", "all op / all time / power",
			       BARISTA_DIM_OP_PER_S_W, 1},
	[BARISTA_TIME] = {"time", "time_s", "s", "time per training image", BARISTA_DIM_SECOND, -1},
	[BARISTA_RATE] = {"rate", "rate_op_per_s", "op/s",
			  "operations per second, padding not counted", BARISTA_DIM_OP_PER_S, 1},
	[BARISTA_ENERGY] = {"energy", "energy_j", "J", "energy of the board per training image",
			    BARISTA_DIM_JOULE, -1},
	[BARISTA_POWER] = {"power", "power_w", "W", "power of the board", BARISTA_DIM_WATT, -1},
	[BARISTA_DSP] = {"dsp", "dsp", "", "DSP blocks used", BARISTA_DIM_COUNT, -1},
	[BARISTA_BRAM] = {"bram", "bram", "",
			  "block RAMs used (RAMB36 or M20K; a RAMB18 counts half)",
			  BARISTA_DIM_COUNT, -1},
	[BARISTA_LUT] = {"lut", "lut", "", "lookup tables used", BARISTA_DIM_COUNT, -1},
	[BARISTA_FF] = {"ff", "ff", "", "flip-flops used", BARISTA_DIM_COUNT, -1},
	[BARISTA_ROW_BITS] = {"tile row", "tile_row_bits", "bit", "row of the narrowest tile",
			      BARISTA_DIM_BIT, 0},
	[BARISTA_TILE_DIVIDES] = {"whole tile", "whole_tile", "",
				  "1: the tile divides evenly over the mesh", BARISTA_DIM_COUNT, 0},
	[BARISTA_PEAK] = {"peak", "peak_op_per_s", "op/s",
			  "operations per second with every PE busy", BARISTA_DIM_OP_PER_S, 1},
	[BARISTA_BOARDS] = {"boards", "boards", "", "boards that work together", BARISTA_DIM_COUNT,
			    -1},
};

const struct barista_budget_def barista_budget_defs[BARISTA_NBUDGETS] = {
	{BARISTA_DSP, BARISTA_RES_DSP, BARISTA_USABLE_DSP, false, "rules.usable_dsp"},
	{BARISTA_BRAM, BARISTA_RES_BRAM, BARISTA_USABLE_BRAM, false, "rules.usable_bram"},
	{BARISTA_LUT, BARISTA_RES_LUT, BARISTA_USABLE_LUT, false, "rules.usable_lut"},
	{BARISTA_FF, BARISTA_RES_FF, BARISTA_USABLE_FF, false, "rules.usable_ff"},
	{BARISTA_ROW_BITS, BARISTA_BUS_WIDTH, -1, true, "rules.bus_width"},
	{BARISTA_TILE_DIVIDES, -1, -1, true,
	 "its tile does not divide evenly over the mesh (choose multiples)"},
};

bool barista_budget_broken(int budget, double used, double limit)
{
	return barista_budget_defs[budget].at_least ? used < limit : used > limit;
}

double barista_budget_limit(const struct barista_device *dev, int budget)
{
	const struct barista_budget_def *def = &barista_budget_defs[budget];
	double total = def->total < 0 ? 1 : dev->param[def->total].value;

	return def->usable < 0 ? total : total * dev->param[def->usable].value;
}
