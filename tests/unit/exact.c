/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exact search against the sweep, and the sweep against every point one by one, on random
 * spaces of the richer kernel. */
#include "check.h"

#include "model/device.h"
#include "model/evaluate.h"
#include "model/metric.h"
#include "search/rankings.h"
#include "search/search.h"
#include "search/space.h"

enum { MAX_SHAPES = 24, MAX_LAYERS = 64 };

/* The feasible points, with their metrics and times. */
struct listed {
	struct barista_point point;
	double metric[BARISTA_NMETRICS], time[MAX_SHAPES], ppw[MAX_SHAPES], score;
};

struct list {
	const struct fixture *f;
	size_t n;
	struct listed *item;
};

static void open_list(struct list *list, const struct fixture *f)
{
	assert_true(f->lowered->nclasses <= MAX_SHAPES && f->lowered->nlayers <= MAX_LAYERS);
	*list = (struct list){.f = f, .item = calloc(SPACE_POINTS, sizeof *list->item)};
	assert_non_null(list->item);
}

static int take_batch(void *user, const struct barista_batch *b, struct barista_err *err)
{
	struct list *list = user;

	(void)err;
	for (size_t i = 0; i < b->n; i++) {
		struct listed *x = &list->item[list->n++];

		assert_true(list->n <= SPACE_POINTS && !b->over[i]);
		for (size_t k = 0; k < list->f->model.family->nknobs; k++)
			x->point.knob[k] = b->knob[k][i];
		for (size_t m = 0; m < BARISTA_NMETRICS; m++)
			x->metric[m] = b->metric[m][i];
		for (size_t s = 0; s < list->f->lowered->nclasses; s++) {
			x->time[s] = b->class_time[s * b->n + i];
			x->ppw[s] = barista_class_ppw(&list->f->lowered->layer_class[s], x->time[s],
						      x->metric[BARISTA_POWER]);
		}
	}
	return 0;
}

/* ---- rankings from the list ---- */

/* Negative when a comes before b: score, fewer DSPs, fewer block RAMs, smaller knobs. */
static int rank_order(const struct listed *a, const struct listed *b)
{
	static const enum barista_metric fewer[] = {BARISTA_DSP, BARISTA_BRAM};

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	for (size_t i = 0; i < COUNT(fewer); i++)
		if (a->metric[fewer[i]] != b->metric[fewer[i]])
			return a->metric[fewer[i]] < b->metric[fewer[i]] ? -1 : 1;
	for (size_t k = 0; k < BARISTA_MAX_KNOBS; k++)
		if (a->point.knob[k] != b->point.knob[k])
			return a->point.knob[k] < b->point.knob[k] ? -1 : 1;
	return 0;
}

/* NaN: not in the ranking. */
static void check_ranking(const struct list *list, const struct barista_ranking *top,
			  const char *what)
{
	size_t nclasses = list->f->lowered->nclasses, members = 0;
	const struct listed *last = NULL;

	for (size_t i = 0; i < list->n; i++)
		members += !isnan(list->item[i].score);
	CHECK(top->n == (members < top->cap ? members : top->cap), "%s: %zu kept of %zu", what,
	      top->n, members);
	for (size_t place = 0; place < top->n; place++) {
		const struct barista_candidate *c = &top->item[place];
		const struct listed *best = NULL;

		for (size_t i = 0; i < list->n; i++) {
			const struct listed *x = &list->item[i];

			if (!isnan(x->score) && (!last || rank_order(x, last) > 0) &&
			    (!best || rank_order(x, best) < 0))
				best = x;
		}
		CHECK(same_point(&best->point, &c->point) && best->score == c->score,
		      "%s, place %zu: %.17g, by the list %.17g", what, place, c->score,
		      best->score);
		CHECK(!memcmp(best->metric, c->metric, sizeof c->metric), "%s, place %zu: metrics",
		      what, place);
		CHECK(!memcmp(best->time, c->class_time, nclasses * sizeof(double)),
		      "%s, place %zu: times", what, place);
		CHECK(!memcmp(best->ppw, c->class_ppw, nclasses * sizeof(double)),
		      "%s, place %zu: PPW", what, place);
		last = best;
	}
}

static double offload_mean(const struct fixture *f, const struct listed *x, const double *baseline)
{
	double sum = 0;

	for (size_t l = 0; l < f->lowered->nlayers; l++)
		sum += fmax(x->ppw[f->lowered->class_of[l]],
			    baseline[l]); /* fmax passes NaN over */
	return sum / (double)f->lowered->nlayers;
}

static bool is_flagged(const struct fixture *f, const struct listed *x)
{
	return x->metric[BARISTA_DSP] >
	       f->dev->param[BARISTA_FLAG_DSP].value * f->dev->param[BARISTA_RES_DSP].value;
}

static double metric_score(enum barista_metric metric, const double *value)
{
	return barista_metric_defs[metric].better * value[metric];
}

/* Those beyond the deadline are in no ranking by the whole network but that by time. */
static void score_by(const struct list *list, const struct barista_search_options *o,
		     enum barista_rank objective, bool flagged_too)
{
	for (size_t i = 0; i < list->n; i++) {
		struct listed *x = &list->item[i];
		bool late = o->deadline > 0 && objective != BARISTA_RANK_TIME &&
			    x->metric[BARISTA_TIME] > o->deadline;

		x->score = late || (!flagged_too && is_flagged(list->f, x))
				   ? (double)NAN
				   : metric_score(barista_objective_metric(objective), x->metric);
	}
}

/* What one layer takes, as the objective has it for the network. */
static double class_score(const struct listed *x, enum barista_rank objective, size_t s)
{
	double time = x->time[s], power = x->metric[BARISTA_POWER];

	return objective == BARISTA_RANK_PPW_MEAN ? x->ppw[s]
	       : objective == BARISTA_RANK_TIME   ? -time
	       : objective == BARISTA_RANK_EDP    ? -(power * time * time)
						  : -(power * time);
}

static void check_objective(const struct list *list, const struct barista_search *search,
			    const struct barista_search_options *o, enum barista_rank objective)
{
	bool any = false;

	score_by(list, o, objective, true);
	for (size_t i = 0; i < list->n; i++)
		any |= !isnan(list->item[i].score);
	if (!any)
		score_by(list, o, BARISTA_RANK_TIME, true);
	check_ranking(list, &search->ranking[objective], barista_objective_name(objective));
}

static void check_rankings(const struct list *list, const struct barista_search *search,
			   const struct barista_search_options *o)
{
	for (size_t s = 0; s < list->f->lowered->nclasses; s++) {
		for (size_t i = 0; i < list->n; i++)
			list->item[i].score = class_score(&list->item[i], o->objective, s);
		check_ranking(list, &search->class_ranking[s], "a shape");
	}
	for (int i = 0; i < BARISTA_NOBJECTIVES; i++)
		check_objective(list, search, o, (enum barista_rank)i);
	score_by(list, o, o->objective, false);
	check_ranking(list, &search->ranking[BARISTA_RANK_ROUTABLE], "routable");
	for (size_t i = 0; o->baseline && i < list->n; i++)
		list->item[i].score = offload_mean(list->f, &list->item[i], o->baseline);
	if (o->baseline)
		check_ranking(list, &search->ranking[BARISTA_RANK_OFFLOAD], "offload");
}

/* ---- the front from the list ---- */

/* Is a at least as good as b in all of the metrics? */
static bool no_worse(const struct barista_search_options *o, const double *a, const double *b)
{
	for (size_t m = 0; m < o->npareto; m++) {
		enum barista_metric x = o->pareto[m];

		if ((a[x] - b[x]) * barista_metric_defs[x].better < 0)
			return false;
	}
	return true;
}

static bool on_front(const struct list *list, const struct barista_search_options *o, size_t at)
{
	const struct listed *x = &list->item[at];

	for (size_t i = 0; i < list->n; i++) {
		const struct listed *y = &list->item[i];

		if (i != at && no_worse(o, y->metric, x->metric) &&
		    (!no_worse(o, x->metric, y->metric) || rank_order(y, x) < 0))
			return false;
	}
	return true;
}

static void check_front(const struct list *list, const struct barista_search *search,
			const struct barista_search_options *o)
{
	const struct barista_front *front = &search->front;
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		list->item[i].score = 0;
	for (size_t i = 0; o->npareto && i < list->n; i++) {
		size_t at = 0;

		if (!on_front(list, o, i))
			continue;
		while (at < front->n && !same_point(&front->item[at].point, &list->item[i].point))
			at++;
		CHECK(at < front->n, "point %zu is missing on the front of %zu metrics", i,
		      o->npareto);
		CHECK(!memcmp(front->item[at].metric, list->item[i].metric,
			      sizeof front->item[at].metric),
		      "metrics of %zu", i);
		n++;
	}
	CHECK(front->n == n, "%zu on the front, by the list %zu", front->n, n);
	for (size_t i = 1; i < n; i++) {
		enum barista_metric first = o->pareto[0];

		assert_true((front->item[i - 1].metric[first] - front->item[i].metric[first]) *
				    barista_metric_defs[first].better >=
			    0);
	}
}

/* ---- every point by itself ---- */

static void check_point(const struct list *list, const struct barista_point *point, size_t *at)
{
	double time[MAX_SHAPES];
	struct barista_result result = {.class_time = time};
	const struct listed *x = &list->item[*at];
	struct barista_err err;

	CHECK_OK(barista_evaluate_point(&list->f->model, point, &result, &err), &err);
	if (result.over)
		return;
	CHECK(*at < list->n && same_point(&x->point, point), "point %zu is not handed out", *at);
	CHECK(!memcmp(x->metric, result.metric, sizeof x->metric), "metrics of point %zu", *at);
	CHECK(!memcmp(x->time, time, list->f->lowered->nclasses * sizeof *time),
	      "times of point %zu", *at);
	++*at;
}

/* In the sweep's order: the last of the levels fastest. */
static void check_points(const struct list *list, const struct barista_space *space)
{
	size_t index[BARISTA_MAX_KNOBS] = {0}, at = 0, d;
	struct barista_levels levels;
	struct barista_err err;

	CHECK_OK(barista_levels_make(&levels, space, &list->f->model, true, &err), &err);
	do {
		struct barista_point p = {.nstages = 0};

		for (d = 0; d < levels.n; d++)
			p.knob[levels.knob[d]] = barista_levels_value(&levels, d, index[d]);
		check_point(list, &p, &at);
		for (d = levels.n; d-- > 0;) {
			if (++index[d] < levels.size[d])
				break;
			index[d] = 0;
		}
	} while (d < levels.n);
	CHECK(at == list->n, "%zu handed out, %zu feasible", list->n, at);
}

/* ---- rounds ---- */

struct tally {
	int found, infeasible, dominated, bounded, fronts, flagged, several, differ, late;
};

struct setup {
	struct fixture f;
	struct barista_space space;
	struct barista_search_options options;
	enum barista_metric pareto[4];
	double baseline[MAX_LAYERS];
};

static void open_setup(struct setup *s, struct random *r)
{
	static const size_t tops[] = {1, 1, 2, 5, 20};

	random_fixture(r, &s->f);
	s->space = random_rich_space(r, &s->f);
	s->options = random_next(r) & 1 ? random_front(r, s->pareto)
					: (struct barista_search_options){.npareto = 0};
	s->options.keep = tops[random_int(r, 0, COUNT(tops) - 1)];
	s->options.objective = (enum barista_rank)random_int(r, 0, BARISTA_NOBJECTIVES - 1);
	for (size_t l = 0; l < s->f.lowered->nlayers; l++)
		s->baseline[l] = random_next(r) % 8 ? 4e8 * random_unit(r) : (double)NAN;
	if (random_next(r) & 1)
		s->options.baseline = s->baseline;
}

static int search(struct barista_search **out, const struct setup *s,
		  struct barista_search_options options, struct barista_err *err)
{
	*out = NULL;
	return barista_search_run(out, &s->f.model, &s->space, &options, err);
}

/* The sweep, with the list of its points. */
static int sweep(struct barista_search **out, const struct setup *s, struct list *list,
		 struct barista_err *err)
{
	struct barista_search_options options = s->options;

	open_list(list, &s->f);
	options.exhaustive = true;
	options.each = take_batch;
	options.each_user = list;
	return search(out, s, options, err);
}

static void check_counts(const struct barista_search *exact, const struct barista_search *swept,
			 const struct list *list)
{
	const struct barista_certificate *c = &exact->certificate, *w = &swept->certificate;
	double points = c->points, feasible = (double)list->n;

	assert_true(w->points == points && w->evaluated == feasible &&
		    w->over_budget == points - feasible);
	assert_true(swept->feasible == feasible && !swept->partial &&
		    w->dominated + w->pruned + w->unvisited + w->seeds == 0);
	CHECK(c->over_budget + c->dominated + c->pruned + c->evaluated == points &&
		      c->unvisited == 0 && !exact->partial,
	      "%.0f over, %.0f dominated, %.0f bounded and %.0f evaluated of %.0f", c->over_budget,
	      c->dominated, c->pruned, c->evaluated, points);
	CHECK(c->over_budget <= w->over_budget && c->evaluated <= feasible,
	      "%.0f over of %.0f, %.0f evaluated of %.0f", c->over_budget, w->over_budget,
	      c->evaluated, feasible);
}

static void count_round(struct tally *t, const struct setup *s, const struct barista_search *exact)
{
	t->found++;
	t->dominated += exact->certificate.dominated > 0;
	t->bounded += exact->certificate.pruned > 0;
	t->fronts += exact->front.n > 1;
	t->flagged += exact->ranking[BARISTA_RANK_ROUTABLE].n &&
		      !same_point(&exact->ranking[BARISTA_RANK_ROUTABLE].item[0].point,
				  &barista_search_top(exact)->item[0].point);
	for (int i = 0; i < BARISTA_NOBJECTIVES; i++)
		t->differ += !same_point(&exact->ranking[i].item[0].point,
					 &barista_search_top(exact)->item[0].point);
	t->late += s->options.deadline > 0 &&
		   barista_search_top(exact)->item[0].metric[BARISTA_TIME] > s->options.deadline;
	t->several += s->options.keep > 1 && exact->certificate.pruned > 0;
}

/* The time of any design, or one that none keeps. */
static double random_deadline(struct random *r, const struct list *list)
{
	size_t at = (size_t)random_int(r, 0, (int64_t)list->n - 1);
	double least = INFINITY;

	for (size_t i = 0; i < list->n; i++)
		least = fmin(least, list->item[i].metric[BARISTA_TIME]);
	return random_next(r) % 8 ? list->item[at].metric[BARISTA_TIME] : 0.999 * least;
}

static void one_round(struct random *r, struct tally *t, bool each_point)
{
	struct barista_search *exact, *swept;
	struct barista_err err = {0, "found"}, also = err;
	struct setup s;
	struct list list;
	int rc;

	open_setup(&s, r);
	rc = sweep(&swept, &s, &list, &err);
	if (!rc && random_next(r) & 1) {
		s.options.deadline = random_deadline(r, &list);
		barista_search_free(swept);
		free(list.item);
		rc = sweep(&swept, &s, &list, &err);
	}
	CHECK(search(&exact, &s, s.options, &also) == rc, "%s, by sweeping: %s", also.msg, err.msg);
	if (each_point)
		check_points(&list, &s.space);
	if (rc) {
		CHECK(rc == BARISTA_E_INFEASIBLE && !list.n && !strcmp(err.msg, also.msg),
		      "%s and %s", err.msg, also.msg);
		t->infeasible++;
	} else {
		check_rankings(&list, swept, &s.options);
		check_front(&list, swept, &s.options);
		check_same_kept(swept, exact);
		check_counts(exact, swept, &list);
		count_round(t, &s, exact);
	}
	barista_search_free(exact);
	barista_search_free(swept);
	free(list.item);
	fixture_close(&s.f);
}

static void against_the_sweep(void **state)
{
	struct random r = {51};
	struct tally t = {0};

	(void)state;
	for (int round = 0; round < 1500; round++)
		one_round(&r, &t, round % 8 == 0);
	CHECK(t.found > 800 && t.infeasible > 100 && t.dominated > 150 && t.bounded > 500 &&
		      t.several > 300 && t.fronts > 200 && t.flagged > 200 && t.differ > 150 &&
		      t.late > 30,
	      "too easy or too hard: %d found, %d infeasible, %d dominated, %d bounded, %d of them "
	      "with several kept, %d fronts, %d flagged, %d other objectives, %d late",
	      t.found, t.infeasible, t.dominated, t.bounded, t.several, t.fronts, t.flagged,
	      t.differ, t.late);
}

/* However many threads, the same. */
static void threads(void **state)
{
	struct random r = {52};
	int found = 0;

	(void)state;
	for (int round = 0; round < 60; round++) {
		struct barista_search *by[3];
		struct barista_err err;
		struct setup s;
		int rc = 0;

		open_setup(&s, &r);
		s.options.exhaustive = true;
		for (int i = 0; i < 3; i++) {
			int first = rc;

			s.options.threads = i + 1;
			rc = search(&by[i], &s, s.options, &err);
			CHECK(!i || rc == first, "%d threads: %s", i + 1, err.msg);
		}
		for (int i = 1; !rc && i < 3; i++) {
			check_same_kept(by[0], by[i]);
			CHECK(!memcmp(&by[0]->certificate, &by[i]->certificate,
				      sizeof by[i]->certificate),
			      "%d threads", i + 1);
			found++;
		}
		for (int i = 0; i < 3; i++)
			barista_search_free(by[i]);
		fixture_close(&s.f);
	}
	CHECK(found > 60, "only %d found", found);
}

struct stopper {
	volatile sig_atomic_t stop;
	int calls;
};

static void count_down(void *user, double done, double total, double evaluated)
{
	struct stopper *s = user;

	assert_true(done <= total && isnan(evaluated));
	if (!--s->calls)
		s->stop = 1;
}

/* A search that is stopped says what it has not reached, and what it has is real. */
static void stopped(void **state)
{
	struct random r = {53};
	int partial = 0;

	(void)state;
	for (int round = 0; round < 100; round++) {
		struct stopper stopper = {.stop = round % 8 == 0,
					  .calls = (int)random_int(&r, 1, 20)};
		struct barista_search *found;
		struct barista_err err;
		struct setup s;
		int rc;

		open_setup(&s, &r);
		s.options.stop = &stopper.stop;
		s.options.progress = count_down;
		s.options.progress_user = &stopper;
		rc = search(&found, &s, s.options, &err);
		if (!rc) {
			const struct barista_certificate *c = &found->certificate;

			CHECK(c->over_budget + c->dominated + c->pruned + c->evaluated +
					      c->unvisited ==
				      c->points,
			      "round %d", round);
			assert_true(found->partial == (c->unvisited > 0));
			partial += found->partial;
		}
		barista_search_free(found);
		fixture_close(&s.f);
	}
	CHECK(partial > 15, "only %d were stopped", partial);
}

int test_exact(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(against_the_sweep),
		cmocka_unit_test(threads),
		cmocka_unit_test(stopped),
	};

	return GROUP(tests);
}
