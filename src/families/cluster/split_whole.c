/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole-layer split: contiguous groups of layers, a board each, so that the slowest board is as
 * fast as it can be, and among those with the fewest words over any boundary. Both limits are found
 * exactly, by halving the whole numbers that they can be; boards behind the last group stay empty.
 */
#include "families/cluster/cluster.h"

#include "barista/family.h"

#include <math.h>

/* Fills boards as far as they go, ending them only where few enough words cross: no way needs fewer
 * boards. */
static bool group(const struct barista_lowered *lowered, double most_macs, double most_words,
		  struct cluster_chain *chain)
{
	double begin = 0, end = 0, mark = 0, mark_words = 0, macs;
	size_t n = 0;

	for (size_t l = 0; l < lowered->nlayers; l++, end += macs) {
		macs = barista_cluster_macs(lowered, l);
		if (l && barista_cluster_words_out(lowered, l - 1) <= most_words) {
			mark = end;
			mark_words = barista_cluster_words_out(lowered, l - 1);
		}
		if (end + macs - begin <= most_macs)
			continue;
		if (end + macs - mark > most_macs || ++n == chain->setup.boards)
			return false;
		chain->edge_macs[n] = begin = mark;
		chain->words[n] = mark_words;
		chain->by_inputs[n] = 0;
	}
	while (++n <= chain->setup.boards) {
		chain->edge_macs[n] = end;
		chain->words[n] = 0;
		chain->by_inputs[n] = 0;
	}
	return true;
}

/* Halves [lo, hi] down to the least whole limit, of MACs or of words; hi is known to do. 64 steps
 * reach any number below 2^53. */
static double least(const struct barista_lowered *lowered, double hi, const double *macs,
		    struct cluster_chain *chain)
{
	double lo = 0;

	for (int i = 0; i < 64 && lo < hi; i++) {
		double middle = floor((lo + hi) / 2);

		if (group(lowered, macs ? *macs : middle, macs ? middle : (double)INFINITY, chain))
			hi = middle;
		else
			lo = middle + 1;
	}
	return hi;
}

void barista_cluster_split_whole(const struct barista_lowered *lowered, struct cluster_chain *chain)
{
	double macs, words = 0;

	for (size_t l = 0; l < lowered->nlayers; l++)
		words = fmax(words, barista_cluster_words_out(lowered, l));
	chain->edge_macs[0] = 0;
	macs = least(lowered, barista_cluster_total_macs(lowered), NULL, chain);
	words = least(lowered, words, &macs, chain);
	group(lowered, macs, words, chain);
}
