/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exact search: knob by knob, outermost first, every value is the box of all points under it. A
 * value is left out when the family proves that a smaller one does as well, when the smallest point
 * of its box is over a budget, or when no ranking wants even the box's bound. What is left is
 * evaluated. Rankings, ties included, come out as if every point had been. */
#include "search/exact.h"

#include "base/err.h"
#include "base/isa.h"
#include "search/walk.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 256 };

/* The values of one level under the point that is set above it, bounded a batch at a time. */
struct plane {
	size_t n;                         /* values */
	double *value;
	double *metric, *time;            /* of a batch: [NMETRICS][n of it], [nshapes][n of it] */
	struct barista_glance *glance;    /* [BATCH] */
	double *ppw;                      /* [BATCH][nshapes] */
	size_t order[BATCH];              /* of visiting: the most promising first */
	size_t tied[BATCH];               /* could only equal what is kept */
	bool dropped[BATCH];
	unsigned char *keep;
	bool listed;                      /* value[] is that of these values of the knobs it needs: */
	struct barista_point listed_lo, listed_hi;
	bool growing;                     /* resources grow with this knob and all below */
};

/* The value of a level that promises a ranking most; NaN when none does. */
struct pick { double hope, value; };

/* Walks of the inner knob, by what its undominated values depend on. */
struct lane {
	struct barista_point point;       /* the knobs that the inner one needs */
	struct barista_walk *walk;
	struct lane *next;
};

struct exact {
	struct barista_search *out;
	const struct barista_model *model;
	const struct barista_levels *levels;
	const struct barista_search_options *options;
	bool thin;                        /* dominated values are left out */
	struct plane plane[BARISTA_MAX_KNOBS];
	struct plane again;               /* for a second look at some of a batch */
	struct pick *pick;                /* [levels][rankings] */
	struct lane *lane;                /* the list of those made so far, the last used first */
	struct barista_point lo, hi;      /* the box */
	double reported;
	struct barista_err *err;
};

/* ---- storage ---- */

static bool make_plane(struct plane *p, size_t nvalues, size_t span, size_t nshapes)
{
	p->value = calloc(nvalues, sizeof *p->value);
	p->metric = calloc((size_t)BARISTA_NMETRICS * BATCH, sizeof *p->metric);
	p->time = calloc(nshapes * BATCH, sizeof *p->time);
	p->ppw = calloc(nshapes * BATCH, sizeof *p->ppw);
	p->glance = calloc(BATCH, sizeof *p->glance);
	p->keep = calloc(span, 1);
	return p->value && p->metric && p->time && p->ppw && p->glance && p->keep;
}

static bool make_planes(struct exact *x)
{
	const struct barista_levels *l = x->levels;
	size_t nshapes = x->model->plan->nshapes;

	for (size_t d = 0; d < l->n; d++) {
		const struct barista_range *r = &l->space->range[l->knob[d]];

		if (!make_plane(&x->plane[d], l->size[d], d ? (size_t)(r->hi - r->lo) + 1 : 1, nshapes))
			return false;
		x->plane[d].growing = true;
		for (size_t e = d; e < l->n; e++)
			x->plane[d].growing &= x->model->family->knob[l->knob[e]].grows || l->size[e] == 1;
	}
	x->pick = calloc(l->n * barista_keep_rankings(x->out), sizeof *x->pick);
	return make_plane(&x->again, BATCH, 1, nshapes) && x->pick;
}

static void free_plane(struct plane *p)
{
	free(p->value);
	free(p->metric);
	free(p->time);
	free(p->glance);
	free(p->ppw);
	free(p->keep);
}

static void free_planes(struct exact *x)
{
	for (size_t d = 0; d < x->levels->n; d++)
		free_plane(&x->plane[d]);
	free_plane(&x->again);
	free(x->pick);
	for (struct lane *next; x->lane; x->lane = next) {
		next = x->lane->next;
		barista_walk_free(x->lane->walk);
		free(x->lane);
	}
}

/* ---- one level ---- */

static bool same_needs(unsigned needs, const struct barista_point *a, const struct barista_point *b)
{
	for (size_t k = 0; needs >> k; k++)
		if (needs >> k & 1 && a->knob[k] != b->knob[k])
			return false;
	return true;
}

/* Lists the values of a level that are not dominated. */
static void list_values(struct exact *x, size_t d)
{
	unsigned needs = x->model->family->knob[x->levels->knob[d]].needs;
	const struct barista_range *r = &x->levels->space->range[x->levels->knob[d]];
	struct plane *p = &x->plane[d];
	bool thin = x->thin && d && !r->powers_of_two && x->levels->size[d] > 1;

	if (p->listed && same_needs(needs, &p->listed_lo, &x->lo) && same_needs(needs, &p->listed_hi, &x->hi))
		return;
	p->listed = true;
	p->listed_lo = x->lo;
	p->listed_hi = x->hi;
	p->n = 0;
	if (thin)
		x->model->family->undominated(x->model, &x->lo, &x->hi, x->levels->knob[d], p->keep);
	for (size_t i = 0; i < x->levels->size[d]; i++)
		if (!thin || p->keep[i])
			p->value[p->n++] = barista_levels_value(x->levels, d, i);
}

/* The box under a level: what is below it is free again. */
static void free_below(struct exact *x, size_t d)
{
	for (size_t e = d; e < x->levels->n; e++) {
		size_t k = x->levels->knob[e], last = x->levels->size[e] - 1;

		x->lo.knob[k] = barista_levels_value(x->levels, e, 0);
		x->hi.knob[k] = barista_levels_value(x->levels, e, last);
	}
}

/* Fixes a knob, those inside being free. */
static void set_value(struct exact *x, size_t d, double value)
{
	free_below(x, d);
	x->lo.knob[x->levels->knob[d]] = x->hi.knob[x->levels->knob[d]] = value;
}

/* The walk over the undominated inner values of the point that is set. */
static int find_lane(struct exact *x, struct barista_walk **out)
{
	size_t inner = x->levels->n - 1;
	struct lane *lane;
	int rc;

	for (struct lane **at = &x->lane; *at; at = &(*at)->next) {
		lane = *at;
		if (!same_needs(x->model->family->knob[x->model->family->inner].needs, &lane->point, &x->lo))
			continue;
		*at = lane->next;
		lane->next = x->lane;
		x->lane = lane;
		*out = lane->walk;
		return 0;
	}
	lane = calloc(1, sizeof *lane);
	if (!lane)
		return barista_no_memory(x->err);
	list_values(x, inner);
	lane->point = x->lo;
	rc = barista_walk_make(&lane->walk, x->model, x->out, x->plane[inner].value, x->plane[inner].n, x->err);
	if (rc) {
		free(lane);
		return rc;
	}
	lane->next = x->lane;
	x->lane = lane;
	*out = lane->walk;
	return 0;
}

/* Values of a level from the first over an upper budget on are all over it. */
static size_t count_within(struct exact *x, size_t d)
{
	struct plane *p = &x->plane[d];
	double metric[BARISTA_NMETRICS];
	size_t lo = 0, hi = p->n;

	while (p->growing && lo < hi) {
		size_t middle = lo + (hi - lo) / 2;
		struct barista_point point = x->lo;

		point.knob[x->levels->knob[d]] = p->value[middle];
		if (barista_walk_over(x->model, &point, metric) & barista_upper_budgets())
			hi = middle;
		else
			lo = middle + 1;
	}
	return hi;
}

static bool box_over(const struct exact *x, const double *metric)
{
	for (int b = 0; b < BARISTA_NBUDGETS; b++) {
		const struct barista_budget_def *def = &barista_budget_defs[b];
		double used = metric[def->metric], limit = barista_budget_limit(x->model->dev, b);

		if (def->at_least ? used < limit : used > limit)
			return true;
	}
	return false;
}

/* Bounds n values of a level; glances of those that may be feasible go to p->glance, their numbers to
 * p->order. Returns how many. */
static size_t bound_values(struct exact *x, size_t d, struct plane *p, const double *value, size_t n, double dsp_limit)
{
	struct barista_boxes boxes = {
		.model = x->model, .lo = x->lo, .hi = x->hi, .n = n, .value = value, .shape_time = p->time,
		.varied = x->levels->knob[d], .isa = (int)barista_isa_best(), .dsp_limit = dsp_limit,
	};
	size_t left = 0;

	for (size_t m = 0; m < BARISTA_NMETRICS; m++)
		boxes.metric[m] = p->metric + m * n;
	x->model->family->bound(&boxes);
	for (size_t i = 0; i < n; i++) {
		struct barista_glance *g = &p->glance[i];

		for (size_t m = 0; m < BARISTA_NMETRICS; m++)
			g->metric[m] = boxes.metric[m][i];
		if (box_over(x, g->metric))
			continue;
		g->point = x->lo;
		g->point.knob[x->levels->knob[d]] = value[i];
		g->time = p->time + i;
		g->stride = n;
		g->ppw = p->ppw + i * x->model->plan->nshapes;
		barista_glance_totals(g, x->model->plan);
		p->order[left++] = i;
	}
	return left;
}

/* ---- seeds: for each ranking, down to where the bounds promise most ---- */

static int dive(struct exact *x, size_t d, const unsigned char *in);

/* In the order of the ranking's score; for a shape without its divisions. */
static double hope_for(const struct exact *x, size_t ranking, const struct barista_glance *g)
{
	if (ranking < x->model->plan->nshapes)
		return -g->time[ranking * g->stride] * g->metric[BARISTA_POWER];
	return barista_keep_score(x->out, ranking, g);
}

static void pick_best(struct exact *x, size_t d, const unsigned char *in)
{
	struct plane *p = &x->plane[d];
	size_t nrankings = barista_keep_rankings(x->out), within;
	struct pick *pick = x->pick + d * nrankings;

	for (size_t r = 0; r < nrankings; r++)
		pick[r] = (struct pick){-INFINITY, (double)NAN};
	list_values(x, d);
	within = count_within(x, d);
	for (size_t from = 0; from < within; from += BATCH) {
		size_t left = bound_values(x, d, p, p->value + from, within - from < BATCH ? within - from : BATCH, INFINITY);

		for (size_t i = 0; i < left; i++) {
			const struct barista_glance *g = &p->glance[p->order[i]];

			for (size_t r = 0; r < nrankings; r++) {
				double hope = in[r] ? hope_for(x, r, g) : (double)NAN;

				if (hope > pick[r].hope)
					pick[r] = (struct pick){hope, p->value[from + p->order[i]]};
			}
		}
	}
}

static int go_down(struct exact *x, size_t d, const unsigned char *in)
{
	size_t nrankings = barista_keep_rankings(x->out);
	struct pick *pick = x->pick + d * nrankings;
	unsigned char *group = malloc(nrankings);
	int rc = group ? 0 : barista_no_memory(x->err);

	for (size_t r = 0; !rc && r < nrankings; r++) {
		double value = pick[r].value;

		if (!in[r] || isnan(value))
			continue;
		for (size_t q = 0; q < nrankings; q++) {
			group[q] = in[q] && pick[q].value == value;
			if (group[q])
				pick[q].value = (double)NAN;
		}
		set_value(x, d, value);
		rc = dive(x, d + 1, group);
	}
	free(group);
	return rc;
}

/* Walks the inner knob; over and evaluated are counted up. */
static int walk_inner(struct exact *x, double *over, double *evaluated, double *dominated)
{
	struct barista_walk *walk = NULL;
	bool any;
	int rc = find_lane(x, &walk);

	if (rc)
		return rc;
	walk->over = walk->evaluated = 0;
	rc = barista_walk_run(walk, &x->lo, &any, x->err);
	*over += walk->over;
	*evaluated += walk->evaluated;
	*dominated += (double)(x->levels->size[x->levels->n - 1] - walk->n);
	return rc;
}

static int dive(struct exact *x, size_t d, const unsigned char *in)
{
	double ignored = 0;

	if (d + 1 == x->levels->n)
		return walk_inner(x, &ignored, &x->out->certificate.seeds, &ignored);
	if (x->levels->size[d] == 1) {
		set_value(x, d, barista_levels_value(x->levels, d, 0));
		return dive(x, d + 1, in);
	}
	pick_best(x, d, in);
	return go_down(x, d, in);
}

static int seed(struct exact *x)
{
	unsigned char *all = malloc(barista_keep_rankings(x->out));
	int rc = all ? 0 : barista_no_memory(x->err);

	if (all)
		memset(all, 1, barista_keep_rankings(x->out));
	for (size_t c = 0; !rc && c < x->levels->size[0]; c++) {
		set_value(x, 0, barista_levels_value(x->levels, 0, c));
		rc = dive(x, 1, all);
	}
	free(all);
	return rc;
}

/* ---- the search ---- */

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
 * so few make them slower, and most ties end here. Marks the others in p->keep. */
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
	left = bound_values(x, d, again, again->value, n, dsp_limit);
	for (size_t i = 0; i < left; i++)
		p->dropped[place[again->order[i]]] = barista_keep_wish(x->out, &again->glance[again->order[i]], &ignored) ==
						     BARISTA_UNWANTED;
}

/* Leaves in p->order the boxes of a batch that are wanted; returns how many. */
static size_t admit_batch(struct exact *x, size_t d, size_t from, size_t n)
{
	struct barista_certificate *count = &x->out->certificate;
	struct plane *p = &x->plane[d];
	size_t left = bound_values(x, d, p, p->value + from, n, INFINITY), wanted = 0, tied = 0;
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
			set_value(x, d, p->value[from + p->order[i]]);
			rc = branch(x, d + 1);
		}
	}
	free_below(x, d);
	return rc;
}

static int branch(struct exact *x, size_t d)
{
	struct plane *p = &x->plane[d];
	struct barista_certificate *count = &x->out->certificate;
	size_t within;
	int rc = 0;

	if (d + 1 == x->levels->n) {
		rc = walk_inner(x, &count->over, &count->evaluated, &count->dominated);
		report(x);
		return rc;
	}
	if (x->levels->size[d] == 1 && d) {
		set_value(x, d, barista_levels_value(x->levels, d, 0));
		return branch(x, d + 1);
	}
	list_values(x, d);
	count->dominated += (double)(x->levels->size[d] - p->n) * x->levels->below[d];
	within = count_within(x, d);
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
	int rc = make_planes(&x) ? seed(&x) : barista_no_memory(err);

	free_below(&x, 0);
	if (!rc)
		rc = branch(&x, 0);
	/* What was left out is not in the lists. */
	for (size_t r = 0; search->certificate.bounded + search->certificate.dominated > 0 && r < barista_keep_rankings(search); r++)
		barista_keep_top(search, r)->dropped = true;
	search->feasible = search->certificate.evaluated;
	search->partial = search->certificate.left > 0;
	free_planes(&x);
	return rc;
}
