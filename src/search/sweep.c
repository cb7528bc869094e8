/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exhaustive grid search. Resources grow with every knob (a promise of every family),
 * so once the smallest completion of a prefix is over budget, larger ones are too. */
#include "base/err.h"
#include "base/num.h"
#include "search/space.h"
#include "search/top.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 512, KEEP = 24 };

struct sweep {
	struct barista_search *out;
	const struct barista_model *model;
	const struct barista_space *space;
	size_t nknobs, choice;             /* choice: the knob that is not swept, or nknobs */
	size_t sizes[BARISTA_MAX_KNOBS];
	size_t order[BARISTA_MAX_KNOBS + 1], nswept;   /* knobs from the outermost in */
	size_t watched;                                /* the depth at which progress is counted */
	double to_visit;
	double *knob[BARISTA_MAX_KNOBS];   /* [BLOCK] */
	struct barista_batch batch;
	struct barista_point point;
	struct barista_point nearest;      /* the infeasible point that is least over budget */
	double nearest_excess;
	barista_progress progress;
	void *user;
	double visited;
	struct barista_err *err;
};

static bool make_buffers(struct sweep *s, struct barista_arena *arena)
{
	struct barista_batch *b = &s->batch;
	bool ok = true;

	for (size_t k = 0; k < s->nknobs; k++) {
		s->knob[k] = barista_arena_alloc(arena, BLOCK, sizeof(double));
		ok &= s->knob[k] != NULL;
		/* A column of presets need not be read. */
		if (s->space->range[k].lo != s->space->range[k].hi ||
		    s->space->range[k].lo != s->model->family->knob[k].preset)
			b->knob[k] = s->knob[k];
	}
	for (int m = 0; m < BARISTA_NMETRICS; m++) {
		b->metric[m] = barista_arena_alloc(arena, BLOCK, sizeof(double));
		ok &= b->metric[m] != NULL;
	}
	b->over = barista_arena_alloc(arena, BLOCK, 1);
	b->broken = barista_arena_alloc(arena, BLOCK, 1);
	b->scratch = barista_arena_alloc(arena, BLOCK, sizeof(double));
	b->shape_time = barista_arena_alloc(arena, BLOCK * s->model->plan->nshapes, sizeof(double));
	return ok && b->over && b->broken && b->scratch && b->shape_time;
}

static bool make_tops(struct barista_search *out, size_t top)
{
	size_t keep = top > KEEP ? top : KEEP, nshapes = out->model->plan->nshapes;

	out->shape = barista_arena_alloc(out->arena, nshapes, sizeof *out->shape);
	for (size_t s = 0; out->shape && s < nshapes; s++)
		if (!barista_top_init(&out->shape[s], out->arena, keep, nshapes))
			return false;
	return out->shape && barista_top_init(&out->single, out->arena, keep, nshapes) &&
	       barista_top_init(&out->unflagged, out->arena, 1, nshapes) &&
	       barista_top_init(&out->fastest, out->arena, 1, nshapes) &&
	       barista_top_init(&out->fastest_flagged, out->arena, 1, nshapes) &&
	       barista_top_init(&out->offload, out->arena, 1, nshapes);
}

/* Mean over the layers when each runs where its PPW is higher. */
static double offload_mean(const struct barista_search *out, const struct barista_batch *b, size_t i)
{
	const struct barista_plan *plan = out->model->plan;
	double sum = 0;

	for (size_t l = 0; l < plan->nlayers; l++) {
		size_t s = plan->layer_shape[l];
		double fpga = barista_shape_ppw(&plan->shape[s], b->shape_time[s * b->n + i],
						b->metric[BARISTA_POWER][i]);

		sum += out->baseline[l] > fpga ? out->baseline[l] : fpga; /* NaN: the FPGA */
	}
	return sum / (double)plan->nlayers;
}

static void keep_best(struct barista_search *out, const struct barista_batch *b)
{
	const struct barista_model *model = out->model;
	double flag = model->dev->fact[BARISTA_FLAG_DSP].value * model->dev->fact[BARISTA_RES_DSP].value;

	for (size_t s = 0; s < model->plan->nshapes; s++) {
		const double *time = b->shape_time + s * b->n;

		for (size_t i = 0; i < b->n; i++) {
			double ppw = barista_shape_ppw(&model->plan->shape[s], time[i],
						       b->metric[BARISTA_POWER][i]);

			if (barista_top_wants(&out->shape[s], ppw))
				barista_top_offer(&out->shape[s], model, b, i, ppw);
			else
				out->shape[s].dropped = true;
		}
	}
	for (size_t i = 0; i < b->n; i++) {
		double mean = b->metric[BARISTA_PPW_MEAN][i];

		barista_top_offer(&out->single, model, b, i, mean);
		barista_top_offer(&out->fastest_flagged, model, b, i, -b->metric[BARISTA_TIME][i]);
		if (b->metric[BARISTA_DSP][i] <= flag) {
			barista_top_offer(&out->unflagged, model, b, i, mean);
			barista_top_offer(&out->fastest, model, b, i, -b->metric[BARISTA_TIME][i]);
		}
		if (out->baseline)
			barista_top_offer(&out->offload, model, b, i, offload_mean(out, b, i));
	}
}

static int flush(struct sweep *s)
{
	int rc;

	if (!s->batch.n)
		return 0;
	barista_resources(s->model, &s->batch);
	rc = barista_evaluate(s->model, &s->batch, s->err);
	if (rc)
		return rc;
	keep_best(s->out, &s->batch);
	s->out->feasible += (double)s->batch.n;
	s->batch.n = 0;
	return 0;
}

static int add_point(struct sweep *s)
{
	for (size_t k = 0; k < s->nknobs; k++)
		s->knob[k][s->batch.n] = s->point.knob[k];
	return ++s->batch.n == BLOCK ? flush(s) : 0;
}

/* Budgets that a point exceeds; remembers the point that exceeds them least. */
static unsigned over_budget(struct sweep *s, const struct barista_point *point)
{
	struct barista_batch one = {.n = 1};
	double metric[BARISTA_NMETRICS], excess = 0;
	unsigned char over;

	for (size_t k = 0; k < s->nknobs; k++)
		one.knob[k] = &point->knob[k];
	for (int m = 0; m < BARISTA_NMETRICS; m++)
		one.metric[m] = &metric[m];
	one.over = &over;
	if (barista_resources(s->model, &one))
		return 0;
	for (int b = 0; b < BARISTA_NBUDGETS; b++) {
		double limit = barista_budget_limit(s->model->dev, b);
		double used = metric[barista_budget_defs[b].metric];

		if (over >> b & 1)
			excess += (barista_budget_defs[b].at_least ? limit / fmax(used, 1e-3 * limit) : used / limit) - 1;
	}
	if (excess < s->nearest_excess) {
		s->nearest_excess = excess;
		s->nearest = *point;
	}
	return over;
}

/* Only budgets that grow with the knobs allow pruning upwards. */
static unsigned upper_budgets(void)
{
	unsigned mask = 0;

	for (int b = 0; b < BARISTA_NBUDGETS; b++)
		if (!barista_budget_defs[b].at_least)
			mask |= 1U << b;
	return mask;
}

/* A point that misses a lower limit too is not the nearest of those that it prunes: they
 * may meet that limit. Looks at them along each knob from depth on, for the message only. */
static void look_along(struct sweep *s, struct barista_point from, size_t depth)
{
	for (size_t d = depth; d < s->nswept; d++) {
		struct barista_point p = from;

		for (size_t i = 0; i < s->sizes[s->order[d]]; i++) {
			p.knob[s->order[d]] = barista_range_value(&s->space->range[s->order[d]], i);
			over_budget(s, &p);
		}
	}
}

/* The smallest point that begins as s->point does; the knobs that follow all grow. */
static struct barista_point smallest_from(const struct sweep *s, size_t depth)
{
	struct barista_point p = s->point;

	for (size_t d = depth; d < s->nswept; d++)
		p.knob[s->order[d]] = barista_range_value(&s->space->range[s->order[d]], 0);
	return p;
}

/* Sweeps the knobs from this place of the order on, those before being set in s->point. */
static int sweep_from(struct sweep *s, size_t depth)
{
	const unsigned upper = upper_budgets();
	size_t k = s->order[depth];

	if (depth == s->nswept)
		return add_point(s);
	for (size_t i = 0; i < s->sizes[k]; i++) {
		int rc;

		s->point.knob[k] = barista_range_value(&s->space->range[k], i);
		if (s->model->family->knob[k].grows) {
			struct barista_point smallest = smallest_from(s, depth + 1);
			unsigned over = over_budget(s, &smallest);

			if (over & upper) {
				if (over & ~upper && s->out->feasible + (double)s->batch.n == 0)
					look_along(s, smallest, depth);
				break;
			}
			if (over && depth + 1 == s->nswept)
				continue;
		}
		if ((rc = sweep_from(s, depth + 1)))
			return rc;
		if (depth == s->watched && s->progress) {
			s->visited++;
			s->progress(s->user, s->visited, s->to_visit);
		}
	}
	return 0;
}

/* Knobs with which resources do not grow come first, so that pruning holds below them. */
static void put_in_order(struct sweep *s)
{
	const struct barista_family *f = s->model->family;

	for (int growing = 0; growing < 2; growing++)
		for (size_t k = 0; k < s->nknobs; k++)
			if (!f->knob[k].choice && f->knob[k].grows == growing)
				s->order[s->nswept++] = k;
	s->to_visit = (double)s->space->nchoices;
	for (s->watched = 0; s->watched < s->nswept; s->watched++) {
		s->to_visit *= (double)s->sizes[s->order[s->watched]];
		if (f->knob[s->order[s->watched]].grows)
			break;
	}
}

static int prepare(struct sweep *s)
{
	const struct barista_family *f = s->model->family;

	s->choice = s->nknobs;
	s->out->points = (double)s->space->nchoices;
	for (size_t k = 0; k < s->nknobs; k++) {
		if (f->knob[k].choice) {
			s->choice = k;
			continue;
		}
		s->sizes[k] = barista_range_size(&s->space->range[k]);
		if (!s->sizes[k])
			return barista_fail(s->err, BARISTA_USAGE,
					    "no power of two from %.0f to %.0f for %s: use `--grid all`",
					    s->space->range[k].lo, s->space->range[k].hi, f->knob[k].name);
		s->out->points *= (double)s->sizes[k];
	}
	put_in_order(s);
	return 0;
}

static int fail_infeasible(struct sweep *s)
{
	char kernel[96], why[400];
	struct barista_result result = {.shape_time = s->batch.shape_time};

	s->model->family->format(&s->nearest, kernel, sizeof kernel);
	if (barista_evaluate_point(s->model, &s->nearest, &result, s->err))
		return s->err->status;
	barista_why_not(s->model, &result, why, sizeof why);
	return barista_fail(s->err, BARISTA_INFEASIBLE,
			    "no feasible kernel on '%.80s' among %.0f points; the nearest, %s: %s",
			    s->model->dev->name, s->out->points, kernel, why);
}

static int run(struct sweep *s)
{
	struct barista_search *out = s->out;
	int rc = prepare(s);

	if (rc)
		return rc;
	if (!make_buffers(s, out->arena) || !make_tops(out, out->single.cap))
		return barista_no_memory(s->err);
	for (size_t c = 0; c < s->space->nchoices; c++) {
		memset(&s->point, 0, sizeof s->point);
		if (s->choice < s->nknobs) {
			s->point.knob[s->choice] = s->space->choice[c];
			if ((rc = s->model->family->admit(s->model->dev, &s->point, s->err)))
				return rc;
		}
		if ((rc = sweep_from(s, 0)))
			return rc;
	}
	if ((rc = flush(s)))
		return rc;
	if (!out->feasible)
		return fail_infeasible(s);
	if (!out->fastest.n)
		out->fastest = out->fastest_flagged;
	return 0;
}

int barista_search_run(struct barista_search **out, const struct barista_model *model,
		       const struct barista_space *space, const double *baseline, size_t top,
		       barista_progress progress, void *user, struct barista_err *err)
{
	struct barista_arena *arena = barista_arena_make();
	struct barista_search *search = arena ? barista_arena_alloc(arena, 1, sizeof *search) : NULL;
	struct sweep s = {.out = search, .model = model, .space = space, .err = err,
			  .nknobs = model->family->nknobs, .nearest_excess = INFINITY,
			  .progress = progress, .user = user};
	int rc;

	if (!search) {
		barista_arena_free(arena);
		return barista_no_memory(err);
	}
	search->arena = arena;
	search->model = model;
	search->baseline = baseline;
	search->single.cap = top;
	rc = run(&s);
	if (rc) {
		barista_arena_free(arena);
		return rc;
	}
	*out = search;
	return 0;
}

void barista_search_free(struct barista_search *search)
{
	if (search)
		barista_arena_free(search->arena);
}
