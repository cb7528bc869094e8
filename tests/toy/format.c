/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The smallest format to import: "toy ROWSxINxOUT", one fully connected layer that learns. */
#include "import/toy/toy.h"

#include "base/err.h"
#include "import/graph.h"

#include <stdio.h>

int barista_toy_read(struct barista_source *src, struct barista_graph *g, struct barista_err *err)
{
	struct barista_mac *mac;
	struct barista_op *op;
	long long rows, in, out;
	int x, y, rc;

	if (sscanf(src->data, "toy %lldx%lldx%lld", &rows, &in, &out) != 3)
		return barista_fail(err, BARISTA_E_INPUT, "'%.300s' is no toy", src->path);
	if ((rc = barista_graph_init(g, src->arena, 2, 1, err)) ||
	    (rc = barista_graph_blob(g, "x", &x, err)) ||
	    (rc = barista_graph_blob(g, "y", &y, err)) ||
	    (rc = barista_graph_op(g, "fc", "Toy", 1, 1, &op, err)))
		return rc;
	src->iterations = 1;
	g->name = "toy";
	g->batch = rows;
	mac = barista_arena_alloc(src->arena, 1, sizeof *mac);
	if (!mac)
		return barista_no_memory(err);
	g->blob[x].known = g->blob[y].known = BARISTA_KNOWN;
	g->blob[x].dims = g->input = (struct barista_dims){.n = 4, .at = {rows, in, 1, 1}};
	g->blob[y].dims = (struct barista_dims){.n = 4, .at = {rows, out, 1, 1}};
	*mac = (struct barista_mac){.type = BARISTA_FC,
				    .cin = in,
				    .h = 1,
				    .w = 1,
				    .cout = out,
				    .kernel = {1, 1},
				    .stride = {1, 1},
				    .dilation = {1, 1},
				    .groups = 1,
				    .positions = 1,
				    .macs = in * out};
	op->in[0] = x;
	op->out[0] = y;
	op->multiplies = op->learns = op->weights_learn = true;
	op->mac = mac;
	return BARISTA_OK;
}
