/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which gradients a network needs, by the rules of Caffe's Net: forward, something that learns lies at or
 * below; backward, a loss lies above and nothing on the way refuses. */
#include "import/graph.h"

static bool wants(const struct barista_graph *g, const struct barista_op *op, size_t i)
{
	const struct barista_blob *b = barista_op_in(g, op, i);

	if (!b)
		return false;
	if (op->flow[i] != BARISTA_FLOW_DEFAULT)
		return op->flow[i] == BARISTA_FLOW_ON;
	return b->wants_gradient || g->force_backward;
}

static void go_forward(struct barista_graph *g)
{
	for (size_t o = 0; o < g->nops; o++) {
		struct barista_op *op = &g->op[o];
		bool any = op->learns || g->force_backward;

		for (size_t i = 0; i < op->nin; i++)
			any |= wants(g, op, i);
		for (size_t i = 0; i < op->nout; i++)
			if (barista_op_out(g, op, i))
				barista_op_out(g, op, i)->wants_gradient = any;
	}
}

static bool has_loss(const struct barista_graph *g)
{
	for (size_t o = 0; o < g->nops; o++)
		if (g->op[o].loss)
			return true;
	return false;
}

/* Without a loss training is taken to start from whatever nothing reads. */
static void start_from_outputs(struct barista_graph *g)
{
	for (size_t o = 0; o < g->nops; o++)
		for (size_t i = 0; i < g->op[o].nin; i++)
			if (barista_op_in(g, &g->op[o], i))
				barista_op_in(g, &g->op[o], i)->read = true;
	for (size_t b = 0; b < g->nblobs; b++)
		if (!g->blob[b].read)
			g->blob[b].under_loss = g->blob[b].passed = true;
}

static void go_backward(struct barista_graph *g)
{
	for (size_t o = g->nops; o-- > 0;) {
		struct barista_op *op = &g->op[o];
		bool under_loss = op->loss, passed = op->loss;

		for (size_t i = 0; i < op->nout; i++) {
			const struct barista_blob *b = barista_op_out(g, op, i);

			under_loss |= b && b->under_loss;
			passed |= b && b->passed;
		}
		/* `passed`: the gradient really arrives; a reader above may refuse to pass it on. */
		op->weight_gradient = under_loss && passed && (op->weights_learn || g->force_backward);
		op->input_gradient = false;
		for (size_t i = 0; i < op->nin; i++) {
			struct barista_blob *b = barista_op_in(g, op, i);
			bool flows = under_loss && passed && wants(g, op, i);

			if (!b)
				continue;
			b->under_loss |= under_loss;
			b->passed |= flows;
			op->input_gradient |= flows && !i;
		}
	}
}

void barista_graph_gradients(struct barista_graph *g, bool training)
{
	if (!training)
		return;
	go_forward(g);
	if (!has_loss(g))
		start_from_outputs(g);
	go_backward(g);
}
