/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What binds a chain, in a few words: a board or a link, and from how many boards on it is a link.
 */
#include "families/cluster/cluster.h"

#include <math.h>
#include <stdio.h>

/* The layer that has most of a board's work. */
static const char *main_layer(const struct barista_lowered *lowered,
			      const struct cluster_chain *chain, size_t board)
{
	double before = 0, most_macs = 0;
	size_t largest = 0;

	for (size_t l = 0; l < lowered->nlayers; l++) {
		double macs = barista_cluster_macs(lowered, l);
		double own = barista_cluster_macs_on_board(chain, board, before, macs);

		largest = own > most_macs ? l : largest;
		most_macs = fmax(most_macs, own);
		before += macs;
	}
	return lowered->name[largest];
}

/* The layer that a link cuts, or that ends there. */
static const char *layer_at(const struct barista_lowered *lowered, double edge_macs)
{
	double end = barista_cluster_macs(lowered, 0);
	size_t l = 0;

	while (end < edge_macs && l + 1 < lowered->nlayers)
		end += barista_cluster_macs(lowered, ++l);
	return lowered->name[l];
}

static bool activations_bind(const struct cluster_chain *chain)
{
	double words = 0;

	for (size_t x = 1; x < chain->setup.boards; x++)
		words = fmax(words, chain->words[x]);
	return chain->setup.word_bits * words / chain->setup.link_bits_per_s > chain->compute_s;
}

/* The fewest boards, with the same split, with which activations alone keep the boards waiting; 0:
 * no chain has so many. */
static size_t first_link_bound(const struct barista_model *model, struct barista_point point)
{
	struct cluster_chain chain;

	for (size_t n = 2; n <= CLUSTER_MAX_BOARDS; n++) {
		point.knob[CLUSTER_BOARDS] = (double)n;
		barista_cluster_chain(model, &point, &chain);
		if (activations_bind(&chain))
			return n;
	}
	return 0;
}

void barista_cluster_bottleneck(const struct barista_model *model,
				const struct barista_point *point, char *buf, size_t size)
{
	size_t first = first_link_bound(model, *point), n;
	struct cluster_chain chain;
	char outlook[64] = "activations never fill the links";

	barista_cluster_chain(model, point, &chain);
	n = chain.setup.boards;
	if (first)
		snprintf(outlook, sizeof outlook, "activations fill the links first at %zu boards",
			 first);
	if (chain.link_s > chain.compute_s)
		snprintf(buf, size, "link behind board %zu of %zu (%s)%s; %s", chain.slowest_link,
			 n, layer_at(model->lowered, chain.edge_macs[chain.slowest_link]),
			 chain.spilled_bits[chain.slowest_link] > 0 ? " with what spills" : "",
			 outlook);
	else
		snprintf(buf, size, "compute: board %zu of %zu (%s); %s", chain.busiest_board + 1,
			 n, main_layer(model->lowered, &chain, chain.busiest_board), outlook);
}
