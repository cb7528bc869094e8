/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SIM_CLUSTER_H
#define SIM_CLUSTER_H

/*
 * A chain of boards that trains image by image, event by event. It shares no code with the model it
 * checks. A board is one server that takes forward and backward shares in turn as long as both can
 * start, else the one that can, and never interrupts a job. A job starts only when its output has a
 * place, so no board is held by a job that cannot end; backward work then always drains towards
 * board 0, and the chain cannot lock with any buffers >= 1. A sender has two places per direction
 * (one filling, one being sent), a receiver `buffers` images. Images may be cut into `pieces`
 * (groups of rows) that follow one another through the boards.
 */
struct sim_cluster {
	int boards;
	const double *forward_s; /* per board and image */
	const double *backward_s;
	const double *forward_bits; /* per boundary (boards - 1) and image */
	const double *backward_bits;
	double link_bits_hz; /* per direction */
	int buffers;
	int window; /* images in flight, at most */
	int minibatch;
	int images;      /* of the long run; its first half warms up */
	int pieces;      /* per image; 1: whole images */
	const int *lead; /* pieces that a board needs ahead of its own, per board; NULL: none */
};

struct sim_cluster_result {
	double images_hz;
	double minibatch_s;
	int stuck; /* nothing could move although images were left */
};

/* Runs a long row of images and then one mini-batch; -1: out of memory. */
int sim_cluster_run(const struct sim_cluster *c, struct sim_cluster_result *out);

struct sim_layer {
	double forward_macs, backward_macs; /* backward: input and weight gradients */
	double in_words, out_words;         /* per image; out: what leaves, after pooling */
	int in_units, out_units;
	double stored_bits; /* its features and weights */
};

struct sim_cluster_split {
	double *forward_macs, *backward_macs; /* per board */
	double *words;                        /* per boundary, either direction */
	double *stored_bits;                  /* per board */
};

/* Goes over the layers' units one by one and hands them to boards until each has its share. A layer
 * is cut by inputs or by outputs at all boundaries, as by_inputs says for each. -1: out of memory.
 */
int sim_cluster_split(const struct sim_layer *layers, int n, const unsigned char *by_inputs,
		      int boards, struct sim_cluster_split *out);

/* Puts whole layers on boards: layer l on board at[l], which never falls from layer to layer. */
void sim_cluster_place(const struct sim_layer *layers, int n, const int *at, int boards,
		       struct sim_cluster_split *out);

/*
 * Moves what boards have no room for to the nearest that have, the lower board first; what fits
 * nowhere is dropped. Adds what crosses each boundary, in either direction, to bits; stored_bits
 * becomes what each board holds.
 */
void sim_cluster_spill(int boards, double room_bits, double *stored_bits, double *bits);

#endif
