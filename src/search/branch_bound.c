/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exact search, by branch and bound over the knobs, outermost first.
 *
 * 1. Every value of a knob, those of the outer knobs being set, stands for the box of all points
 * under it. Values that the architecture proves to be dominated are left out.
 * 2. A box whose smallest point is over a budget is left out: resources only grow from there.
 * 3. The others get a lower bound of their time and resources. A box is pruned when no ranking and
 * no front would take even a point that reached all its bounds (barista_incumbents_classify()).
 * 4. Boxes that could only tie with an incumbent are bounded once more, among the designs with no
 * more DSPs than it: ties are broken by DSPs first, and most such boxes end here.
 * 5. What is left is entered, the most promising first, down to the inner knob, which is evaluated.
 *
 * Incumbents to compare with come from branch_bound_seed.c. The bounds use the arithmetic of the
 * evaluation itself, so that no rounding can prune a point that ranks: rankings come out, ties
 * included, as if every point had been evaluated. The cost is the number of boxes bounded, a few
 * hundred thousand of 1e12 points; in the worst case it is all points. */
#include "search/branch_bound_parts.h"

#include "base/err.h"
#include "search/rankings.h"
#include "search/search.h"

#include <math.h>
#include <string.h>

static void report(struct branch_bound *x)
{
	const struct barista_certificate *c = &x->out->certificate;
	double done = c->over_budget + c->dominated + c->pruned + c->evaluated;

	if (x->options->progress && done > x->reported) {
		x->reported = done;
		x->options->progress(x->options->progress_user, done, c->points, (double)NAN);
	}
}

/* Sorts the boxes by how much of a metric their bounds promise, the best first; of equals the
 * smaller value comes first. */
static void sort(struct level_state *p, size_t n, enum barista_metric metric)
{
	for (size_t i = 1; i < n; i++) {
		size_t at = i, moved = p->order[i];
		double score = barista_metric_score(metric, p->scored[moved].metric);

		for (;
		     at && barista_metric_score(metric, p->scored[p->order[at - 1]].metric) < score;
		     at--)
			p->order[at] = p->order[at - 1];
		p->order[at] = moved;
	}
}

static int branch(struct branch_bound *x, size_t d);

/* Bounds the boxes that could only tie once more, now among designs with at most dsp_limit DSPs,
 * the most that win a tie. So few multipliers make them slower, and most of them are pruned here,
 * which p->dropped notes. */
static void prune_ties(struct branch_bound *x, size_t d, struct level_state *p, size_t from,
		       size_t n, double dsp_limit)
{
	struct level_state *retry = &x->retry;
	size_t place[BATCH], left;
	double ignored;

	for (size_t i = 0; i < n; i++) {
		place[i] = p->tied[i];
		retry->value[i] = p->value[from + p->tied[i]];
		p->dropped[place[i]] = true;
	}
	left = barista_branch_bound_batch(x, d, retry, retry->value, n, dsp_limit);
	for (size_t i = 0; i < left; i++)
		p->dropped[place[retry->order[i]]] =
			barista_incumbents_classify(x->out, &retry->scored[retry->order[i]],
						    &ignored) == BARISTA_PRUNE;
}

/* Leaves in p->order the boxes of a batch that have to be entered, and returns how many there
 * are. */
static size_t admit_batch(struct branch_bound *x, size_t d, size_t from, size_t n)
{
	struct barista_certificate *count = &x->out->certificate;
	struct level_state *p = &x->level_state[d];
	size_t left = barista_branch_bound_batch(x, d, p, p->value + from, n, INFINITY), wanted = 0,
	       tied = 0;
	double dsp_limit = 0;

	count->over_budget += (double)(n - left) * x->levels->below[d];
	memset(p->dropped, 0, sizeof p->dropped);
	for (size_t i = 0; i < left; i++) {
		double limit;
		enum barista_prune decision =
			barista_incumbents_classify(x->out, &p->scored[p->order[i]], &limit);

		if (decision == BARISTA_PRUNE)
			p->dropped[p->order[i]] = true;
		if (decision != BARISTA_PRUNE_UNLESS_FEWER_DSPS)
			continue;
		p->tied[tied++] = p->order[i];
		dsp_limit = fmax(dsp_limit, limit);
	}
	if (tied)
		prune_ties(x, d, p, from, tied, dsp_limit);
	for (size_t i = 0; i < left; i++)
		if (!p->dropped[p->order[i]])
			p->order[wanted++] = p->order[i];
	count->pruned += (double)(left - wanted) * x->levels->below[d];
	return wanted;
}

static int visit_batch(struct branch_bound *x, size_t d, size_t from, size_t n)
{
	struct level_state *p = &x->level_state[d];
	struct barista_certificate *count = &x->out->certificate;
	double below = x->levels->below[d], ignored;
	size_t left = admit_batch(x, d, from, n);
	int rc = 0;

	sort(p, left, barista_objective_metric(x->out->objective));
	for (size_t i = 0; !rc && i < left; i++) {
		if (barista_branch_bound_stopped(x)) {
			count->unvisited += below;
		} else if (barista_incumbents_classify(x->out, &p->scored[p->order[i]], &ignored) ==
			   BARISTA_PRUNE) {
			count->pruned += below;
		} else {
			barista_branch_bound_set(x, d, p->value[from + p->order[i]]);
			rc = branch(x, d + 1);
		}
	}
	barista_branch_bound_open(x, d);
	return rc;
}

static int branch(struct branch_bound *x, size_t d)
{
	struct level_state *p = &x->level_state[d];
	struct barista_certificate *count = &x->out->certificate;
	size_t within;
	int rc = 0;

	if (d + 1 == x->levels->n) {
		rc = barista_branch_bound_inner(x, &count->over_budget, &count->evaluated,
						&count->dominated);
		report(x);
		return rc;
	}
	if (x->levels->size[d] == 1 && d) {
		barista_branch_bound_set(x, d, barista_levels_value(x->levels, d, 0));
		return branch(x, d + 1);
	}
	barista_branch_bound_list(x, d);
	count->dominated += (double)(x->levels->size[d] - p->n) * x->levels->below[d];
	within = barista_branch_bound_within(x, d);
	count->over_budget += (double)(p->n - within) * x->levels->below[d];
	for (size_t from = 0; !rc && from < within; from += BATCH)
		rc = visit_batch(x, d, from, within - from < BATCH ? within - from : BATCH);
	return rc;
}

/* Dominated values may be skipped only when each ranking keeps one candidate, since the second
 * best may be a dominated one, and when no front asks for the peak, which is higher in larger
 * tiles that are dominated. */
static bool may_skip_dominated(const struct barista_search_options *o)
{
	bool peak = false;

	for (size_t m = 0; m < o->npareto; m++)
		peak |= o->pareto[m] == BARISTA_PEAK;
	return o->keep == 1 && !peak;
}

int barista_branch_bound_run(struct barista_search *search, const struct barista_levels *levels,
			     const struct barista_search_options *options, struct barista_err *err)
{
	struct branch_bound x = {.out = search,
				 .model = search->model,
				 .levels = levels,
				 .options = options,
				 .skip_dominated = may_skip_dominated(options),
				 .err = err};
	int rc = barista_branch_bound_make(&x) ? barista_branch_bound_seed(&x)
					       : barista_no_memory(err);

	barista_branch_bound_open(&x, 0);
	if (!rc)
		rc = branch(&x, 0);
	search->feasible = search->certificate.evaluated;
	search->partial = search->certificate.unvisited > 0;
	barista_branch_bound_free(&x);
	return rc;
}
