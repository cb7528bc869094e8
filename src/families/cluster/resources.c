/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The resources of chains, a batch at a time: blocks of the board that uses the most, power and
 * peak of all boards. */
#include "families/cluster/cluster.h"
#include "model/device.h"
#include "model/power.h"

#include <math.h>

static const enum barista_metric written[] = {
	BARISTA_DSP,   BARISTA_BRAM, BARISTA_LUT,      BARISTA_FF,           BARISTA_BOARDS,
	BARISTA_POWER, BARISTA_PEAK, BARISTA_ROW_BITS, BARISTA_TILE_DIVIDES,
};

/* The fixed parts of a device file are fitted on Barista's shell, which is not here. */
static void chain_resources(const struct barista_device *dev, const struct cluster_chain *chain,
			    double *metric)
{
	const struct barista_quantity *cost = dev->pe[chain->setup.precision];
	double multipliers = chain->setup.dsp / cost[BARISTA_PE_DSP].value;
	double boards = (double)chain->setup.boards;

	metric[BARISTA_DSP] = chain->setup.dsp;
	metric[BARISTA_BRAM] = ceil(chain->fullest_bits / chain->setup.block_bits);
	metric[BARISTA_LUT] = ceil(multipliers * cost[BARISTA_PE_LUT].value);
	metric[BARISTA_FF] = ceil(multipliers * cost[BARISTA_PE_FF].value);
	metric[BARISTA_BOARDS] = boards;
	metric[BARISTA_POWER] = boards * barista_board_power(dev, metric);
	metric[BARISTA_PEAK] = 2 * multipliers * chain->setup.clock_hz * boards;
	metric[BARISTA_ROW_BITS] = INFINITY;
	metric[BARISTA_TILE_DIVIDES] = 1;
}

void barista_cluster_resources(const struct barista_model *model, struct barista_batch *b)
{
	struct cluster_chain chain;
	double metric[BARISTA_NMETRICS];

	for (size_t i = 0; i < b->n; i++) {
		barista_cluster_chain(model, &b->points[i], &chain);
		chain_resources(model->dev, &chain, metric);
		for (size_t m = 0; m < sizeof written / sizeof *written; m++)
			b->metric[written[m]][i] = metric[written[m]];
	}
}
