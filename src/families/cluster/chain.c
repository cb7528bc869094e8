/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chain of a point: what a board is, its interval, what it takes of the boards. */
#include "families/cluster/cluster.h"
#include "barista/family.h"
#include "model/bram.h"
#include "model/device.h"
#include "model/frequency.h"
#include "model/power.h"
#include "model/precision.h"
#include "network/workload.h"

#include <math.h>

/* All DSPs that the rules leave are multipliers, and u of them work: that fewer may route is a
 * matter of the board, said with rules.usable_dsp. */
struct cluster_setup barista_cluster_setup(const struct barista_model *model,
					   const struct barista_point *point)
{
	const struct barista_device *dev = model->dev;
	const struct barista_quantity *fact = dev->param;
	enum barista_precision p =
		barista_pass_precision(point->knob[CLUSTER_PRECISION], BARISTA_FWD);
	double dsps = fact[BARISTA_RES_DSP].value;
	struct cluster_setup s = {
		.boards = (size_t)point->knob[CLUSTER_BOARDS],
		.split = (int)point->knob[CLUSTER_SPLIT],
		.precision = p,
		.word_bits = barista_precision_defs[p].bits,
		.link_bits_per_s = fact[BARISTA_LINK_BANDWIDTH].value,
		.dsp = floor(fact[BARISTA_USABLE_DSP].value * dsps),
		.block_bits = barista_block_bits(dev->block_ram),
	};

	s.clock_hz = fact[BARISTA_CLOCK].value *
		     barista_clock_left(s.dsp / dsps, fact[BARISTA_DERATE_ABOVE].value,
					fact[BARISTA_DERATE_SLOPE].value);
	s.macs_per_s = fact[BARISTA_CHAIN_USE].value * s.dsp * s.clock_hz /
		       dev->pe[p][BARISTA_PE_DSP].value;
	s.usable_bits = floor(fact[BARISTA_USABLE_BRAM].value * fact[BARISTA_RES_BRAM].value) *
			s.block_bits;
	return s;
}

double barista_cluster_linear_boards(const struct barista_lowered *lowered,
				     const struct cluster_setup *set, double words)
{
	return barista_cluster_total_macs(lowered) * set->link_bits_per_s /
	       (set->word_bits * set->macs_per_s * words);
}

/* What the busiest board and the narrowest link take. */
static void find_slowest(struct cluster_chain *chain)
{
	const struct cluster_setup *set = &chain->setup;
	double most_macs = 0, most_bits = 0;

	chain->busiest_board = chain->slowest_link = 0;
	for (size_t i = 0; i < set->boards; i++) {
		double macs = chain->edge_macs[i + 1] - chain->edge_macs[i];

		chain->busiest_board = macs > most_macs ? i : chain->busiest_board;
		most_macs = fmax(most_macs, macs);
	}
	for (size_t x = 1; x < set->boards; x++) {
		double bits = set->word_bits * chain->words[x] + chain->spilled_bits[x];

		chain->slowest_link = bits > most_bits ? x : chain->slowest_link;
		most_bits = fmax(most_bits, bits);
	}
	chain->compute_s = most_macs / set->macs_per_s;
	chain->link_s = most_bits / set->link_bits_per_s;
	chain->interval_s = fmax(chain->compute_s, chain->link_s);
}

/* Each pass of a layer is as much work as its forward pass. */
static void find_passes(const struct barista_lowered *lowered, struct cluster_chain *chain)
{
	double forward[CLUSTER_MAX_BOARDS] = {0}, before = 0;
	size_t n = chain->setup.boards, first = 0;

	for (size_t l = 0; l < lowered->nlayers; l++) {
		double macs = barista_cluster_macs(lowered, l),
		       part = (double)lowered->net->mac_layer[lowered->mac_layer[l]].macs / macs;

		while (first + 1 < n && chain->edge_macs[first + 1] <= before)
			first++;
		for (size_t i = first; i < n && chain->edge_macs[i] < before + macs; i++)
			forward[i] += part * barista_cluster_macs_on_board(chain, i, before, macs);
		before += macs;
	}
	chain->forward_s = chain->backward_s = 0;
	for (size_t i = 0; i < n; i++) {
		double all = chain->edge_macs[i + 1] - chain->edge_macs[i];

		chain->forward_s = fmax(chain->forward_s, forward[i] / chain->setup.macs_per_s);
		chain->backward_s =
			fmax(chain->backward_s, (all - forward[i]) / chain->setup.macs_per_s);
	}
}

void barista_cluster_chain(const struct barista_model *model, const struct barista_point *point,
			   struct cluster_chain *out)
{
	out->setup = barista_cluster_setup(model, point);
	if (out->setup.split == CLUSTER_SPLIT_WHOLE)
		barista_cluster_split_whole(model->lowered, out);
	else
		barista_cluster_split_fine(model->lowered, out);
	barista_cluster_place_on_chip(model->lowered, out);
	find_slowest(out);
	find_passes(model->lowered, out);
}

/* A lone image that passes row by row takes the slowest forward step and the slowest backward step,
 * each longer by the rows that the layers wait for; the others follow at the interval. FPDeep's 1 +
 * 2*(sum of K/H) is what a link that binds makes of it. Form derived, from simulation. */
double barista_cluster_drain(const struct barista_lowered *lowered,
			     const struct cluster_chain *chain)
{
	double lone_s =
		fmax(chain->forward_s, chain->link_s) + fmax(chain->backward_s, chain->link_s);

	return lone_s / chain->interval_s * (1 + barista_cluster_total_row_delay(lowered)) - 1;
}

double barista_cluster_image_s(const struct barista_lowered *lowered,
			       const struct cluster_chain *chain)
{
	double images = barista_cluster_images_per_update(lowered),
	       drain = lowered->training ? barista_cluster_drain(lowered, chain) : 0;

	return chain->interval_s * ((images + drain) / images);
}

/* The fixed parts of the device file are fitted on Barista's shell: they are not here. */
static void board_blocks(const struct barista_device *dev, const struct cluster_chain *chain,
			 double *used)
{
	const struct barista_quantity *cost = dev->pe[chain->setup.precision];
	double macs = chain->setup.dsp / cost[BARISTA_PE_DSP].value;

	used[BARISTA_DSP] = chain->setup.dsp;
	used[BARISTA_BRAM] = ceil(chain->fullest_bits / chain->setup.block_bits);
	used[BARISTA_LUT] = ceil(macs * cost[BARISTA_PE_LUT].value);
	used[BARISTA_FF] = ceil(macs * cost[BARISTA_PE_FF].value);
	used[BARISTA_BOARDS] = (double)chain->setup.boards;
	used[BARISTA_POWER] = used[BARISTA_BOARDS] * barista_board_power(dev, used);
	used[BARISTA_PEAK] = 2 * macs * chain->setup.clock_hz * used[BARISTA_BOARDS];
	used[BARISTA_ROW_BITS] = INFINITY;
	used[BARISTA_TILE_DIVIDES] = 1;
}

void barista_cluster_resources(const struct barista_model *model, struct barista_batch *b)
{
	static const enum barista_metric written[] = {
		BARISTA_DSP,   BARISTA_BRAM, BARISTA_LUT,      BARISTA_FF,           BARISTA_BOARDS,
		BARISTA_POWER, BARISTA_PEAK, BARISTA_ROW_BITS, BARISTA_TILE_DIVIDES,
	};
	struct cluster_chain chain;
	double used[BARISTA_NMETRICS];

	for (size_t i = 0; i < b->n; i++) {
		barista_cluster_chain(model, &b->points[i], &chain);
		board_blocks(model->dev, &chain, used);
		for (size_t m = 0; m < sizeof written / sizeof *written; m++)
			b->metric[written[m]][i] = used[written[m]];
	}
}

double barista_cluster_even_share_macs(const struct cluster_chain *chain, double before)
{
	size_t n = chain->setup.boards, i = 0;

	if (chain->setup.split == CLUSTER_SPLIT_FINE)
		return chain->edge_macs[n] / (double)n;
	while (i + 1 < n && chain->edge_macs[i + 1] <= before)
		i++;
	return chain->edge_macs[i + 1] - chain->edge_macs[i];
}

/* The boards hold exactly the MACs of the layer's GEMMs. */
static bool conserves(const struct barista_lowered *lowered, size_t l,
		      const struct cluster_chain *chain, double before)
{
	double macs = barista_cluster_macs(lowered, l), covered = 0;
	double lowered_macs = (double)lowered->layer_class[lowered->class_of[l]].ngemms *
			      (double)lowered->net->mac_layer[lowered->mac_layer[l]].macs;

	for (size_t i = 0; i < chain->setup.boards; i++)
		covered += barista_cluster_macs_on_board(chain, i, before, macs);
	return covered == macs && lowered_macs == macs;
}

static void point_times(const struct barista_model *model, struct barista_batch *b, size_t i)
{
	const struct barista_lowered *lowered = model->lowered;
	struct cluster_chain chain;
	double before = 0;

	barista_cluster_chain(model, &b->points[i], &chain);
	for (size_t l = 0; l < lowered->nlayers; l++) {
		double macs = barista_cluster_macs(lowered, l),
		       own = macs / barista_cluster_even_share_macs(&chain, before);

		b->class_time[lowered->class_of[l] * b->n + i] =
			macs / (own * chain.setup.macs_per_s);
		b->not_conserved[i] |= !conserves(lowered, l, &chain, before);
		before += macs;
	}
	b->metric[BARISTA_TIME][i] = barista_cluster_image_s(lowered, &chain);
}

void barista_cluster_times(const struct barista_model *model, struct barista_batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		point_times(model, b, i);
}
