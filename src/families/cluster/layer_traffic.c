/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a layer brings to the chain. Layers stand in the file's order; branches are put one behind
 * the other. Derived from FPDeep. */
#include "families/cluster/cluster.h"

#include "barista/family.h"
#include "network/workload.h"

#include <math.h>

static const struct barista_mac_layer *layer(const struct barista_lowered *lowered, size_t l)
{
	return &lowered->net->mac_layer[lowered->mac_layer[l]];
}

double barista_cluster_macs(const struct barista_lowered *lowered, size_t l)
{
	const struct barista_mac_layer *it = layer(lowered, l);

	return (double)it->macs * (1 + it->input_gradient + it->weight_gradient);
}

double barista_cluster_words_in(const struct barista_lowered *lowered, size_t l)
{
	const struct barista_mac_layer *it = layer(lowered, l);

	return (double)it->cin * (double)it->h * (double)it->w;
}

/* What the next layer reads is all that need be sent: pooling comes before the link. */
double barista_cluster_words_out(const struct barista_lowered *lowered, size_t l)
{
	const struct barista_mac_layer *it = layer(lowered, l);
	double out = (double)it->cout * (double)it->oh * (double)it->ow;

	return l + 1 < lowered->nlayers ? fmin(out, barista_cluster_words_in(lowered, l + 1)) : out;
}

/* A layer starts when the rows below its kernel are there; holes of a dilated kernel count. */
double barista_cluster_row_delay(const struct barista_lowered *lowered, size_t l)
{
	const struct barista_mac_layer *it = layer(lowered, l);

	return ((double)(it->kh - 1) * (double)it->dil_h + 1) / (double)it->h;
}

double barista_cluster_weight_copies(const struct barista_lowered *lowered, size_t l)
{
	return layer(lowered, l)->weight_gradient ? 2 : 1;
}

double barista_cluster_weights(const struct barista_lowered *lowered, size_t l)
{
	return (double)layer(lowered, l)->weights;
}

/* Of images that pass row by row. As many in flight as the last layer ends rows behind the first,
 * there and back: in G groups of rows per image and two places at every board, ceil(D_1 + 2N/G) + 1
 * images in flight lose no time in simulation. Without gradients a feature is kept for the rows
 * that still need it only. */
double barista_cluster_images_kept(const struct barista_lowered *lowered, size_t l, double delays)
{
	return lowered->training ? 1 + 2 * delays : barista_cluster_row_delay(lowered, l);
}

double barista_cluster_link_bound_drain(double delays)
{
	return 1 + 2 * delays;
}

double barista_cluster_words_by_outputs(double in, double out, double phi)
{
	return in + phi * out;
}

double barista_cluster_words_by_inputs(double in, double out, double phi)
{
	return out + (1 - phi) * in;
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

double barista_cluster_layer_bits(const struct barista_lowered *lowered, size_t l, double delays,
				  double bits)
{
	return barista_cluster_words_in(lowered, l) *
		       barista_cluster_images_kept(lowered, l, delays) * bits +
	       barista_cluster_weight_copies(lowered, l) * bits *
		       barista_cluster_weights(lowered, l);
}
