/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which resource to buy next. */
#include "check.h"

#include "barista/family.h"
#include "model/device.h"
#include "model/metric.h"
#include "search/rankings.h"
#include "search/search.h"
#include "search/space.h"
#include "search/what_if.h"

static void open_small(struct fixture *f, struct barista_space *space, const char *device,
		       const char *network)
{
	fixture_open(f, device, network,
		     (struct barista_lowering){.batched_gemm = false, .all_layers = false});
	barista_space_default(space, &f->model);
	plain_ranges(space);
	for (int k = 0; k < 3; k++)
		space->range[k] = (struct barista_range){k == 2 ? 16 : 1, k == 2 ? 64 : 40, false};
}

static void run_what_if(const struct fixture *f, const struct barista_space *space,
			enum barista_rank objective, struct barista_what_if *w)
{
	const struct barista_search_options options = {.objective = objective};
	struct barista_err err;

	CHECK_OK(barista_what_if(&f->model, space, &options, w, &err), &err);
}

static const struct barista_what_if *of_fact(const struct barista_what_if *w,
					     enum barista_param fact)
{
	for (size_t i = 0; i < BARISTA_WHAT_IF_PARAMS && w[i].n; i++)
		if (w[i].param == fact)
			return &w[i];
	fail_msg("no row of %s", barista_param_defs[fact].path);
	return NULL;
}

/* A row is what a search of the changed device finds. */
static void check_row(const struct fixture *f, const struct barista_space *space,
		      enum barista_rank objective, enum barista_param fact,
		      const struct barista_what_if_row *row, const struct barista_what_if_row *now)
{
	const struct barista_candidate *best;
	struct barista_device dev = *f->dev;
	struct fixture changed = *f;
	struct barista_search *s;
	struct barista_err err;

	dev.param[fact].value = row->value;
	changed.model.dev = &dev;
	CHECK_OK(run_search(&s, &changed, space, NULL, 1, SWEPT, &err), &err);
	best = &s->ranking[objective].item[0];
	CHECK(row->feasible && row->best == best->metric[barista_objective_metric(objective)],
	      "%s of %s x %g: %g, not %g", barista_objective_name(objective),
	      barista_param_defs[fact].path, row->factor, row->best,
	      best->metric[barista_objective_metric(objective)]);
	assert_true(same_point(&row->point, &best->point));
	assert_true(row->time == s->ranking[BARISTA_RANK_TIME].item[0].metric[BARISTA_TIME]);
	assert_true(row->best_change == row->best / now->best - 1 &&
		    row->time_change == row->time / now->time - 1);
	barista_search_free(s);
}

static void check_rows(enum barista_rank objective)
{
	static const double factors[] = {0.5, 0.8, 1, 1.25, 2};
	int better = barista_metric_defs[barista_objective_metric(objective)].better;
	struct barista_what_if w[BARISTA_WHAT_IF_PARAMS];
	struct barista_space space;
	struct fixture f;

	open_small(&f, &space, "aws-f1-vu9p", "lenet-mnist");
	run_what_if(&f, &space, objective, w);
	for (size_t i = 0; i < BARISTA_WHAT_IF_PARAMS && w[i].n; i++) {
		double current = f.dev->param[w[i].param].value;
		const struct barista_what_if_row *row = w[i].row;

		assert_int_equal(w[i].n, COUNT(factors));
		assert_int_equal(w[i].less, w[i].param == BARISTA_TILE_TIME);
		for (size_t k = 0; k < COUNT(factors); k++) {
			assert_true(row[k].factor == factors[k] &&
				    barista_what_if_at(&w[i], factors[k]) == &row[k]);
			assert_true(near(row[k].value, factors[k] * current, 1e-3));
			assert_true(!barista_param_defs[w[i].param].integer ||
				    row[k].value == round(row[k].value));
			check_row(&f, &space, objective, w[i].param, &row[k], &row[2]);
		}
		assert_true(row[2].value == current && row[2].best_change == 0 &&
			    row[2].time_change == 0);
		assert_true(w[i].gain == better * row[w[i].less ? 1 : 3].best_change &&
			    (!i || w[i].gain <= w[i - 1].gain));
		assert_true(near(w[i].sensitivity,
				 log(row[3].best / row[1].best) / log(row[3].value / row[1].value),
				 1e-12));
	}
	assert_null(barista_what_if_at(&w[0], 3));
	fixture_close(&f);
}

static void rows(void **state)
{
	(void)state;
	for (int i = 0; i < BARISTA_NOBJECTIVES; i++)
		check_rows((enum barista_rank)i);
}

/* With constant power, more of a resource is never worse, and less time to tile neither. */
static void monotone(void **state)
{
	static const char *const boards[] = {"aws-f1-vu9p", "zcu102", "vc709", "s10-mx2100"};
	struct random random = {7};

	(void)state;
	for (int trial = 0; trial < 12; trial++) {
		struct barista_what_if w[BARISTA_WHAT_IF_PARAMS];
		struct barista_space space;
		struct fixture f;

		open_small(&f, &space, boards[trial % 4],
			   trial & 4 ? "alexnet-cifar10" : "lenet-mnist");
		fixture_set(&f, "power.total=10 W");
		f.dev->param[BARISTA_RES_DSP].value = (double)random_int(&random, 40, 2000);
		f.dev->param[BARISTA_MEM_BANDWIDTH].value *= exp2(4 * random_unit(&random) - 2);
		f.dev->param[BARISTA_TILE_TIME].value *= random_unit(&random);
		run_what_if(&f, &space, BARISTA_RANK_PPW_MEAN, w);
		for (size_t i = 0; i < BARISTA_WHAT_IF_PARAMS && w[i].n; i++)
			for (size_t k = 1; k < w[i].n; k++) {
				const struct barista_what_if_row *a = &w[i].row[k - 1],
								 *b = &w[i].row[k];

				CHECK(a->value < b->value &&
					      (w[i].less ? a->best >= b->best
							 : !a->feasible || a->best <= b->best),
				      "trial %d, %s x %g: %g, then %g", trial,
				      barista_param_defs[w[i].param].path, b->factor, a->best,
				      b->best);
			}
		fixture_close(&f);
	}
}

/* The smallest kernel takes 11 DSPs. */
static void infeasible_rows(void **state)
{
	static const struct barista_point zeros;
	struct barista_what_if w[BARISTA_WHAT_IF_PARAMS];
	const struct barista_what_if *dsp;
	struct barista_space space;
	struct barista_err err;
	struct fixture f;

	(void)state;
	open_small(&f, &space, "aws-f1-vu9p", "lenet-mnist");
	fixture_set(&f, "rules.usable_dsp=1");
	fixture_set(&f, "resources.dsp=12");
	run_what_if(&f, &space, BARISTA_RANK_PPW_MEAN, w);
	dsp = of_fact(w, BARISTA_RES_DSP);
	assert_int_equal(dsp->n, 5);
	for (size_t k = 0; k < 5; k++) {
		const struct barista_what_if_row *row = &dsp->row[k];

		assert_int_equal(row->feasible, k >= 2);
		assert_int_equal(isnan(row->best) && isnan(row->best_change) && isnan(row->time) &&
					 isnan(row->time_change),
				 k < 2);
		assert_int_equal(!memcmp(&row->point, &zeros, sizeof zeros), k < 2);
	}
	assert_true(dsp->row[1].value == 10 && dsp->row[3].value == 15);
	assert_true(near(dsp->sensitivity,
			 log(dsp->row[3].best / dsp->row[2].best) / log(15.0 / 12), 1e-12) ||
		    (dsp->sensitivity == 0 && dsp->row[3].best == dsp->row[2].best));
	fixture_set(&f, "resources.dsp=10");
	assert_int_equal(barista_what_if(&f.model, &space,
					 &(struct barista_search_options){.keep = 0}, w, &err),
			 BARISTA_E_INFEASIBLE);
	fixture_close(&f);
}

/* What the bounds of a fact, or rounding, make equal is there once. */
static void bounds(void **state)
{
	struct barista_what_if w[BARISTA_WHAT_IF_PARAMS];
	const struct barista_what_if *tau, *dsp;
	struct barista_space space;
	struct fixture f;

	(void)state;
	open_small(&f, &space, "aws-f1-vu9p", "lenet-mnist");
	fixture_set(&f, "host.tile_time=0 s");
	fixture_set(&f, "resources.dsp=1000000");
	run_what_if(&f, &space, BARISTA_RANK_PPW_MEAN, w);
	tau = of_fact(w, BARISTA_TILE_TIME);
	assert_true(tau->n == 1 && tau->row[0].factor == 1 && isnan(tau->sensitivity) &&
		    tau->gain == 0);
	dsp = of_fact(w, BARISTA_RES_DSP);
	assert_true(dsp->n == 3 && dsp->row[2].factor == 1 && dsp->gain == 0);
	fixture_set(&f, "resources.dsp=900000");
	run_what_if(&f, &space, BARISTA_RANK_PPW_MEAN, w);
	dsp = of_fact(w, BARISTA_RES_DSP);
	assert_true(dsp->n == 4 && dsp->row[3].factor == 1.25 && dsp->row[3].value == 1e6);
	fixture_close(&f);
}

static void stopped(void **state)
{
	const volatile sig_atomic_t stop = 1;
	const struct barista_search_options options = {.stop = &stop};
	struct barista_what_if w[BARISTA_WHAT_IF_PARAMS] = {{.n = 77}};
	struct barista_space space;
	struct barista_err err;
	struct fixture f;

	(void)state;
	open_small(&f, &space, "aws-f1-vu9p", "lenet-mnist");
	assert_int_equal(barista_what_if(&f.model, &space, &options, w, &err), BARISTA_E_STOPPED);
	assert_int_equal(w[0].n, 77);
	fixture_close(&f);
}

int test_whatif(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows),
		cmocka_unit_test(monotone),
		cmocka_unit_test(infeasible_rows),
		cmocka_unit_test(bounds),
		cmocka_unit_test(stopped),
	};

	return GROUP(tests);
}
