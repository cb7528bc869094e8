/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A tree over the options of one side of the tile, rows or columns. The options of one Q are sorted
 * and halved again and again; each node has the least that any option of its half takes in compute
 * steps, memory moves and size, GEMM by GEMM. A pair of nodes, one per side, so bounds all pairs of
 * their options: compute is a product of the two sides' least, memory a sum. Building costs one
 * pass over the options per level, log2 of their number in all. */
#include "base/err.h"
#include "base/memory.h"
#include "barista/family.h"
#include "base/num.h"
#include "families/layered/sweep.h"

#include <stdlib.h>

/* Distinct m or n of the GEMMs. */
static struct barista_layered_sizes distinct(const struct barista_layered_sweep *s, bool columns,
					     double *value)
{
	size_t n = 0;

	for (size_t g = 0; g < s->ngemms; g++) {
		double size = columns ? s->gemm[g].n : s->gemm[g].m;
		size_t i = 0;

		while (i < n && value[i] != size)
			i++;
		value[i] = size;
		n += i == n;
	}
	return (struct barista_layered_sizes){n, value};
}

static int make_side(struct barista_layered_tree *tree, const struct barista_layered_sweep *s,
		     bool columns, struct barista_err *err)
{
	const struct barista_range *range = s->enumeration->space->range;
	double *value = calloc(s->ngemms + 1, sizeof *value);
	int rc = value ? 0 : barista_no_memory(err);

	if (!rc)
		rc = barista_layered_side_make(&tree->side, &range[columns ? LAYERED_N : LAYERED_M],
					       &range[LAYERED_Q], s->max_multipliers,
					       distinct(s, columns, value), err);
	free(value);
	return rc;
}

static void fill_option(struct barista_layered_tree *tree, const struct barista_layered_sweep *s,
			bool columns, size_t at)
{
	const struct barista_layered_option *o = &tree->side.option[tree->node[at].from];
	double tile = (double)o->q * o->each;

	for (size_t i = 0; i < s->ngemms; i++) {
		const struct barista_layered_gemm *g = &s->gemm[i];
		double tiles = barista_ceil_div(columns ? g->n : g->m, tile);

		tree->steps[at * s->ngemms + i] = (columns ? 1 : g->comp) * (tiles * o->each);
		tree->moves[at * s->ngemms + i] = columns ? g->a * tiles : g->b * tiles + g->c;
		tree->size[at * s->ngemms + i] = fmin(tile, columns ? g->n : g->m);
	}
}

static void fill_least(struct barista_layered_tree *tree, size_t ngemms, size_t at, size_t first,
		       size_t second)
{
	for (size_t i = 0; i < ngemms; i++) {
		size_t to = at * ngemms + i, a = first * ngemms + i, b = second * ngemms + i;

		tree->steps[to] = fmin(tree->steps[a], tree->steps[b]);
		tree->moves[to] = fmin(tree->moves[a], tree->moves[b]);
		tree->size[to] = fmin(tree->size[a], tree->size[b]);
	}
}

/* A node and all below it, behind those that there are; it goes as deep as the options can be
 * halved. */
static size_t add_node(struct barista_layered_tree *tree, const struct barista_layered_sweep *s,
		       bool columns, size_t from, size_t to)
{
	size_t at = tree->n++, middle = from + (to - from) / 2;

	tree->node[at] = (struct barista_layered_node){from, to, 0};
	if (to - from == 1) {
		fill_option(tree, s, columns, at);
		return at;
	}
	add_node(tree, s, columns, from, middle);
	tree->node[at].second = add_node(tree, s, columns, middle, to);
	fill_least(tree, s->ngemms, at, at + 1, tree->node[at].second);
	return at;
}

int barista_layered_tree_make(struct barista_layered_tree *tree,
			      const struct barista_layered_sweep *s, bool columns,
			      struct barista_err *err)
{
	const struct barista_layered_side *side = &tree->side;
	int rc = make_side(tree, s, columns, err);

	if (rc)
		return rc;
	tree->blocks = calloc(side->n + 1, sizeof *tree->blocks);
	tree->node = calloc(2 * side->n + 1, sizeof *tree->node);
	tree->root = calloc((size_t)s->max_multipliers + 1, sizeof *tree->root);
	tree->steps = calloc((2 * side->n + 1) * s->ngemms + 1, sizeof *tree->steps);
	tree->moves = calloc((2 * side->n + 1) * s->ngemms + 1, sizeof *tree->moves);
	tree->size = calloc((2 * side->n + 1) * s->ngemms + 1, sizeof *tree->size);
	if (!tree->blocks || !tree->node || !tree->root || !tree->steps || !tree->moves ||
	    !tree->size)
		return barista_no_memory(err);
	for (size_t i = 0; i < side->n; i++)
		tree->blocks[i] = barista_layered_input_blocks(
			s->enumeration->model->dev, s->precision, side->option[i].each,
			side->option[i].q, s->point.knob[LAYERED_K]);
	for (size_t q = 0; q <= (size_t)s->max_multipliers; q++)
		tree->root[q] =
			side->first[q] < side->first[q + 1]
				? add_node(tree, s, columns, side->first[q], side->first[q + 1])
				: SIZE_MAX;
	return 0;
}

void barista_layered_tree_free(struct barista_layered_tree *tree)
{
	barista_free_all(tree->blocks, tree->node, tree->root, tree->steps, tree->moves,
			 tree->size);
	barista_layered_side_free(&tree->side);
}
