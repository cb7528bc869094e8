/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chain of a point: what a board is, where the layers and what they keep lie on the boards, and
 * how long an image takes. */
#include "families/cluster/cluster.h"
#include "model/bram.h"
#include "model/device.h"
#include "model/frequency.h"
#include "model/precision.h"
#include "network/workload.h"

#include <math.h>

/* All DSPs that the rules leave are multipliers, and the share u of them works. That fewer may
 * route is a matter of the board: rules.usable_dsp says it. */
static struct cluster_setup setup_of(const struct barista_model *model,
				     const struct barista_point *point)
{
	const struct barista_device *dev = model->dev;
	const struct barista_quantity *param = dev->param;
	enum barista_precision p =
		barista_pass_precision(point->knob[CLUSTER_PRECISION], BARISTA_FWD);
	double dsps = param[BARISTA_RES_DSP].value;
	struct cluster_setup s = {
		.boards = (size_t)point->knob[CLUSTER_BOARDS],
		.split = (int)point->knob[CLUSTER_SPLIT],
		.precision = p,
		.word_bits = barista_precision_defs[p].bits,
		.link_bits_per_s = param[BARISTA_LINK_BANDWIDTH].value,
		.dsp = floor(param[BARISTA_USABLE_DSP].value * dsps),
		.block_bits = barista_block_bits(dev->block_ram),
	};

	s.clock_hz = param[BARISTA_CLOCK].value *
		     barista_clock_left(s.dsp / dsps, param[BARISTA_DERATE_ABOVE].value,
					param[BARISTA_DERATE_SLOPE].value);
	s.macs_per_s = param[BARISTA_CHAIN_USE].value * s.dsp * s.clock_hz /
		       dev->pe[p][BARISTA_PE_DSP].value;
	s.usable_bits = floor(param[BARISTA_USABLE_BRAM].value * param[BARISTA_RES_BRAM].value) *
			s.block_bits;
	return s;
}

/* t_chain = max(t_busiest, t_narrowest) by FPDeep. */
static void find_slowest(struct cluster_chain *chain)
{
	const struct cluster_setup *setup = &chain->setup;
	double most_macs = 0, most_bits = 0;

	chain->busiest_board = chain->slowest_link = 0;
	for (size_t i = 0; i < setup->boards; i++) {
		double macs = chain->edge_macs[i + 1] - chain->edge_macs[i];

		chain->busiest_board = macs > most_macs ? i : chain->busiest_board;
		most_macs = fmax(most_macs, macs);
	}
	for (size_t x = 1; x < setup->boards; x++) {
		double bits = setup->word_bits * chain->words[x] + chain->spilled_bits[x];

		chain->slowest_link = bits > most_bits ? x : chain->slowest_link;
		most_bits = fmax(most_bits, bits);
	}
	chain->compute_s = most_macs / setup->macs_per_s;
	chain->link_s = most_bits / setup->link_bits_per_s;
	chain->interval_s = fmax(chain->compute_s, chain->link_s);
}

/* Adds a layer's forward MACs to those of its boards. */
static void add_forward(const struct cluster_chain *chain, const struct barista_mac_layer *layer,
			double before, double macs, size_t first, double *forward_macs)
{
	double share = (double)layer->macs / macs;

	for (size_t i = first; i < chain->setup.boards && chain->edge_macs[i] < before + macs; i++)
		forward_macs[i] += share * barista_cluster_macs_on_board(chain, i, before, macs);
}

/* The longest forward and the longest backward work of a board. Each pass of a layer is as much
 * work as its forward pass. */
static void find_passes(const struct barista_lowered *lowered, struct cluster_chain *chain)
{
	double forward_macs[CLUSTER_MAX_BOARDS] = {0}, before = 0;
	double macs_per_s = chain->setup.macs_per_s;
	size_t n = chain->setup.boards, first = 0;

	for (size_t l = 0; l < lowered->nlayers; l++) {
		double macs = barista_cluster_macs(lowered, l);

		first = barista_cluster_first_board(chain, first, before);
		add_forward(chain, &lowered->net->mac_layer[lowered->mac_layer[l]], before, macs,
			    first, forward_macs);
		before += macs;
	}
	chain->forward_s = chain->backward_s = 0;
	for (size_t i = 0; i < n; i++) {
		double all = chain->edge_macs[i + 1] - chain->edge_macs[i];

		chain->forward_s = fmax(chain->forward_s, forward_macs[i] / macs_per_s);
		chain->backward_s = fmax(chain->backward_s, (all - forward_macs[i]) / macs_per_s);
	}
}

void barista_cluster_chain(const struct barista_model *model, const struct barista_point *point,
			   struct cluster_chain *out)
{
	out->setup = setup_of(model, point);
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
 * 2*(sum of K/H) is what a link that binds makes of it. The form is derived, from simulation. */
double barista_cluster_drain(const struct barista_lowered *lowered,
			     const struct cluster_chain *chain)
{
	double lone_s =
		fmax(chain->forward_s, chain->link_s) + fmax(chain->backward_s, chain->link_s);

	return lone_s / chain->interval_s * (1 + barista_cluster_total_row_delay(lowered)) - 1;
}

/* t_image = t_chain * (m + D_m)/m; without gradients nothing is updated, so that nothing drains. */
double barista_cluster_image_s(const struct barista_lowered *lowered,
			       const struct cluster_chain *chain)
{
	double images = barista_cluster_images_per_update(lowered);
	double drain = lowered->training ? barista_cluster_drain(lowered, chain) : 0;

	return chain->interval_s * ((images + drain) / images);
}

/* Where A/N of the MACs take as long as the link, N_lin = A*B/(b*macs_per_s*words) by FPDeep. */
double barista_cluster_linear_boards(const struct barista_lowered *lowered,
				     const struct cluster_setup *setup, double words)
{
	return barista_cluster_total_macs(lowered) * setup->link_bits_per_s /
	       (setup->word_bits * setup->macs_per_s * words);
}
