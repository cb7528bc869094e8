/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which gradients a network needs, as Caffe's Net::Init finds them: forward, something that learns
 * lies at or below; backward, a loss lies above and not all that read a blob refuse to pass its
 * gradient on. */
#include "import/graph.h"

/* Does something at or below the op learn? propagate_down does not change that. */
static bool needs(const struct barista_graph *g, const struct barista_op *op)
{
	bool any = op->learns;

	for (size_t i = 0; i < op->nin; i++)
		any |= barista_op_in(g, op, i) && barista_op_in(g, op, i)->wants_gradient;
	return any;
}

static bool input_wants(const struct barista_graph *g, const struct barista_op *op, size_t i)
{
	const struct barista_blob *b = barista_op_in(g, op, i);

	if (b && op->flow[i] != BARISTA_FLOW_DEFAULT)
		return op->flow[i] == BARISTA_FLOW_ON;
	return b && b->wants_gradient;
}

static bool any_input_wants(const struct barista_graph *g, const struct barista_op *op)
{
	for (size_t i = 0; i < op->nin; i++)
		if (input_wants(g, op, i))
			return true;
	return false;
}

static void go_forward(struct barista_graph *g)
{
	for (size_t o = 0; o < g->nops; o++) {
		struct barista_op *op = &g->op[o];
		bool any = needs(g, op);

		for (size_t i = 0; i < op->nin; i++)
			if (barista_op_in(g, op, i))
				barista_op_in(g, op, i)->read = true;
		for (size_t i = 0; i < op->nout; i++)
			if (barista_op_out(g, op, i))
				barista_op_out(g, op, i)->wants_gradient = any;
	}
}

bool barista_graph_has_loss(const struct barista_graph *g)
{
	for (size_t o = 0; o < g->nops; o++)
		if (g->op[o].loss)
			return true;
	return false;
}

/* Without a loss training is taken to start from whatever nothing reads. */
static void start_from_outputs(struct barista_graph *g)
{
	for (size_t b = 0; b < g->nblobs; b++)
		g->blob[b].under_loss = !g->blob[b].read;
}

static void go_back_through(struct barista_graph *g, struct barista_op *op)
{
	bool under_loss = op->loss, refused = !op->loss, flows;

	for (size_t i = 0; i < op->nout; i++) {
		const struct barista_blob *b = barista_op_out(g, op, i);

		under_loss |= b && b->under_loss;
		refused &= !b || (b->read && !b->passed);
	}
	flows = needs(g, op) && under_loss && !refused;
	op->weight_gradient = flows && (op->mac ? op->weights_learn : op->learns);
	op->input_gradient =
		flows && (op->mac ? input_wants(g, op, op->data) : any_input_wants(g, op));
	for (size_t i = 0; i < op->nin; i++) {
		struct barista_blob *b = barista_op_in(g, op, i);

		if (!b)
			continue;
		b->under_loss |= under_loss;
		b->passed |= flows && input_wants(g, op, i);
	}
}

void barista_graph_gradients(struct barista_graph *g, bool training)
{
	if (!training)
		return;
	go_forward(g);
	if (!barista_graph_has_loss(g))
		start_from_outputs(g);
	for (size_t o = g->nops; o-- > 0;) {
		go_back_through(g, &g->op[o]);
		if (g->force_backward)
			g->op[o].weight_gradient = g->op[o].input_gradient = true;
	}
}
