/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How the work of a layer lies on the boards of a chain. */
#include "families/cluster/cluster.h"

#include <math.h>

size_t barista_cluster_first_board(const struct cluster_chain *chain, size_t from, double before)
{
	while (from + 1 < chain->setup.boards && chain->edge_macs[from + 1] <= before)
		from++;
	return from;
}

double barista_cluster_macs_on_board(const struct cluster_chain *chain, size_t board, double before,
				     double macs)
{
	double begin = fmax(chain->edge_macs[board], before);
	double end = fmin(chain->edge_macs[board + 1], before + macs);

	return fmax(0, end - begin);
}

double barista_cluster_even_share_macs(const struct cluster_chain *chain, double before)
{
	size_t n = chain->setup.boards, i = barista_cluster_first_board(chain, 0, before);

	if (chain->setup.split == CLUSTER_SPLIT_FINE)
		return chain->edge_macs[n] / (double)n;
	return chain->edge_macs[i + 1] - chain->edge_macs[i];
}
