/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fine-grained split: every board gets 1/N of the work, rounded to whole channels of the layer
 * that is cut. A layer that lies on several boards is split by output channels or by input
 * channels, the same way at all its cuts: the formulas of the words hold for one way only, and a
 * layer with three input channels splits badly by them. Which way each layer is split makes the
 * interval of the chain least, found exactly: it is a path through the boundaries that makes the
 * largest of its steps least. Words by FPDeep; the choice is derived. */
#include "families/cluster/cluster.h"

#include "barista/family.h"
#include "network/workload.h"

#include <math.h>

enum { BY_OUTPUTS, BY_INPUTS, WAYS }; /* as chain->by_inputs */

struct cut {
	double edge, words;
};

/* A boundary, cut either way. */
struct boundary {
	size_t layer;
	struct cut cut[WAYS];
	double worst_s[WAYS];     /* least possible of the largest time up to here */
	unsigned char from[WAYS]; /* the way of the boundary before that reaches it */
};

/* The layer has `before` MACs before it; part/whole of its own lies before the boundary, not yet
 * rounded: whole numbers, so that halves round up wherever they are. What lies on one side of the
 * boundary only is not cut: then that runs between two layers. */
static struct cut cut_layer(const struct barista_lowered *lowered, size_t l, double before,
			    double part, double whole, int way)
{
	const struct barista_mac_layer *layer = &lowered->net->mac_layer[lowered->mac_layer[l]];
	double units = (double)(way == BY_INPUTS ? layer->cin : layer->cout),
	       macs = barista_cluster_macs(lowered, l);
	double left = floor(part * units / whole + 0.5);
	double in = barista_cluster_words_in(lowered, l),
	       out = barista_cluster_words_out(lowered, l);

	if (left <= 0)
		return (struct cut){before, l ? barista_cluster_words_out(lowered, l - 1) : in};
	if (left >= units)
		return (struct cut){before + macs, out};
	return (struct cut){before + left * (macs / units),
			    way == BY_INPUTS
				    ? barista_cluster_words_by_inputs(in, out, left / units)
				    : barista_cluster_words_by_outputs(in, out, left / units)};
}

/* boundary[x] for x of 1 to N - 1 */
static void cut_all(const struct barista_lowered *lowered, double total, size_t boards,
		    struct boundary *boundary)
{
	double before = 0;
	size_t l = 0;

	for (size_t x = 1; x < boards; x++) {
		double place = (double)x * total;

		while (l + 1 < lowered->nlayers &&
		       place > (double)boards * (before + barista_cluster_macs(lowered, l)))
			before += barista_cluster_macs(lowered, l++);
		boundary[x].layer = l;
		for (int way = 0; way < WAYS; way++)
			boundary[x].cut[way] =
				cut_layer(lowered, l, before, place - (double)boards * before,
					  (double)boards * barista_cluster_macs(lowered, l), way);
	}
}

/* The largest time up to a place, by the better of the ways that lead there. */
static double reach(const struct cluster_setup *set, const struct boundary *last, double edge,
		    bool same_layer, int way, unsigned char *from)
{
	double best = INFINITY;

	for (int before = 0; before < WAYS; before++) {
		double board_s = (edge - last->cut[before].edge) / set->macs_per_s;
		double worst = fmax(last->worst_s[before], board_s);

		if ((same_layer && before != way) || !(worst < best))
			continue;
		best = worst;
		*from = (unsigned char)before;
	}
	return best;
}

static void choose(const struct cluster_setup *set, struct boundary *boundary)
{
	for (size_t x = 1; x < set->boards; x++) {
		struct boundary *b = &boundary[x];

		for (int way = 0; way < WAYS; way++) {
			bool same = x > 1 && b->layer == b[-1].layer;
			double worst =
				reach(set, b - 1, b->cut[way].edge, same, way, &b->from[way]);

			b->worst_s[way] = fmax(worst, set->word_bits * b->cut[way].words /
							      set->link_bits_per_s);
		}
	}
}

void barista_cluster_split_fine(const struct barista_lowered *lowered, struct cluster_chain *chain)
{
	size_t n = chain->setup.boards;
	double total = barista_cluster_total_macs(lowered);
	struct boundary boundary[CLUSTER_MAX_BOARDS];
	unsigned char way = BY_OUTPUTS;

	boundary[0] = (struct boundary){.layer = 0};
	cut_all(lowered, total, n, boundary);
	choose(&chain->setup, boundary);
	reach(&chain->setup, &boundary[n - 1], total, false, BY_OUTPUTS, &way);
	chain->edge_macs[0] = 0;
	chain->edge_macs[n] = total;
	for (size_t x = n - 1; x > 0; x--) {
		chain->edge_macs[x] = boundary[x].cut[way].edge;
		chain->words[x] = boundary[x].cut[way].words;
		chain->by_inputs[x] = way;
		way = boundary[x].from[way];
	}
}
