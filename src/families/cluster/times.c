/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The times of chains, a batch at a time: of an image, and of each layer on its share of the
 * boards.
 */
#include "families/cluster/cluster.h"
#include "network/workload.h"

/* The boards hold exactly the MACs of the layer's GEMMs. */
static bool conserves_macs(const struct barista_lowered *lowered, size_t l,
			   const struct cluster_chain *chain, double before)
{
	const struct barista_layer_class *class = &lowered->layer_class[lowered->class_of[l]];
	double gemm_macs =
		(double)class->ngemms * (double)lowered->net->mac_layer[lowered->mac_layer[l]].macs;
	double macs = barista_cluster_macs(lowered, l), covered = 0;

	for (size_t i = 0; i < chain->setup.boards; i++)
		covered += barista_cluster_macs_on_board(chain, i, before, macs);
	return covered == macs && gemm_macs == macs;
}

/* t_comp = A_l/(n_l * rate of a board), with the layer's share n_l of the boards. */
static void point_times(const struct barista_model *model, struct barista_batch *b, size_t i)
{
	const struct barista_lowered *lowered = model->lowered;
	struct cluster_chain chain;
	double before = 0;

	barista_cluster_chain(model, &b->points[i], &chain);
	for (size_t l = 0; l < lowered->nlayers; l++) {
		double macs = barista_cluster_macs(lowered, l);
		double boards = macs / barista_cluster_even_share_macs(&chain, before);

		b->class_time[lowered->class_of[l] * b->n + i] =
			macs / (boards * chain.setup.macs_per_s);
		b->not_conserved[i] |= !conserves_macs(lowered, l, &chain, before);
		before += macs;
	}
	b->metric[BARISTA_TIME][i] = barista_cluster_image_s(lowered, &chain);
}

void barista_cluster_times(const struct barista_model *model, struct barista_batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		point_times(model, b, i);
}
