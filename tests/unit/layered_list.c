/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the layered family lists, against all designs of small spaces; and properties of its times.
 */
#include "check.h"

#include "families/layered/layered.h"
#include "families/layered/tile_side.h"
#include "model/device.h"
#include "model/evaluate.h"
#include "model/family.h"
#include "model/precision.h"
#include "network/workload.h"
#include "search/nearest_miss.h"

static const struct barista_family *layered(void)
{
	return barista_family_find("layered");
}

/* A network of a few layers that the loader makes, on a board of which everything is all over the
 * place. */
static void small_net(struct random *r, struct fixture *f)
{
	char line[200];
	int64_t groups = random_int(r, 1, 2), kernel = random_int(r, 1, 3),
		size = random_int(r, 3, 9);

	if (!random_int(r, 0, 9)) {
		fixture_open(f, "s10-gx2800-520n", "lenet-mnist",
			     barista_family_lowering(layered(), false, BARISTA_LAYERS_DEFAULT));
		f->model.family = layered();
		return;
	}
	if (random_int(r, 0, 3)) {
		snprintf(line, sizeof line,
			 "type: %s, in: [%d, %d, %d], out: %d, kernel: [%d, %d], groups: %d",
			 random_int(r, 0, 3) ? "conv" : "deconv",
			 (int)(groups * random_int(r, 1, 8)), (int)size, (int)size,
			 (int)(groups * random_int(r, 1, 8)), (int)kernel, (int)kernel,
			 (int)groups);
	} else {
		snprintf(line, sizeof line, "type: fc, in: %d, out: %d", (int)random_int(r, 1, 40),
			 (int)random_int(r, 1, 40));
	}
	fixture_layer(f, random_int(r, 0, 1) ? "s10-gx2800-520n" : "zc706", line,
		      (int)random_int(r, 1, 5), false);
	f->net->mac_layer[0].bias = random_int(r, 0, 1);
	f->model.family = layered();
}

static void random_facts(struct random *r, struct barista_device *dev)
{
	struct barista_quantity *fact = dev->param;

	dev->block_ram = (enum barista_block_ram)random_int(r, 0, BARISTA_NBLOCK_RAMS - 1);
	fact[BARISTA_RES_DSP].value = random_size(r, 64);
	fact[BARISTA_RES_BRAM].value = random_size(r, 300);
	fact[BARISTA_BUS_WIDTH].value = random_int(r, 0, 1) ? 1 : random_size(r, 250);
	fact[BARISTA_RES_LUT].value = 100 + random_size(r, 1e5);
	fact[BARISTA_CLOCK].value = 1e6 * exp(6 * random_unit(r));
	fact[BARISTA_MEM_BANDWIDTH].value = 1e7 * exp(7 * random_unit(r));
	fact[BARISTA_STREAM_SHARE].value = 0.2 + 0.8 * random_unit(r);
	fact[BARISTA_LAUNCH_TIME].value = 1e-7 * exp(5 * random_unit(r));
	if (random_int(r, 0, 1)) {
		fact[BARISTA_POWER_TOTAL].value = (double)NAN;
		fact[BARISTA_POWER_STATIC].value = 1 + random_unit(r);
		fact[BARISTA_POWER_DSP].value = random_unit(r);
		fact[BARISTA_POWER_BRAM].value = random_unit(r);
	}
}

static struct barista_range random_range(struct random *r, double lo, double hi)
{
	struct barista_range range = {lo, hi, random_int(r, 0, 3) == 0};

	if (random_int(r, 0, 2) == 0)
		range.lo = (double)random_int(r, (int64_t)lo, (int64_t)hi);
	if (random_int(r, 0, 5) == 0)
		range.hi = range.lo;
	return range;
}

static struct barista_space random_small_space(struct random *r, const struct barista_device *dev)
{
	struct barista_space space = {
		.range = {random_range(r, 1, 14), random_range(r, 1, 14), random_range(r, 1, 6),
			  random_range(r, 1, 40), random_range(r, 0, 1), random_range(r, 0, 1)},
	};

	for (int p = 0; p < BARISTA_NPRECISIONS && space.nchoices < 2; p++)
		if (dev->has_precision[p] && random_int(r, 0, 2) == 0)
			space.choice[space.nchoices++] =
				barista_precision_knob_all((enum barista_precision)p);
	if (!space.nchoices)
		space.choice[space.nchoices++] = 0;
	return space;
}

struct offered {
	const struct fixture *f;
	size_t n, cap;
	struct barista_result *item;
	double least; /* excess */
	int stop_after;
};

static struct barista_result result_of(const struct fixture *f, const struct barista_point *p)
{
	double time[8];
	struct barista_result r = {.class_time = time};
	struct barista_err err;

	assert_true(f->lowered->nclasses <= COUNT(time));
	CHECK_OK(barista_evaluate_point(&f->model, p, &r, &err), &err);
	return r;
}

static int take(void *user, const struct barista_point *point, struct barista_err *err)
{
	struct offered *o = user;

	(void)err;
	if (o->n == o->cap) {
		o->cap = o->cap ? 2 * o->cap : 64;
		o->item = realloc(o->item, o->cap * sizeof *o->item);
		assert_non_null(o->item);
	}
	o->item[o->n] = result_of(o->f, point);
	o->least =
		fmin(o->least, barista_excess(o->f->dev, o->item[o->n].over, o->item[o->n].metric));
	o->n++;
	return 0;
}

static bool takes_no_more(const struct barista_result *a, const struct barista_result *b)
{
	return a->metric[BARISTA_DSP] <= b->metric[BARISTA_DSP] &&
	       a->metric[BARISTA_BRAM] <= b->metric[BARISTA_BRAM] &&
	       a->metric[BARISTA_LUT] <= b->metric[BARISTA_LUT] &&
	       a->metric[BARISTA_FF] <= b->metric[BARISTA_FF];
}

struct census {
	double points, feasible, least;
};

static void check_point(const struct offered *o, const struct barista_point *p, struct census *c)
{
	struct barista_result r = result_of(o->f, p);
	char text[BARISTA_POINT_TEXT];
	bool met = false, met_mean = false;

	c->points++;
	c->least = fmin(c->least, barista_excess(o->f->dev, r.over, r.metric));
	if (r.over)
		return;
	c->feasible++;
	for (size_t i = 0; i < o->n && !(met && met_mean); i++) {
		const struct barista_result *other = &o->item[i];

		met |= !other->over && r.metric[BARISTA_TIME] >= other->metric[BARISTA_TIME] &&
		       takes_no_more(other, &r);
		met_mean |= !other->over &&
			    r.metric[BARISTA_PPW_MEAN] <=
				    other->metric[BARISTA_PPW_MEAN] * (1 + 1e-14) &&
			    takes_no_more(other, &r);
	}
	layered()->format(p, text, sizeof text);
	CHECK(met && met_mean,
	      "nothing as good as %s is offered: %.17g s, %.17g op/s/W, %g block RAMs", text,
	      r.metric[BARISTA_TIME], r.metric[BARISTA_PPW_MEAN], r.metric[BARISTA_BRAM]);
}

/* Every point of the space, the knobs from k on still to choose. */
static void check_all(const struct offered *o, const struct barista_space *space,
		      struct barista_point p, size_t k, struct census *c)
{
	if (k == LAYERED_PRECISION) {
		for (size_t i = 0; i < space->nchoices; i++) {
			p.knob[k] = space->choice[i];
			check_point(o, &p, c);
		}
		return;
	}
	for (double v = space->range[k].lo; v <= space->range[k].hi; v++) {
		p.knob[k] = v;
		if (barista_layered_in_range(&space->range[k], v))
			check_all(o, space, p, k + 1, c);
	}
}

static void list_is_complete(void **state)
{
	struct random r = {77};
	double feasible = 0, spaces_without = 0;

	(void)state;
	for (int i = 0; i < 150; i++) {
		struct fixture f;
		struct barista_space space;
		struct offered o = {.f = &f, .least = INFINITY};
		struct barista_enumeration listing = {
			.model = &f.model, .space = &space, .insert = take, .user = &o};
		struct census c = {.least = INFINITY};
		struct barista_err err;

		small_net(&r, &f);
		random_facts(&r, f.dev);
		space = random_small_space(&r, f.dev);
		CHECK_OK(layered()->enumerate(&listing, &err), &err);
		check_all(&o, &space, (struct barista_point){.nstages = 0}, 0, &c);
		CHECK(c.points == listing.points, "%g points, the list says %g", c.points,
		      listing.points);
		CHECK(!c.points || o.n, "nothing is offered");
		CHECK(c.feasible > 0 || !c.points || o.least <= c.least * (1 + 1e-12),
		      "least over: %g, offered %g", c.least, o.least);
		feasible += c.feasible;
		spaces_without += !c.feasible;
		free(o.item);
		fixture_close(&f);
	}
	CHECK(feasible > 1e5 && spaces_without > 10, "%g feasible, %g spaces without", feasible,
	      spaces_without);
}

/* Everything that the generic code calls is told to stop. */
static void list_stops(void **state)
{
	volatile sig_atomic_t stop = 1;
	struct random r = {5};
	struct fixture f;
	struct barista_space space;
	struct offered o = {.f = &f, .least = INFINITY};
	struct barista_enumeration listing = {
		.model = &f.model, .space = &space, .insert = take, .user = &o, .stop = &stop};
	struct barista_err err;

	(void)state;
	small_net(&r, &f);
	barista_space_default(&space, &f.model);
	CHECK_OK(layered()->enumerate(&listing, &err), &err);
	assert_true(listing.stopped && !o.n);
	space.choice[0] = BARISTA_PRECISION_CHOICES;
	assert_int_equal(layered()->enumerate(&listing, &err), BARISTA_E_ARGUMENT);
	fixture_close(&f);
}

static struct barista_point random_design(struct random *r, const struct barista_device *dev)
{
	struct barista_point p = {.knob = {random_size(r, 300), random_size(r, 300),
					   random_size(r, 64), random_size(r, 500),
					   (double)random_int(r, 0, 1),
					   (double)random_int(r, 0, 1)}};

	do
		p.knob[LAYERED_PRECISION] = random_precision(r, dev);
	while (layered()->validate(&(struct barista_model){.dev = dev}, &p,
				   &(struct barista_err){.status = 0}));
	return p;
}

static void properties(void **state)
{
	static const enum barista_param more[] = {BARISTA_MEM_BANDWIDTH, BARISTA_PCIE_BANDWIDTH,
						  BARISTA_CLOCK, BARISTA_STREAM_SHARE};
	static const enum barista_param less[] = {BARISTA_LAUNCH_TIME, BARISTA_TRANSFER_TIME};
	struct random r = {41};

	(void)state;
	for (int i = 0; i < 500; i++) {
		struct fixture f;
		struct barista_point p;
		double t, dsp;
		struct barista_result a;

		small_net(&r, &f);
		random_facts(&r, f.dev);
		p = random_design(&r, f.dev);
		a = result_of(&f, &p);
		t = a.metric[BARISTA_TIME];
		dsp = a.metric[BARISTA_DSP];
		CHECK(t >= f.lowered->ops / a.metric[BARISTA_PEAK], "faster than its multipliers");
		for (size_t k = 0; k < COUNT(more); k++) {
			double *fact = &f.dev->param[more[k]].value, was = *fact;

			*fact *= 1.5;
			assert_true(result_of(&f, &p).metric[BARISTA_TIME] <= t);
			*fact = was;
		}
		for (size_t k = 0; k < COUNT(less); k++)
			f.dev->param[less[k]].value *= 0.5;
		assert_true(result_of(&f, &p).metric[BARISTA_TIME] < t);
		for (int k = LAYERED_BATCHED; k <= LAYERED_FUSED; k++) {
			t = (p.knob[k] = 0, result_of(&f, &p).metric[BARISTA_TIME]);
			p.knob[k] = 1;
			assert_true(result_of(&f, &p).metric[BARISTA_TIME] <= t * (1 + 1e-14));
		}
		for (int q = 0; q < BARISTA_NPRECISIONS; q++)
			f.dev->pe[q][BARISTA_PE_DSP].value *= 1.3;
		assert_true(result_of(&f, &p).metric[BARISTA_DSP] >= dsp);
		fixture_close(&f);
	}
}

int test_layered_list(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(list_is_complete),
		cmocka_unit_test(list_stops),
		cmocka_unit_test(properties),
	};

	return GROUP(tests);
}
