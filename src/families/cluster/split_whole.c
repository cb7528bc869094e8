/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole-layer split: contiguous groups of layers, a board each. The slowest board is as fast as
 * it can be and, among such splits, the link with the most words has the fewest.
 *  1. With limits on the MACs of a board and the words of a link, boards are filled as far as they
 *     go, and end only where few enough words cross. No other way needs fewer boards, so that the
 *     limits can be kept if and only if this one has enough of them.
 *  2. The least limit of MACs, with any words, is found by halving the whole numbers that it can
 * be.
 *  3. With that limit, so is the least limit of words.
 * Boards behind the last group stay empty. It costs a pass over the layers for each halving.
 */
#include "families/cluster/cluster.h"

#include <math.h>

static void end_board(struct cluster_chain *chain, size_t board, double edge_macs, double words)
{
	chain->edge_macs[board] = edge_macs;
	chain->words[board] = words;
	chain->by_inputs[board] = 0;
}

/* Step 1; false: there are too few boards. A board must end by the last cut that is allowed. */
static bool fill_boards(const struct barista_lowered *lowered, double max_macs, double max_words,
			struct cluster_chain *chain)
{
	double begin = 0, before = 0; /* MACs before the board, before the layer */
	double cut = 0, cut_words = 0, macs;
	size_t n = 0;

	for (size_t l = 0; l < lowered->nlayers; l++, before += macs) {
		macs = barista_cluster_macs(lowered, l);
		if (l && barista_cluster_words_out(lowered, l - 1) <= max_words) {
			cut = before;
			cut_words = barista_cluster_words_out(lowered, l - 1);
		}
		if (before + macs - begin <= max_macs)
			continue;
		if (before + macs - cut > max_macs || ++n == chain->setup.boards)
			return false;
		end_board(chain, n, cut, cut_words);
		begin = cut;
	}
	while (++n <= chain->setup.boards)
		end_board(chain, n, before, 0);
	return true;
}

/* Steps 2 and 3: the least whole limit of MACs or, when that is given, of words. `hi` can be kept.
 * 64 halvings reach any number below 2^53. */
static double least_limit(const struct barista_lowered *lowered, double hi, const double *max_macs,
			  struct cluster_chain *chain)
{
	double lo = 0;

	for (int i = 0; i < 64 && lo < hi; i++) {
		double middle = floor((lo + hi) / 2);
		bool kept = max_macs ? fill_boards(lowered, *max_macs, middle, chain)
				     : fill_boards(lowered, middle, (double)INFINITY, chain);

		if (kept)
			hi = middle;
		else
			lo = middle + 1;
	}
	return hi;
}

void barista_cluster_split_whole(const struct barista_lowered *lowered, struct cluster_chain *chain)
{
	double max_macs, max_words = 0;

	for (size_t l = 0; l < lowered->nlayers; l++)
		max_words = fmax(max_words, barista_cluster_words_out(lowered, l));
	chain->edge_macs[0] = 0;
	max_macs = least_limit(lowered, barista_cluster_total_macs(lowered), NULL, chain);
	max_words = least_limit(lowered, max_words, &max_macs, chain);
	fill_boards(lowered, max_macs, max_words, chain);
}
