/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of every formula, evaluated, equals the value that the model computes: what is
 * explained is what is done. */
#include "chains.h"

#include "model/device.h"
#include "model/evaluate.h"
#include "model/family.h"
#include "network/lowering.h"

struct parser {
	const char *at, *formula;
	const struct barista_family *family;
	const double *value;
};

static double sum(struct parser *p);

static void blanks(struct parser *p)
{
	while (*p->at == ' ')
		p->at++;
}

static bool take(struct parser *p, char c)
{
	blanks(p);
	if (*p->at != c)
		return false;
	p->at++;
	return true;
}

static void expect(struct parser *p, char c)
{
	CHECK(take(p, c), "'%s': '%c' expected before '%s'", p->formula, c, p->at);
}

/* ceil, min, max */
static double call(struct parser *p, const char *name)
{
	double a = sum(p), b;

	if (!strcmp(name, "ceil")) {
		expect(p, ')');
		return ceil(a);
	}
	CHECK(!strcmp(name, "min") || !strcmp(name, "max"), "'%s': unknown function %s", p->formula,
	      name);
	expect(p, ',');
	b = sum(p);
	expect(p, ')');
	return (a < b) == !strcmp(name, "min") ? a : b;
}

static double name_or_call(struct parser *p)
{
	char name[64] = "";
	size_t n = strspn(p->at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"),
	       i;

	CHECK(n && n < sizeof name, "'%s': a name expected before '%s'", p->formula, p->at);
	memcpy(name, p->at, n);
	p->at += n;
	if (take(p, '('))
		return call(p, name);
	i = barista_term_find(p->family, name);
	CHECK(i < p->family->nterms, "'%s' names %s, which is no term", p->formula, name);
	return p->value[i];
}

static double factor(struct parser *p)
{
	double v;
	char *end;

	blanks(p);
	if (take(p, '(')) {
		v = sum(p);
		expect(p, ')');
		return v;
	}
	if (*p->at < '0' || *p->at > '9')
		return name_or_call(p);
	v = strtod(p->at, &end);
	p->at = end;
	return v;
}

static double product(struct parser *p)
{
	double v = factor(p);

	for (;;) {
		if (take(p, '*'))
			v *= factor(p);
		else if (take(p, '/'))
			v /= factor(p);
		else
			return v;
	}
}

static double sum(struct parser *p)
{
	double v = product(p);

	for (;;) {
		if (take(p, '+'))
			v += product(p);
		else if (take(p, '-'))
			v -= product(p);
		else
			return v;
	}
}

static double evaluate_formula(const struct barista_family *family, const double *value,
			       const char *formula)
{
	struct parser p = {formula, formula, family, value};
	double v = sum(&p);

	blanks(&p);
	CHECK(!*p.at, "'%s': '%s' is left over", formula, p.at);
	return v;
}

/* The parser itself, so that a formula is not passed by a wrong reading of it. */
static void parser(void **state)
{
	static const struct {
		const char *formula;
		double value;
	} rows[] = {
		{"2 + 3*4", 14},
		{"(2 + 3) * 4", 20},
		{"2 - 3 - 4", -5},
		{"16/4/2", 2},
		{"2*3/4", 1.5},
		{"ceil(7/2)", 4},
		{"max(1, 2) + min(3, 4)", 5},
		{"max(min(5, 2), 1)", 2},
		{"max(3, 1)", 3},
		{"min(4, 3)", 3},
		{"ceil(M/T_M)*T_M", 12},
		{"M - T_M", 6},
		{"1.5*2", 3},
	};
	const struct barista_family *family = barista_family_find("systolic");
	double value[BARISTA_MAX_TERMS] = {0};

	(void)state;
	value[barista_term_find(family, "M")] = 10;
	value[barista_term_find(family, "T_M")] = 4;
	for (size_t i = 0; i < COUNT(rows); i++) {
		double v = evaluate_formula(family, value, rows[i].formula);

		CHECK(v == rows[i].value, "%s = %g", rows[i].formula, v);
	}
}

/* A term that means nothing for this row is NaN, and so is what its formula makes. */
static void check_values(const struct barista_family *family, const double *v)
{
	double parts = 0, total = NAN;

	for (size_t t = 0; t < family->nterms; t++) {
		const struct barista_term *term = &family->term[t];
		double value;

		CHECK(isnan(v[t]) || (isfinite(v[t]) && v[t] >= 0), "%s is %g", term->symbol, v[t]);
		if (term->role & BARISTA_ROLE_PART)
			parts += v[t];
		if (term->role & BARISTA_ROLE_TOTAL)
			total = v[t];
		if (!term->formula)
			continue;
		value = evaluate_formula(family, v, term->formula);
		CHECK(near(v[t], value, 1e-14) || (isnan(v[t]) && isnan(value)),
		      "%s = %.17g, but %s = %.17g", term->symbol, v[t], term->formula, value);
	}
	CHECK(near(parts, total, 1e-14), "the parts add up to %.17g, the total is %.17g", parts,
	      total);
}

static void check_terms(const struct fixture *f, const struct barista_point *point, size_t gemm)
{
	double v[BARISTA_MAX_TERMS];

	f->model.family->terms(&f->model, point, gemm, v);
	for (size_t t = 0; t < f->model.family->nterms; t++)
		CHECK(isfinite(v[t]), "%s is %g", f->model.family->term[t].symbol, v[t]);
	check_values(f->model.family, v);
}

/* The rows of every layer add up to its time. */
static void check_parts(const struct fixture *f, const struct barista_point *point)
{
	const struct barista_family *family = f->model.family;
	double *time = calloc(f->lowered->nclasses, sizeof *time);
	struct barista_result result = {.class_time = time};
	struct barista_err err;

	CHECK_OK(barista_evaluate_point(&f->model, point, &result, &err), &err);
	for (size_t s = 0; s < f->lowered->nclasses; s++) {
		double sum = 0;

		for (size_t i = 0; i < barista_time_part_count(&f->model, point, s); i++) {
			struct barista_time_part part;

			barista_time_part(&f->model, point, s, i, &part);
			check_values(family, part.value);
			for (size_t t = 0; t < family->nterms; t++)
				if (family->term[t].role & BARISTA_ROLE_TOTAL)
					sum += part.per_image * part.value[t];
		}
		CHECK(near(sum, time[s], 1e-12), "%s, shape %zu: %.17g of its rows, %.17g",
		      family->name, s, sum, time[s]);
	}
	free(time);
}

static void formulas_of_chains(void **state)
{
	static const char *const nets[] = {"alexnet", "vgg16", "resnet20-cifar10-b"};
	struct random r = {10};

	(void)state;
	for (int i = 0; i < 60; i++) {
		struct barista_point p =
			boards((size_t)random_int(&r, 1, 100), i & 1 ? "fine" : "whole");
		struct fixture f;

		chain_net(&f, "vc709", nets[i % 3], random_int(&r, 0, 1));
		f.dev->param[BARISTA_LINK_BANDWIDTH].value = 1e9 * exp(6 * random_unit(&r));
		f.dev->param[BARISTA_RES_BRAM].value = random_size(&r, 5000);
		check_parts(&f, &p);
		fixture_close(&f);
	}
}

static void formulas_of_stages(void **state)
{
	static const char *const nets[] = {"resnet20-cifar10-b", "alexnet", "segnet-basic",
					   "googlenet"};
	struct random r = {10};
	struct barista_err err;

	(void)state;
	for (int i = 0; i < 40; i++) {
		struct barista_point p;
		struct fixture f;

		streaming_open(&f, "zynq-7100", nets[i % COUNT(nets)]);
		CHECK_OK(f.model.family->parse(i & 1 ? "shared/1.1.1" : "separate/1.1.1", &p, &err),
			 &err);
		p.stage[0] = (struct barista_unroll){(uint16_t)random_size(&r, 600),
						     (uint16_t)random_size(&r, 600),
						     (uint16_t)random_size(&r, 30)};
		f.dev->param[BARISTA_DERATE_SLOPE].value = 0.9 * random_unit(&r);
		f.dev->param[BARISTA_DERATE_ABOVE].value = random_unit(&r);
		check_parts(&f, &p);
		fixture_close(&f);
	}
}

static void formulas(void **state)
{
	struct random r = {8};
	struct barista_device *dev;
	struct barista_err err;

	(void)state;
	CHECK_OK(barista_device_load(&dev, "aws-f1-vu9p", ".", &err), &err);
	for (int i = 0; i < 1000; i++) {
		struct barista_point p = random_rich_point(&r, dev, 2000);
		struct one_gemm one;
		struct fixture f;

		dev->param[BARISTA_MEM_BANDWIDTH].value = 1e8 * exp(10 * random_unit(&r));
		dev->param[BARISTA_CLOCK].value = 1e6 * exp(7 * random_unit(&r));
		dev->param[BARISTA_OUTPUTS_PER_CYCLE].value = random_size(&r, 100);
		dev->param[BARISTA_BUFFERS].value = (double)random_int(&r, 1, 2);
		gemm_open(&f, &one, dev, (int64_t)random_size(&r, 1e5),
			  (int64_t)random_size(&r, 1e5), (int64_t)random_size(&r, 1e5));
		for (size_t g = 0; g < f.lowered->ngemms; g++)
			check_terms(&f, &p, g);
		barista_lowered_free(f.lowered);
	}
	barista_device_free(dev);
}

/* The terms of a GEMM and the evaluation of a network are the same numbers. */
static void terms_make_the_time(void **state)
{
	struct fixture f;
	struct random r = {9};
	struct barista_err err;
	double *time;

	(void)state;
	fixture_open(&f, "aws-f1-vu9p", "googlenet",
		     (struct barista_lowering){.batched_gemm = false, .all_layers = true});
	time = calloc(f.lowered->nclasses, sizeof *time);
	assert_non_null(time);
	for (int i = 0; i < 20; i++) {
		struct barista_point p = random_rich_point(&r, f.dev, 500);
		struct barista_result result = {.class_time = time};

		CHECK_OK(barista_evaluate_point(&f.model, &p, &result, &err), &err);
		for (size_t s = 0; s < f.lowered->nclasses; s++) {
			const struct barista_layer_class *shape = &f.lowered->layer_class[s];
			double t = 0;

			for (size_t g = 0; g < shape->ngemms; g++)
				t += shape->per_image[g] *
				     term_of(&f, &p, shape->gemm[g], "t_gemm");
			CHECK(t == time[s], "shape %zu: %.17g and %.17g", s, t, time[s]);
		}
	}
	free(time);
	fixture_close(&f);
}

static void formulas_of_layers(void **state)
{
	static const char *const designs[] = {"64x64x16/q256:fp32", "48x20x7/q60/batch:int8",
					      "1x1x1/q1/fused:int16",
					      "256x100x1/q1600/batch/fused:fp32"};
	const struct barista_family *family = barista_family_find("layered");
	struct barista_err err;
	struct fixture f;

	(void)state;
	fixture_open(&f, "s10-gx2800-520n", "googlenet",
		     barista_family_lowering(family, false, BARISTA_LAYERS_DEFAULT));
	f.model.family = family;
	for (size_t i = 0; i < COUNT(designs); i++) {
		struct barista_point p;

		CHECK_OK(family->parse(designs[i], &p, &err), &err);
		check_parts(&f, &p);
	}
	fixture_close(&f);
}

static void check_table(const struct barista_family *family)
{
	size_t totals = 0, parts = 0, traffic = 0;

	assert_true(family->nterms <= BARISTA_MAX_TERMS);
	for (size_t t = 0; t < family->nterms; t++) {
		const struct barista_term *term = &family->term[t];

		CHECK(term->symbol && term->label && term->source && *term->source, "term %zu", t);
		CHECK(barista_term_find(family, term->symbol) == t, "%s stands twice",
		      term->symbol);
		totals += (term->role & BARISTA_ROLE_TOTAL) > 0;
		parts += (term->role & BARISTA_ROLE_PART) > 0;
		traffic += (term->role & BARISTA_ROLE_TRAFFIC) > 0;
	}
	assert_int_equal(totals, 1);
	assert_int_equal(parts, 3);
	assert_int_equal(traffic, 1);
	assert_int_equal(barista_term_find(family, "no such"), family->nterms);
}

static void table_of_terms(void **state)
{
	(void)state;
	check_table(barista_family_find("systolic"));
	check_table(barista_family_find("layered"));
	assert_null(barista_family_find("no such"));
}

int test_explain(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(parser),
		cmocka_unit_test(formulas),
		cmocka_unit_test(formulas_of_chains),
		cmocka_unit_test(formulas_of_layers),
		cmocka_unit_test(formulas_of_stages),
		cmocka_unit_test(terms_make_the_time),
		cmocka_unit_test(table_of_terms),
	};

	return GROUP(tests);
}
