/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The library through <barista.h> alone, as a program of a user sees it. */
#include "check.h"

#include <stdlib.h>

struct library {
	struct barista_device *board;
	struct barista_workload *network;
	struct barista_model *model;
};

static void open_library(struct library *l)
{
	struct barista_err err;

	CHECK_OK(barista_device_load(&l->board, "aws-f1-vu9p", ".", &err), &err);
	CHECK_OK(barista_workload_load(&l->network, "resnet20-cifar10-b", ".", &err), &err);
	CHECK_OK(barista_model_make(&l->model, l->network, l->board, NULL, &err), &err);
}

static void close_library(struct library *l)
{
	barista_model_free(l->model);
	barista_workload_free(l->network);
	barista_device_free(l->board);
}

static void text_of(const struct library *l, const struct barista_candidate *c, char text[64])
{
	assert_non_null(c);
	assert_true(barista_candidate_text(l->model, c, text, 64) < 64);
}

static void families(void **state)
{
	size_t n = 0;

	(void)state;
	for (const char *name; (name = barista_family_name(n)); n++)
		assert_non_null(barista_family_find(name));
	assert_int_equal(n, 4);
	assert_null(barista_family_find("none"));
	assert_null(barista_metric_key(BARISTA_NMETRICS));
	assert_string_equal(barista_metric_key(BARISTA_TIME), "time_s");
	assert_string_equal(barista_precision_name(0), "fp32");
	assert_null(barista_precision_name(1000));
}

/* The space that a search has by itself, made by hand, gives the same answer; a narrower one keeps
 * to its ranges and precisions. */
static void spaces(void **state)
{
	static const char *const precisions[] = {"int8", "fwd=int8"};
	struct barista_search *by_itself, *by_hand, *narrow;
	struct barista_space *space;
	struct barista_err err;
	char text[64], same[64];
	struct library l;

	(void)state;
	open_library(&l);
	CHECK_OK(barista_search_run(&by_itself, l.model, NULL, NULL, &err), &err);
	CHECK_OK(barista_space_make(&space, l.model, &err), &err);
	CHECK_OK(barista_search_run(&by_hand, l.model, space, NULL, &err), &err);
	for (size_t i = 0; i < 5; i++) {
		text_of(&l, barista_search_best(by_itself, BARISTA_RANK_PPW_MEAN, i), text);
		text_of(&l, barista_search_best(by_hand, BARISTA_RANK_PPW_MEAN, i), same);
		assert_string_equal(text, same);
	}
	CHECK_OK(barista_space_set_range(space, "tile_m", 4, 9, &err), &err);
	CHECK_OK(barista_space_set_precisions(space, precisions, 1, &err), &err);
	barista_space_set_powers_of_two(space);
	CHECK_OK(barista_search_run(&narrow, l.model, space, NULL, &err), &err);
	for (size_t i = 0; i < 5; i++) {
		int m;

		text_of(&l, barista_search_best(narrow, BARISTA_RANK_PPW_MEAN, i), text);
		m = atoi(text);
		CHECK((m == 4 || m == 8) && strstr(text, ":int8"), "%s", text);
	}
	assert_true(barista_search_certificate(narrow).points <
		    barista_search_certificate(by_hand).points);
	barista_search_free(narrow);
	barista_search_free(by_hand);
	barista_search_free(by_itself);
	barista_space_free(space);
	close_library(&l);
}

static void refused_spaces(void **state)
{
	static const struct {
		const char *knob;
		double low, high;
		const char *why;
	} ranges[] = {
		{"tile_x", 1, 2, "architecture 'systolic' has no knob 'tile_x'"},
		{"tile_mm", 1, 2, "did you mean 'tile_m'"},
		{"precision", 1, 2, "has no knob 'precision'"},
		{"tile_m", 3, 2, "tile_m"},
		{"tile_m", 1.5, 2, "tile_m"},
		{"tile_m", 1, 2.5, "tile_m"},
		{"tile_m", (double)NAN, 2, "tile_m"},
		{"tile_m", 0, 2, "tile_m: 0 to 2 is not within 1 to"},
		{"tile_m", 1, 1e9, "is not within 1 to"},
	};
	static const char *const twice[] = {"int8", "int8"}, *const unknown[] = {"int9"};
	const char *many[BARISTA_NMETRICS * 64];
	struct barista_space *space;
	struct barista_err err;
	struct library l;

	(void)state;
	open_library(&l);
	CHECK_OK(barista_space_make(&space, l.model, &err), &err);
	for (size_t i = 0; i < COUNT(ranges); i++) {
		assert_int_equal(barista_space_set_range(space, ranges[i].knob, ranges[i].low,
							 ranges[i].high, &err),
				 BARISTA_E_ARGUMENT);
		CHECK(strstr(err.msg, ranges[i].why), "row %zu: %s", i, err.msg);
	}
	assert_int_equal(barista_space_set_precisions(space, NULL, 0, &err), BARISTA_E_ARGUMENT);
	assert_int_equal(barista_space_set_precisions(space, twice, 2, &err), BARISTA_E_ARGUMENT);
	CHECK(strstr(err.msg, "'int8' twice"), "%s", err.msg);
	assert_int_equal(barista_space_set_precisions(space, unknown, 1, &err), BARISTA_E_ARGUMENT);
	CHECK(strstr(err.msg, "int9"), "%s", err.msg);
	for (size_t i = 0; i < COUNT(many); i++)
		many[i] = "fp32";
	assert_int_equal(barista_space_set_precisions(space, many, COUNT(many), &err),
			 BARISTA_E_ARGUMENT);
	barista_space_free(space);
	barista_space_free(NULL);
	close_library(&l);
}

/* Everything that a finished search is asked, at its ends too. */
static void answers(void **state)
{
	static const enum barista_metric metrics[] = {BARISTA_TIME, BARISTA_DSP};
	const struct barista_search_options options = {.keep = 3, .pareto = metrics, .npareto = 2};
	const struct barista_candidate *c;
	struct barista_candidate *alone;
	struct barista_search *s;
	struct barista_err err;
	struct library l;
	char text[64], again[64];
	size_t layers, n = 0;

	(void)state;
	open_library(&l);
	layers = barista_model_layers(l.model);
	CHECK_OK(barista_search_run(&s, l.model, NULL, &options, &err), &err);
	assert_false(barista_search_partial(s));
	assert_null(barista_search_best(s, BARISTA_RANK_PPW_MEAN, 3));
	assert_null(barista_search_best(s, BARISTA_NRANKINGS, 0));
	assert_null(barista_search_best(s, BARISTA_RANK_OFFLOAD, 0));
	for (size_t i = 0; i < layers; i++) {
		assert_non_null(barista_model_layer_name(l.model, i));
		c = barista_search_layer_best(s, i, 0);
		assert_true(barista_candidate_layer_ppw(l.model, c, i) >=
			    barista_candidate_layer_ppw(
				    l.model, barista_search_best(s, BARISTA_RANK_PPW_MEAN, 0), i));
		assert_null(barista_search_layer_best(s, i, 3));
	}
	assert_null(barista_search_layer_best(s, layers, 0));
	for (; (c = barista_search_front(s, n)); n++)
		assert_true(isnan(barista_candidate_layer_time(l.model, c, 0)) &&
			    isnan(barista_candidate_layer_ppw(l.model, c, 0)));
	assert_true(n > 3);
	c = barista_search_best(s, BARISTA_RANK_TIME, 0);
	assert_true(isnan(barista_candidate_metric(c, BARISTA_NMETRICS)));
	assert_true(isnan(barista_candidate_layer_time(l.model, c, layers)));
	assert_true(isnan(barista_candidate_layer_ppw(l.model, c, layers)));
	assert_true(barista_candidate_feasible(l.model, c));
	text_of(&l, c, text);
	CHECK_OK(barista_evaluate_design(&alone, l.model, text, &err), &err);
	text_of(&l, alone, again);
	assert_string_equal(text, again);
	for (int m = 0; m < BARISTA_NMETRICS; m++) {
		double a = barista_candidate_metric(c, (enum barista_metric)m),
		       b = barista_candidate_metric(alone, (enum barista_metric)m);

		CHECK(a == b || (isnan(a) && isnan(b)), "%s: %.17g and %.17g",
		      barista_metric_key((enum barista_metric)m), a, b);
	}
	for (size_t i = 0; i < layers; i++)
		assert_true(barista_candidate_layer_time(l.model, c, i) ==
			    barista_candidate_layer_time(l.model, alone, i));
	barista_candidate_free(alone);
	CHECK_OK(barista_evaluate_design(&alone, l.model, "4096x4096x16:fp32", &err), &err);
	assert_false(barista_candidate_feasible(l.model, alone));
	barista_candidate_free(alone);
	barista_search_free(s);
	barista_search_free(NULL);
	close_library(&l);
}

static int no_point(void *user, const struct barista_batch *batch, struct barista_err *err)
{
	(void)user, (void)batch, (void)err;
	return 0;
}

static void refused_searches(void **state)
{
	static const enum barista_metric divides[] = {BARISTA_TILE_DIVIDES},
					 none[] = {BARISTA_NMETRICS};
	static const struct {
		struct barista_search_options options;
		const char *why;
	} rows[] = {
		{{.objective = BARISTA_NOBJECTIVES}, "ranking 5 is no objective"},
		{{.deadline = -1}, "a deadline of -1 s"},
		{{.deadline = (double)NAN}, "a deadline of"},
		{{.threads = -1}, "-1 threads"},
		{{.keep = BARISTA_MAX_KEPT + 1}, "at most 10000"},
		{{.checkpoint = "state"}, "go with an exhaustive search"},
		{{.each = no_point}, "go with an exhaustive search"},
		{{.exhaustive = true, .checkpoint = "state", .each = no_point},
		 "leave the checkpoint or the callback out"},
		{{.pareto = none, .npareto = 1}, "metric 15 of a front"},
		{{.pareto = divides, .npareto = 1}, "of a front"},
		{{.pareto = divides, .npareto = 100}, "more metrics than there are"},
	};
	struct barista_search *s;
	struct barista_err err;
	struct library l;

	(void)state;
	open_library(&l);
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(barista_search_run(&s, l.model, NULL, &rows[i].options, &err),
				 BARISTA_E_ARGUMENT);
		CHECK(strstr(err.msg, rows[i].why), "row %zu: %s", i, err.msg);
	}
	close_library(&l);
}

/* A model of every architecture, and networks that leave it without layers. */
static void models(void **state)
{
	static const char only_fc[] = "kind: workload\nname: fc\ntitle: fc\nsource: test\n"
				      "status: assumed\nbatch: 1\ninput: [8, 1, 1]\nlayers:\n"
				      "  - {name: l, type: fc, in: 8, out: 4}\n";
	struct barista_model_options o = {.layers = BARISTA_LAYERS_ALL};
	struct barista_workload *fc;
	struct barista_model *model;
	struct barista_err err;
	struct library l;

	(void)state;
	open_library(&l);
	CHECK_OK(barista_workload_load(&fc, write_text("fc.yaml", only_fc), ".", &err), &err);
	for (size_t i = 0; i < 2 * 4; i++) {
		o.family = barista_family_find(barista_family_name(i / 2));
		o.batched_gemm = i & 1;
		CHECK_OK(barista_model_make(&model, l.network, l.board, &o, &err), &err);
		assert_true(barista_model_layers(model) >= 22);
		assert_string_equal(barista_model_layer_name(model, 0), "first_conv");
		assert_null(barista_model_layer_name(model, barista_model_layers(model)));
		barista_model_free(model);
	}
	CHECK_OK(barista_model_make(&model, fc, l.board, &o, &err), &err);
	barista_model_free(model);
	assert_int_equal(barista_model_make(&model, fc, l.board, NULL, &err), BARISTA_E_INPUT);
	o.layers = BARISTA_LAYERS_CONV;
	assert_int_equal(barista_model_make(&model, fc, l.board, &o, &err), BARISTA_E_INPUT);
	barista_model_free(NULL);
	barista_workload_free(fc);
	close_library(&l);
}

static int make_model(void *library, struct barista_err *err)
{
	const struct library *l = library;
	struct barista_model *model;
	int rc = barista_model_make(&model, l->network, l->board, NULL, err);

	if (!rc)
		barista_model_free(model);
	return rc;
}

static void models_without_memory(void **state)
{
	struct library l;

	(void)state;
	open_library(&l);
	each_out_of_memory(make_model, &l);
	close_library(&l);
}

int test_public(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(families),
		cmocka_unit_test(spaces),
		cmocka_unit_test(refused_spaces),
		cmocka_unit_test(answers),
		cmocka_unit_test(refused_searches),
		cmocka_unit_test(models),
		cmocka_unit_test(models_without_memory),
	};

	return GROUP(tests);
}
