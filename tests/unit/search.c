/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sweep against trying every point. */
#include "check.h"

#include "model/device.h"
#include "model/evaluate.h"
#include "network/lowering.h"
#include "search/ranking.h"
#include "search/search.h"
#include "search/space.h"

enum { MAX_POINTS = 4096, MAX_SHAPES = 16 };

struct tried {
	struct barista_point point;
	double score, metric[BARISTA_NMETRICS], ppw[MAX_SHAPES];
};

struct all {
	size_t points, feasible;
	struct tried *item;
};

/* The documented order: score, fewer DSPs, fewer block RAMs, smaller knobs. */
static int by_rank(const void *x, const void *y)
{
	const struct tried *a = x, *b = y;

	if (a->score != b->score)
		return a->score > b->score ? -1 : 1;
	if (a->metric[BARISTA_DSP] != b->metric[BARISTA_DSP])
		return a->metric[BARISTA_DSP] < b->metric[BARISTA_DSP] ? -1 : 1;
	if (a->metric[BARISTA_BRAM] != b->metric[BARISTA_BRAM])
		return a->metric[BARISTA_BRAM] < b->metric[BARISTA_BRAM] ? -1 : 1;
	for (size_t k = 0; k < 4; k++)
		if (a->point.knob[k] != b->point.knob[k])
			return a->point.knob[k] < b->point.knob[k] ? -1 : 1;
	return 0;
}

static void try_point(struct all *all, const struct fixture *f, const double *knob)
{
	double time[MAX_SHAPES];
	struct barista_result r = {.class_time = time};
	struct tried *t = &all->item[all->feasible];
	struct barista_err err;

	all->points++;
	*t = (struct tried){.point = plain_point(knob[0], knob[1], knob[2], knob[3])};
	CHECK_OK(barista_evaluate_point(&f->model, &t->point, &r, &err), &err);
	if (r.over)
		return;
	assert_true(all->feasible + 1 < MAX_POINTS);
	memcpy(t->metric, r.metric, sizeof t->metric);
	for (size_t s = 0; s < f->lowered->nclasses; s++)
		t->ppw[s] = barista_class_ppw(&f->lowered->layer_class[s], time[s],
					      r.metric[BARISTA_POWER]);
	all->feasible++;
}

static void try_all(struct all *all, const struct fixture *f, const struct barista_space *space)
{
	double knob[4];

	assert_true(f->lowered->nclasses <= MAX_SHAPES);
	all->item = calloc(MAX_POINTS, sizeof *all->item);
	assert_non_null(all->item);
	for (size_t c = 0; c < space->nchoices; c++)
		for (double m = space->range[0].lo; m <= space->range[0].hi; m++)
			for (double n = space->range[1].lo; n <= space->range[1].hi; n++)
				for (double k = space->range[2].lo; k <= space->range[2].hi; k++) {
					const double x[3] = {m, n, k};
					bool in = true;

					for (int i = 0; i < 3; i++) {
						const struct barista_range *range =
							&space->range[i];

						in &= !range->powers_of_two ||
						      range->lo == range->hi ||
						      exp2(floor(log2(x[i]))) == x[i];
						knob[i] = x[i];
					}
					knob[3] = space->choice[c];
					if (in)
						try_point(all, f, knob);
				}
}

static void check_top(const char *what, const struct barista_ranking *top, struct all *all,
		      size_t nclasses)
{
	qsort(all->item, all->feasible, sizeof *all->item, by_rank);
	CHECK(top->n == (all->feasible < top->cap ? all->feasible : top->cap),
	      "%s: %zu of %zu kept", what, top->n, all->feasible);
	for (size_t i = 0; i < top->n; i++) {
		const struct barista_candidate *c = &top->item[i];
		const struct tried *t = &all->item[i];

		CHECK(c->score == t->score && !memcmp(&c->point, &t->point, sizeof c->point),
		      "%s, place %zu: %.0fx%.0fx%.0f:%.0f with %.17g, by trying "
		      "%.0fx%.0fx%.0f:%.0f with %.17g",
		      what, i, c->point.knob[0], c->point.knob[1], c->point.knob[2],
		      c->point.knob[3], c->score, t->point.knob[0], t->point.knob[1],
		      t->point.knob[2], t->point.knob[3], t->score);
		CHECK(!memcmp(c->metric, t->metric, sizeof t->metric), "%s, place %zu: metrics",
		      what, i);
		for (size_t s = 0; s < nclasses; s++)
			CHECK(c->class_ppw[s] == t->ppw[s], "%s, place %zu, shape %zu", what, i, s);
	}
}

static double offload_mean(const struct fixture *f, const struct tried *t, const double *baseline)
{
	double sum = 0;

	for (size_t l = 0; l < f->lowered->nlayers; l++)
		sum += fmax(t->ppw[f->lowered->class_of[l]],
			    baseline[l]); /* fmax passes NaN over */
	return sum / (double)f->lowered->nlayers;
}

static void check_rankings(const struct fixture *f, const struct barista_search *search,
			   struct all *all, const double *baseline)
{
	double flag = f->dev->param[BARISTA_FLAG_DSP].value * f->dev->param[BARISTA_RES_DSP].value;
	size_t nclasses = f->lowered->nclasses, feasible = all->feasible;

	for (size_t s = 0; s < nclasses; s++) {
		for (size_t i = 0; i < feasible; i++)
			all->item[i].score = all->item[i].ppw[s];
		check_top("a shape", &search->class_ranking[s], all, nclasses);
	}
	for (size_t i = 0; i < feasible; i++)
		all->item[i].score = -all->item[i].metric[BARISTA_TIME];
	check_top("fastest", &search->ranking[BARISTA_RANK_TIME], all, nclasses);
	for (size_t i = 0; baseline && i < feasible; i++)
		all->item[i].score = offload_mean(f, &all->item[i], baseline);
	if (baseline)
		check_top("offload", &search->ranking[BARISTA_RANK_OFFLOAD], all, nclasses);
	for (size_t i = 0; i < feasible; i++)
		all->item[i].score = all->item[i].metric[BARISTA_PPW_MEAN];
	check_top("single", &search->ranking[BARISTA_RANK_PPW_MEAN], all, nclasses);
	all->feasible = 0;
	for (size_t i = 0; i < feasible; i++)
		if (all->item[i].metric[BARISTA_DSP] <= flag)
			all->item[all->feasible++] = all->item[i];
	check_top("unflagged", &search->ranking[BARISTA_RANK_ROUTABLE], all, nclasses);
}

static struct barista_space random_space(struct random *r, const struct barista_device *dev)
{
	struct barista_space space = {.nchoices = (size_t)random_int(r, 1, 3)};

	plain_ranges(&space);
	for (int k = 0; k < 3; k++) {
		double lo = (double)random_int(r, 1, 8);

		space.range[k] =
			(struct barista_range){lo, lo + (double)random_int(r, 0, 6), k == 2};
	}
	space.range[2].lo = (double)random_int(r, 1, 64);
	space.range[2].hi = space.range[2].lo * 5;
	for (size_t c = 0; c < space.nchoices; c++)
		do
			space.choice[c] = random_precision(r, dev);
		while ((c > 0 && space.choice[c] == space.choice[0]) ||
		       (c > 1 && space.choice[c] == space.choice[1]));
	return space;
}

/* Budgets that cut some of the points off, and a power that differs between points. */
static void random_budgets(struct random *r, struct fixture *f)
{
	f->dev->param[BARISTA_RES_DSP].value = (double)random_int(r, 60, 900);
	f->dev->param[BARISTA_RES_BRAM].value = (double)random_int(r, 40, 400);
	f->dev->param[BARISTA_BUS_WIDTH].value = random_size(r, 1024);
	f->dev->param[BARISTA_FLAG_DSP].value = 0.1 + 0.8 * random_unit(r);
	if (random_next(r) & 1) {
		fixture_set(f, "power.static=2 W");
		fixture_set(f, "power.per_dsp=5 mW");
	}
}

/* Every point of the space went somewhere, and none that is feasible was counted as over a budget.
 */
static void check_counts(const struct barista_search *search, const struct all *all, int how)
{
	const struct barista_certificate *c = &search->certificate;

	assert_true(search->points == (double)all->points && !search->partial && c->unvisited == 0);
	assert_true(c->over_budget + c->dominated + c->pruned + c->evaluated == c->points);
	assert_true(c->dominated + c->pruned + c->evaluated >= (double)all->feasible);
	if (how == SWEPT)
		CHECK(search->feasible == (double)all->feasible &&
			      c->evaluated == search->feasible && c->dominated + c->pruned == 0,
		      "%.0f swept, %zu by trying", c->evaluated, all->feasible);
}

static void against_trying_all(void **state)
{
	static const char *const nets[] = {"alexnet-cifar10", "resnet20-cifar10-b", "lenet-mnist"};
	struct random r = {17};
	int found = 0, pruned = 0;

	(void)state;
	for (size_t round = 0; round < 90; round++) {
		double baseline[32] = {NAN};
		struct barista_search *search = NULL;
		struct barista_space space;
		struct barista_err err;
		struct all all = {0};
		struct fixture f;
		int rc;

		fixture_open(&f, "aws-f1-vu9p", nets[round % COUNT(nets)],
			     (struct barista_lowering){.batched_gemm = round & 1,
						       .all_layers = round & 4});
		random_budgets(&r, &f);
		space = random_space(&r, f.dev);
		for (size_t l = 1; l < f.lowered->nlayers; l++)
			baseline[l] = 4e8 * random_unit(&r);
		for (int how = EXACT; how <= SWEPT; how++) {
			all.points = all.feasible = 0;
			try_all(&all, &f, &space);
			search = NULL;
			rc = run_search(&search, &f, &space, round & 8 ? baseline : NULL,
					round & 16 ? 1 : 1 + round % 40, how, &err);
			CHECK(rc == (all.feasible ? 0 : BARISTA_E_INFEASIBLE),
			      "%zu feasible: %d %s", all.feasible, rc, err.msg);
			if (!rc) {
				found++;
				pruned += all.feasible < all.points;
				check_counts(search, &all, how);
				check_rankings(&f, search, &all, round & 8 ? baseline : NULL);
			}
			free(all.item);
			barista_search_free(search);
		}
		fixture_close(&f);
	}
	CHECK(found > 40 && pruned > 30, "the spaces are too easy or too hard: %d found, %d pruned",
	      found, pruned);
}

static size_t rank(const struct barista_ranking *top, const struct barista_point *point)
{
	for (size_t i = 0; i < top->n; i++)
		if (!memcmp(&top->item[i].point, point, sizeof *point))
			return i;
	fail_msg("a point is not among the best");
	return 0;
}

/* Two kernels of one score; the one in front has fewer DSPs, then block RAMs, then the
 * smaller knobs. Memory this slow hides what the arithmetic takes. */
static void ties(void **state)
{
	static const struct {
		const char *first, *second;
		double dsp, latency;
	} rows[] = {
		{"8x8x64:int8-packed", "8x8x64:int8", 1, 1}, /* 0.5 DSP per MAC against 1 */
		{"8x8x64:bf16", "8x8x64:fp16", 4, 1},        /* as many DSPs, no partial sums */
		{"8x8x64:fp16", "8x8x64:bf16", 4, 9},        /* the same: the smaller knob */
		{"8x16x64:fp32", "16x8x64:fp32", 5, 11},     /* transposed */
	};
	struct barista_device *dev;
	struct barista_err err;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct barista_point a = kernel(rows[i].first), b = kernel(rows[i].second);
		struct barista_space space = {.nchoices = 1, .choice = {b.knob[3], a.knob[3]}};
		struct barista_search *search;
		struct one_gemm one;
		struct fixture f;

		CHECK_OK(barista_device_load(&dev, "aws-f1-vu9p", ".", &err), &err);
		gemm_open(&f, &one, dev, 64, 64, 64);
		fixture_set(&f, "memory.bandwidth=1 Mbit/s");
		dev->pe[BARISTA_BF16][BARISTA_PE_DSP].value = rows[i].dsp;
		dev->pe[BARISTA_BF16][BARISTA_PE_LATENCY].value = rows[i].latency;
		space.nchoices += a.knob[3] != b.knob[3];
		for (int k = 0; k < 3; k++)
			space.range[k] = (struct barista_range){fmin(a.knob[k], b.knob[k]),
								fmax(a.knob[k], b.knob[k]), true};
		plain_ranges(&space);
		CHECK_OK(run_search(&search, &f, &space, NULL, 4, EXACT, &err), &err);
		CHECK(rank(&search->ranking[BARISTA_RANK_PPW_MEAN], &a) <
			      rank(&search->ranking[BARISTA_RANK_PPW_MEAN], &b),
		      "%s does not stand before %s", rows[i].first, rows[i].second);
		CHECK(evaluate(&f.model, rows[i].first, NULL).metric[BARISTA_PPW_MEAN] ==
			      evaluate(&f.model, rows[i].second, NULL).metric[BARISTA_PPW_MEAN],
		      "row %zu is no tie", i);
		barista_search_free(search);
		barista_lowered_free(f.lowered);
		barista_device_free(dev);
	}
}

static void ranges(void **state)
{
	static const struct {
		struct barista_range range;
		size_t n;
		double first, last;
	} rows[] = {
		{{1, 8, true}, 4, 1, 8},          {{1, 8, false}, 8, 1, 8},
		{{3, 20, true}, 3, 4, 16},        {{5, 5, true}, 1, 5, 5},
		{{5, 5, false}, 1, 5, 5},         {{5, 7, true}, 0, 0, 0},
		{{1, 65536, true}, 17, 1, 65536}, {{4, 4, true}, 1, 4, 4},
		{{2, 3, true}, 1, 2, 2},          {{3, 9, false}, 7, 3, 9},
		{{0, 2, true}, 2, 1, 2},          {{0, 1, true}, 1, 1, 1},
		{{0, 0, true}, 1, 0, 0},          {{0, 2, false}, 3, 0, 2},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		size_t n = barista_range_size(&rows[i].range);

		CHECK(n == rows[i].n, "row %zu: %zu values", i, n);
		CHECK(!n || (barista_range_value(&rows[i].range, 0) == rows[i].first &&
			     barista_range_value(&rows[i].range, n - 1) == rows[i].last),
		      "row %zu", i);
	}
}

static void empty_range(void **state)
{
	struct barista_space space = {.nchoices = 1,
				      .range = {{5, 7, true}, {1, 2, true}, {64, 64, true}}};
	struct barista_search *search = NULL;
	struct barista_err err;
	struct fixture f;

	(void)state;
	fixture_open(&f, "aws-f1-vu9p", "lenet-mnist",
		     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
	assert_int_equal(run_search(&search, &f, &space, NULL, 1, EXACT, &err), BARISTA_E_ARGUMENT);
	assert_non_null(strstr(err.msg, "no power of two from 5 to 7 for tile_m"));
	assert_null(search);
	fixture_close(&f);
}

static int take_nothing(void *user, const struct barista_batch *batch, struct barista_err *err)
{
	(void)user, (void)batch, (void)err;
	return 0;
}

/* Options that have no sense are refused before anything is searched. */
static void bad_options(void **state)
{
	static const struct {
		struct barista_search_options options;
		const char *says;
	} rows[] = {
		{{.keep = SIZE_MAX}, "designs to keep, at most 10000"},
		{{.keep = 10001}, "10001 designs to keep"},
		{{.threads = -1}, "-1 threads"},
		{{.checkpoint = "state"}, "go with an exhaustive search"},
		{{.each = take_nothing}, "go with an exhaustive search"},
		{{.exhaustive = true, .checkpoint = "state", .each = take_nothing},
		 "leave the checkpoint or the callback out"},
	};
	struct fixture f;

	(void)state;
	fixture_open(&f, "aws-f1-vu9p", "lenet-mnist",
		     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_search *search = NULL;
		struct barista_err err = {0, ""};

		CHECK(barista_search_run(&search, &f.model, NULL, &rows[i].options, &err) ==
				      BARISTA_E_ARGUMENT &&
			      !search && strstr(err.msg, rows[i].says),
		      "row %zu: %s", i, err.msg);
	}
	fixture_close(&f);
}

static void count_calls(void *user, double done, double total, double evaluated)
{
	double *last = user;

	assert_true(done > *last && done <= total && evaluated >= 0);
	*last = done;
}

/* Powers of two up to the one that covers the largest dimension. */
static void default_space(void **state)
{
	struct barista_search *search;
	struct barista_space space;
	struct barista_err err;
	struct fixture f;
	double last = 0;
	struct barista_search_options options = {
		.keep = 3, .exhaustive = true, .progress = count_calls, .progress_user = &last};

	(void)state;
	fixture_open(&f, "aws-f1-vu9p", "alexnet-cifar10",
		     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
	barista_space_default(&space, &f.model);
	/* 3456 rows and 3456 columns of gradients, 3456 deep */
	for (int k = 0; k < 3; k++)
		CHECK(space.range[k].lo == 1 && space.range[k].hi == 4096 &&
			      space.range[k].powers_of_two,
		      "knob %d: %g", k, space.range[k].hi);
	CHECK_OK(barista_search_run(&search, &f.model, &space, &options, &err), &err);
	assert_true(search->points == 13 * 13 * 13);
	assert_true(last > 0);
	assert_int_equal(search->ranking[BARISTA_RANK_OFFLOAD].n, 0);
	barista_search_free(search);
	fixture_close(&f);
}

/* Designs of equal metrics whose layers are unrolled one by one: in the order of the layers, by
 * inputs, outputs and kernel. */
static void ties_of_stages(void **state)
{
	static const struct barista_unroll ascending[][2] = {
		{{1, 2, 1}, {9, 9, 9}}, {{1, 2, 3}, {1, 1, 1}}, {{1, 3, 1}, {1, 1, 1}},
		{{2, 1, 1}, {4, 5, 6}}, {{2, 1, 1}, {4, 5, 7}}, {{2, 1, 1}, {4, 6, 1}},
		{{2, 1, 1}, {5, 1, 1}},
	};
	const struct barista_family *family = barista_family_find("streaming");
	static const double metric[BARISTA_NMETRICS];

	(void)state;
	for (size_t i = 0; i < COUNT(ascending); i++) {
		for (size_t j = 0; j < COUNT(ascending); j++) {
			struct barista_point a = {.nstages = 2}, b = {.nstages = 2};
			int order;

			memcpy(a.stage, ascending[i], sizeof ascending[i]);
			memcpy(b.stage, ascending[j], sizeof ascending[j]);
			order = barista_tie_order(family, metric, &a, metric, &b);
			CHECK((order > 0) - (order < 0) == (i > j) - (i < j), "%zu and %zu: %d", i,
			      j, order);
		}
	}
}

int test_search(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(against_trying_all), cmocka_unit_test(ties),
		cmocka_unit_test(ties_of_stages),     cmocka_unit_test(ranges),
		cmocka_unit_test(empty_range),        cmocka_unit_test(bad_options),
		cmocka_unit_test(default_space),
	};

	return GROUP(tests);
}
