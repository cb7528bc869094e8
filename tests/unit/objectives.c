/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every objective, by the exact search and by evaluating all powers of two, on networks that people
 * train. (Random networks, boards and spaces: exact.c.) */
#include "check.h"

#include "model/metric.h"
#include "search/rankings.h"
#include "search/search.h"
#include "search/space.h"

static struct barista_search *search_by(const struct fixture *f, const struct barista_space *space,
					enum barista_rank objective, bool exhaustive)
{
	struct barista_search_options options = {
		.objective = objective, .keep = 1, .exhaustive = exhaustive};
	struct barista_search *search;
	struct barista_err err;

	CHECK_OK(barista_search_run(&search, &f->model, space, &options, &err), &err);
	return search;
}

/* No design of any ranking is better by an objective than the best by it. */
static void check_best(const struct barista_search *s, const char *what)
{
	for (int o = 0; o < BARISTA_NOBJECTIVES; o++) {
		enum barista_metric m = barista_objective_metric((enum barista_rank)o);
		double best = barista_metric_score(m, s->ranking[o].item[0].metric);

		for (int r = 0; r < BARISTA_NRANKINGS; r++)
			for (size_t i = 0; i < s->ranking[r].n; i++)
				CHECK(barista_metric_score(m, s->ranking[r].item[i].metric) <= best,
				      "%s: better by %s: %s", what,
				      barista_objective_name((enum barista_rank)o),
				      barista_ranking_defs[r].name);
		for (size_t c = 0; c < s->nranked; c++)
			CHECK(barista_metric_score(m, s->class_ranking[c].item[0].metric) <= best,
			      "%s: better by %s: a layer's", what,
			      barista_objective_name((enum barista_rank)o));
	}
}

static void exact_as_evaluated(void **state)
{
	static const char *const nets[] = {"mobilenet-v1", "resnet50"}, *const boards[] = {
										"aws-f1-vu9p",
										"alveo-u250",
										"zcu102"};

	(void)state;
	for (size_t i = 0; i < COUNT(nets) * COUNT(boards) * BARISTA_NOBJECTIVES; i++) {
		const char *net = nets[i % 2], *board = boards[i / 2 % 3];
		struct barista_search *exact, *all;
		struct barista_space *space;
		struct barista_err err;
		struct fixture f;

		fixture_open(&f, board, net, (struct barista_lowering){.all_layers = false});
		CHECK_OK(barista_space_make(&space, &f.model, &err), &err);
		barista_space_set_powers_of_two(space);
		exact = search_by(&f, space, (enum barista_rank)(i / 6), false);
		all = search_by(&f, space, (enum barista_rank)(i / 6), true);
		check_same_kept(exact, all);
		check_best(exact, net);
		barista_space_free(space);
		barista_search_free(exact);
		barista_search_free(all);
		fixture_close(&f);
	}
}

int test_objectives(void)
{
	static const struct CMUnitTest tests[] = {cmocka_unit_test(exact_as_evaluated)};

	return GROUP(tests);
}
