// SPDX-License-Identifier: GPL-3.0-or-later
/* The layers on the boards of a chain, unit by unit. */
#include "cluster.h"

#include <math.h>
#include <stdlib.h>

/* One walk over all layers: units in order, `ahead` the work of all units before. */
struct walk {
	long double total, ahead;
	int boards;
	int board;
};

/*
 * The boards whose right edge lies before the middle of the unit are full: the unit goes to the
 * first that is not. An edge at the very middle takes the unit in, as rounding half away from zero
 * does.
 */
static int board_of_unit(struct walk *w, long double unit)
{
	long double middle = w->ahead + unit / 2;

	while (w->board < w->boards - 1 &&
	       (w->board + 1) * w->total / w->boards < middle - 1e-12L * w->total)
		w->board++;
	w->ahead += unit;
	return w->board;
}

/* Units of one layer that lie left of each boundary, when it is cut in `units`. */
static void cut_layer(struct walk *w, double macs, int units, int *left)
{
	for (int i = 0; i < w->boards; i++)
		left[i] = 0;
	for (int u = 0; u < units; u++)
		for (int i = board_of_unit(w, (long double)macs / units); i < w->boards; i++)
			left[i]++;
}

/* Words over a boundary with `left` of the layer's units before it; what lies on one side only
 * crosses once. */
static double words_by_outputs(const struct sim_layer *l, int left)
{
	if (left == l->out_units)
		return l->out_words;
	return l->in_words + l->out_words * left / l->out_units;
}

static double words_by_inputs(const struct sim_layer *l, int left)
{
	if (left == 0)
		return l->in_words;
	return l->out_words + l->in_words * (l->in_units - left) / l->in_units;
}

/* Units of one layer left of each board's right edge, cut either way, and the edges that it lies
 * across */
struct cuts {
	int *by_out, *by_in, *inside;
	int boards;
};

/* A layer cut one way takes the way whose largest message is the smaller. */
static int inputs_send_less(const struct sim_layer *l, const struct cuts *c)
{
	double o = 0, in = 0;

	for (int i = 0; i < c->boards - 1; i++) {
		if (!c->inside[i])
			continue;
		o = fmax(o, words_by_outputs(l, c->by_out[i]));
		in = fmax(in, words_by_inputs(l, c->by_in[i]));
	}
	return in < o;
}

/* way: 0, 1, or -1 to choose. */
static void hand_out(const struct sim_layer *l, const struct cuts *c, int way,
		     struct sim_cluster_split *out)
{
	double before = 0;
	int by_in = way < 0 ? inputs_send_less(l, c) : way;

	for (int i = 0; i < c->boards; i++) {
		double o = words_by_outputs(l, c->by_out[i]), in = words_by_inputs(l, c->by_in[i]),
		       share;

		if (way < 0 && !out->one_way)
			by_in = in < o;
		share = by_in ? (double)c->by_in[i] / l->in_units
			      : (double)c->by_out[i] / l->out_units;
		if (i < c->boards - 1 && c->inside[i])
			out->words[i] = by_in ? in : o;
		out->forward_macs[i] += (share - before) * l->forward_macs;
		out->backward_macs[i] += (share - before) * l->backward_macs;
		if (out->stored_bits)
			out->stored_bits[i] += (share - before) * l->stored_bits;
		before = share;
	}
}

/* A boundary belongs to the layer whose work lies on both sides of it, or to the one that ends
 * there. */
static void find_inside(const struct walk *w, long double macs, int *inside)
{
	for (int i = 0; i < w->boards; i++) {
		long double edge = (i + 1) * w->total / w->boards, slack = 1e-12L * w->total;

		inside[i] = edge > w->ahead + slack && edge <= w->ahead + macs + slack;
	}
}

/* Both ways are walked from the same place. */
static void take_layer(struct walk *w, const struct sim_layer *l, struct cuts *c, int way,
		       struct sim_cluster_split *out)
{
	double macs = l->forward_macs + l->backward_macs;
	struct walk again = *w;

	find_inside(w, macs, c->inside);
	cut_layer(&again, macs, l->in_units, c->by_in);
	cut_layer(w, macs, l->out_units, c->by_out);
	hand_out(l, c, way, out);
}

static void clear(struct sim_cluster_split *out, int board)
{
	out->forward_macs[board] = out->backward_macs[board] = 0;
	if (out->stored_bits)
		out->stored_bits[board] = 0;
}

int sim_cluster_split(const struct sim_layer *layers, int n, int boards,
		      struct sim_cluster_split *out)
{
	struct walk w = {.boards = boards};
	int *scratch = calloc(3 * (size_t)boards, sizeof *scratch);
	struct cuts c = {scratch, scratch + boards, scratch + 2 * (size_t)boards, boards};

	if (!scratch)
		return -1;
	for (int l = 0; l < n; l++)
		w.total += layers[l].forward_macs + layers[l].backward_macs;
	for (int i = 0; i < boards; i++)
		clear(out, i);
	for (int l = 0; l < n; l++)
		take_layer(&w, &layers[l], &c, out->by_inputs ? out->by_inputs[l] : -1, out);
	free(scratch);
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
		out->forward_macs[at[l]] += layers[l].forward_macs;
		out->backward_macs[at[l]] += layers[l].backward_macs;
		if (out->stored_bits)
			out->stored_bits[at[l]] += layers[l].stored_bits;
		for (int i = at[l]; l + 1 < n && i < at[l + 1]; i++)
			out->words[i] = layers[l].out_words;
	}
}
