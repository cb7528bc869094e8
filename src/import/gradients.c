/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file finds the gradients that a network needs, as Caffe's Net::Init does:
 *
 *   1. Walking up the ops, a blob wants a gradient when the op that makes it learns, or when one of
 *      the blobs that this op reads wants one.
 *   2. Without a loss, the blobs that nothing reads are marked as if a loss stood above them.
 *   3. Walking down, an op needs gradients when step 1 has marked it, a loss lies above one of its
 *      outputs, and some reader of an output passes a gradient back. It marks its inputs for the
 *      ops below.
 *
 * One walk each way is enough, because the order of the ops is topological. The cost is linear in
 * the number of inputs and outputs of all ops. */
#include "import/graph.h"

/* Returns whether something at or below the op learns. Caffe asks this before it reads
 * propagate_down, so that `flow` does not matter here. */
static bool needs(const struct barista_graph *g, const struct barista_op *op)
{
	bool any = op->learns;

	for (size_t i = 0; i < op->nin; i++)
		any |= barista_op_in(g, op, i) && barista_op_in(g, op, i)->wants_gradient;
	return any;
}

/* Returns whether the op passes a gradient back to input i: as the file says, and by default when
 * the blob wants one. */
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

/* In a network without a loss, training is taken to start from whatever nothing reads. */
static void start_from_outputs(struct barista_graph *g)
{
	for (size_t b = 0; b < g->nblobs; b++)
		g->blob[b].under_loss = !g->blob[b].read;
}

/* Decides on the gradients of one op, once all ops that read its outputs have been decided on. An
 * op that is no loss is refused when all its outputs are read but no reader passes a gradient
 * back. */
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
