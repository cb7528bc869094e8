/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file reads ONNX models: the graph, but of the weights only their sizes. The initialisers
 * come first, then the inputs, then the nodes in the order of the file. */
#include "import/onnx/onnx.h"

#include "import/graph.h"
#include "import/source.h"

#include "import/onnx/graph.h"
#include "import/onnx/inputs.h"
#include "import/onnx/tensor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	OLDEST_OPSET = 7,
	NEWEST_OPSET = 21,
	MAX_NODES = 65536,
	MAX_NAMES = 262144, /* initialisers, inputs and outputs of nodes */
	MAX_KEPT = 1 << 22  /* elements of all blobs together */
};

/* The memory that unpacking the file may take. What is freed does not come back, so that the work
 * is bounded too. As protobuf-c only tells that it failed, its allocator notes why. */
struct budget {
	size_t left;  /* bytes */
	bool refused; /* the file wanted more */
	bool failed;  /* malloc() had no memory */
};

/* Allocates for protobuf-c, with what malloc() itself needs counted in. */
static void *grab(void *user, size_t size)
{
	enum { OVERHEAD = 32 };
	struct budget *b = user;
	void *p;

	if (size >= b->left || OVERHEAD >= b->left - size) {
		b->refused = true;
		return NULL;
	}
	b->left -= size + OVERHEAD;
	p = malloc(size ? size : 1);
	b->failed |= !p;
	return p;
}

static void drop(void *user, void *p)
{
	(void)user;
	free(p);
}

static int check_opset(struct barista_onnx *m, const Barista__Onnx__ModelProto *model)
{
	m->opset = 1;
	for (size_t i = 0; i < model->n_opset_import; i++) {
		const Barista__Onnx__OperatorSetIdProto *o = model->opset_import[i];

		if (!o->domain || !*o->domain || !strcmp(o->domain, "ai.onnx"))
			m->opset = o->version;
	}
	if (m->opset >= OLDEST_OPSET && m->opset <= NEWEST_OPSET)
		return 0;
	return barista_fail(m->err, BARISTA_E_INPUT,
			    "%.600s: it uses version %lld of ONNX's operators, supported "
			    "are %d to %d: convert it, e.g. with onnx.version_converter",
			    m->src->path, (long long)m->opset, OLDEST_OPSET, NEWEST_OPSET);
}

/* Counts the blobs that the graph needs, and limits them and the nodes. */
static int count_names(const struct barista_onnx *m, const Barista__Onnx__GraphProto *graph,
		       size_t *names)
{
	*names = graph->n_initializer + graph->n_input;
	if (graph->n_node > MAX_NODES)
		return barista_fail(m->err, BARISTA_E_INPUT,
				    "%.600s: it has %zu nodes, at most %d are supported",
				    m->src->path, graph->n_node, MAX_NODES);
	for (size_t i = 0; i < graph->n_node; i++)
		*names += graph->node[i]->n_output;
	if (*names <= MAX_NAMES)
		return 0;
	return barista_fail(m->err, BARISTA_E_INPUT,
			    "%.600s: it has %zu initialisers, inputs and outputs of "
			    "nodes, at most %d are supported",
			    m->src->path, *names, MAX_NAMES);
}

static int add_initialiser(struct barista_onnx *m, const Barista__Onnx__TensorProto *t,
			   size_t number)
{
	const char *name = barista_onnx_name(m->g->arena, t->name);
	char why[BARISTA_ONNX_WHY];
	int blob, rc;

	if (!name)
		return barista_no_memory(m->err);
	if (!*name)
		return barista_fail(m->err, BARISTA_E_INPUT, "%.600s: initialiser %zu has no name",
				    m->src->path, number);
	if (barista_graph_find(m->g, name) != BARISTA_NO_BLOB)
		return barista_fail(m->err, BARISTA_E_INPUT,
				    "%.600s: initialiser '%.80s': it is listed twice", m->src->path,
				    name);
	if ((rc = barista_graph_blob(m->g, name, &blob, m->err)))
		return rc;
	m->g->blob[blob].known = BARISTA_KNOWN;
	m->g->blob[blob].fixed = true;
	rc = barista_onnx_tensor(m, t, &m->g->blob[blob].dims, &m->value[blob]);
	if (rc != BARISTA_E_INPUT)
		return rc;
	snprintf(why, sizeof why, "%.*s", BARISTA_ONNX_WHY - 1, m->err->msg);
	return barista_fail(m->err, BARISTA_E_INPUT, "%.600s: initialiser '%.80s': %s",
			    m->src->path, name, why);
}

static int read_graph(struct barista_onnx *m, const Barista__Onnx__GraphProto *graph)
{
	int rc = 0;

	for (size_t i = 0; i < graph->n_initializer && !rc; i++)
		rc = add_initialiser(m, graph->initializer[i], i);
	if (!rc)
		rc = barista_onnx_inputs(m, graph);
	for (size_t i = 0; i < graph->n_node && !rc; i++)
		rc = barista_onnx_read_node(m, graph->node[i], i);
	return rc ? rc : barista_onnx_check_given(m);
}

static int read_model(struct barista_onnx *m, const Barista__Onnx__ModelProto *model)
{
	const Barista__Onnx__GraphProto *graph = model->graph;
	size_t names;
	int rc;

	if (!graph)
		return barista_fail(m->err, BARISTA_E_INPUT,
				    "'%.600s' is not an ONNX model: it has no graph", m->src->path);
	rc = check_opset(m, model);
	if (!rc)
		rc = count_names(m, graph, &names);
	if (!rc)
		rc = barista_graph_init(m->g, m->src->arena, names, graph->n_node, m->err);
	if (rc)
		return rc;
	m->value = barista_arena_alloc(m->src->arena, names + 1, sizeof *m->value);
	if (!m->value)
		return barista_no_memory(m->err);
	if (graph->name && *graph->name &&
	    !(m->g->name = barista_onnx_name(m->src->arena, graph->name)))
		return barista_no_memory(m->err);
	return read_graph(m, graph);
}

/* Fails because the file could not be unpacked, and says why. */
static int unreadable(const struct barista_source *src, const struct budget *budget,
		      struct barista_err *err)
{
	if (budget->failed)
		return barista_no_memory(err);
	if (budget->refused)
		return barista_fail(err, BARISTA_E_INPUT,
				    "'%.600s' needs more memory than 256 MiB and three times "
				    "its size",
				    src->path);
	return barista_fail(err, BARISTA_E_INPUT,
			    "'%.600s' is not an ONNX model, or it is truncated", src->path);
}

int barista_onnx_read(struct barista_source *src, struct barista_graph *g, struct barista_err *err)
{
	struct budget budget = {.left = ((size_t)256 << 20) + 3 * src->size};
	ProtobufCAllocator allocator = {grab, drop, &budget};
	struct barista_onnx m = {.src = src,
				 .g = g,
				 .err = err,
				 .elements = MAX_KEPT,
				 .main_input = BARISTA_NO_BLOB};
	Barista__Onnx__ModelProto *model;
	int rc;

	*g = (struct barista_graph){.arena = src->arena};
	src->iterations = 1;
	model = barista__onnx__model_proto__unpack(&allocator, src->size,
						   (const uint8_t *)src->data);
	if (!model)
		return unreadable(src, &budget, err);
	rc = read_model(&m, model);
	barista__onnx__model_proto__free_unpacked(model, &allocator);
	if (rc)
		barista_graph_release(g);
	return rc;
}
