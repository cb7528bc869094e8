/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file turns a node into an op, in the order of the file, in which ONNX wants every node to
 * stand behind those that it reads from:
 *
 *   1. Its inputs are looked up by name, in a hash table. As each must exist already, the order of
 *      the ops is topological; a file in another order fails here.
 *   2. A new blob is made for every output, whose name must be new.
 *   3. The operator sizes the outputs when the sizes of all inputs are known or guessed.
 *   4. When the elements of all inputs are known too, those of the output are computed, see
 *      constant_folding.c.
 *   5. A node whose outputs are the same for every image is marked as doing nothing at run time.
 *
 * Without step 4 the cost of a node is linear in its inputs, outputs and attributes. */
#include "import/onnx/graph.h"

#include "import/onnx/inputs.h"
#include "import/onnx/operators.h"
#include "import/onnx/tensor.h"
#include "network/workload.h"

#include <stdio.h>
#include <string.h>

/* Returns a name for the node: its own, or that of its first output, or its operator; NULL without
 * memory. */
static const char *name_of(const struct barista_onnx *m, const Barista__Onnx__NodeProto *proto)
{
	if (proto->name && *proto->name)
		return barista_onnx_name(m->g->arena, proto->name);
	for (size_t i = 0; i < proto->n_output; i++)
		if (*proto->output[i])
			return barista_onnx_name(m->g->arena, proto->output[i]);
	return barista_onnx_name(m->g->arena,
				 proto->op_type && *proto->op_type ? proto->op_type : "unnamed");
}

static bool is_standard(const Barista__Onnx__NodeProto *proto)
{
	return !proto->domain || !*proto->domain || !strcmp(proto->domain, "ai.onnx");
}

/* Returns the operator, with its domain before it unless that is ONNX's own; NULL without
 * memory. */
static const char *type_of(const struct barista_onnx *m, const Barista__Onnx__NodeProto *proto)
{
	const char *type = proto->op_type ? proto->op_type : "";
	char full[200];

	if (is_standard(proto))
		return barista_onnx_name(m->g->arena, type);
	snprintf(full, sizeof full, "%.90s.%.90s", proto->domain, type);
	return barista_onnx_name(m->g->arena, full);
}

static int find_inputs(struct barista_onnx_node *n)
{
	for (size_t i = 0; i < n->op->nin; i++) {
		const char *name = barista_onnx_name(n->g->arena, n->proto->input[i]);

		if (!name)
			return barista_no_memory(n->model->err);
		if (!*name)
			continue;
		n->op->in[i] = barista_graph_find(n->g, name);
		if (n->op->in[i] == BARISTA_NO_BLOB)
			return barista_onnx_fail_node(
				n,
				"it reads '%.80s', which no initialiser, input "
				"or earlier node makes",
				name);
	}
	return 0;
}

static int make_outputs(struct barista_onnx_node *n)
{
	for (size_t i = 0; i < n->op->nout; i++) {
		const char *name = barista_onnx_name(n->g->arena, n->proto->output[i]);
		int rc;

		if (!name)
			return barista_no_memory(n->model->err);
		if (!*name)
			continue;
		if (barista_graph_find(n->g, name) != BARISTA_NO_BLOB)
			return barista_onnx_fail_node(n, "it makes '%.80s', which exists already",
						      name);
		rc = barista_graph_blob(n->g, name, &n->op->out[i], n->model->err);
		if (rc)
			return rc;
	}
	return 0;
}

/* Guesses that outputs of unknown sizes have the shape of the first input that is no constant. */
static void guess_outputs(struct barista_onnx_node *n)
{
	const struct barista_blob *like = NULL;

	for (size_t i = 0; i < n->op->nin && !like; i++)
		if (barista_op_in(n->g, n->op, i) && !barista_onnx_constant(n, i))
			like = barista_op_in(n->g, n->op, i);
	for (size_t i = 0; i < n->op->nout && like && like->known != BARISTA_UNKNOWN; i++) {
		struct barista_blob *out = barista_op_out(n->g, n->op, i);

		if (!out || out->known != BARISTA_UNKNOWN)
			continue;
		out->known = BARISTA_GUESSED;
		out->dims = like->dims;
	}
}

static void forget_outputs(struct barista_onnx_node *n)
{
	n->op->mac = NULL;
	for (size_t i = 0; i < n->op->nout; i++)
		if (barista_op_out(n->g, n->op, i))
			barista_op_out(n->g, n->op, i)->known = BARISTA_UNKNOWN;
}

/* Leaves the outputs unknown, because an input is. When the user could size that input, this fails;
 * otherwise an op that multiplies has a problem. */
static int pass_unknown(struct barista_onnx_node *n, const struct barista_onnx_operator *o)
{
	for (size_t i = 0; i < n->op->nin; i++) {
		const struct barista_blob *b = barista_op_in(n->g, n->op, i);
		int rc = 0;

		if (!b || b->known != BARISTA_UNKNOWN)
			continue;
		if (n->model->value[n->op->in[i]].sizes)
			return barista_onnx_fail_unknown_input(n->model, n->op->in[i]);
		if (o->multiplies)
			rc = barista_op_problem(n->g, n->op, -1, n->model->err,
						"the size of its input '%.80s' is not known",
						b->name);
		if (rc)
			return rc;
	}
	return 0;
}

/* Marks the outputs as constant when the op has inputs and all of them are. */
static void mark_constants(struct barista_onnx_node *n)
{
	bool constant = n->op->nin > 0;

	for (size_t i = 0; i < n->op->nin; i++)
		constant &= !barista_op_in(n->g, n->op, i) || barista_onnx_constant(n, i);
	for (size_t i = 0; i < n->op->nout; i++)
		if (barista_op_out(n->g, n->op, i))
			n->model->value[n->op->out[i]].constant |= constant;
}

/* Returns whether there are inputs, and the elements of all of them are known. */
static bool can_fold(const struct barista_onnx_node *n)
{
	for (size_t i = 0; i < n->op->nin; i++) {
		const struct barista_onnx_value *v = barista_onnx_value(n, i);

		if (barista_op_in(n->g, n->op, i) && !v->whole && !v->real)
			return false;
	}
	return n->op->nin > 0;
}

/* Sizes the outputs and computes their elements, as far as the inputs are known. Inputs of guessed
 * sizes that do not fit are forgiven: then the guess was wrong, and the outputs stay unknown. */
static int shape_outputs(struct barista_onnx_node *n, const struct barista_onnx_operator *o)
{
	int rc;

	for (size_t i = 0; i < o->inputs; i++)
		if (!barista_op_in(n->g, n->op, i))
			return barista_onnx_fail_node(n, "its input %zu is missing", i + 1);
	if (!barista_op_out(n->g, n->op, 0))
		return barista_onnx_fail_node(n, "its first output is missing");
	n->known = barista_op_known(n->g, n->op);
	if (n->known == BARISTA_UNKNOWN)
		return pass_unknown(n, o);
	rc = o->shape(n);
	if (rc == BARISTA_E_INPUT && n->known == BARISTA_GUESSED) {
		forget_outputs(n);
		return o->multiplies
			       ? barista_op_problem(n->g, n->op, -1, n->model->err,
						    "its guessed input does not fit: %s", n->why)
			       : 0;
	}
	if (rc)
		return rc;
	if (n->op->problem)
		guess_outputs(n);
	else if (o->fold && can_fold(n))
		return o->fold(n);
	return 0;
}

static int understand(struct barista_onnx_node *n)
{
	const struct barista_onnx_operator *o =
		is_standard(n->proto) ? barista_onnx_operator(n->op->type) : NULL;
	int rc;

	mark_constants(n);
	n->op->multiplies = o && o->multiplies;
	n->op->layer_type = o ? o->layer_type : BARISTA_NLAYER_TYPES;
	if (o && o->shape)
		return shape_outputs(n, o);
	if (o)
		rc = barista_op_problem(n->g, n->op, o->multiplies ? -1 : 0, n->model->err, "%s",
					o->problem);
	else
		rc = barista_op_problem(n->g, n->op, -1, n->model->err,
					"the operator '%.200s' is not understood", n->op->type);
	guess_outputs(n);
	return rc;
}

/* Settles what the op does at run time, once its outputs are known. An op whose outputs are the
 * same for every image, or whose inputs are, does nothing then. A sum of which one input varies and
 * the others do not is a scale. */
static void settle_step(struct barista_onnx_node *n)
{
	bool fixed = n->op->nout > 0;
	size_t moving = 0;

	for (size_t i = 0; i < n->op->nout; i++) {
		struct barista_blob *out = barista_op_out(n->g, n->op, i);
		const struct barista_onnx_value *v = out ? &n->model->value[n->op->out[i]] : NULL;

		if (out)
			out->fixed = v->constant || v->whole || v->real;
		fixed &= !out || out->fixed;
	}
	for (size_t i = 0; i < n->op->nin; i++)
		moving += barista_op_in(n->g, n->op, i) && !barista_op_in(n->g, n->op, i)->fixed;
	if (fixed || !moving)
		n->op->layer_type = BARISTA_NLAYER_TYPES;
	else if (n->op->layer_type == BARISTA_LAYER_SUM && moving == 1)
		n->op->layer_type = BARISTA_LAYER_SCALE;
}

int barista_onnx_read_node(struct barista_onnx *m, const Barista__Onnx__NodeProto *proto,
			   size_t number)
{
	struct barista_onnx_node n = {.model = m, .proto = proto, .g = m->g, .opset = m->opset};
	const char *name = name_of(m, proto), *type = type_of(m, proto);
	int rc;

	if (!name || !type)
		return barista_no_memory(m->err);
	rc = barista_graph_op(m->g, name, type, proto->n_input, proto->n_output, &n.op, m->err);
	if (rc)
		return rc;
	n.op->number = number;
	if (!*type)
		return barista_onnx_fail_node(&n, "it has no operator");
	if ((rc = find_inputs(&n)) || (rc = make_outputs(&n)) || (rc = understand(&n)))
		return rc;
	settle_step(&n);
	return 0;
}
