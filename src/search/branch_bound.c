/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exact search: knob by knob, outermost first, every value is the box of all points under it. A
 * value is left out when the family proves that a smaller one does as well, when the smallest point
 * of its box is over a budget, or when no ranking wants even the box's bound. What is left is
 * evaluated. Rankings, ties included, come out as if every point had been. */
#include "search/branch_bound_parts.h"

#include "base/err.h"

#include <math.h>
#include <string.h>

static bool stopped(const struct exact *x)
{
	return x->options->stop && *x->options->stop;
}

static void report(struct exact *x)
{
	const struct barista_certificate *c = &x->out->certificate;
	double done = c->over + c->dominated + c->bounded + c->evaluated;

	if (x->options->progress && done > x->reported) {
		x->reported = done;
		x->options->progress(x->options->user, done, c->points, (double)NAN);
	}
}

/* The most promising first, by mean PPW; of equals the smaller value. */
static void sort(struct plane *p, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		size_t at = i, moved = p->order[i];
		double score = p->glance[moved].metric[BARISTA_PPW_MEAN];

		for (; at && p->glance[p->order[at - 1]].metric[BARISTA_PPW_MEAN] < score; at--)
			p->order[at] = p->order[at - 1];
		p->order[at] = moved;
	}
}

static int branch(struct exact *x, size_t d);

/* Of the boxes that could only tie, those that could with no more DSPs than the kernels they tie with:
 * so few make them slower, and most ties end here. Marks the others in p->dropped. */
static void look_again(struct exact *x, size_t d, struct plane *p, size_t from, size_t n, double dsp_limit)
{
	struct plane *again = &x->again;
	size_t place[BATCH], left;
	double ignored;

	for (size_t i = 0; i < n; i++) {
		place[i] = p->tied[i];
		again->value[i] = p->value[from + p->tied[i]];
		p->dropped[place[i]] = true;
	}
	left = barista_exact_bound(x, d, again, again->value, n, dsp_limit);
	for (size_t i = 0; i < left; i++)
		p->dropped[place[again->order[i]]] = barista_keep_wish(x->out, &again->glance[again->order[i]], &ignored) ==
						     BARISTA_UNWANTED;
}

/* Leaves in p->order the boxes of a batch that are wanted; returns how many. */
static size_t admit_batch(struct exact *x, size_t d, size_t from, size_t n)
{
	struct barista_certificate *count = &x->out->certificate;
	struct plane *p = &x->plane[d];
	size_t left = barista_exact_bound(x, d, p, p->value + from, n, INFINITY), wanted = 0, tied = 0;
	double dsp_limit = 0;

	count->over += (double)(n - left) * x->levels->below[d];
	memset(p->dropped, 0, sizeof p->dropped);
	for (size_t i = 0; i < left; i++) {
		double limit;
		enum barista_wish wish = barista_keep_wish(x->out, &p->glance[p->order[i]], &limit);

		if (wish == BARISTA_UNWANTED)
			p->dropped[p->order[i]] = true;
		if (wish != BARISTA_TIES)
			continue;
		p->tied[tied++] = p->order[i];
		dsp_limit = fmax(dsp_limit, limit);
	}
	if (tied)
		look_again(x, d, p, from, tied, dsp_limit);
	for (size_t i = 0; i < left; i++)
		if (!p->dropped[p->order[i]])
			p->order[wanted++] = p->order[i];
	count->bounded += (double)(left - wanted) * x->levels->below[d];
	return wanted;
}

static int visit_batch(struct exact *x, size_t d, size_t from, size_t n)
{
	struct plane *p = &x->plane[d];
	struct barista_certificate *count = &x->out->certificate;
	double below = x->levels->below[d], ignored;
	size_t left = admit_batch(x, d, from, n);
	int rc = 0;

	sort(p, left);
	for (size_t i = 0; !rc && i < left; i++) {
		if (stopped(x)) {
			count->left += below;
		} else if (barista_keep_wish(x->out, &p->glance[p->order[i]], &ignored) == BARISTA_UNWANTED) {
			count->bounded += below;
		} else {
			barista_exact_set(x, d, p->value[from + p->order[i]]);
			rc = branch(x, d + 1);
		}
	}
	barista_exact_open(x, d);
	return rc;
}

static int branch(struct exact *x, size_t d)
{
	struct plane *p = &x->plane[d];
	struct barista_certificate *count = &x->out->certificate;
	size_t within;
	int rc = 0;

	if (d + 1 == x->levels->n) {
		rc = barista_exact_walk(x, &count->over, &count->evaluated, &count->dominated);
		report(x);
		return rc;
	}
	if (x->levels->size[d] == 1 && d) {
		barista_exact_set(x, d, barista_levels_value(x->levels, d, 0));
		return branch(x, d + 1);
	}
	barista_exact_list(x, d);
	count->dominated += (double)(x->levels->size[d] - p->n) * x->levels->below[d];
	within = barista_exact_within(x, d);
	count->over += (double)(p->n - within) * x->levels->below[d];
	for (size_t from = 0; !rc && from < within; from += BATCH)
		rc = visit_batch(x, d, from, within - from < BATCH ? within - from : BATCH);
	return rc;
}

/* More tiles than one in a ranking could be dominated ones; and a peak grows with the tile. */
static bool may_thin(const struct barista_search_options *o)
{
	bool peak = false;

	for (size_t m = 0; m < o->npareto; m++)
		peak |= o->pareto[m] == BARISTA_PEAK;
	return o->top == 1 && !peak;
}

int barista_exact_run(struct barista_search *search, const struct barista_levels *levels,
		      const struct barista_search_options *options, struct barista_err *err)
{
	struct exact x = {.out = search, .model = search->model, .levels = levels, .options = options,
			  .thin = may_thin(options), .err = err};
	int rc = barista_exact_make(&x) ? barista_exact_seed(&x) : barista_no_memory(err);

	barista_exact_open(&x, 0);
	if (!rc)
		rc = branch(&x, 0);
	search->feasible = search->certificate.evaluated;
	search->partial = search->certificate.left > 0;
	barista_exact_free(&x);
	return rc;
}
