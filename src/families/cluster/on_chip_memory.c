/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the boards keep on chip, in bits (not in banks: a lower bound): their shares of the
 * features, until the backward pass has used them, and of the weights and gradients. What a board
 * has no room for goes to the nearest boards that have, and crosses the links between once per
 * image in both directions. Derived from FPDeep. */
#include "families/cluster/cluster.h"

#include "barista/family.h"

#include <math.h>

double barista_cluster_macs_on_board(const struct cluster_chain *chain, size_t board, double before,
				     double macs)
{
	return fmax(0, fmin(chain->edge_macs[board + 1], before + macs) -
			       fmax(chain->edge_macs[board], before));
}

static void share_out(const struct barista_lowered *lowered, struct cluster_chain *chain)
{
	double before = 0, delays = barista_cluster_total_row_delay(lowered);
	size_t first = 0;

	for (size_t l = 0; l < lowered->nlayers; l++) {
		double macs = barista_cluster_macs(lowered, l);
		double bits =
			barista_cluster_layer_bits(lowered, l, delays, chain->setup.word_bits);

		while (first + 1 < chain->setup.boards && chain->edge_macs[first + 1] <= before)
			first++;
		for (size_t i = first;
		     i < chain->setup.boards && chain->edge_macs[i] < before + macs; i++)
			chain->wanted_bits[i] +=
				bits *
				(barista_cluster_macs_on_board(chain, i, before, macs) / macs);
		before += macs;
		delays -= barista_cluster_row_delay(lowered, l);
	}
}

/* Moves what board `from` has too much to board `to`, as far as that has room; the bits still over.
 */
static double move(struct cluster_chain *chain, double *kept, size_t from, size_t to)
{
	double over = kept[from] - chain->setup.usable_bits,
	       room = chain->setup.usable_bits - kept[to];
	double bits = fmin(over, room);

	if (!(bits > 0))
		return fmax(over, 0);
	kept[from] -= bits;
	kept[to] += bits;
	for (size_t x = (from < to ? from : to) + 1; x <= (from < to ? to : from); x++)
		chain->spilled_bits[x] += bits;
	return over - bits;
}

/* The nearest first; at the same distance the board with the lower number. */
static void spill(struct cluster_chain *chain)
{
	size_t n = chain->setup.boards;
	double kept[CLUSTER_MAX_BOARDS], left = 1;

	for (size_t i = 0; i < n; i++)
		kept[i] = chain->wanted_bits[i];
	for (size_t d = 1; d < n && left > 0; d++) {
		left = 0;
		for (size_t i = 0; i < n; i++) {
			double over = fmax(kept[i] - chain->setup.usable_bits, 0);

			if (over > 0 && i >= d)
				over = move(chain, kept, i, i - d);
			if (over > 0 && i + d < n)
				over = move(chain, kept, i, i + d);
			left += over;
		}
	}
}

void barista_cluster_place_on_chip(const struct barista_lowered *lowered,
				   struct cluster_chain *chain)
{
	size_t n = chain->setup.boards;
	double sum = 0, most = 0;

	for (size_t i = 0; i < n; i++)
		chain->wanted_bits[i] = chain->spilled_bits[i] = 0;
	share_out(lowered, chain);
	for (size_t i = 0; i < n; i++) {
		sum += chain->wanted_bits[i];
		most = fmax(most, chain->wanted_bits[i]);
	}
	chain->fits = sum <= (double)n * chain->setup.usable_bits;
	chain->fullest_bits = chain->fits ? fmin(most, chain->setup.usable_bits) : sum / (double)n;
	if (chain->fits && most > chain->setup.usable_bits)
		spill(chain);
}
