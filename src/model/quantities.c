/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one list of every number that a board has (parameters), that a design reaches (metrics), and
 * that holds one against the other (budgets). To add one: its enumerator and a row here. */
#include "barista/family.h"
#include "model/device.h"
#include "model/metric.h"

#include <math.h>

#define DEFAULT "default of the program, assumed"
#define FITTED "default of the program, fitted on the published FP32 16x16x64 kernel [Barista V]"
#define BARISTA_DERIVED "default of the program, derived from [Barista]"

const struct barista_param_def barista_param_defs[BARISTA_NPARAMS] = {
	[BARISTA_RES_DSP] = {"resources.dsp", BARISTA_DIM_COUNT, 1, 1e6, true, true, NAN, NULL,
			     "DSP blocks", 0},
	[BARISTA_RES_BRAM] = {"resources.bram", BARISTA_DIM_COUNT, 1, 1e6, true, true, NAN, NULL,
			      "block RAMs: RAMB36 (a RAMB18 counts half) or M20K", 0},
	[BARISTA_RES_LUT] = {"resources.lut", BARISTA_DIM_COUNT, 1, 1e9, true, true, NAN, NULL,
			     "lookup tables (ALMs on Intel)", 0},
	[BARISTA_RES_FF] = {"resources.ff", BARISTA_DIM_COUNT, 1, 1e9, true, true, NAN, NULL,
			    "flip-flops", 0},
	[BARISTA_CLOCK] = {"clock.kernel", BARISTA_DIM_HZ, 1e6, 1e10, false, true, NAN, NULL,
			   "clock of the kernel, f", 0.05},
	[BARISTA_MEM_BANDWIDTH] = {"memory.bandwidth", BARISTA_DIM_BIT_PER_S, 1e6, 1e15, false,
				   true, NAN, NULL, "card memory to kernel, B_mem", 0.1},
	[BARISTA_PCIE_BANDWIDTH] = {"pcie.bandwidth", BARISTA_DIM_BIT_PER_S, 1e6, 1e15, false, true,
				    NAN, NULL, "host to card memory, B_pcie", 0.1},
	[BARISTA_TILE_TIME] = {"host.tile_time", BARISTA_DIM_SECOND, 0, 1, false, false, 8e-9,
			       BARISTA_DERIVED, "host time to tile or untile one element, tau",
			       0.25},
	[BARISTA_POWER_TOTAL] = {"power.total", BARISTA_DIM_WATT, 1e-3, 1e5, false, false, NAN,
				 NULL, "constant power, P; or give power.static", 0.2},
	[BARISTA_POWER_STATIC] = {"power.static", BARISTA_DIM_WATT, 1e-3, 1e5, false, false, NAN,
				  NULL,
				  "power without a design; power.per_* is added per block used",
				  0.2},
	[BARISTA_POWER_DSP] = {"power.per_dsp", BARISTA_DIM_WATT, 0, 10, false, false, 0, DEFAULT,
			       "power per DSP used", 0},
	[BARISTA_POWER_BRAM] = {"power.per_bram", BARISTA_DIM_WATT, 0, 10, false, false, 0, DEFAULT,
				"power per block RAM used", 0},
	[BARISTA_POWER_LUT] = {"power.per_lut", BARISTA_DIM_WATT, 0, 10, false, false, 0, DEFAULT,
			       "power per lookup table used", 0},
	[BARISTA_POWER_FF] = {"power.per_ff", BARISTA_DIM_WATT, 0, 10, false, false, 0, DEFAULT,
			      "power per flip-flop used", 0},
	[BARISTA_BUS_WIDTH] = {"rules.bus_width", BARISTA_DIM_BIT, 1, 65536, true, false, 512,
			       DEFAULT, "a tile row, T_K * WL, must fill it", 0},
	[BARISTA_USABLE_DSP] = {"rules.usable_dsp", BARISTA_DIM_FRACTION, 0.001, 1, false, false, 1,
				DEFAULT, "fraction of the DSP blocks a kernel may use", 0},
	[BARISTA_USABLE_BRAM] = {"rules.usable_bram", BARISTA_DIM_FRACTION, 0.001, 1, false, false,
				 1, DEFAULT, "fraction of the block RAMs a kernel may use", 0},
	[BARISTA_USABLE_LUT] = {"rules.usable_lut", BARISTA_DIM_FRACTION, 0.001, 1, false, false, 1,
				DEFAULT, "fraction of the lookup tables a kernel may use", 0},
	[BARISTA_USABLE_FF] = {"rules.usable_ff", BARISTA_DIM_FRACTION, 0.001, 1, false, false, 1,
			       DEFAULT, "fraction of the flip-flops a kernel may use", 0},
	[BARISTA_FLAG_DSP] = {"rules.flag_dsp", BARISTA_DIM_FRACTION, 0.001, 1, false, false, 0.7,
			      "default of the program, published (AutoSA, issue 4)",
			      "DSP use above this fraction is flagged: it may not route", 0},
	[BARISTA_MAX_POWER] = {"rules.max_power", BARISTA_DIM_WATT, 1e-3, 1e5, false, false, NAN,
			       NULL, "most power a design may draw", 0},
	[BARISTA_MAX_BOARDS] = {"rules.max_boards", BARISTA_DIM_COUNT, 1, 1e6, true, false, NAN,
				NULL, "most boards that may work together", 0},
	[BARISTA_OUTPUTS_PER_CYCLE] = {"kernel.outputs_per_cycle", BARISTA_DIM_COUNT, 1, 65536,
				       true, false, 1, BARISTA_DERIVED,
				       "outputs drained per cycle, w_out", 0},
	[BARISTA_BUFFERS] = {"kernel.buffers", BARISTA_DIM_COUNT, 1, 2, true, false, 2,
			     BARISTA_DERIVED,
			     "2: double-buffered tiles, memory and compute overlap; 1: they don't",
			     0},
	[BARISTA_OUT_BUFFERS] =
		{"kernel.output_buffers", BARISTA_DIM_COUNT, 1, 2, true, false, 1, BARISTA_DERIVED,
		 "2: outputs drain while the next tile computes; 1: before it starts", 0},
	[BARISTA_PORTS] = {"kernel.memory_ports", BARISTA_DIM_COUNT, 1, 65536, true, false, 65536,
			   DEFAULT, "memory channels that one replica reaches", 0},
	[BARISTA_MEM_CHANNELS] = {"memory.channels", BARISTA_DIM_COUNT, 1, 65536, true, false, 1,
				  DEFAULT, "channels over which memory.bandwidth spreads", 0},
	[BARISTA_BURST] = {"memory.burst", BARISTA_DIM_BIT, 8, 1e12, false, false, 32768,
			   "default of the program, published (AXI: 4 KiB)", "longest burst", 0},
	[BARISTA_BURST_OVERHEAD] = {"memory.burst_overhead", BARISTA_DIM_BIT, 0, 1e12, true, false,
				    0, DEFAULT,
				    "bits that could have moved in the gap after a burst", 0},
	[BARISTA_DERATE_ABOVE] = {"clock.derate_above", BARISTA_DIM_FRACTION, 0, 1, false, false, 1,
				  DEFAULT, "DSP use above this fraction of all lowers the clock",
				  0},
	[BARISTA_DERATE_SLOPE] = {"clock.derate_slope", BARISTA_DIM_FRACTION, 0, 0.9, false, false,
				  0, DEFAULT,
				  "fraction of the clock lost per fraction of DSPs above that", 0},
	[BARISTA_FIXED_DSP] = {"kernel.dsp_fixed", BARISTA_DIM_COUNT, 0, 1e6, true, false, 6,
			       FITTED, "DSP blocks beside the mesh", 0},
	[BARISTA_FIXED_BRAM] = {"kernel.bram_fixed", BARISTA_DIM_COUNT, 0, 1e6, false, false, 17,
				FITTED, "block RAMs beside the buffers", 0},
	[BARISTA_FIXED_LUT] = {"kernel.lut_fixed", BARISTA_DIM_COUNT, 0, 1e9, true, false, 0,
			       DEFAULT, "lookup tables beside the mesh", 0},
	[BARISTA_FIXED_FF] = {"kernel.ff_fixed", BARISTA_DIM_COUNT, 0, 1e9, true, false, 0, DEFAULT,
			      "flip-flops beside the mesh", 0},
	[BARISTA_LAUNCH_TIME] =
		{"opencl.launch_time", BARISTA_DIM_SECOND, 0, 1, false, false, 45e-6,
		 "default of the program, published as 30 to 60 us (SDAccel documentation)",
		 "host time to launch one kernel, t_launch", 1.0 / 3},
	[BARISTA_TRANSFER_TIME] = {"opencl.transfer_time", BARISTA_DIM_SECOND, 0, 1, false, false,
				   30e-6,
				   "default of the program, published (HPCC FPGA, small blocking "
				   "transfers on a 520N)",
				   "time of a transfer over PCIe beside its bits, t_0", 0.25},
	[BARISTA_STREAM_SHARE] = {"opencl.stream_share", BARISTA_DIM_FRACTION, 0.01, 1, false,
				  false, 1, DEFAULT,
				  "share of memory.bandwidth that a kernel reaches, eta", 0.1},
	[BARISTA_LINK_BANDWIDTH] =
		{"link.bandwidth", BARISTA_DIM_BIT_PER_S, 1e6, 1e15, false, false, 60e9,
		 "default of the program, published (FPDeep: six transceivers, here of 10 Gbit/s)",
		 "one direction of the link to the next board of a chain, B", 0.1},
	[BARISTA_CHAIN_USE] = {"link.compute_share", BARISTA_DIM_FRACTION, 0.01, 1, false, false,
			       0.8, "default of the program, published as 0.7 to 0.9 (FPDeep)",
			       "share of the multipliers of a board in a chain that work, u",
			       0.125},
};

/* Those that follow from the time of an image, the power and the work of the network. */
static double rate(double time_s, double power_w, double ops)
{
	(void)power_w;
	return ops / time_s;
}

static double ppw_total(double time_s, double power_w, double ops)
{
	return ops / time_s / power_w;
}

static double energy(double time_s, double power_w, double ops)
{
	(void)ops;
	return power_w * time_s;
}

static double energy_delay(double time_s, double power_w, double ops)
{
	return energy(time_s, power_w, ops) * time_s;
}

const struct barista_metric_def barista_metric_defs[BARISTA_NMETRICS] = {
	[BARISTA_PPW_MEAN] = {"ppw_mean", "ppw_mean", "op/s/W",
			      "performance per watt, mean over the layers", BARISTA_DIM_OP_PER_S_W,
			      1, NULL},
	[BARISTA_PPW_TOTAL] = {"ppw_total", "ppw_total", "op/s/W", "all op / all time / power",
			       BARISTA_DIM_OP_PER_S_W, 1, ppw_total},
	[BARISTA_TIME] = {"time", "time_s", "s", "time per training image", BARISTA_DIM_SECOND, -1,
			  NULL},
	[BARISTA_RATE] = {"rate", "rate_op_per_s", "op/s",
			  "operations per second, padding not counted", BARISTA_DIM_OP_PER_S, 1,
			  rate},
	[BARISTA_ENERGY] = {"energy", "energy_j", "J", "energy of the board per training image",
			    BARISTA_DIM_JOULE, -1, energy},
	[BARISTA_EDP] = {"edp", "edp_j_s", "J s", "energy times delay of a training image",
			 BARISTA_DIM_JOULE_SECOND, -1, energy_delay},
	[BARISTA_POWER] = {"power", "power_w", "W", "power of the board", BARISTA_DIM_WATT, -1,
			   NULL},
	[BARISTA_DSP] = {"dsp", "dsp", "", "DSP blocks used", BARISTA_DIM_COUNT, -1, NULL},
	[BARISTA_BRAM] = {"bram", "bram", "",
			  "block RAMs used (RAMB36 or M20K; a RAMB18 counts half)",
			  BARISTA_DIM_COUNT, -1, NULL},
	[BARISTA_LUT] = {"lut", "lut", "", "lookup tables used", BARISTA_DIM_COUNT, -1, NULL},
	[BARISTA_FF] = {"ff", "ff", "", "flip-flops used", BARISTA_DIM_COUNT, -1, NULL},
	[BARISTA_ROW_BITS] = {"tile row", "tile_row_bits", "bit", "row of the narrowest tile",
			      BARISTA_DIM_BIT, 0, NULL},
	[BARISTA_TILE_DIVIDES] = {"whole tile", "whole_tile", "",
				  "1: the tile divides evenly over the mesh", BARISTA_DIM_COUNT, 0,
				  NULL},
	[BARISTA_PEAK] = {"peak", "peak_op_per_s", "op/s",
			  "operations per second with every PE busy", BARISTA_DIM_OP_PER_S, 1,
			  NULL},
	[BARISTA_BOARDS] = {"boards", "boards", "", "boards that work together", BARISTA_DIM_COUNT,
			    -1, NULL},
};

const struct barista_budget_def barista_budget_defs[] = {
	{BARISTA_DSP, BARISTA_RES_DSP, BARISTA_USABLE_DSP, false, "rules.usable_dsp"},
	{BARISTA_BRAM, BARISTA_RES_BRAM, BARISTA_USABLE_BRAM, false, "rules.usable_bram"},
	{BARISTA_LUT, BARISTA_RES_LUT, BARISTA_USABLE_LUT, false, "rules.usable_lut"},
	{BARISTA_FF, BARISTA_RES_FF, BARISTA_USABLE_FF, false, "rules.usable_ff"},
	{BARISTA_ROW_BITS, BARISTA_BUS_WIDTH, -1, true, "rules.bus_width"},
	{BARISTA_TILE_DIVIDES, -1, -1, true,
	 "its tile does not divide evenly over the mesh (choose multiples)"},
	{BARISTA_POWER, BARISTA_MAX_POWER, -1, false, "rules.max_power"},
	{BARISTA_BOARDS, BARISTA_MAX_BOARDS, -1, false, "rules.max_boards"},
};
_Static_assert(sizeof barista_budget_defs / sizeof *barista_budget_defs <= 16,
	       "each budget has a bit of batch.over");
const int barista_nbudgets = sizeof barista_budget_defs / sizeof *barista_budget_defs;
