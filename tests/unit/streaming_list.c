/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The designs that the streaming family enumerates are complete: they are compared with all designs
 * that there are, or with random ones. */
#include "check.h"

#include "families/streaming/streaming.h"
#include "model/device.h"
#include "model/evaluate.h"
#include "model/precision.h"
#include "search/nearest_miss.h"

enum { MAX_DESIGNS = 6000, MAX_LAYERS = 5 };
static const enum barista_metric compared[] = {BARISTA_TIME, BARISTA_DSP, BARISTA_BRAM,
					       BARISTA_LUT,  BARISTA_FF,  BARISTA_POWER};

struct design {
	double metric[BARISTA_NMETRICS];
	double excess; /* over the budgets; 0: it is feasible */
};

struct designs {
	const struct barista_model *model;
	size_t n;
	struct design *item;
};

static int add_design(void *user, const struct barista_point *point, struct barista_err *err)
{
	struct designs *d = user;
	double class_time[BARISTA_MAX_UNROLLED];
	struct barista_result r = {.class_time = class_time};
	struct design *item;
	int rc = barista_evaluate_point(d->model, point, &r, err);

	if (rc)
		return rc;
	assert_true(d->n < MAX_DESIGNS);
	item = &d->item[d->n++];
	memcpy(item->metric, r.metric, sizeof r.metric);
	item->excess = r.over ? barista_excess(d->model->dev, r.over, r.metric) : 0;
	return 0;
}

/* A space on a network and a board, with designs that are drawn from it and those enumerated. */
struct comparison {
	struct fixture f;
	struct barista_space space;
	struct designs drawn, enumerated;
};

static struct barista_space int16_space(double engines_lo, double engines_hi)
{
	struct barista_space space = {.nchoices = 1,
				      .choice = {barista_precision_knob_all(BARISTA_INT16)}};

	space.range[STREAMING_ENGINES] = (struct barista_range){engines_lo, engines_hi, true};
	return space;
}

static void comparison_open(struct comparison *c, const char *network, struct barista_space space)
{
	c->space = space;
	streaming_open(&c->f, "zynq-7100", network);
	c->drawn = (struct designs){.model = &c->f.model,
				    .item = calloc(MAX_DESIGNS, sizeof *c->drawn.item)};
	c->enumerated = (struct designs){.model = &c->f.model,
					 .item = calloc(MAX_DESIGNS, sizeof *c->enumerated.item)};
	assert_true(c->drawn.item && c->enumerated.item);
}

static void comparison_close(struct comparison *c)
{
	fixture_close(&c->f);
	free(c->drawn.item);
	free(c->enumerated.item);
}

/* Returns how many points the family says that the space has. */
static double enumerate(struct comparison *c)
{
	struct barista_enumeration e = {.model = &c->f.model,
					.space = &c->space,
					.insert = add_design,
					.user = &c->enumerated};
	struct barista_err err;

	CHECK_OK(c->f.model.family->enumerate(&e, &err), &err);
	return e.points;
}

/* ---- all designs of a space ---- */

/* Moves on to the next factor of a layer that divides its size, or back to the first; false: it was
 * the last. A factor has 16 bits, so that 0 follows the largest. */
static bool next_factor(uint16_t *factor, double size)
{
	do
		++*factor;
	while (*factor && *factor <= size && fmod(size, *factor) != 0);
	if (*factor && *factor <= size)
		return true;
	*factor = 1;
	return false;
}

/* Moves on to the next unrolls of all layers; false: they were the last. */
static bool next_unrolls(struct barista_point *p, const struct streaming_stage *s)
{
	for (size_t l = 0; l < p->nstages; l++)
		if (next_factor(&p->stage[l].in, s[l].in_channels) ||
		    next_factor(&p->stage[l].out, s[l].out_channels) ||
		    next_factor(&p->stage[l].kernel, s[l].taps))
			return true;
	return false;
}

static void draw_unrolls(struct comparison *c, double precision, double engines)
{
	const struct barista_lowered *lowered = c->f.lowered;
	struct barista_point p = {.nstages = lowered->nlayers};
	struct streaming_stage s[MAX_LAYERS];
	struct barista_err err;

	p.knob[STREAMING_PRECISION] = precision;
	p.knob[STREAMING_ENGINES] = engines;
	for (size_t l = 0; l < lowered->nlayers; l++) {
		s[l] = barista_streaming_stage_at(lowered, l);
		p.stage[l] = (struct barista_unroll){1, 1, 1};
	}
	do
		CHECK_OK(add_design(&c->drawn, &p, &err), &err);
	while (next_unrolls(&p, s));
}

static void draw_all(struct comparison *c)
{
	const struct barista_range *engines = &c->space.range[STREAMING_ENGINES];

	for (size_t i = 0; i < c->space.nchoices; i++)
		for (double e = engines->lo; e <= engines->hi; e++)
			draw_unrolls(c, c->space.choice[i], e);
}

static double count_divisors(double size)
{
	double n = 0;

	for (double v = 1; v <= size && v <= UINT16_MAX; v++)
		n += fmod(size, v) == 0;
	return n;
}

static double count_designs(const struct comparison *c)
{
	const struct barista_range *engines = &c->space.range[STREAMING_ENGINES];
	double n = (double)c->space.nchoices * (engines->hi - engines->lo + 1);

	for (size_t l = 0; l < c->f.lowered->nlayers; l++) {
		struct streaming_stage s = barista_streaming_stage_at(c->f.lowered, l);

		n *= count_divisors(s.in_channels) * count_divisors(s.out_channels) *
		     count_divisors(s.taps);
	}
	return n;
}

/* ---- completeness ---- */

static bool is_as_good(const struct design *a, const struct design *b)
{
	for (size_t i = 0; i < COUNT(compared); i++)
		if (a->metric[compared[i]] > b->metric[compared[i]])
			return false;
	return true;
}

static double least_excess(const struct designs *d)
{
	double least = INFINITY;

	for (size_t i = 0; i < d->n; i++)
		least = fmin(least, d->item[i].excess);
	return least;
}

static void check_covered(const struct designs *enumerated, const struct design *design, int round)
{
	size_t k = 0;

	while (k < enumerated->n && !is_as_good(&enumerated->item[k], design))
		k++;
	CHECK(k < enumerated->n, "round %d: none of %zu is as good as %g s, %g DSPs, %g block RAMs",
	      round, enumerated->n, design->metric[BARISTA_TIME], design->metric[BARISTA_DSP],
	      design->metric[BARISTA_BRAM]);
}

/* For every feasible design that was drawn, one enumerated is as good; when none is feasible, one
 * is as little over the budgets. Returns whether any is feasible. */
static bool check_complete(const struct comparison *c, int round)
{
	double drawn = least_excess(&c->drawn), enumerated = least_excess(&c->enumerated);

	for (size_t i = 0; i < c->drawn.n; i++)
		if (!(c->drawn.item[i].excess > 0))
			check_covered(&c->enumerated, &c->drawn.item[i], round);
	CHECK(enumerated <= drawn * (1 + 1e-12), "round %d: %g over, not %g", round, enumerated,
	      drawn);
	return drawn == 0;
}

/* ---- random spaces ---- */

/* A network of one to three layers whose sizes have few divisors. */
static const char *random_network(struct random *r)
{
	static const char *const types[] = {"conv", "conv", "deconv", "fc"};
	char text[1200];
	int64_t layers = random_int(r, 1, 3), c = random_int(r, 1, 5);
	size_t n = (size_t)snprintf(
		text, sizeof text,
		"kind: workload\nname: tiny\ntitle: t\nsource: a test\nstatus: assumed\n"
		"batch: 1\ninput: [%d, 40, 20]\nlayers:\n",
		(int)c);

	for (int64_t i = 0; i < layers; i++) {
		const char *type = types[random_int(r, 0, COUNT(types) - 1)];
		int64_t h = random_int(r, 3, 40), k = random_int(r, 1, 3),
			out = random_int(r, 1, 7);
		bool frozen = !random_int(r, 0, 5), first = i == 0;

		n += (size_t)snprintf(text + n, sizeof text - n, "  - {name: l%d, type: %s, ",
				      (int)i, type);
		if (!strcmp(type, "fc"))
			n += (size_t)snprintf(text + n, sizeof text - n, "in: %d, out: %d",
					      (int)(first ? c * 800 : 31 * h),
					      (int)(out * (first ? 1 : 10)));
		else
			n += (size_t)snprintf(
				text + n, sizeof text - n,
				"in: [%d, %d, 20], out: %d, kernel: [%d, 2], stride: [%d, 1]",
				(int)c, first ? 40 : (int)h, (int)out, (int)k,
				(int)random_int(r, 1, 2));
		if (first && strcmp(type, "fc"))
			n += (size_t)snprintf(text + n, sizeof text - n, ", pad: [1, 0]");
		n += (size_t)snprintf(text + n, sizeof text - n, "%s%s}\n",
				      frozen ? ", weight_gradient: false" : "",
				      first && random_int(r, 0, 1) ? ", input_gradient: false"
								   : "");
		c = out;
	}
	return write_text("tiny.yaml", text);
}

static void random_board(struct random *r, struct barista_device *dev)
{
	struct barista_quantity *param = dev->param;

	dev->block_ram = (enum barista_block_ram)random_int(r, 0, BARISTA_NBLOCK_RAMS - 1);
	param[BARISTA_RES_DSP].value = random_size(r, 300);
	param[BARISTA_RES_BRAM].value = random_size(r, 100);
	if (!random_int(r, 0, 3))
		param[BARISTA_RES_LUT].value = random_size(r, 10000);
	param[BARISTA_USABLE_BRAM].value = 0.3 + 0.7 * random_unit(r);
	param[BARISTA_DERATE_ABOVE].value = random_unit(r);
	param[BARISTA_DERATE_SLOPE].value = random_int(r, 0, 1) ? 0 : 0.9 * random_unit(r);
	if (random_int(r, 0, 1))
		return;
	param[BARISTA_POWER_TOTAL].value = (double)NAN;
	param[BARISTA_POWER_STATIC].value = 1;
	param[BARISTA_POWER_DSP].value = 0.01;
	param[BARISTA_POWER_BRAM].value = 0.02;
	param[BARISTA_POWER_LUT].value = param[BARISTA_POWER_FF].value = 1e-5;
	if (random_int(r, 0, 1))
		param[BARISTA_MAX_POWER].value = 1 + 2 * random_unit(r);
}

static struct barista_space random_space(struct random *r)
{
	static const enum barista_precision precisions[] = {BARISTA_INT16, BARISTA_INT8_PACKED,
							    BARISTA_FP32};
	struct barista_space space = {.nchoices = (size_t)random_int(r, 1, 2)};
	double lo = (double)random_int(r, 1, 2);

	for (size_t i = 0; i < space.nchoices; i++)
		space.choice[i] = barista_precision_knob_all(
			precisions[((size_t)random_int(r, 0, 1) + i) % COUNT(precisions)]);
	space.range[STREAMING_ENGINES] =
		(struct barista_range){lo, (double)random_int(r, (int64_t)lo, 2), true};
	return space;
}

static void complete(void **state)
{
	struct random r = {2021};
	int rounds = 0, feasible = 0;

	(void)state;
	for (int round = 0; round < 400; round++) {
		struct barista_space space = random_space(&r);
		struct comparison c;

		comparison_open(&c, random_network(&r), space);
		random_board(&r, c.f.dev);
		if (count_designs(&c) <= MAX_DESIGNS) {
			draw_all(&c);
			assert_true(enumerate(&c) == count_designs(&c));
			assert_true(count_designs(&c) == (double)c.drawn.n);
			feasible += check_complete(&c, round);
			rounds++;
		}
		comparison_close(&c);
	}
	CHECK(rounds > 200 && feasible > 100 && feasible < rounds, "%d of %d", feasible, rounds);
}

static const char *wide_network(int in, int out)
{
	char text[300];

	snprintf(text, sizeof text,
		 "kind: workload\nname: wide\ntitle: t\nsource: a test\nstatus: assumed\n"
		 "batch: 1\ninput: [%d, 1, 1]\nlayers:\n"
		 "  - {name: fc, type: fc, in: %d, out: %d}\n",
		 in, in, out);
	return write_text("wide.yaml", text);
}

/* No number below 2^24 has more divisors than 14414400: 504, of which 419 are factors of 16 bits.
 */
static void many_divisors(void **state)
{
	static const struct {
		int in, out;
		double bram;
		bool feasible;
	} rows[] = {{14414400, 2, 100000, true},
		    {2, 14414400, 100000, true},
		    {14414400, 3, 100, false}};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct comparison c;

		comparison_open(&c, wide_network(rows[i].in, rows[i].out),
				int16_space(STREAMING_ENGINES_SHARED, STREAMING_ENGINES_SEPARATE));
		c.f.dev->param[BARISTA_RES_DSP].value = 300;
		c.f.dev->param[BARISTA_RES_BRAM].value = rows[i].bram;
		draw_all(&c);
		assert_int_equal(c.drawn.n, 2 * 2 * 419);
		assert_true(enumerate(&c) == (double)c.drawn.n);
		assert_int_equal(check_complete(&c, (int)i), rows[i].feasible);
		comparison_close(&c);
	}
}

/* The middle layer reads all rows at once, so that forward and backward there are two segments in
 * which stages compete, with a maximum of its own for each. */
static void complete_segments(void **state)
{
	static const char waist[] =
		"kind: workload\nname: waist\ntitle: t\nsource: a test\nstatus: assumed\n"
		"batch: 1\ninput: [1, 8, 4]\nlayers:\n"
		"  - {name: a, type: conv, in: [1, 8, 4], out: 2, kernel: [3, 1], pad: [1, 0]}\n"
		"  - {name: b, type: conv, in: [2, 8, 4], out: 1, kernel: [3, 1], pad: [1, 0]}\n"
		"  - {name: c, type: conv, in: [1, 8, 4], out: 3, kernel: [8, 1]}\n"
		"  - {name: d, type: conv, in: [3, 8, 4], out: 2, kernel: [3, 1], pad: [1, 0]}\n"
		"  - {name: e, type: conv, in: [2, 8, 4], out: 1, kernel: [3, 1], pad: [1, 0]}\n";

	(void)state;
	for (int engines = STREAMING_ENGINES_SHARED; engines <= STREAMING_ENGINES_SEPARATE;
	     engines++) {
		struct streaming_stage s[MAX_LAYERS];
		struct comparison c;

		comparison_open(&c, write_text("waist.yaml", waist), int16_space(engines, engines));
		barista_streaming_stages(c.f.lowered, engines, s);
		assert_int_equal(s[0].group[STREAMING_FP], s[1].group[STREAMING_FP]);
		assert_int_not_equal(s[1].group[STREAMING_FP], s[4].group[STREAMING_FP]);
		assert_int_not_equal(s[1].group[STREAMING_BP], s[4].group[STREAMING_BP]);
		draw_all(&c);
		assert_int_equal(c.drawn.n, 4096);
		enumerate(&c);
		assert_true(check_complete(&c, engines));
		comparison_close(&c);
	}
}

static struct barista_unroll random_unroll(struct random *r, const struct streaming_stage *s)
{
	struct barista_point p = {.nstages = 1};

	p.stage[0] = (struct barista_unroll){
		(uint16_t)random_size(r, s->in_channels < 20 ? s->in_channels : 20),
		(uint16_t)random_size(r, 20), (uint16_t)random_size(r, s->taps)};
	return barista_streaming_unroll(&p, s, 0);
}

static void draw_random(struct comparison *c, struct random *r)
{
	struct barista_point p = {.nstages = c->f.lowered->nlayers};
	struct barista_err err;

	p.knob[STREAMING_PRECISION] = c->space.choice[0];
	p.knob[STREAMING_ENGINES] = (double)random_int(r, 1, 2);
	for (size_t l = 0; l < p.nstages; l++) {
		struct streaming_stage s = barista_streaming_stage_at(c->f.lowered, l);

		p.stage[l] = random_unroll(r, &s);
	}
	CHECK_OK(add_design(&c->drawn, &p, &err), &err);
}

/* Of a whole network, no feasible design that is drawn at random is better than those enumerated.
 */
static void complete_network(void **state)
{
	struct random r = {28};
	struct comparison c;

	(void)state;
	comparison_open(&c, "lenet-mnist",
			int16_space(STREAMING_ENGINES_SHARED, STREAMING_ENGINES_SEPARATE));
	enumerate(&c);
	for (int i = 0; i < 3000; i++)
		draw_random(&c, &r);
	assert_true(check_complete(&c, 0));
	comparison_close(&c);
}

/* ---- how an enumeration ends ---- */

struct count {
	size_t n;
	struct barista_point last;
};

static int count_design(void *user, const struct barista_point *point, struct barista_err *err)
{
	struct count *c = user;

	(void)err;
	c->last = *point;
	c->n++;
	return 0;
}

static void too_large_for_the_board(void **state)
{
	struct barista_space space =
		int16_space(STREAMING_ENGINES_SHARED, STREAMING_ENGINES_SEPARATE);
	struct count c = {.n = 0};
	struct barista_enumeration e = {.space = &space, .insert = count_design, .user = &c};
	double class_time[BARISTA_MAX_UNROLLED];
	struct barista_result r = {.class_time = class_time};
	struct barista_err err;
	struct fixture f;
	char why[800];

	(void)state;
	streaming_open(&f, "zynq-7100", "vgg16");
	e.model = &f.model;
	CHECK_OK(f.model.family->enumerate(&e, &err), &err);
	assert_int_equal(c.n, 1);
	CHECK_OK(barista_evaluate_point(&f.model, &c.last, &r, &err), &err);
	barista_explain_infeasible(&f.model, &r, why, sizeof why);
	CHECK(strstr(why, "bram, 755 usable") && strstr(why, "% over (the board has 755)"), "%s",
	      why);
	fixture_close(&f);
}

static void stops(void **state)
{
	static const volatile sig_atomic_t stop = 1;
	struct barista_space space =
		int16_space(STREAMING_ENGINES_SHARED, STREAMING_ENGINES_SEPARATE);
	struct count c = {.n = 0};
	struct barista_enumeration e = {
		.space = &space, .insert = count_design, .user = &c, .stop = &stop};
	struct barista_err err;
	struct fixture f;

	(void)state;
	streaming_open(&f, "zynq-7100", "lenet-mnist");
	e.model = &f.model;
	CHECK_OK(f.model.family->enumerate(&e, &err), &err);
	assert_true(e.stopped);
	f.dev->has_precision[BARISTA_INT16] = false;
	assert_int_equal(f.model.family->enumerate(&e, &err), BARISTA_E_INFEASIBLE);
	fixture_close(&f);
}

int test_streaming_list(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(complete),
		cmocka_unit_test(many_divisors),
		cmocka_unit_test(complete_segments),
		cmocka_unit_test(complete_network),
		cmocka_unit_test(stops),
		cmocka_unit_test(too_large_for_the_board),
	};

	return GROUP(tests);
}
