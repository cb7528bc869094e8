/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The designs that the streaming family lists: complete, compared with all there are. */
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
	double metric[BARISTA_NMETRICS], excess;
};
struct designs {
	const struct barista_model *model;
	size_t n;
	struct design *item;
};

static int add(void *user, const struct barista_point *point, struct barista_err *err)
{
	struct designs *d = user;
	double shape[BARISTA_MAX_UNROLLED];
	struct barista_result r = {.class_time = shape};
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

/* One to three layers of sizes with few divisors. */
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

/* Every unroll of every layer, one after the other. A factor has 16 bits: after the largest it is
 * 0.
 */
static bool next(struct barista_point *p, const struct streaming_stage *s)
{
	for (size_t l = 0; l < p->nstages; l++) {
		uint16_t *factor[] = {&p->stage[l].in, &p->stage[l].out, &p->stage[l].kernel};
		double size[] = {s[l].in_channels, s[l].out_channels, s[l].taps};

		for (size_t i = 0; i < COUNT(factor); i++) {
			do
				++*factor[i];
			while (*factor[i] && *factor[i] <= size[i] &&
			       fmod(size[i], *factor[i]) != 0);
			if (*factor[i] && *factor[i] <= size[i])
				return true;
			*factor[i] = 1;
		}
	}
	return false;
}

static void add_all(struct designs *d, const struct barista_space *space)
{
	const struct barista_lowered *lowered = d->model->lowered;
	struct streaming_stage s[MAX_LAYERS];
	struct barista_err err;

	for (size_t l = 0; l < lowered->nlayers; l++)
		s[l] = barista_streaming_stage_at(lowered, l);
	for (size_t c = 0; c < space->nchoices; c++) {
		for (double e = space->range[STREAMING_ENGINES].lo;
		     e <= space->range[STREAMING_ENGINES].hi; e++) {
			struct barista_point p = {.nstages = lowered->nlayers};

			p.knob[STREAMING_PRECISION] = space->choice[c];
			p.knob[STREAMING_ENGINES] = e;
			for (size_t l = 0; l < lowered->nlayers; l++)
				p.stage[l] = (struct barista_unroll){1, 1, 1};
			do
				CHECK_OK(add(d, &p, &err), &err);
			while (next(&p, s));
		}
	}
}

static double ways(const struct barista_model *model, const struct barista_space *space)
{
	double n = (double)space->nchoices *
		   (space->range[STREAMING_ENGINES].hi - space->range[STREAMING_ENGINES].lo + 1);

	for (size_t l = 0; l < model->lowered->nlayers; l++) {
		struct streaming_stage s = barista_streaming_stage_at(model->lowered, l);
		double size[] = {s.in_channels, s.out_channels, s.taps};

		for (size_t i = 0; i < COUNT(size); i++) {
			double divisors = 0;

			for (double v = 1; v <= size[i] && v <= UINT16_MAX; v++)
				divisors += fmod(size[i], v) == 0;
			n *= divisors;
		}
	}
	return n;
}

static bool as_good(const struct design *a, const struct design *b)
{
	for (size_t i = 0; i < COUNT(compared); i++)
		if (a->metric[compared[i]] > b->metric[compared[i]])
			return false;
	return true;
}

/* For every feasible design one listed is as good; when none is, one listed is as little over.
 * Returns whether any is. */
static bool check_complete(const struct designs *all, const struct designs *listed, int round)
{
	double least = INFINITY, least_listed = INFINITY;

	for (size_t i = 0; i < listed->n; i++)
		least_listed = fmin(least_listed, listed->item[i].excess);
	for (size_t i = 0; i < all->n; i++) {
		size_t k = 0;

		least = fmin(least, all->item[i].excess);
		if (all->item[i].excess > 0)
			continue;
		while (k < listed->n && !as_good(&listed->item[k], &all->item[i]))
			k++;
		CHECK(k < listed->n,
		      "round %d: none of %zu is as good as %g s, %g DSPs, %g block RAMs", round,
		      listed->n, all->item[i].metric[BARISTA_TIME],
		      all->item[i].metric[BARISTA_DSP], all->item[i].metric[BARISTA_BRAM]);
	}
	CHECK(least_listed <= least * (1 + 1e-12), "round %d: %g over, not %g", round, least_listed,
	      least);
	return least == 0;
}

static void random_board(struct random *r, struct barista_device *dev)
{
	struct barista_quantity *fact = dev->param;

	dev->block_ram = (enum barista_block_ram)random_int(r, 0, BARISTA_NBLOCK_RAMS - 1);
	fact[BARISTA_RES_DSP].value = random_size(r, 300);
	fact[BARISTA_RES_BRAM].value = random_size(r, 100);
	if (!random_int(r, 0, 3))
		fact[BARISTA_RES_LUT].value = random_size(r, 10000);
	fact[BARISTA_USABLE_BRAM].value = 0.3 + 0.7 * random_unit(r);
	fact[BARISTA_DERATE_ABOVE].value = random_unit(r);
	fact[BARISTA_DERATE_SLOPE].value = random_int(r, 0, 1) ? 0 : 0.9 * random_unit(r);
	if (random_int(r, 0, 1))
		return;
	fact[BARISTA_POWER_TOTAL].value = (double)NAN;
	fact[BARISTA_POWER_STATIC].value = 1, fact[BARISTA_POWER_DSP].value = 0.01,
	fact[BARISTA_POWER_BRAM].value = 0.02;
	fact[BARISTA_POWER_LUT].value = fact[BARISTA_POWER_FF].value = 1e-5;
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
	struct designs all = {.item = calloc(MAX_DESIGNS, sizeof *all.item)};
	struct designs listed = {.item = calloc(MAX_DESIGNS, sizeof *listed.item)};
	struct random r = {2021};
	struct barista_err err;
	int compared_rounds = 0, feasible = 0;

	(void)state;
	assert_true(all.item && listed.item);
	for (int round = 0; round < 400; round++) {
		struct barista_space space = random_space(&r);
		struct barista_enumeration listing = {
			.space = &space, .insert = add, .user = &listed};
		struct fixture f;

		streaming_open(&f, "zynq-7100", random_network(&r));
		random_board(&r, f.dev);
		listing.model = all.model = listed.model = &f.model;
		all.n = listed.n = 0;
		if (ways(&f.model, &space) <= MAX_DESIGNS) {
			add_all(&all, &space);
			CHECK_OK(f.model.family->enumerate(&listing, &err), &err);
			assert_true(listing.points == (double)all.n &&
				    listing.points == ways(&f.model, &space));
			feasible += check_complete(&all, &listed, round);
			compared_rounds++;
		}
		fixture_close(&f);
	}
	CHECK(compared_rounds > 200 && feasible > 100 && feasible < compared_rounds, "%d of %d",
	      feasible, compared_rounds);
	free(all.item);
	free(listed.item);
}

/* No number below 2^24 has more divisors than 14414400: 504, of which 419 are factors of 16 bits.
 */
static void many_divisors(void **state)
{
	static const struct {
		int in, out;
		double usable_bram;
	} rows[] = {{14414400, 2, 100000}, {2, 14414400, 100000}, {14414400, 3, 100}};
	struct designs all = {.item = calloc(MAX_DESIGNS, sizeof *all.item)};
	struct designs listed = {.item = calloc(MAX_DESIGNS, sizeof *listed.item)};
	struct barista_err err;

	(void)state;
	assert_true(all.item && listed.item);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_space space = {
			.nchoices = 1, .choice = {barista_precision_knob_all(BARISTA_INT16)}};
		struct barista_enumeration listing = {
			.space = &space, .insert = add, .user = &listed};
		struct fixture f;
		char text[300];

		snprintf(text, sizeof text,
			 "kind: workload\nname: wide\ntitle: t\nsource: a test\nstatus: assumed\n"
			 "batch: 1\ninput: [%d, 1, 1]\nlayers:\n"
			 "  - {name: fc, type: fc, in: %d, out: %d}\n",
			 rows[i].in, rows[i].in, rows[i].out);
		streaming_open(&f, "zynq-7100", write_text("wide.yaml", text));
		f.dev->param[BARISTA_RES_DSP].value = 300;
		f.dev->param[BARISTA_RES_BRAM].value = rows[i].usable_bram;
		listing.model = all.model = listed.model = &f.model;
		all.n = listed.n = 0;
		space.range[STREAMING_ENGINES] = (struct barista_range){
			STREAMING_ENGINES_SHARED, STREAMING_ENGINES_SEPARATE, true};
		add_all(&all, &space);
		assert_int_equal(all.n, 2 * 2 * 419);
		CHECK_OK(f.model.family->enumerate(&listing, &err), &err);
		assert_true(listing.points == (double)all.n);
		assert_int_equal(check_complete(&all, &listed, (int)i), rows[i].usable_bram > 100);
		fixture_close(&f);
	}
	free(all.item);
	free(listed.item);
}

static struct barista_unroll random_unroll(struct random *r, const struct streaming_stage *s)
{
	struct barista_point p = {.nstages = 1};

	p.stage[0] = (struct barista_unroll){
		(uint16_t)random_size(r, s->in_channels < 20 ? s->in_channels : 20),
		(uint16_t)random_size(r, 20), (uint16_t)random_size(r, s->taps)};
	return barista_streaming_unroll(&p, s, 0);
}

/* The middle layer reads all rows at once: forward and backward two segments in which stages
 * compete, a maximum of its own for each. */
static void complete_segments(void **state)
{
	static const char waist[] =
		"kind: workload\nname: waist\ntitle: t\nsource: a test\nstatus: assumed\nbatch: "
		"1\ninput: [1, 8, 4]\nlayers:\n"
		"  - {name: a, type: conv, in: [1, 8, 4], out: 2, kernel: [3, 1], pad: [1, 0]}\n"
		"  - {name: b, type: conv, in: [2, 8, 4], out: 1, kernel: [3, 1], pad: [1, 0]}\n"
		"  - {name: c, type: conv, in: [1, 8, 4], out: 3, kernel: [8, 1]}\n"
		"  - {name: d, type: conv, in: [3, 8, 4], out: 2, kernel: [3, 1], pad: [1, 0]}\n"
		"  - {name: e, type: conv, in: [2, 8, 4], out: 1, kernel: [3, 1], pad: [1, 0]}\n";
	struct designs all = {.item = calloc(MAX_DESIGNS, sizeof *all.item)};
	struct designs listed = {.item = calloc(MAX_DESIGNS, sizeof *listed.item)};
	struct barista_err err;

	(void)state;
	assert_true(all.item && listed.item);
	for (int engines = STREAMING_ENGINES_SHARED; engines <= STREAMING_ENGINES_SEPARATE;
	     engines++) {
		struct barista_space space = {
			.nchoices = 1, .choice = {barista_precision_knob_all(BARISTA_INT16)}};
		struct barista_enumeration listing = {
			.space = &space, .insert = add, .user = &listed};
		struct streaming_stage s[MAX_LAYERS];
		struct fixture f;

		streaming_open(&f, "zynq-7100", write_text("waist.yaml", waist));
		listing.model = all.model = listed.model = &f.model;
		all.n = listed.n = 0;
		space.range[STREAMING_ENGINES] = (struct barista_range){engines, engines, true};
		barista_streaming_stages(f.lowered, engines, s);
		assert_int_equal(s[0].group[STREAMING_FP], s[1].group[STREAMING_FP]);
		assert_int_not_equal(s[1].group[STREAMING_FP], s[4].group[STREAMING_FP]);
		assert_int_not_equal(s[1].group[STREAMING_BP], s[4].group[STREAMING_BP]);
		add_all(&all, &space);
		assert_int_equal(all.n, 4096);
		CHECK_OK(f.model.family->enumerate(&listing, &err), &err);
		assert_true(check_complete(&all, &listed, engines));
		fixture_close(&f);
	}
	free(all.item);
	free(listed.item);
}

/* A whole network: of the feasible designs drawn, none is better than those listed. */
static void drawn(void **state)
{
	struct designs all = {.item = calloc(MAX_DESIGNS, sizeof *all.item)};
	struct designs listed = {.item = calloc(MAX_DESIGNS, sizeof *listed.item)};
	struct barista_space space = {.nchoices = 1,
				      .choice = {barista_precision_knob_all(BARISTA_INT16)}};
	struct barista_enumeration listing = {.space = &space, .insert = add, .user = &listed};
	struct random r = {28};
	struct barista_err err;
	struct fixture f;

	(void)state;
	assert_true(all.item && listed.item);
	streaming_open(&f, "zynq-7100", "lenet-mnist");
	listing.model = all.model = listed.model = &f.model;
	space.range[STREAMING_ENGINES] = (struct barista_range){1, 2, true};
	CHECK_OK(f.model.family->enumerate(&listing, &err), &err);
	for (int i = 0; i < 3000; i++) {
		struct barista_point p = {.nstages = f.lowered->nlayers};

		p.knob[STREAMING_PRECISION] = space.choice[0];
		p.knob[STREAMING_ENGINES] = (double)random_int(&r, 1, 2);
		for (size_t l = 0; l < p.nstages; l++) {
			struct streaming_stage s = barista_streaming_stage_at(f.lowered, l);

			p.stage[l] = random_unroll(&r, &s);
		}
		CHECK_OK(add(&all, &p, &err), &err);
	}
	assert_true(check_complete(&all, &listed, 0));
	fixture_close(&f);
	free(all.item);
	free(listed.item);
}

struct count {
	const struct barista_model *model;
	size_t n;
	struct barista_point last;
};

static int count_one(void *user, const struct barista_point *point, struct barista_err *err)
{
	struct count *c = user;

	(void)err;
	c->last = *point;
	c->n++;
	return 0;
}

static void too_large_for_the_board(void **state)
{
	struct barista_space space = {.nchoices = 1,
				      .choice = {barista_precision_knob_all(BARISTA_INT16)}};
	struct count c = {.n = 0};
	struct barista_enumeration listing = {.space = &space, .insert = count_one, .user = &c};
	double shape[BARISTA_MAX_UNROLLED];
	struct barista_result r = {.class_time = shape};
	struct barista_err err;
	struct fixture f;
	char why[800];

	(void)state;
	streaming_open(&f, "zynq-7100", "vgg16");
	listing.model = &f.model;
	space.range[STREAMING_ENGINES] = (struct barista_range){1, 2, true};
	CHECK_OK(f.model.family->enumerate(&listing, &err), &err);
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
	struct barista_space space = {.nchoices = 1,
				      .choice = {barista_precision_knob_all(BARISTA_INT16)}};
	struct count c = {.n = 0};
	struct barista_enumeration listing = {
		.space = &space, .insert = count_one, .user = &c, .stop = &stop};
	struct barista_err err;
	struct fixture f;

	(void)state;
	streaming_open(&f, "zynq-7100", "lenet-mnist");
	listing.model = &f.model;
	space.range[STREAMING_ENGINES] = (struct barista_range){1, 2, true};
	CHECK_OK(f.model.family->enumerate(&listing, &err), &err);
	assert_true(listing.stopped);
	f.dev->has_precision[BARISTA_INT16] = false;
	assert_int_equal(f.model.family->enumerate(&listing, &err), BARISTA_E_INFEASIBLE);
	fixture_close(&f);
}

int test_streaming_list(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(complete),
		cmocka_unit_test(complete_segments),
		cmocka_unit_test(many_divisors),
		cmocka_unit_test(drawn),
		cmocka_unit_test(too_large_for_the_board),
		cmocka_unit_test(stops),
	};

	return GROUP(tests);
}
