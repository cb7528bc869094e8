/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The fine-grained split: every board gets 1/N of the work, rounded to whole channels of the layer
 * that is cut. A layer is cut by output channels or by input channels, the same way at all its
 * cuts, because FPDeep's formulas of the words hold for one way only; and a layer with three input
 * channels splits badly by them. Which way each layer is cut is chosen so that the interval of the
 * chain is the least possible (derived), by dynamic programming:
 *  1. Link x lies where x/N of all MACs are before it. The layer there is cut in either way, at the
 *     nearest whole channel: two places, with the words that cross at each.
 *  2. The least possible of the largest time up to link x, its layer cut in one way, is the largest
 *     of the link's own time and, for the better way of link x - 1, of its least and of the time of
 *     the board between the two cuts. Two links in one layer have the same way.
 *  3. From the end of the chain the ways that gave the least are followed back.
 * It costs four comparisons a board.
 */
#include "families/cluster/cluster.h"
#include "network/workload.h"

#include <math.h>

enum { BY_OUTPUTS, BY_INPUTS, WAYS }; /* as chain->by_inputs */

struct cut {
	double edge_macs, words;
};

/* A link, its layer cut in each way. */
struct link {
	size_t layer;
	struct cut cut[WAYS];
	double least_s[WAYS];             /* least possible of the largest time up to here */
	unsigned char previous_way[WAYS]; /* the way of the link before that gives it */
};

/* Words per image and direction over a link with the share `phi` of a layer before it (FPDeep): cut
 * by outputs all inputs cross, and the outputs made so far; cut by inputs all outputs do, and the
 * inputs still to be used. */
static double words_over(double in, double out, double phi, int way)
{
	return way == BY_INPUTS ? out + (1 - phi) * in : in + phi * out;
}

/* Cuts layer l, with `before` MACs before it, where part/whole of its own lie before the link:
 * whole numbers, so that halves round up wherever they are. When no channel, or every one, lies
 * before the link, it runs between two layers. */
static struct cut cut_layer(const struct barista_lowered *lowered, size_t l, double before,
			    double part, double whole, int way)
{
	const struct barista_mac_layer *layer = &lowered->net->mac_layer[lowered->mac_layer[l]];
	double channels = (double)(way == BY_INPUTS ? layer->cin : layer->cout);
	double first = floor(part * channels / whole + 0.5); /* channels before the link */
	double macs = barista_cluster_macs(lowered, l);
	double in = barista_cluster_words_in(lowered, l);
	double out = barista_cluster_words_out(lowered, l);

	if (first <= 0)
		return (struct cut){before, l ? barista_cluster_words_out(lowered, l - 1) : in};
	if (first >= channels)
		return (struct cut){before + macs, out};
	return (struct cut){before + first * (macs / channels),
			    words_over(in, out, first / channels, way)};
}

/* Step 1, for links 1 to N - 1. */
static void cut_all(const struct barista_lowered *lowered, double total_macs, size_t boards,
		    struct link *link)
{
	double before = 0, n = (double)boards;
	size_t l = 0;

	for (size_t x = 1; x < boards; x++) {
		double place = (double)x * total_macs; /* N times the MACs before the link */

		while (l + 1 < lowered->nlayers &&
		       place > n * (before + barista_cluster_macs(lowered, l)))
			before += barista_cluster_macs(lowered, l++);
		link[x].layer = l;
		for (int way = 0; way < WAYS; way++)
			link[x].cut[way] = cut_layer(lowered, l, before, place - n * before,
						     n * barista_cluster_macs(lowered, l), way);
	}
}

/* The least possible of the largest time of all links and boards before a place, and the way of the
 * last link before it that gives it. */
static double least_time_to(const struct cluster_setup *setup, const struct link *last,
			    double edge_macs, bool same_layer, int way, unsigned char *last_way)
{
	double least_s = INFINITY;

	for (int w = 0; w < WAYS; w++) {
		double board_s = (edge_macs - last->cut[w].edge_macs) / setup->macs_per_s;
		double largest_s = fmax(last->least_s[w], board_s);

		if ((same_layer && w != way) || !(largest_s < least_s))
			continue;
		least_s = largest_s;
		*last_way = (unsigned char)w;
	}
	return least_s;
}

/* Step 2. */
static void find_least_times(const struct cluster_setup *setup, struct link *link)
{
	for (size_t x = 1; x < setup->boards; x++) {
		struct link *k = &link[x];
		bool same_layer = x > 1 && k->layer == k[-1].layer;

		for (int way = 0; way < WAYS; way++) {
			double least_s = least_time_to(setup, k - 1, k->cut[way].edge_macs,
						       same_layer, way, &k->previous_way[way]);
			double link_s =
				setup->word_bits * k->cut[way].words / setup->link_bits_per_s;

			k->least_s[way] = fmax(least_s, link_s);
		}
	}
}

/* Link 0 stands for the beginning of the chain. */
void barista_cluster_split_fine(const struct barista_lowered *lowered, struct cluster_chain *chain)
{
	size_t n = chain->setup.boards;
	double total_macs = barista_cluster_total_macs(lowered);
	struct link link[CLUSTER_MAX_BOARDS];
	unsigned char way = BY_OUTPUTS;

	link[0] = (struct link){.layer = 0};
	cut_all(lowered, total_macs, n, link);
	find_least_times(&chain->setup, link);
	least_time_to(&chain->setup, &link[n - 1], total_macs, false, BY_OUTPUTS, &way);
	chain->edge_macs[0] = 0;
	chain->edge_macs[n] = total_macs;
	for (size_t x = n - 1; x > 0; x--) {
		chain->edge_macs[x] = link[x].cut[way].edge_macs;
		chain->words[x] = link[x].cut[way].words;
		chain->by_inputs[x] = way;
		way = link[x].previous_way[way];
	}
}
