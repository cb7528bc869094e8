/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Designs of one precision, mode and tile depth, by ascending Q.
 *
 * 1. A design with Q multipliers takes the same DSPs, LUTs and FFs as all others with Q, and no
 * more than any with more: what is left to compare are block RAMs and costs.
 * 2. `best` holds, for every number of block RAMs, the least cost of all designs so far that have
 * at most so many, also of other depths that were swept before.
 * 3. For each Q, pairs of nodes of the trees of the two sides (bound_tree.c) are entered while
 * their bound beats `best`; pairs of single options are evaluated to the last bit.
 * 4. What still counts when all pairs of that Q are done is inserted.
 * A design that beats `best` in no cost is no better in any than one that was inserted, so that the
 * list is complete. The cost is the number of pairs of nodes that are entered. */
#include "base/err.h"
#include "base/array.h"
#include "barista/family.h"
#include "base/num.h"
#include "families/layered/sweep.h"
#include "network/workload.h"

#include <stdlib.h>

/* More than the rounding of some ten thousand additions. */
static const double margin = 1e-11;

/* The costs of the model, with its roundings: layers one after the other, as barista_totals() adds
 * them. */
static struct barista_layered_cost cost_exactly(const struct barista_layered_sweep *s,
						const struct barista_point *point)
{
	struct barista_layered_params set =
		barista_layered_params(s->enumeration->model->dev, point);
	double batch = (double)s->enumeration->model->lowered->net->batch;
	struct barista_layered_cost cost = {{0, 0}};

	for (size_t l = 0, i = 0; l < s->enumeration->model->lowered->nlayers; l++) {
		double time = 0;

		for (; i < s->layer[l].end; i++)
			time += s->launch[i].count / batch *
				barista_layered_launch_times(&set, &s->launch[i]).t_total;
		cost.of[BARISTA_LAYERED_TIME] += time;
		if (s->layer[l].ops > 0)
			cost.of[BARISTA_LAYERED_RATES] -= s->layer[l].ops / time;
	}
	return cost;
}

static void take_gemms(const struct barista_layered_sweep *s, size_t a, size_t b)
{
	const double *restrict steps_m = s->m.steps + a * s->ngemms, *restrict steps_n =
									     s->n.steps +
									     b * s->ngemms;
	const double *restrict moves_m = s->m.moves + a * s->ngemms, *restrict moves_n =
									     s->n.moves +
									     b * s->ngemms;
	const double *restrict size_m = s->m.size + a * s->ngemms, *restrict size_n = s->n.size +
										      b * s->ngemms;
	double *restrict gemm_time = s->gemm_time;

	for (size_t g = 0; g < s->ngemms; g++) {
		double ends = s->gemm[g].load * (size_m[g] + size_n[g]) +
			      s->gemm[g].move * (size_m[g] * size_n[g]);
		double comp = steps_m[g] * steps_n[g] + ends, mem = moves_m[g] + moves_n[g];

		gemm_time[g] = comp > mem ? comp : mem;
	}
}

/* Of one option per side; of nodes with more, no pair of their options costs less. */
static struct barista_layered_cost cost_about(const struct barista_layered_sweep *s, size_t a,
					      size_t b)
{
	struct barista_layered_cost cost = {{0, 0}};

	take_gemms(s, a, b);
	for (size_t l = 0, i = 0; l < s->enumeration->model->lowered->nlayers; l++) {
		double time = s->layer[l].fixed;

		for (; i < s->layer[l].shares; i++)
			time += s->share[i].share * s->gemm_time[s->share[i].gemm];
		cost.of[BARISTA_LAYERED_TIME] += time;
		if (s->layer[l].ops > 0)
			cost.of[BARISTA_LAYERED_RATES] -= s->layer[l].ops / time;
	}
	return cost;
}

static double blocks_of(const struct barista_layered_sweep *s, size_t i, size_t j)
{
	const struct barista_layered_option *a = &s->m.side.option[i], *b = &s->n.side.option[j];

	return s->m.blocks[i] + s->n.blocks[j] +
	       barista_layered_sums_blocks(s->enumeration->model->dev, s->precision,
					   (double)a->each * b->each, (double)a->q * b->q);
}

static struct barista_point point_of(const struct barista_layered_sweep *s, size_t i, size_t j)
{
	const struct barista_layered_option *a = &s->m.side.option[i], *b = &s->n.side.option[j];
	struct barista_point p = s->point;

	p.knob[LAYERED_M] = (double)a->q * a->each;
	p.knob[LAYERED_N] = (double)b->q * b->each;
	p.knob[LAYERED_Q] = (double)a->q * b->q;
	return p;
}

static size_t level_of(double blocks)
{
	return (size_t)(2 * blocks);
}

static void lower_best(struct barista_layered_sweep *s, double blocks,
		       const struct barista_layered_cost *cost)
{
	for (int c = 0; c < BARISTA_LAYERED_COSTS; c++)
		for (size_t b = level_of(blocks); b < s->nlevels && s->best[c][b] > cost->of[c];
		     b++)
			s->best[c][b] = cost->of[c];
}

static int add_design(struct barista_layered_sweep *s, struct barista_layered_design design,
		      struct barista_err *err)
{
	if (!barista_array_reserve(&s->design, &s->design_room, s->ndesigns + 1, sizeof *s->design))
		return barista_no_memory(err);
	s->design[s->ndesigns++] = design;
	lower_best(s, design.blocks, &design.cost);
	return 0;
}

/* May it cost less than the best of as many blocks, as far as rounding can tell? */
static bool may_count(const struct barista_layered_sweep *s, struct barista_layered_cost about,
		      double blocks)
{
	bool may = false;

	for (int c = 0; c < BARISTA_LAYERED_COSTS; c++) {
		double best = s->best[c][level_of(blocks)];

		may |= about.of[c] <= best + margin * fabs(best);
	}
	return may;
}

static int consider(struct barista_layered_sweep *s, size_t i, size_t j, double blocks,
		    struct barista_err *err)
{
	struct barista_layered_design design = {.blocks = blocks, .point = point_of(s, i, j)};
	bool counts = false;

	design.cost = cost_exactly(s, &design.point);
	for (int c = 0; c < BARISTA_LAYERED_COSTS; c++)
		counts |= design.cost.of[c] < s->best[c][level_of(blocks)];
	return counts ? add_design(s, design, err) : 0;
}

/* All pairs of options of two nodes. Blocks grow with what each multiplier works on, so the first
 * pair takes the fewest: none fits when it does not, and none counts when designs with as many
 * blocks cost less than the least of all pairs. */
static int sweep_nodes(struct barista_layered_sweep *s, size_t a, size_t b, struct barista_err *err)
{
	const struct barista_layered_node *x = &s->m.node[a], *y = &s->n.node[b];
	size_t rows = x->to - x->from, columns = y->to - y->from;
	double blocks = blocks_of(s, x->from, y->from);
	int rc;

	if (blocks > s->limit || !may_count(s, cost_about(s, a, b), blocks))
		return 0;
	if (rows == 1 && columns == 1)
		return consider(s, x->from, y->from, blocks, err);
	if (rows >= columns) {
		rc = sweep_nodes(s, a + 1, b, err);
		return rc ? rc : sweep_nodes(s, x->second, b, err);
	}
	rc = sweep_nodes(s, a, b + 1, err);
	return rc ? rc : sweep_nodes(s, a, y->second, err);
}

static int sweep_layout(struct barista_layered_sweep *s, size_t q_m, size_t q_n,
			struct barista_err *err)
{
	size_t a = s->m.root[q_m], b = s->n.root[q_n];

	return a == SIZE_MAX || b == SIZE_MAX ? 0 : sweep_nodes(s, a, b, err);
}

static int insert_design(struct barista_layered_sweep *s, const struct barista_point *point,
			 struct barista_err *err)
{
	s->ninserted++;
	return s->enumeration->insert(s->enumeration->user, point, err);
}

/* Is it still the best of all with as many blocks, and better than all with fewer? */
static bool still_counts(const struct barista_layered_sweep *s,
			 const struct barista_layered_design *f)
{
	size_t level = level_of(f->blocks);
	bool counts = false;

	for (int c = 0; c < BARISTA_LAYERED_COSTS; c++)
		counts |= f->cost.of[c] <= s->best[c][level] &&
			  (!level || f->cost.of[c] < s->best[c][level - 1]);
	return counts;
}

static int add_candidate(struct barista_layered_candidates *to,
			 const struct barista_layered_design *design, struct barista_err *err)
{
	if (!barista_array_reserve(&to->item, &to->cap, to->n + 1, sizeof *to->item))
		return barista_no_memory(err);
	to->item[to->n++] = (struct barista_layered_candidate){
		(int32_t)design->point.knob[LAYERED_Q], design->blocks, design->cost};
	return 0;
}

static int by_parallel(const void *x, const void *y)
{
	const struct barista_layered_candidate *a = x, *b = y;

	return (a->q > b->q) - (a->q < b->q);
}

void barista_layered_candidates_sort(struct barista_layered_candidates *ninserted)
{
	if (ninserted->n)
		qsort(ninserted->item, ninserted->n, sizeof *ninserted->item, by_parallel);
}

static int offer_found(struct barista_layered_sweep *s, struct barista_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < s->ndesigns && !rc; i++) {
		if (!still_counts(s, &s->design[i]))
			continue;
		rc = insert_design(s, &s->design[i].point, err);
		if (!rc)
			rc = add_candidate(s->before, &s->design[i], err);
	}
	s->ndesigns = 0;
	return rc;
}

int barista_layered_sweep_q(struct barista_layered_sweep *s, int32_t q, struct barista_err *err)
{
	int rc = 0;

	for (; s->seen < s->known && s->before->item[s->seen].q <= q; s->seen++)
		lower_best(s, s->before->item[s->seen].blocks, &s->before->item[s->seen].cost);
	for (int32_t d = 1; d * d <= q && !rc; d++) {
		if (q % d)
			continue;
		rc = sweep_layout(s, (size_t)d, (size_t)(q / d), err);
		if (!rc && d * d < q)
			rc = sweep_layout(s, (size_t)(q / d), (size_t)d, err);
	}
	return rc ? rc : offer_found(s, err);
}

/* The first options of a q take the fewest blocks. */
static int offer_fewer(struct barista_layered_sweep *s, int32_t q_m, int32_t q_n, double *fewest,
		       struct barista_err *err)
{
	size_t i = s->m.side.first[q_m], j = s->n.side.first[q_n];
	struct barista_point point;

	if (i == s->m.side.first[q_m + 1] || j == s->n.side.first[q_n + 1] ||
	    !(blocks_of(s, i, j) < *fewest))
		return 0;
	*fewest = blocks_of(s, i, j);
	point = point_of(s, i, j);
	return insert_design(s, &point, err);
}

int barista_layered_sweep_least(struct barista_layered_sweep *s, int32_t q, double *fewest,
				struct barista_err *err)
{
	int rc = 0;

	for (int32_t d = 1; d * d <= q && !rc; d++) {
		if (q % d)
			continue;
		rc = offer_fewer(s, d, q / d, fewest, err);
		if (!rc && d * d < q)
			rc = offer_fewer(s, q / d, d, fewest, err);
	}
	return rc;
}
