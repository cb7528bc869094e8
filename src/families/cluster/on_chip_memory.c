/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the boards keep on chip, in bits and not in banks, which makes it a lower bound. Derived
 * from FPDeep.
 *  1. A board keeps its shares, in proportion to its work, of each layer's features until the
 *     backward pass has used them, and of its weights and their gradients.
 *  2. If all boards together have room, what one has too much goes to the nearest that have room
 *     left. It crosses the links on the way once per image in both directions.
 * Step 2 costs at most the square of the boards, and each move a pass over the links on its way.
 */
#include "families/cluster/cluster.h"

#include <math.h>

/* Step 1. Boards and layers are both in the order of the chain, so that boards which end before a
 * layer begins have nothing of the later ones either. */
static void share_out(const struct barista_lowered *lowered, struct cluster_chain *chain)
{
	double before = 0, delays = barista_cluster_total_row_delay(lowered);
	size_t n = chain->setup.boards, first = 0;

	for (size_t l = 0; l < lowered->nlayers; l++) {
		double macs = barista_cluster_macs(lowered, l);
		double bits =
			barista_cluster_layer_bits(lowered, l, delays, chain->setup.word_bits);

		first = barista_cluster_first_board(chain, first, before);
		for (size_t i = first; i < n && chain->edge_macs[i] < before + macs; i++) {
			double own = barista_cluster_macs_on_board(chain, i, before, macs);

			chain->wanted_bits[i] += bits * (own / macs);
		}
		before += macs;
		delays -= barista_cluster_row_delay(lowered, l);
	}
}

/* Moves what board `from` has too much to board `to`, as far as that has room; returns what is
 * still too much. */
static double move_bits(struct cluster_chain *chain, double *kept_bits, size_t from, size_t to)
{
	double over = kept_bits[from] - chain->setup.usable_bits;
	double room = chain->setup.usable_bits - kept_bits[to], bits = fmin(over, room);
	size_t low = from < to ? from : to, high = from < to ? to : from;

	if (!(bits > 0))
		return fmax(over, 0);
	kept_bits[from] -= bits;
	kept_bits[to] += bits;
	for (size_t link = low + 1; link <= high; link++)
		chain->spilled_bits[link] += bits;
	return over - bits;
}

/* Step 2: the nearest boards first and, at the same distance, the one with the lower number. */
static void spill(struct cluster_chain *chain)
{
	size_t n = chain->setup.boards;
	double kept_bits[CLUSTER_MAX_BOARDS], left = 1;

	for (size_t i = 0; i < n; i++)
		kept_bits[i] = chain->wanted_bits[i];
	for (size_t distance = 1; distance < n && left > 0; distance++) {
		left = 0;
		for (size_t i = 0; i < n; i++) {
			double over = fmax(kept_bits[i] - chain->setup.usable_bits, 0);

			if (over > 0 && i >= distance)
				over = move_bits(chain, kept_bits, i, i - distance);
			if (over > 0 && i + distance < n)
				over = move_bits(chain, kept_bits, i, i + distance);
			left += over;
		}
	}
}

/* Of a chain without room the mean counts: with it the chain is over the budget of block RAMs. */
void barista_cluster_place_on_chip(const struct barista_lowered *lowered,
				   struct cluster_chain *chain)
{
	size_t n = chain->setup.boards;
	double usable = chain->setup.usable_bits, sum = 0, most = 0;

	for (size_t i = 0; i < n; i++)
		chain->wanted_bits[i] = chain->spilled_bits[i] = 0;
	share_out(lowered, chain);
	for (size_t i = 0; i < n; i++) {
		sum += chain->wanted_bits[i];
		most = fmax(most, chain->wanted_bits[i]);
	}
	chain->fits = sum <= (double)n * usable;
	chain->fullest_bits = chain->fits ? fmin(most, usable) : sum / (double)n;
	if (chain->fits && most > usable)
		spill(chain);
}
