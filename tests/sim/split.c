/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The layers on the boards of a chain, unit by unit. */
#include "cluster.h"

#include <stdlib.h>

/* Where the units of all layers, one after the other, have got to. */
struct place {
	long double total, ahead; /* work of all units, and of those before */
	int boards;
	int board; /* of the last unit */
};

/*
 * The boards whose right edge lies before the middle of the unit are full: the unit goes to the
 * first that is not. An edge at the very middle takes the unit in, as rounding half away from zero
 * does.
 */
static int board_of_unit(struct place *p, long double unit)
{
	long double middle = p->ahead + unit / 2;

	while (p->board < p->boards - 1 &&
	       (p->board + 1) * p->total / p->boards < middle - 1e-12L * p->total)
		p->board++;
	p->ahead += unit;
	return p->board;
}

/* Counts the units of one layer that lie left of each board's right edge. */
static void cut_layer(struct place *p, double macs, int units, int *left)
{
	for (int i = 0; i < p->boards; i++)
		left[i] = 0;
	for (int u = 0; u < units; u++)
		for (int i = board_of_unit(p, (long double)macs / units); i < p->boards; i++)
			left[i]++;
}

/* Words over a boundary with `left` of the layer's units before it. What lies on one side only
 * crosses once. */
static double words_over(const struct sim_layer *l, int by_inputs, int left)
{
	if (by_inputs)
		return left == 0 ? l->in_words
				 : l->out_words + l->in_words * (l->in_units - left) / l->in_units;
	return left == l->out_units ? l->out_words
				    : l->in_words + l->out_words * left / l->out_units;
}

/* A boundary belongs to the layer whose work lies on both sides of it, or to the one that ends
 * there. before: the work of the layers before. */
static int is_inside(const struct place *p, int boundary, long double before, long double macs)
{
	long double edge = (boundary + 1) * p->total / p->boards, slack = 1e-12L * p->total;

	return edge > before + slack && edge <= before + macs + slack;
}

static void add_share(const struct sim_layer *l, int board, double share,
		      struct sim_cluster_split *out)
{
	out->forward_macs[board] += share * l->forward_macs;
	out->backward_macs[board] += share * l->backward_macs;
	out->stored_bits[board] += share * l->stored_bits;
}

static void split_layer(struct place *p, const struct sim_layer *l, int by_inputs, int *left,
			struct sim_cluster_split *out)
{
	double macs = l->forward_macs + l->backward_macs, before = 0;
	long double ahead = p->ahead;
	int units = by_inputs ? l->in_units : l->out_units;

	cut_layer(p, macs, units, left);
	for (int i = 0; i < p->boards; i++) {
		double share = (double)left[i] / units;

		if (i < p->boards - 1 && is_inside(p, i, ahead, macs))
			out->words[i] = words_over(l, by_inputs, left[i]);
		add_share(l, i, share - before, out);
		before = share;
	}
}

static void clear(struct sim_cluster_split *out, int board)
{
	out->forward_macs[board] = out->backward_macs[board] = out->stored_bits[board] = 0;
}

int sim_cluster_split(const struct sim_layer *layers, int n, const unsigned char *by_inputs,
		      int boards, struct sim_cluster_split *out)
{
	struct place p = {.boards = boards};
	int *left = calloc((size_t)boards, sizeof *left);

	if (!left)
		return -1;
	for (int l = 0; l < n; l++)
		p.total += layers[l].forward_macs + layers[l].backward_macs;
	for (int i = 0; i < boards; i++)
		clear(out, i);
	for (int l = 0; l < n; l++)
		split_layer(&p, &layers[l], by_inputs[l], left, out);
	free(left);
	return 0;
}

void sim_cluster_place(const struct sim_layer *layers, int n, const int *at, int boards,
		       struct sim_cluster_split *out)
{
	for (int i = 0; i < boards; i++)
		clear(out, i);
	for (int i = 0; i < boards - 1; i++)
		out->words[i] = 0;
	for (int l = 0; l < n; l++) {
		add_share(&layers[l], at[l], 1, out);
		for (int i = at[l]; l + 1 < n && i < at[l + 1]; i++)
			out->words[i] = layers[l].out_words;
	}
}
