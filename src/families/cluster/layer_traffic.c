/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one layer brings to the chain: work, words, delays and what it keeps. Layers stand in the
 * file's order, so that branches are put one behind the other. Derived from FPDeep. */
#include "families/cluster/cluster.h"
#include "network/workload.h"

#include <math.h>

static const struct barista_mac_layer *layer_at(const struct barista_lowered *lowered, size_t l)
{
	return &lowered->net->mac_layer[lowered->mac_layer[l]];
}

double barista_cluster_macs(const struct barista_lowered *lowered, size_t l)
{
	const struct barista_mac_layer *layer = layer_at(lowered, l);

	return (double)layer->macs * (1 + layer->input_gradient + layer->weight_gradient);
}

double barista_cluster_words_in(const struct barista_lowered *lowered, size_t l)
{
	const struct barista_mac_layer *layer = layer_at(lowered, l);

	return (double)layer->cin * (double)layer->h * (double)layer->w;
}

/* What the next layer reads is all that need be sent: pooling comes before the link. */
double barista_cluster_words_out(const struct barista_lowered *lowered, size_t l)
{
	const struct barista_mac_layer *layer = layer_at(lowered, l);
	double out = (double)layer->cout * (double)layer->oh * (double)layer->ow;

	return l + 1 < lowered->nlayers ? fmin(out, barista_cluster_words_in(lowered, l + 1)) : out;
}

/* A layer starts when the rows below its kernel are there; the holes of a dilated one count. */
double barista_cluster_row_delay(const struct barista_lowered *lowered, size_t l)
{
	const struct barista_mac_layer *layer = layer_at(lowered, l);

	return ((double)(layer->kh - 1) * (double)layer->dil_h + 1) / (double)layer->h;
}

double barista_cluster_weights(const struct barista_lowered *lowered, size_t l)
{
	return (double)layer_at(lowered, l)->weights;
}

double barista_cluster_weight_copies(const struct barista_lowered *lowered, size_t l)
{
	return layer_at(lowered, l)->weight_gradient ? 2 : 1;
}

/* 1 + 2 * (sum of K/H from this layer on), by FPDeep: an image passes row by row, and while its
 * error comes back, as many images follow as the last layer ends rows behind this one, there and
 * back. In simulation, with G groups of rows per image and two places at every board,
 * ceil(D_1 + 2N/G) + 1 images in flight lose no time. Without gradients a feature is only kept for
 * the rows that still need it. */
double barista_cluster_images_kept(const struct barista_lowered *lowered, size_t l, double delays)
{
	return lowered->training ? 1 + 2 * delays : barista_cluster_row_delay(lowered, l);
}

/* S_feat + S_wgt: In*images*b + c*b*W. */
double barista_cluster_layer_bits(const struct barista_lowered *lowered, size_t l, double delays,
				  double word_bits)
{
	double feature_bits = barista_cluster_words_in(lowered, l) *
			      barista_cluster_images_kept(lowered, l, delays) * word_bits;

	return feature_bits + barista_cluster_weight_copies(lowered, l) * word_bits *
				      barista_cluster_weights(lowered, l);
}

double barista_cluster_total_macs(const struct barista_lowered *lowered)
{
	double sum = 0;

	for (size_t l = 0; l < lowered->nlayers; l++)
		sum += barista_cluster_macs(lowered, l);
	return sum;
}

double barista_cluster_total_row_delay(const struct barista_lowered *lowered)
{
	double sum = 0;

	for (size_t l = 0; l < lowered->nlayers; l++)
		sum += barista_cluster_row_delay(lowered, l);
	return sum;
}

double barista_cluster_images_per_update(const struct barista_lowered *lowered)
{
	return (double)lowered->net->batch * (double)lowered->net->iterations;
}

double barista_cluster_link_bound_drain(double delays)
{
	return 1 + 2 * delays;
}
