/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "import/graph.h"

#include "network/workload.h"

#include <stdarg.h>
#include <stdio.h>

int barista_graph_init(struct barista_graph *g, struct barista_arena *arena, size_t max_blobs,
		       size_t max_ops, struct barista_err *err)
{
	*g = (struct barista_graph){.arena = arena, .max_blobs = max_blobs, .max_ops = max_ops};
	g->blob = barista_arena_alloc(arena, max_blobs + 1, sizeof *g->blob);
	g->op = barista_arena_alloc(arena, max_ops + 1, sizeof *g->op);
	g->names = json_object();
	if (g->blob && g->op && g->names)
		return 0;
	barista_graph_release(g);
	return barista_no_memory(err);
}

void barista_graph_release(struct barista_graph *g)
{
	json_decref(g->names);
	g->names = NULL;
}

int barista_graph_blob(struct barista_graph *g, const char *name, int *id, struct barista_err *err)
{
	int number = (int)g->nblobs;

	if (g->nblobs == g->max_blobs ||
	    json_object_set_new_nocheck(g->names, name, json_integer(number)))
		return barista_no_memory(err);
	g->blob[g->nblobs++] = (struct barista_blob){.name = name, .ask = BARISTA_NO_BLOB};
	*id = number;
	return 0;
}

int barista_graph_find(const struct barista_graph *g, const char *name)
{
	const json_t *id = json_object_get(g->names, name);

	return id ? (int)json_integer_value(id) : BARISTA_NO_BLOB;
}

int barista_graph_op(struct barista_graph *g, const char *name, const char *type, size_t nin,
		     size_t nout, struct barista_op **out, struct barista_err *err)
{
	struct barista_op op = {.name = name,
				.type = type,
				.nin = nin,
				.nout = nout,
				.layer_type = BARISTA_NLAYER_TYPES,
				.window = {1, 1}};

	if (g->nops == g->max_ops)
		return barista_no_memory(err);
	op.in = barista_arena_alloc(g->arena, nin + 1, sizeof *op.in);
	op.out = barista_arena_alloc(g->arena, nout + 1, sizeof *op.out);
	op.flow = barista_arena_alloc(g->arena, nin + 1, sizeof *op.flow);
	if (!op.in || !op.out || !op.flow)
		return barista_no_memory(err);
	for (size_t i = 0; i < nin; i++)
		op.in[i] = BARISTA_NO_BLOB;
	for (size_t i = 0; i < nout; i++)
		op.out[i] = BARISTA_NO_BLOB;
	*out = &g->op[g->nops++];
	**out = op;
	return 0;
}

struct barista_blob *barista_op_in(const struct barista_graph *g, const struct barista_op *op,
				   size_t i)
{
	return i < op->nin && op->in[i] != BARISTA_NO_BLOB ? &g->blob[op->in[i]] : NULL;
}

struct barista_blob *barista_op_out(const struct barista_graph *g, const struct barista_op *op,
				    size_t i)
{
	return i < op->nout && op->out[i] != BARISTA_NO_BLOB ? &g->blob[op->out[i]] : NULL;
}

enum barista_known barista_op_known(const struct barista_graph *g, const struct barista_op *op)
{
	enum barista_known least = BARISTA_KNOWN;

	for (size_t i = 0; i < op->nin; i++) {
		const struct barista_blob *b = barista_op_in(g, op, i);

		if (b && b->known < least)
			least = b->known;
	}
	return least;
}

int barista_op_problem(struct barista_graph *g, struct barista_op *op, int64_t macs,
		       struct barista_err *err, const char *fmt, ...)
{
	char text[400];
	va_list ap;

	if (op->problem)
		return 0;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	op->problem = barista_arena_strdup(g->arena, text);
	op->missing_macs = macs;
	return op->problem ? 0 : barista_no_memory(err);
}
