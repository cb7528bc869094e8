/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terms of the cluster family's equations, for one layer and its share of the chain: names,
 * units, formulas and values. */
#include "families/cluster/cluster.h"
#include "model/device.h"
#include "model/terms.h"

#include <math.h>

/* clang-format off */
enum {
	A, A_L, N, M_EVEN, N_L, PLACE, U, D, DSP_PER_MAC, F, R, T_COMP, M_MAX, T_BOARD, BY_INPUTS,
	IN, OUT, WORDS, B_WORD, SPILLED, D_LINK, B_LINK, T_LINK, KEPT, FEATURES, COPIES, W,
	WEIGHTS, S, SPILL, W_MAX, N_LIN, T_BUSIEST, T_NARROWEST, T_CHAIN, T_FWD, T_BWD, DELAY,
	DRAIN, D_1, M, LEARNS, T_IMAGE, T_LAYER, NTERMS
};
/* clang-format on */
CHECK_TERMS(NTERMS, BARISTA_CLUSTER_TERMS);
#define FPDEEP "FPDeep, form derived"

const struct barista_term barista_cluster_term_table[BARISTA_CLUSTER_TERMS] = {
	[A] = {"A", "MACs per image, all layers", NULL, "lowering", COUNT, 0},
	[A_L] = {"A_l", "MACs per image of the layer", NULL, "lowering", COUNT, 0},
	[N] = {"N", "boards", NULL, "design", COUNT, 0},
	[M_EVEN] = {"M_even", "MACs per board, evenly", NULL,
		    "A/N, or of the group of whole layers", COUNT, 0},
	[N_L] = {"n_l", "boards of the layer", "A_l/M_even", FPDEEP, COUNT, 0},
	[PLACE] = {"a_l", "boards before the layer", NULL, FPDEEP, COUNT, 0},
	[U] = {"u", "share of the multipliers that work", NULL, "device", BARISTA_DIM_FRACTION, 0},
	[D] = {"D", "DSPs of a board", NULL, "device", COUNT, 0},
	[DSP_PER_MAC] = {"dsp_per_mac", "DSPs of a multiplier", NULL, "device, by precision", COUNT,
			 0},
	[F] = {"f", "clock reached", NULL, "device, derated by DSP use", BARISTA_DIM_HZ, 0},
	[R] = {"r", "rate of a board", "2*u*D*f/dsp_per_mac", FPDEEP, BARISTA_DIM_OP_PER_S, 0},
	[T_COMP] = {"t_comp", "board time", "2*A_l/(n_l*r)", FPDEEP, SECOND,
		    BARISTA_ROLE_PART | BARISTA_ROLE_DEVICE},
	[M_MAX] = {"M_max", "MACs of its busiest board", NULL, "whole channels, or whole layers",
		   COUNT, 0},
	[T_BOARD] = {"t_board", "compute", "2*M_max/r", "derived", SECOND, BARISTA_ROLE_BINDS},
	[BY_INPUTS] = {"by_inputs", "1: split by input channels, 0: by output channels", NULL,
		       "what makes t_chain least", COUNT, 0},
	[IN] = {"In", "words in", NULL, "layer", COUNT, 0},
	[OUT] = {"Out", "words out, pooled", NULL, "layer, or the next one's words in", COUNT, 0},
	[WORDS] = {"words", "words over its worst boundary", NULL,
		   "In + phi*Out, or Out + (1-phi)*In: " FPDEEP, COUNT, 0},
	[B_WORD] = {"b", "word length", NULL, "precision", BIT, 0},
	[SPILLED] = {"D_spill", "spills over that boundary", NULL, FPDEEP, BIT, 0},
	[D_LINK] = {"D_link", "bits over that boundary, each direction", "b*words + D_spill",
		    FPDEEP, BIT, 0},
	[B_LINK] = {"B", "link, each direction", NULL, "device", BARISTA_DIM_BIT_PER_S, 0},
	[T_LINK] = {"t_link", "link", "D_link/B", FPDEEP, SECOND, BARISTA_ROLE_BINDS},
	[KEPT] = {"images", "images whose features wait", NULL,
		  "1 + 2*(sum of K/H from this layer on): " FPDEEP, COUNT, 0},
	[FEATURES] = {"S_feat", "features kept", "In*images*b", FPDEEP, BIT, 0},
	[COPIES] = {"c", "weights, and their gradients", NULL, "layer", COUNT, 0},
	[W] = {"W", "weights", NULL, "layer", COUNT, 0},
	[WEIGHTS] = {"S_wgt", "weights and gradients kept", "c*b*W", FPDEEP, BIT, 0},
	[S] = {"S", "on-chip bits of a board", NULL, "device", BIT, 0},
	[SPILL] = {"spill", "kept by other boards", NULL,
		   "in proportion to what its boards have too much", BIT, 0},
	[W_MAX] = {"words_max", "most words over a boundary of the chain", NULL, "of all layers",
		   COUNT, 0},
	[N_LIN] = {"N_lin", "boards up to which compute binds, with these words",
		   "2*A*B/(b*r*words_max)", FPDEEP, COUNT, 0},
	[T_BUSIEST] = {"t_busiest", "work of the busiest board of the chain", NULL,
		       "M_max/r of all layers", SECOND, 0},
	[T_NARROWEST] = {"t_narrowest", "its narrowest link", NULL, "t_link of all layers", SECOND,
			 0},
	[T_CHAIN] = {"t_chain", "interval of the chain", "max(t_busiest, t_narrowest)", FPDEEP,
		     SECOND, 0},
	[T_FWD] = {"t_fwd", "forward work of a board, at most", NULL, "of all boards", SECOND, 0},
	[T_BWD] = {"t_bwd", "backward work of a board, at most", NULL, "of all boards", SECOND, 0},
	[DELAY] = {"delay", "image intervals that layers wait for rows", NULL,
		   "sum of K/H of all layers: " FPDEEP, COUNT, 0},
	[DRAIN] = {"D_m", "intervals lost per update",
		   "(max(t_fwd, t_narrowest) + max(t_bwd, t_narrowest))/t_chain*(1 + delay) - 1",
		   "derived, from simulation", COUNT, 0},
	[D_1] = {"D_1", "the same, where a link binds", NULL, "1 + 2*(sum of K/H): " FPDEEP, COUNT,
		 0},
	[M] = {"m", "images per update", NULL, "network", COUNT, 0},
	[LEARNS] = {"learns", "1: weights are updated", NULL, "network", COUNT, 0},
	[T_IMAGE] = {"t_image", "time per image, draining included", "t_chain*((m + learns*D_m)/m)",
		     FPDEEP, SECOND, 0},
	[T_LAYER] = {"t_layer", "total", "t_comp", "derived", SECOND, BARISTA_ROLE_TOTAL},
};

size_t barista_cluster_time_part_count(const struct barista_model *model,
				       const struct barista_point *point, size_t layer_class)
{
	(void)model, (void)point, (void)layer_class;
	return 1;
}

/* A layer and where it stands in the chain. */
struct position {
	size_t l;
	double before, macs; /* MACs before it, and its own */
	double delays;       /* row delays of it and of all layers behind it */
};

/* Every layer has a class of its own. */
static struct position position_of(const struct barista_lowered *lowered, size_t layer_class)
{
	struct position at = {.delays = barista_cluster_total_row_delay(lowered)};

	while (lowered->class_of[at.l] != layer_class) {
		at.before += barista_cluster_macs(lowered, at.l);
		at.delays -= barista_cluster_row_delay(lowered, at.l++);
	}
	at.macs = barista_cluster_macs(lowered, at.l);
	return at;
}

/* Where the layer begins, in boards. */
static double place_in_boards(const struct cluster_chain *chain, double before)
{
	double even = barista_cluster_even_share_macs(chain, before);
	size_t first = barista_cluster_first_board(chain, 0, before);

	if (chain->setup.split == CLUSTER_SPLIT_FINE)
		return before / even;
	return (double)first + (before - chain->edge_macs[first]) / even;
}

static void set_setup(double *v, const struct barista_device *dev,
		      const struct cluster_setup *setup)
{
	v[N] = (double)setup->boards;
	v[U] = dev->param[BARISTA_CHAIN_USE].value;
	v[D] = setup->dsp;
	v[DSP_PER_MAC] = dev->pe[setup->precision][BARISTA_PE_DSP].value;
	v[F] = setup->clock_hz;
	v[R] = 2 * setup->macs_per_s;
	v[B_WORD] = setup->word_bits;
	v[B_LINK] = setup->link_bits_per_s;
	v[S] = setup->usable_bits;
}

static void set_layer(double *v, const struct barista_lowered *lowered, const struct position *at)
{
	v[A_L] = at->macs;
	v[IN] = barista_cluster_words_in(lowered, at->l);
	v[OUT] = barista_cluster_words_out(lowered, at->l);
	v[KEPT] = barista_cluster_images_kept(lowered, at->l, at->delays);
	v[COPIES] = barista_cluster_weight_copies(lowered, at->l);
	v[W] = barista_cluster_weights(lowered, at->l);
}

static void set_network(double *v, const struct barista_lowered *lowered)
{
	v[DELAY] = barista_cluster_total_row_delay(lowered);
	v[D_1] = barista_cluster_link_bound_drain(v[DELAY]);
	v[M] = barista_cluster_images_per_update(lowered);
	v[LEARNS] = lowered->training;
}

static void set_chain(double *v, const struct cluster_chain *chain, const struct position *at)
{
	v[A] = chain->edge_macs[chain->setup.boards];
	v[M_EVEN] = barista_cluster_even_share_macs(chain, at->before);
	v[PLACE] = place_in_boards(chain, at->before);
	v[T_BUSIEST] = chain->compute_s;
	v[T_NARROWEST] = chain->link_s;
	v[T_CHAIN] = chain->interval_s;
	v[T_FWD] = chain->forward_s;
	v[T_BWD] = chain->backward_s;
}

/* Of the boards that have work of the layer: that of the busiest, and what they keep elsewhere, of
 * which the layer has the same part as of what they want to keep. */
static void set_boards(double *v, const struct barista_lowered *lowered,
		       const struct cluster_chain *chain, const struct position *at)
{
	double bits =
		barista_cluster_layer_bits(lowered, at->l, at->delays, chain->setup.word_bits);

	v[M_MAX] = v[SPILL] = 0;
	for (size_t i = 0; i < chain->setup.boards; i++) {
		double macs = barista_cluster_macs_on_board(chain, i, at->before, at->macs);
		double over = chain->fits ? chain->wanted_bits[i] - chain->setup.usable_bits : 0;

		if (!(macs > 0))
			continue;
		v[M_MAX] = fmax(v[M_MAX], chain->edge_macs[i + 1] - chain->edge_macs[i]);
		if (over > 0)
			v[SPILL] += over / chain->wanted_bits[i] * (bits * (macs / at->macs));
	}
}

/* Whether the fine-grained split cuts the layer at the link, before it rounds to whole channels. */
static bool is_cut_at(const struct cluster_chain *chain, size_t link, const struct position *at)
{
	double n = (double)chain->setup.boards;
	double place = (double)link * chain->edge_macs[chain->setup.boards];

	return chain->setup.split == CLUSTER_SPLIT_FINE && place > n * at->before &&
	       place <= n * (at->before + at->macs);
}

static bool is_in_or_behind(const struct cluster_chain *chain, size_t link,
			    const struct position *at)
{
	return chain->edge_macs[link] > at->before &&
	       chain->edge_macs[link] <= at->before + at->macs;
}

/* Of the links that cut the layer or lie just behind it: the one with the most bits. */
static void set_links(double *v, const struct cluster_chain *chain, const struct position *at)
{
	double most_bits = 0;

	v[WORDS] = v[SPILLED] = v[BY_INPUTS] = 0;
	v[W_MAX] = (double)NAN;
	for (size_t x = 1; x < chain->setup.boards; x++) {
		double bits = chain->setup.word_bits * chain->words[x] + chain->spilled_bits[x];

		if (chain->words[x] > 0)
			v[W_MAX] = fmax(v[W_MAX], chain->words[x]);
		if (is_cut_at(chain, x, at))
			v[BY_INPUTS] = chain->by_inputs[x];
		if (!is_in_or_behind(chain, x, at) || bits <= most_bits)
			continue;
		most_bits = bits;
		v[WORDS] = chain->words[x];
		v[SPILLED] = chain->spilled_bits[x];
	}
}

static void set_formulas(double *v, const struct barista_lowered *lowered,
			 const struct cluster_chain *chain)
{
	v[N_L] = v[A_L] / v[M_EVEN];
	v[T_COMP] = v[T_LAYER] = 2 * v[A_L] / (v[N_L] * v[R]);
	v[T_BOARD] = 2 * v[M_MAX] / v[R];
	v[D_LINK] = v[B_WORD] * v[WORDS] + v[SPILLED];
	v[T_LINK] = v[D_LINK] / v[B_LINK];
	v[FEATURES] = v[IN] * v[KEPT] * v[B_WORD];
	v[WEIGHTS] = v[COPIES] * v[B_WORD] * v[W];
	v[N_LIN] = barista_cluster_linear_boards(lowered, &chain->setup, v[W_MAX]);
	v[DRAIN] = barista_cluster_drain(lowered, chain);
	v[T_IMAGE] = barista_cluster_image_s(lowered, chain);
}

void barista_cluster_time_part(const struct barista_model *model, const struct barista_point *point,
			       size_t layer_class, size_t i, struct barista_time_part *out)
{
	const struct barista_lowered *lowered = model->lowered;
	struct position at = position_of(lowered, layer_class);
	struct cluster_chain chain;

	(void)i;
	barista_cluster_chain(model, point, &chain);
	*out = (struct barista_time_part){.name = "share of the chain",
					  .m = (double)NAN,
					  .n = (double)NAN,
					  .k = (double)NAN,
					  .per_image = 1};
	set_setup(out->value, model->dev, &chain.setup);
	set_layer(out->value, lowered, &at);
	set_network(out->value, lowered);
	set_chain(out->value, &chain, &at);
	set_boards(out->value, lowered, &chain, &at);
	set_links(out->value, &chain, &at);
	set_formulas(out->value, lowered, &chain);
}
