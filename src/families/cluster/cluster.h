/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the cluster family share. Boards 0..N-1 stand in a chain; activations go up it,
 * errors down. A place in the chain is written as the MACs that lie before it, 0 to A, so that
 * places are exact (while A is below 2^53). Source: FPDeep (FPL 2018, arXiv 1901.01007); equations
 * derived. */
#ifndef FAMILIES_CLUSTER_CLUSTER_H
#define FAMILIES_CLUSTER_CLUSTER_H

#include "barista.h"
#include "barista/family.h"

enum { CLUSTER_BOARDS, CLUSTER_SPLIT, CLUSTER_PRECISION, CLUSTER_KNOBS };
enum { CLUSTER_SPLIT_FINE = 1, CLUSTER_SPLIT_WHOLE = 2 };
enum { CLUSTER_MAX_BOARDS = 1024 };

enum { BARISTA_CLUSTER_TERMS = 44 };
extern const struct barista_term barista_cluster_term_table[BARISTA_CLUSTER_TERMS];

/* ---- one layer: a closed form each; l is an index into the lowered network's layers ---- */

double barista_cluster_macs(const struct barista_lowered *lowered,
			    size_t l); /* A_l, per image, all passes */
double barista_cluster_words_in(const struct barista_lowered *lowered,
				size_t l); /* words per image */
double barista_cluster_words_out(const struct barista_lowered *lowered,
				 size_t l); /* words per image, pooled */
double barista_cluster_row_delay(const struct barista_lowered *lowered,
				 size_t l); /* K_l/H_l, image intervals */
double barista_cluster_weight_copies(const struct barista_lowered *lowered,
				     size_t l); /* of the weights, c */
double barista_cluster_weights(const struct barista_lowered *lowered, size_t l);
/* Images whose features a layer keeps, from the delays of it and of all layers behind it. */
double barista_cluster_images_kept(const struct barista_lowered *lowered, size_t l, double delays);
/* Image intervals that are lost at each update of the weights when a link binds, D_1, from the
 * delays of all layers. */
double barista_cluster_link_bound_drain(double delays);

/* Words per image and direction over a boundary that has the part phi of a layer before it. */
double barista_cluster_words_by_outputs(double in, double out, double phi);
double barista_cluster_words_by_inputs(double in, double out, double phi);

double barista_cluster_total_macs(const struct barista_lowered *lowered);
double barista_cluster_total_row_delay(const struct barista_lowered *lowered);
double barista_cluster_images_per_update(const struct barista_lowered *lowered); /* per update, m */

/* ---- the chain ---- */

/* A point on a board. */
struct cluster_setup {
	size_t boards;
	int split; /* CLUSTER_SPLIT_FINE or CLUSTER_SPLIT_WHOLE */
	enum barista_precision precision;
	double word_bits;                 /* of a word, b */
	double dsp, clock_hz, macs_per_s; /* of one board: D, f, u*D*f/dsp_per_mac */
	double link_bits_per_s;           /* bit/s, B */
	double block_bits,
		usable_bits; /* of a block RAM; of those of a board that may be used, S */
};
struct cluster_setup barista_cluster_setup(const struct barista_model *model,
					   const struct barista_point *point);

/* Large, but bounded: it lies on the stack. */
struct cluster_chain {
	struct cluster_setup setup;
	double edge_macs[CLUSTER_MAX_BOARDS + 1]; /* MACs before board i; [boards]: all */
	double words[CLUSTER_MAX_BOARDS +
		     1]; /* per image and direction, between boards i - 1 and i */
	double wanted_bits[CLUSTER_MAX_BOARDS];      /* bits that its work keeps on board i */
	double spilled_bits[CLUSTER_MAX_BOARDS + 1]; /* bits per image and direction that spills add
							between i - 1 and i */
	bool fits;                                   /* the chain as a whole has room */
	double fullest_bits;                         /* of one board, after spilling */
	unsigned char by_inputs[CLUSTER_MAX_BOARDS +
				1]; /* way of the layer cut between i - 1 and i, if one is */
	size_t busiest_board, slowest_link; /* the board that takes longest; the link, between i - 1
				      and i, 0: there is none */
	double compute_s, link_s, interval_s; /* per image */
	double forward_s, backward_s;         /* longest of a board, per image */
};
void barista_cluster_chain(const struct barista_model *model, const struct barista_point *point,
			   struct cluster_chain *out);

/* Its steps: where the boards begin and what crosses there; what they keep, and where that goes. */
void barista_cluster_split_fine(const struct barista_lowered *lowered, struct cluster_chain *chain);
void barista_cluster_split_whole(const struct barista_lowered *lowered,
				 struct cluster_chain *chain);
void barista_cluster_place_on_chip(const struct barista_lowered *lowered,
				   struct cluster_chain *chain);

/* MACs of a layer on a board, the layer having `before` MACs before it. */
double barista_cluster_macs_on_board(const struct cluster_chain *chain, size_t board, double before,
				     double macs);
/* MACs of the boards that the layer lies on, if they all had the same: of its group, or an even
 * share of the chain. */
double barista_cluster_even_share_macs(const struct cluster_chain *chain, double before);
/* Bits of features and weights of a layer; delays as for barista_cluster_images_kept(). */
double barista_cluster_layer_bits(const struct barista_lowered *lowered, size_t l, double delays,
				  double bits);

/* Image intervals that are lost at each update of the weights, D. */
double barista_cluster_drain(const struct barista_lowered *lowered,
			     const struct cluster_chain *chain);
/* Seconds per training image, drained at each update. */
double barista_cluster_image_s(const struct barista_lowered *lowered,
			       const struct cluster_chain *chain);

/* Boards up to which compute binds, when `words` are the most between two of them. */
double barista_cluster_linear_boards(const struct barista_lowered *lowered,
				     const struct cluster_setup *set, double words);

/* ---- the family ---- */

extern const struct barista_knob barista_cluster_knobs[CLUSTER_KNOBS];
int barista_cluster_parse(const char *text, struct barista_point *out, struct barista_err *err);
void barista_cluster_format(const struct barista_point *point, char *buf, size_t size);
int barista_cluster_validate(const struct barista_model *model, const struct barista_point *point,
			     struct barista_err *err);
int barista_cluster_enumerate(struct barista_enumeration *enumeration, struct barista_err *err);

void barista_cluster_resources(const struct barista_model *model, struct barista_batch *batch);
void barista_cluster_times(const struct barista_model *model, struct barista_batch *batch);
size_t barista_cluster_time_part_count(const struct barista_model *model,
				       const struct barista_point *point, size_t class);
void barista_cluster_time_part(const struct barista_model *model, const struct barista_point *point,
			       size_t class, size_t i, struct barista_time_part *out);
void barista_cluster_bottleneck(const struct barista_model *model,
				const struct barista_point *point, char *buf, size_t size);

#endif
