/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef FAMILIES_CLUSTER_CLUSTER_H
#define FAMILIES_CLUSTER_CLUSTER_H

/* What the files of the cluster family share. Boards 0 to N-1 stand in a chain: activations go up
 * it, errors come down. A place in the chain is written as the MACs that lie before it, from 0 to
 * A, so that places are exact while A is below 2^53. Source: FPDeep (FPL 2018, arXiv 1901.01007);
 * equations derived. Private to the family. */
#include "barista.h"
#include "barista/family.h"
#include "model/family_parts.h"

enum { CLUSTER_BOARDS, CLUSTER_SPLIT, CLUSTER_PRECISION, CLUSTER_KNOBS };
/* Values of the knob CLUSTER_SPLIT. */
enum { CLUSTER_SPLIT_FINE = 1, CLUSTER_SPLIT_WHOLE = 2 };
enum { CLUSTER_MAX_BOARDS = 1024 };

/* ---- layer_traffic.c: closed forms of one layer; l is an index into the lowered layers ---- */

/* MACs per image, of all passes: A_l. */
double barista_cluster_macs(const struct barista_lowered *lowered, size_t l);
/* Words per image that it reads, and that it sends on: In and Out. */
double barista_cluster_words_in(const struct barista_lowered *lowered, size_t l);
double barista_cluster_words_out(const struct barista_lowered *lowered, size_t l);
/* For how long it waits for the rows below its kernel, in image intervals: K_l/H_l. */
double barista_cluster_row_delay(const struct barista_lowered *lowered, size_t l);
double barista_cluster_weights(const struct barista_lowered *lowered, size_t l);
/* How often a board holds each weight, its gradient counted as one more: c. */
double barista_cluster_weight_copies(const struct barista_lowered *lowered, size_t l);
/* Images whose features it keeps; delays: the row delays of it and of all layers behind it. */
double barista_cluster_images_kept(const struct barista_lowered *lowered, size_t l, double delays);
/* Bits of its features and weights; delays as above. */
double barista_cluster_layer_bits(const struct barista_lowered *lowered, size_t l, double delays,
				  double word_bits);

/* Of all layers together: A, and the sum of K/H. */
double barista_cluster_total_macs(const struct barista_lowered *lowered);
double barista_cluster_total_row_delay(const struct barista_lowered *lowered);
/* Images per update of the weights: m. */
double barista_cluster_images_per_update(const struct barista_lowered *lowered);
/* Image intervals that are lost at each update where a link binds, D_1; delays: of all layers. */
double barista_cluster_link_bound_drain(double delays);

/* ---- chain.c: a point on a network and a board ---- */

struct cluster_setup {
	size_t boards;
	int split; /* CLUSTER_SPLIT_FINE or CLUSTER_SPLIT_WHOLE */
	enum barista_precision precision;
	double word_bits;               /* b */
	double dsp, clock_hz;           /* of one board: D and f */
	double macs_per_s;              /* of one board: u*D*f/dsp_per_mac */
	double link_bits_per_s;         /* of each link and direction: B */
	double block_bits, usable_bits; /* of a block RAM, and of those that a board may use: S */
};

/* Link i lies between boards i - 1 and i, so that there is no link 0. The struct is large, but its
 * size is bounded: it lies on the stack. */
struct cluster_chain {
	struct cluster_setup setup;
	double edge_macs[CLUSTER_MAX_BOARDS + 1];        /* before board i; [boards]: all */
	double words[CLUSTER_MAX_BOARDS + 1];            /* per image and direction over link i */
	unsigned char by_inputs[CLUSTER_MAX_BOARDS + 1]; /* the layer at link i is cut by inputs */
	double wanted_bits[CLUSTER_MAX_BOARDS];          /* that the work of board i keeps */
	double spilled_bits[CLUSTER_MAX_BOARDS + 1]; /* per image and direction, added to link i */
	bool fits;                                   /* the boards together have room */
	double fullest_bits;                         /* of one board, after spilling */
	size_t busiest_board, slowest_link;          /* link 0: none carries anything */
	double compute_s, link_s;                    /* per image: that board's, that link's */
	double interval_s;                           /* per image: the longer of the two */
	double forward_s, backward_s;                /* per image, the longest of any board */
};

void barista_cluster_chain(const struct barista_model *model, const struct barista_point *point,
			   struct cluster_chain *out);

/* Image intervals that are lost at each update of the weights: D_m. */
double barista_cluster_drain(const struct barista_lowered *lowered,
			     const struct cluster_chain *chain);
/* Seconds per training image, what is lost at each update included. */
double barista_cluster_image_s(const struct barista_lowered *lowered,
			       const struct cluster_chain *chain);
/* Boards up to which compute binds, so that time falls linearly, when `words` are the most that
 * cross a link: N_lin. */
double barista_cluster_linear_boards(const struct barista_lowered *lowered,
				     const struct cluster_setup *setup, double words);

/* ---- the steps of barista_cluster_chain() ---- */

/* split_fine.c, split_whole.c: where boards begin, and what crosses there. */
void barista_cluster_split_fine(const struct barista_lowered *lowered, struct cluster_chain *chain);
void barista_cluster_split_whole(const struct barista_lowered *lowered,
				 struct cluster_chain *chain);
/* on_chip_memory.c: what boards keep, and where what they have no room for goes. */
void barista_cluster_place_on_chip(const struct barista_lowered *lowered,
				   struct cluster_chain *chain);

/* ---- shares.c: what boards have of a layer, which has `before` MACs before it ---- */

/* The first board, not below `from`, on which the layer may lie. */
size_t barista_cluster_first_board(const struct cluster_chain *chain, size_t from, double before);
double barista_cluster_macs_on_board(const struct cluster_chain *chain, size_t board, double before,
				     double macs);
/* MACs of each board that the layer lies on if they shared evenly: all boards of the chain, or
 * those of its group of whole layers. */
double barista_cluster_even_share_macs(const struct cluster_chain *chain, double before);

/* ---- the functions of the family ---- */

void barista_cluster_bottleneck(const struct barista_model *model,
				const struct barista_point *point, char *buf, size_t size);

enum { BARISTA_CLUSTER_TERMS = 44 };

BARISTA_FAMILY_DECLARE(cluster, CLUSTER_KNOBS, BARISTA_CLUSTER_TERMS);
BARISTA_FAMILY_DECLARE_ENUMERATED(cluster);

#endif
