/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Designs by ascending Q. One with Q multipliers takes the same DSPs, LUTs and FFs as all others with Q and no more
 * than any with more, so what is left to compare are block RAMs and time: `best` holds the least time of all
 * designs so far that have at most so many. A design that does not beat it is no better than one that was offered. */
#include "base/err.h"
#include "base/num.h"
#include "model/layered_sweep.h"

#include <stdlib.h>

/* More than the rounding of some ten thousand additions. */
static const double margin = 1e-11;

/* The time of the model, with its roundings: layers one after the other, as barista_totals() adds them. */
static double time_exactly(const struct barista_layered_sweep *s, const struct barista_point *point)
{
	struct barista_layered_setting set = barista_layered_setting(s->listing->model->dev, point);
	double batch = (double)s->listing->model->plan->net->batch, total = 0;

	for (size_t l = 0, i = 0; l < s->listing->model->plan->nlayers; l++) {
		double time = 0;

		for (; i < s->ends[l]; i++)
			time += s->launch[i].count / batch * barista_layered_times(&set, &s->launch[i]).t_total;
		total += time;
	}
	return total;
}

/* Of one option per side; of nodes with more, no pair of their options takes less. */
static double time_about(const struct barista_layered_sweep *s, size_t a, size_t b)
{
	const double *restrict steps_m = s->m.steps + a * s->ngemms, *restrict steps_n = s->n.steps + b * s->ngemms;
	const double *restrict moves_m = s->m.moves + a * s->ngemms, *restrict moves_n = s->n.moves + b * s->ngemms;
	double time = s->fixed;

	for (size_t g = 0; g < s->ngemms; g++) {
		double comp = steps_m[g] * steps_n[g], mem = moves_m[g] + moves_n[g];

		time += comp > mem ? comp : mem;
	}
	return time;
}

static double blocks_of(const struct barista_layered_sweep *s, size_t i, size_t j)
{
	const struct barista_layered_option *a = &s->m.side.option[i], *b = &s->n.side.option[j];

	return s->m.blocks[i] + s->n.blocks[j] +
	       barista_layered_sums_blocks(s->listing->model->dev, s->precision, (double)a->each * b->each, (double)a->q * b->q);
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

static int keep(struct barista_layered_sweep *s, struct barista_layered_found found, struct barista_err *err)
{
	if (s->nfound == s->found_cap) {
		size_t cap = s->found_cap ? 2 * s->found_cap : 64;
		struct barista_layered_found *more = realloc(s->found, cap * sizeof *more);

		if (!more)
			return barista_no_memory(err);
		s->found = more;
		s->found_cap = cap;
	}
	s->found[s->nfound++] = found;
	for (size_t b = level_of(found.blocks); b < s->nlevels && s->best[b] > found.time; b++)
		s->best[b] = found.time;
	return 0;
}

static int consider(struct barista_layered_sweep *s, size_t i, size_t j, double blocks, struct barista_err *err)
{
	struct barista_layered_found found = {.blocks = blocks, .point = point_of(s, i, j)};

	found.time = time_exactly(s, &found.point);
	return found.time < s->best[level_of(blocks)] ? keep(s, found, err) : 0;
}

/* All pairs of options of two nodes. Blocks grow with what each multiplier works on, so the first pair takes the fewest:
 * none fits when it does not, and none counts when as many blocks already do in less than the least time of all pairs. */
static int sweep_nodes(struct barista_layered_sweep *s, size_t a, size_t b, struct barista_err *err)
{
	const struct barista_layered_node *x = &s->m.node[a], *y = &s->n.node[b];
	size_t rows = x->to - x->from, columns = y->to - y->from;
	double blocks = blocks_of(s, x->from, y->from);
	int rc;

	if (blocks > s->limit || time_about(s, a, b) > s->best[level_of(blocks)] * (1 + margin))
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

static int sweep_layout(struct barista_layered_sweep *s, size_t q_m, size_t q_n, struct barista_err *err)
{
	size_t a = s->m.root[q_m], b = s->n.root[q_n];

	return a == SIZE_MAX || b == SIZE_MAX ? 0 : sweep_nodes(s, a, b, err);
}

static int offer(struct barista_layered_sweep *s, const struct barista_point *point, struct barista_err *err)
{
	s->offered++;
	return s->listing->offer(s->listing->user, point, err);
}

/* What is left of a Q: that which no other of it beats, also one that was found later. */
static int offer_found(struct barista_layered_sweep *s, struct barista_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < s->nfound && !rc; i++) {
		const struct barista_layered_found *f = &s->found[i];
		size_t level = level_of(f->blocks);

		if (f->time <= s->best[level] && (!level || f->time < s->best[level - 1]))
			rc = offer(s, &f->point, err);
	}
	s->nfound = 0;
	return rc;
}

int barista_layered_sweep_q(struct barista_layered_sweep *s, int32_t q, struct barista_err *err)
{
	int rc = 0;

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
int barista_layered_sweep_least(struct barista_layered_sweep *s, int32_t q, double *fewest, struct barista_err *err)
{
	for (int32_t d = 1; d <= q; d++) {
		size_t i = s->m.side.first[d], j = s->n.side.first[q / d];
		struct barista_point point;
		int rc;

		if (q % d || i == s->m.side.first[d + 1] || j == s->n.side.first[q / d + 1] || !(blocks_of(s, i, j) < *fewest))
			continue;
		*fewest = blocks_of(s, i, j);
		point = point_of(s, i, j);
		if ((rc = offer(s, &point, err)))
			return rc;
	}
	return 0;
}
