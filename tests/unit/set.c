/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several kernels together, and spaces in which none is feasible. */
#include "check.h"

#include "barista/family.h"
#include "base/memory_stream.h"
#include "model/evaluate.h"
#include "model/metric.h"
#include "search/confirm.h"
#include "search/kernel_set.h"
#include "search/search.h"
#include "search/space.h"

#include <stdlib.h>

static struct barista_search *sweep(const struct fixture *f, const struct barista_space *space)
{
	struct barista_search *search;
	struct barista_err err;

	CHECK_OK(run_search(&search, f, space, NULL, 24, SWEPT, &err), &err);
	return search;
}

static double layer_mean(const struct barista_lowered *lowered,
			 const struct barista_kernel_set *set)
{
	double sum = 0;

	for (size_t l = 0; l < lowered->nlayers; l++) {
		double best = 0;

		for (size_t k = 0; k < set->n; k++)
			best = fmax(best, set->kernel[k]->class_ppw[lowered->class_of[l]]);
		sum += best;
	}
	return sum / (double)lowered->nlayers;
}

/* Best mean of k of the kept candidates, by trying every choice. */
static double try_sets(const struct barista_lowered *lowered, const struct barista_ranking *top,
		       struct barista_kernel_set *set, size_t from, size_t k)
{
	double best = set->n ? layer_mean(lowered, set) : 0;

	for (size_t i = from; k && i < top->n; i++) {
		double mean;

		set->kernel[set->n++] = &top->item[i];
		mean = try_sets(lowered, top, set, i + 1, k - 1);
		best = fmax(best, mean);
		set->n--;
	}
	return best;
}

/* Few enough points that every one is kept. */
static void against_trying_all(void **state)
{
	static const char *const nets[] = {"alexnet-cifar10", "resnet20-cifar10-b",
					   "squeezenet-1.0"};
	struct random r = {18};
	int gains = 0;

	(void)state;
	for (size_t round = 0; round < 24; round++) {
		struct barista_space space = {.nchoices = 1};
		struct barista_search *search;
		struct fixture f;
		double last = 0;

		plain_ranges(&space);
		fixture_open(
			&f, "aws-f1-vu9p", nets[round % 3],
			(struct barista_lowering){.batched_gemm = round & 1, .all_layers = false});
		space.range[0] = (struct barista_range){random_size(&r, 64), 0, true};
		space.range[1] = (struct barista_range){random_size(&r, 64), 0, true};
		space.range[2] = (struct barista_range){16, 32, true};
		space.range[0].hi = 8 * space.range[0].lo;
		space.range[1].hi = 4 * space.range[1].lo;
		search = sweep(&f, &space);
		assert_true(search->feasible <= 24);
		for (size_t k = 1; k <= 3; k++) {
			struct barista_kernel_set set, tried = {0};
			struct barista_err err;
			double mean;

			CHECK_OK(barista_search_kernel_set(search, k, NULL, &set, &err), &err);
			mean = try_sets(f.lowered, &search->ranking[BARISTA_RANK_PPW_MEAN], &tried,
					0, k);
			CHECK(set.exact && near(set.value, mean, 1e-13),
			      "%zu kernels: %.17g, by trying %.17g", k, set.value, mean);
			CHECK(near(layer_mean(f.lowered, &set), set.value, 1e-13) && set.n >= 1 &&
				      set.n <= k,
			      "%zu kernels named", set.n);
			gains += k > 1 && set.value > last;
			last = set.value;
		}
		barista_search_free(search);
		fixture_close(&f);
	}
	CHECK(gains > 10, "a further kernel helps in %d cases only", gains);
}

/* Figures that no device has, so that taking the best kernel first is often wrong. */
static void made_up_figures(void **state)
{
	enum { SHAPES = 4, KERNELS = 11 };
	struct random r = {24};
	int greedy_wrong = 0;

	(void)state;
	for (int round = 0; round < 300; round++) {
		struct barista_layer_class shape[SHAPES] = {{0}};
		size_t class_of[16], k = (size_t)random_int(&r, 2, 4);
		struct barista_lowered lowered = {
			.nclasses = SHAPES, .layer_class = shape, .class_of = class_of};
		struct barista_model model = {NULL, &lowered, NULL};
		double ppw[KERNELS][SHAPES];
		struct barista_candidate item[KERNELS] = {{.score = 0}}, best[SHAPES];
		struct barista_ranking tops[SHAPES];
		struct barista_search search = {
			.model = &model,
			.nranked = SHAPES,
			.ranking[BARISTA_RANK_PPW_MEAN] = {KERNELS, KERNELS, item},
			.class_ranking = tops};
		struct barista_kernel_set set, tried = {0}, one = {0};
		struct barista_err err;
		double mean;

		for (size_t s = 0; s < SHAPES; s++) {
			shape[s].multiplicity = (size_t)random_int(&r, 1, 4);
			for (size_t i = 0; i < shape[s].multiplicity; i++)
				class_of[lowered.nlayers++] = s;
			best[s] = (struct barista_candidate){.score = 1e9, .class_ppw = ppw[0]};
			tops[s] = (struct barista_ranking){0, 1, &best[s]};
		}
		for (size_t i = 0; i < KERNELS; i++) {
			for (size_t s = 0; s < SHAPES; s++)
				ppw[i][s] = floor(100 * random_unit(&r) *
						  (random_next(&r) & 1 ? 1 : 0.3));
			item[i].class_ppw = item[i].class_time = ppw[i];
		}
		CHECK_OK(barista_search_kernel_set(&search, k, NULL, &set, &err), &err);
		mean = try_sets(&lowered, &search.ranking[BARISTA_RANK_PPW_MEAN], &tried, 0, k);
		CHECK(set.exact && near(set.value, mean, 1e-13) &&
			      near(layer_mean(&lowered, &set), mean, 1e-13),
		      "round %d, %zu kernels: %.17g, by trying %.17g", round, k, set.value, mean);
		/* Is the best single kernel in the best set? */
		CHECK_OK(barista_search_kernel_set(&search, 1, NULL, &one, &err), &err);
		for (size_t i = 0; i < set.n && one.n; i++)
			if (set.kernel[i] == one.kernel[0])
				one.n = 0;
		greedy_wrong += one.n > 0;
	}
	CHECK(greedy_wrong > 30, "only %d cases need more than greed", greedy_wrong);
}

/* Kernels of made-up times and powers, for the objectives that add up times and energies. */
enum { COST_SHAPES = 4, COST_KERNELS = 9 };

struct costs {
	struct barista_layer_class shape[COST_SHAPES];
	struct barista_lowered lowered;
	struct barista_model model;
	double time[COST_KERNELS][COST_SHAPES];
	struct barista_candidate item[COST_KERNELS], best[COST_SHAPES];
	struct barista_ranking tops[COST_SHAPES];
};

static void make_costs(struct costs *c, struct random *r)
{
	*c = (struct costs){.lowered = {.nclasses = COST_SHAPES,
					.nlayers = COST_SHAPES,
					.ops = 1e9,
					.layer_class = c->shape}};
	c->model.lowered = &c->lowered;
	for (size_t s = 0; s < COST_SHAPES; s++) {
		c->shape[s].multiplicity = (size_t)random_int(r, 1, 4);
		c->tops[s] = (struct barista_ranking){0, 1, &c->best[s]};
	}
	for (size_t k = 0; k < COST_KERNELS; k++) {
		for (size_t s = 0; s < COST_SHAPES; s++)
			c->time[k][s] = (double)random_int(r, 1, 60);
		c->item[k].class_time = c->item[k].class_ppw = c->time[k];
		c->item[k].metric[BARISTA_POWER] = (double)random_int(r, 1, 40);
	}
}

/* What the objective makes of a time and an energy, the less the better. */
static double cost_of(enum barista_rank objective, double time, double energy)
{
	return objective == BARISTA_RANK_TIME  ? time
	       : objective == BARISTA_RANK_EDP ? time * energy
					       : energy;
}

/* The least that any choice of a kernel per shape costs, among those chosen. */
static double least_cost(const struct costs *c, enum barista_rank objective, const size_t *kernel,
			 size_t n, size_t s, double time, double energy)
{
	double least = INFINITY;

	if (s == COST_SHAPES)
		return cost_of(objective, time, energy);
	for (size_t i = 0; i < n; i++) {
		double t = (double)c->shape[s].multiplicity * c->time[kernel[i]][s];

		least = fmin(least,
			     least_cost(c, objective, kernel, n, s + 1, time + t,
					energy + c->item[kernel[i]].metric[BARISTA_POWER] * t));
	}
	return least;
}

static double least_of_sets(const struct costs *c, enum barista_rank objective, size_t *kernel,
			    size_t n, size_t from, size_t k)
{
	double least = n ? least_cost(c, objective, kernel, n, 0, 0, 0) : (double)INFINITY;

	for (size_t i = from; k && i < COST_KERNELS; i++) {
		kernel[n] = i;
		least = fmin(least, least_of_sets(c, objective, kernel, n + 1, i + 1, k - 1));
	}
	return least;
}

/* The shapes run where the set says, and take together what it says. */
static void check_choice(const struct costs *c, const struct barista_kernel_set *set)
{
	double time = 0, energy = 0;

	for (size_t s = 0; s < COST_SHAPES; s++) {
		const struct barista_candidate *on = barista_kernel_set_choose(set, s);
		double t = (double)c->shape[s].multiplicity * on->class_time[s];

		time += t;
		energy += on->metric[BARISTA_POWER] * t;
	}
	CHECK(near(time, set->time, 1e-13) && near(energy, set->energy, 1e-13),
	      "%g s and %g J, where the layers take %g and %g", set->time, set->energy, time,
	      energy);
}

static void made_up_costs(void **state)
{
	static const enum barista_rank objectives[] = {BARISTA_RANK_TIME, BARISTA_RANK_ENERGY,
						       BARISTA_RANK_PPW_TOTAL, BARISTA_RANK_EDP};
	struct random r = {25};
	int split = 0;

	(void)state;
	for (int round = 0; round < 200; round++) {
		enum barista_rank objective = objectives[round % 4];
		size_t k = (size_t)random_int(&r, 2, 3), kernel[3];
		struct barista_kernel_set set;
		struct barista_search search;
		struct barista_err err;
		struct costs c;
		double least;

		make_costs(&c, &r);
		search = (struct barista_search){.model = &c.model,
						 .objective = objective,
						 .nranked = COST_SHAPES,
						 .class_ranking = c.tops};
		search.ranking[objective] =
			(struct barista_ranking){COST_KERNELS, COST_KERNELS, c.item};
		CHECK_OK(barista_search_kernel_set(&search, k, NULL, &set, &err), &err);
		least = least_of_sets(&c, objective, kernel, 0, 0, k);
		CHECK(set.exact && near(objective == BARISTA_RANK_PPW_TOTAL ? 1e9 / set.value
									    : set.value,
					least, 1e-12),
		      "round %d, %zu kernels by %s: %.17g, by trying %.17g", round, k,
		      barista_objective_name(objective), set.value, least);
		check_choice(&c, &set);
		/* The best choice takes neither the least time nor the least energy. */
		split += objective == BARISTA_RANK_EDP &&
			 set.time > least_cost(&c, BARISTA_RANK_TIME,
					       (size_t[]){(size_t)(set.kernel[0] - c.item),
							  (size_t)(set.kernel[set.n - 1] - c.item)},
					       2, 0, 0, 0);
	}
	CHECK(split > 5, "only %d sets trade time for energy", split);
}

static void more_kernels(void **state)
{
	static const char *const nets[] = {"alexnet-cifar10", "resnet20-cifar10-b", "googlenet",
					   "mobilenet-v1"};

	(void)state;
	for (size_t i = 0; i < COUNT(nets); i++) {
		struct barista_search *search;
		struct barista_space space;
		struct barista_kernel_set set;
		struct barista_err err;
		double last = 0;
		struct fixture f;

		fixture_open(&f, "aws-f1-vu9p", nets[i],
			     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
		barista_space_default(&space, &f.model);
		search = sweep(&f, &space);
		for (size_t k = 1; k <= 8; k++) {
			CHECK_OK(barista_search_kernel_set(search, k, NULL, &set, &err), &err);
			CHECK(set.value >= last, "%s: %zu kernels reach %.17g, fewer %.17g",
			      nets[i], k, set.value, last);
			CHECK(set.bound >= set.value * (1 - 1e-15), "%s: bound %.17g, mean %.17g",
			      nets[i], set.bound, set.value);
			CHECK(near(layer_mean(f.lowered, &set), set.value, 1e-13),
			      "%s: %zu kernels", nets[i], k);
			if (k == 1)
				assert_true(set.n == 1 &&
					    set.value == search->ranking[BARISTA_RANK_PPW_MEAN]
								 .item[0]
								 .score &&
					    same_point(&set.kernel[0]->point,
						       &search->ranking[BARISTA_RANK_PPW_MEAN]
								.item[0]
								.point));
			last = set.value;
		}
		barista_search_free(search);
		fixture_close(&f);
	}
}

/* With a kernel for every layer, the bound is reached. */
static void enough_kernels(void **state)
{
	struct barista_search *search;
	struct barista_space space;
	struct barista_kernel_set set;
	struct barista_err err;
	struct fixture f;

	(void)state;
	fixture_open(&f, "aws-f1-vu9p", "alexnet-cifar10",
		     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
	barista_space_default(&space, &f.model);
	search = sweep(&f, &space);
	CHECK_OK(barista_search_kernel_set(search, f.lowered->nclasses, NULL, &set, &err), &err);
	assert_true(near(set.value, set.bound, 1e-14));
	set.n = 77;
	assert_int_equal(barista_search_kernel_set(search, 0, NULL, &set, &err),
			 BARISTA_E_ARGUMENT);
	assert_int_equal(barista_search_kernel_set(search, 9, NULL, &set, &err),
			 BARISTA_E_ARGUMENT);
	assert_int_equal(set.n, 77);
	barista_search_free(search);
	fixture_close(&f);
}

/* How far the point is above (or below) what it may be; 0: feasible. */
static double excess(const struct fixture *f, const double *knob)
{
	const struct barista_point p = plain_point(knob[0], knob[1], knob[2], 0);
	double *time = calloc(f->lowered->nclasses, sizeof *time), worst = 0;
	struct barista_result r = {.class_time = time};
	struct barista_err err;

	CHECK_OK(barista_evaluate_point(&f->model, &p, &r, &err), &err);
	free(time);
	for (int b = 0; b < barista_nbudgets; b++) {
		double limit = barista_budget_limit(f->dev, b),
		       used = r.metric[barista_budget_defs[b].metric];

		if (r.over >> b & 1)
			worst = fmax(worst,
				     barista_budget_defs[b].at_least ? limit / used : used / limit);
	}
	return worst;
}

static double least_excess(const struct fixture *f, const struct barista_space *space)
{
	double least = INFINITY, knob[3];

	for (knob[0] = space->range[0].lo; knob[0] <= space->range[0].hi; knob[0]++)
		for (knob[1] = space->range[1].lo; knob[1] <= space->range[1].hi; knob[1]++)
			for (knob[2] = space->range[2].lo; knob[2] <= space->range[2].hi; knob[2]++)
				least = fmin(least, excess(f, knob));
	return least;
}

/* The message names a kernel, and no kernel of the space misses the budgets by less. */
static void nothing_feasible(void **state)
{
	static const struct {
		const char *set[3];
		struct barista_range range[3];
		const char *message;
	} rows[] = {
		{{"rules.bus_width=60000 bit", NULL, NULL},
		 {{1, 9, false}, {1, 9, false}, {1, 64, false}},
		 "fills 2.048 kbit of 60 kbit"},
		{{"resources.dsp=40", "rules.usable_dsp=1", NULL},
		 {{4, 9, false}, {3, 9, false}, {16, 64, false}},
		 "the nearest, 4x3x16:fp32: needs 66 dsp, 40 usable, 65"},
		{{"resources.bram=5", NULL, NULL},
		 {{1, 9, false}, {1, 9, false}, {16, 64, false}},
		 "needs 18 bram, 4 usable"},
		/* Over in DSPs whatever the depth; only deeper tiles fill the bus besides. */
		{{"resources.dsp=5", "rules.usable_dsp=1", NULL},
		 {{1, 9, false}, {1, 9, false}, {1, 64, false}},
		 "the nearest, 1x1x"},
		{{"resources.dsp=60", "rules.usable_dsp=1", NULL},
		 {{2, 9, false}, {7, 9, false}, {1, 64, false}},
		 "the nearest, 2x7x"},
		{{"resources.bram=30", "resources.dsp=20", "rules.bus_width=2048 bit"},
		 {{1, 5, false}, {3, 9, false}, {1, 64, false}},
		 "the nearest, "},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_space space = {.nchoices = 1};
		struct barista_search *search = NULL;
		struct barista_err err;
		struct barista_point p;
		struct fixture f;
		char name[96] = "";

		fixture_open(&f, "aws-f1-vu9p", "alexnet-cifar10",
			     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
		for (int s = 0; s < 3 && rows[i].set[s]; s++)
			fixture_set(&f, rows[i].set[s]);
		memcpy(space.range, rows[i].range, sizeof rows[i].range);
		plain_ranges(&space);
		assert_int_equal(run_search(&search, &f, &space, NULL, 1, EXACT, &err),
				 BARISTA_E_INFEASIBLE);
		CHECK(strstr(err.msg, rows[i].message) &&
			      strstr(err.msg, "no feasible kernel on 'aws-f1-vu9p'"),
		      "%s", err.msg);
		assert_int_equal(sscanf(strstr(err.msg, "nearest, "), "nearest, %95[^ ]", name), 1);
		name[strlen(name) - 1] = '\0';
		p = kernel(name);
		CHECK(excess(&f, p.knob) == least_excess(&f, &space),
		      "%s misses by %g, the nearest by %g", name, excess(&f, p.knob),
		      least_excess(&f, &space));
		assert_null(search);
		fixture_close(&f);
	}
}

/* A set that is stopped is the greedy one at least, and says so; without rankings of layers there
 * is none. */
static void stopped_sets(void **state)
{
	static const volatile sig_atomic_t raised = 1;
	struct barista_search_options network_only = {.network_only = true};
	struct barista_kernel_set whole, cut, alone;
	struct barista_search *search;
	struct barista_err err;
	struct fixture f;

	(void)state;
	fixture_open(&f, "aws-f1-vu9p", "googlenet", (struct barista_lowering){.all_layers = true});
	CHECK_OK(run_search(&search, &f, NULL, NULL, 24, EXACT, &err), &err);
	CHECK_OK(barista_search_kernel_set(search, 3, NULL, &whole, &err), &err);
	CHECK_OK(barista_search_kernel_set(search, 3, &raised, &cut, &err), &err);
	CHECK_OK(barista_search_kernel_set(search, 1, NULL, &alone, &err), &err);
	assert_true(!whole.stopped && cut.stopped && !cut.exact);
	assert_true(cut.n == 3 && cut.value > alone.value && cut.value <= whole.value);
	barista_search_free(search);
	CHECK_OK(barista_search_run(&search, &f.model, NULL, &network_only, &err), &err);
	assert_int_equal(barista_search_kernel_set(search, 2, NULL, &cut, &err),
			 BARISTA_E_ARGUMENT);
	barista_search_free(search);
	fixture_close(&f);
}

/* A network of so many different layers. */
static const char *many_layers(int n)
{
	struct barista_memory_stream m;
	const char *path;
	char *text;
	FILE *f = barista_memory_stream_open(&m);

	assert_non_null(f);
	fputs("kind: workload\nname: many\ntitle: many\nsource: test\nstatus: assumed\n"
	      "batch: 1\ninput: [8, 4, 4]\nlayers:\n",
	      f);
	for (int i = 0; i < n; i++)
		fprintf(f, "  - {name: c%d, type: conv, in: [%d, 4, 4], out: %d, kernel: [1, 1]}\n",
			i, 8 + i % 16 * 3, 8 + i / 16 * 3);
	assert_non_null(text = barista_memory_stream_close(&m));
	path = write_text("many.yaml", text);
	free(text);
	return path;
}

static void check_kept(const struct barista_search *s, size_t kept)
{
	for (size_t c = 0; c < s->nranked; c++) {
		const struct barista_ranking *top = &s->class_ranking[c];

		CHECK(top->n == kept, "layer %zu keeps %zu", c, top->n);
		for (size_t i = 0; i < top->n; i++)
			assert_true(top->item[i].class_ppw[c] == top->item[i].score);
	}
}

/* Whoever stops a search does not wait until every design of thousands of layers was looked at
 * again: they keep their best. Of few layers all are kept. */
static void confirmed_after_a_stop(void **state)
{
	static const volatile sig_atomic_t raised = 1;

	(void)state;
	for (int few = 0; few < 2; few++) {
		struct barista_search *search;
		struct barista_err err;
		struct fixture f;

		fixture_open(&f, "aws-f1-vu9p", few ? "resnet20-cifar10-b" : many_layers(256),
			     (struct barista_lowering){.all_layers = true});
		CHECK_OK(run_search(&search, &f, NULL, NULL, 24, EXACT, &err), &err);
		check_kept(search, 24);
		CHECK_OK(barista_search_confirm(search, &raised, &err), &err);
		check_kept(search, few ? 24 : 1);
		assert_true(search->truncated == !few);
		barista_search_free(search);
		fixture_close(&f);
	}
}

int test_set(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(against_trying_all),     cmocka_unit_test(made_up_figures),
		cmocka_unit_test(made_up_costs),          cmocka_unit_test(more_kernels),
		cmocka_unit_test(enough_kernels),         cmocka_unit_test(nothing_feasible),
		cmocka_unit_test(confirmed_after_a_stop), cmocka_unit_test(stopped_sets),
	};

	return GROUP(tests);
}
