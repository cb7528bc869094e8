/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the searches build on: runs, bounds and dominated values of the systolic family, with every
 * instruction set. */
#include "check.h"

#include "base/isa.h"
#include "families/systolic/notation.h"
#include "model/device.h"
#include "model/evaluate.h"
#include "model/metric.h"
#include "search/inner_loop.h"
#include "search/space.h"

enum { MAX_SHAPES = 24, MAX_VALUES = 80 };

/* All on the heap: one array per column. */
struct columns {
	double metric[BARISTA_NMETRICS][MAX_VALUES], time[MAX_SHAPES * MAX_VALUES],
		least[MAX_SHAPES];
};

static struct columns *make_columns(void)
{
	struct columns *c = calloc(1, sizeof *c);

	assert_non_null(c);
	return c;
}

/* Barista's own kernel, which has loops of its own. */
static void make_plain(struct barista_point *p, struct barista_device *dev)
{
	for (int k = SYSTOLIC_VECTOR; k <= SYSTOLIC_REPLICAS; k++)
		p->knob[k] = 1;
	p->knob[SYSTOLIC_IN_BUFFERS] = 2;
	p->knob[SYSTOLIC_OUT_BUFFERS] = 1;
	dev->param[BARISTA_BURST_OVERHEAD].value = 0;
}

/* Ascending, distinct. */
static size_t random_values(struct random *r, double *value)
{
	size_t n = (size_t)random_int(r, 1, MAX_VALUES);

	value[0] = random_size(r, 300);
	for (size_t i = 1; i < n; i++)
		value[i] = value[i - 1] + random_size(r, 40);
	return n;
}

/* ---- runs ---- */

static void check_run(const struct barista_inner_batch *run)
{
	const struct barista_model *model = run->model;
	double time[MAX_SHAPES], least[MAX_SHAPES];

	for (size_t i = 0; i < run->n; i++) {
		struct barista_point p = run->point;
		struct barista_result result = {.class_time = time};
		struct barista_err err;

		p.knob[model->family->inner_knob] = run->value[run->from + i];
		CHECK_OK(barista_evaluate_point(model, &p, &result, &err), &err);
		for (size_t s = 0; s < model->lowered->nclasses; s++) {
			double by_run = run->class_time[s * run->n + i];

			CHECK(!memcmp(&by_run, &time[s], sizeof by_run),
			      "%s, shape %zu: %a in a run, %a alone", barista_isa_names[run->isa],
			      s, by_run, time[s]);
			least[s] = i ? fmin(least[s], time[s]) : time[s];
		}
	}
	CHECK(!memcmp(least, run->least, model->lowered->nclasses * sizeof *least), "%s: least",
	      barista_isa_names[run->isa]);
}

static void run_with_all(struct random *r, const struct fixture *f, const struct barista_point *p)
{
	const struct barista_family *family = f->model.family;
	struct columns *out = make_columns();
	double value[MAX_VALUES], scratch[MAX_VALUES], *table;
	size_t n = random_values(r, value);
	struct barista_inner_batch run = {.model = &f->model,
					  .point = *p,
					  .value = value,
					  .stride = n,
					  .class_time = out->time,
					  .least = out->least,
					  .scratch = scratch};

	table = calloc(n * family->table_columns(&f->model), sizeof *table);
	assert_true(table && family->tabulate(&f->model, value, n, table));
	run.table = table;
	run.from = (size_t)random_int(r, 0, (int64_t)n - 1);
	run.n = (size_t)random_int(r, 1, (int64_t)(n - run.from));
	run.point.knob[family->inner_knob] = value[run.from];
	barista_budgets_exceeded(&f->model, &run.point, run.metric);
	for (int isa = 0; isa < BARISTA_NISAS; isa++) {
		if (!barista_isa_runs((enum barista_isa)isa))
			continue;
		run.isa = isa;
		memset(out, 0xff, sizeof *out);
		family->sweep_inner(&run);
		check_run(&run);
	}
	free(table);
	free(out);
}

static void runs(void **state)
{
	struct random r = {61};
	int gaps = 0, plain = 0;

	(void)state;
	for (int round = 0; round < 400; round++) {
		struct barista_point p;
		struct fixture f;

		random_fixture(&r, &f);
		assert_true(f.lowered->nclasses <= MAX_SHAPES);
		p = random_rich_point(&r, f.dev, 300);
		p.knob[SYSTOLIC_IN_BUFFERS] = (double)random_int(&r, 0, 2);
		p.knob[SYSTOLIC_OUT_BUFFERS] = (double)random_int(&r, 0, 2);
		if (round % 4 == 0)
			make_plain(&p, f.dev);
		plain += round % 4 == 0;
		gaps += f.dev->param[BARISTA_BURST_OVERHEAD].value > 0;
		run_with_all(&r, &f, &p);
		fixture_close(&f);
	}
	CHECK(gaps > 80 && plain > 80, "%d with gaps, %d plain", gaps, plain);
}

/* ---- bounds ---- */

struct boxed {
	struct barista_space space;
	struct barista_box_batch boxes;
	double value[MAX_VALUES];
};

/* Any knob is fixed or free, one is varied; a precision is never free. */
static void random_boxes(struct random *r, const struct fixture *f, struct boxed *b)
{
	const struct barista_family *family = f->model.family;
	struct barista_point p;

	b->space = random_rich_space(r, f);
	p = random_in_space(r, f, &b->space);
	b->boxes = (struct barista_box_batch){
		.model = &f->model,
		.lo = p,
		.hi = p,
		.value = b->value,
		.varied = (size_t)random_int(r, 0, (int64_t)family->nknobs - 1),
		.dsp_limit = random_next(r) & 1 ? (double)INFINITY : random_size(r, 2000)};
	for (size_t k = 0; k < family->nknobs; k++) {
		const struct barista_range *range = &b->space.range[k];
		size_t size =
			family->knob[k].categorical ? b->space.nchoices : barista_range_size(range);

		if (k == b->boxes.varied) {
			assert_true(size <= MAX_VALUES);
			for (size_t i = 0; i < size; i++)
				b->value[b->boxes.n++] = family->knob[k].categorical
								 ? b->space.choice[i]
								 : barista_range_value(range, i);
		} else if (random_next(r) & 1 && !family->knob[k].categorical) {
			b->boxes.lo.knob[k] = barista_range_value(range, 0);
			b->boxes.hi.knob[k] = barista_range_value(range, size - 1);
		}
	}
	/* in any order */
	for (size_t i = b->boxes.n; i-- > 1;) {
		size_t j = (size_t)random_int(r, 0, (int64_t)i);
		double moved = b->value[i];

		b->value[i] = b->value[j];
		b->value[j] = moved;
	}
}

static void bound_with_all(struct barista_box_batch *b, struct columns *out)
{
	struct columns *first = make_columns();

	b->class_time = out->time;
	for (size_t m = 0; m < BARISTA_NMETRICS; m++)
		b->metric[m] = out->metric[m];
	for (int isa = 0; isa < BARISTA_NISAS; isa++) {
		if (!barista_isa_runs((enum barista_isa)isa))
			continue;
		b->isa = isa;
		memset(out, 0, sizeof *out);
		b->model->family->lower_bound(b);
		if (isa == BARISTA_PORTABLE)
			*first = *out;
		CHECK(!memcmp(first, out, sizeof *out), "the bounds of %s differ",
		      barista_isa_names[isa]);
	}
	free(first);
}

/* A point of box i that the board can build is nowhere better than the box; 1 if it is one. */
static int check_bound(const struct barista_box_batch *b, size_t i, const struct barista_point *p)
{
	static const enum barista_metric least[] = {BARISTA_DSP, BARISTA_BRAM, BARISTA_LUT,
						    BARISTA_FF, BARISTA_POWER};
	static const enum barista_metric most[] = {BARISTA_ROW_BITS, BARISTA_TILE_DIVIDES,
						   BARISTA_PEAK};
	double time[MAX_SHAPES];
	struct barista_result result = {.class_time = time};
	struct barista_err err;
	char text[96];

	CHECK_OK(barista_evaluate_point(b->model, p, &result, &err), &err);
	if (result.over || result.metric[BARISTA_DSP] > b->dsp_limit)
		return 0;
	b->model->family->format(p, text, sizeof text);
	for (size_t s = 0; s < b->model->lowered->nclasses; s++)
		CHECK(b->class_time[s * b->n + i] <= time[s],
		      "%s takes %a, its box %a; knob %zu varied", text, time[s],
		      b->class_time[s * b->n + i], b->varied);
	for (size_t m = 0; m < COUNT(least); m++)
		CHECK(b->metric[least[m]][i] <= result.metric[least[m]],
		      "%s: %s is %a, of its box %a; knob %zu varied", text,
		      barista_metric_defs[least[m]].name, result.metric[least[m]],
		      b->metric[least[m]][i], b->varied);
	for (size_t m = 0; m < COUNT(most); m++)
		CHECK(b->metric[most[m]][i] >= result.metric[most[m]],
		      "%s: %s is %a, of its box %a; knob %zu varied", text,
		      barista_metric_defs[most[m]].name, result.metric[most[m]],
		      b->metric[most[m]][i], b->varied);
	return 1;
}

static void bounds(void **state)
{
	struct columns *out = make_columns();
	struct random r = {62};
	int feasible = 0;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct fixture f;
		struct boxed b;

		random_fixture(&r, &f);
		random_boxes(&r, &f, &b);
		bound_with_all(&b.boxes, out);
		for (int i = 0; i < 60; i++) {
			struct barista_point p = random_in_space(&r, &f, &b.space);
			size_t at = (size_t)random_int(&r, 0, (int64_t)b.boxes.n - 1);

			for (size_t k = 0; k < f.model.family->nknobs; k++)
				if (b.boxes.lo.knob[k] == b.boxes.hi.knob[k])
					p.knob[k] = b.boxes.lo.knob[k];
			p.knob[b.boxes.varied] = b.value[at];
			feasible += check_bound(&b.boxes, at, &p);
		}
		fixture_close(&f);
	}
	free(out);
	CHECK(feasible > 5000, "only %d feasible points", feasible);
}

/* ---- dominated values ---- */

struct tried {
	struct barista_result result;
	double time[MAX_SHAPES];
};

static void try_value(const struct fixture *f, const struct barista_point *point, size_t knob,
		      double v, struct tried *t)
{
	struct barista_point p = *point;
	struct barista_err err;

	p.knob[knob] = v;
	t->result.class_time = t->time;
	CHECK_OK(barista_evaluate_point(&f->model, &p, &t->result, &err), &err);
}

static bool no_worse(const struct fixture *f, const struct tried *a, const struct tried *b)
{
	static const enum barista_metric used[] = {BARISTA_DSP, BARISTA_BRAM, BARISTA_LUT,
						   BARISTA_FF, BARISTA_POWER};

	for (size_t s = 0; s < f->lowered->nclasses; s++)
		if (a->time[s] > b->time[s])
			return false;
	for (size_t m = 0; m < COUNT(used); m++)
		if (a->result.metric[used[m]] > b->result.metric[used[m]])
			return false;
	return !a->result.over;
}

/* Returns how many feasible values are left out. */
static int check_dominated(const struct fixture *f, const struct barista_point *p, size_t knob,
			   double lo, size_t n, const unsigned char *keep)
{
	static struct tried tried[MAX_VALUES];
	char text[96];
	int beaten = 0;

	f->model.family->format(p, text, sizeof text);
	for (size_t i = 0; i < n; i++) {
		bool excused = keep[i];

		try_value(f, p, knob, lo + (double)i, &tried[i]);
		excused |= tried[i].result.over != 0;
		beaten += !excused;
		for (size_t j = 0; !excused && j < i; j++)
			excused = keep[j] && no_worse(f, &tried[j], &tried[i]);
		CHECK(excused,
		      "%s with %.0f for knob %zu is left out, and nothing from %.0f beats it", text,
		      lo + (double)i, knob, lo);
	}
	return beaten;
}

static void dominated(void **state)
{
	struct random r = {63};
	int beaten = 0;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		unsigned char keep[MAX_VALUES];
		const struct barista_family *family;
		struct barista_space space;
		struct barista_point p, box[2];
		struct fixture f;
		size_t level, knob, n = (size_t)random_int(&r, 1, MAX_VALUES);
		double lo;

		random_fixture(&r, &f);
		family = f.model.family;
		space = random_rich_space(&r, &f);
		p = box[0] = box[1] = random_in_space(&r, &f, &space);
		do
			level = (size_t)random_int(&r, 1, (int64_t)family->nknobs - 1);
		while (family->knob_order[level] == SYSTOLIC_IN_BUFFERS ||
		       family->knob_order[level] == SYSTOLIC_OUT_BUFFERS);
		knob = family->knob_order[level];
		lo = random_size(&r, knob == family->inner_knob ? 500 : 40);
		/* What comes later in the order is still free. */
		for (size_t d = level + 1; d < family->nknobs; d++) {
			box[0].knob[family->knob_order[d]] = space.range[family->knob_order[d]].lo;
			box[1].knob[family->knob_order[d]] = space.range[family->knob_order[d]].hi;
		}
		box[0].knob[knob] = lo;
		box[1].knob[knob] = lo + (double)n - 1;
		family->mark_undominated(&f.model, &box[0], &box[1], knob, keep);
		beaten += check_dominated(&f, &p, knob, lo, n, keep);
		fixture_close(&f);
	}
	CHECK(beaten > 2000, "only %d feasible values were left out", beaten);
}

/* ---- knobs that grow ---- */

static void grows(void **state)
{
	static const enum barista_metric used[] = {BARISTA_DSP, BARISTA_BRAM,     BARISTA_LUT,
						   BARISTA_FF,  BARISTA_ROW_BITS, BARISTA_POWER};
	struct random r = {64};
	int growing = 0;

	(void)state;
	for (int round = 0; round < 1500; round++) {
		struct fixture f;

		random_fixture(&r, &f);
		for (size_t k = 0; k < f.model.family->nknobs; k++) {
			const struct barista_knob *knob = &f.model.family->knob[k];
			struct barista_point p = random_rich_point(&r, f.dev, 100), q;
			double small[BARISTA_NMETRICS], large[BARISTA_NMETRICS];

			p.knob[SYSTOLIC_IN_BUFFERS] = (double)random_int(&r, 0, 2);
			p.knob[SYSTOLIC_OUT_BUFFERS] = (double)random_int(&r, 0, 2);
			q = p;
			q.knob[k] = fmin(p.knob[k] + random_size(&r, 30), knob->hi);
			if (!knob->monotone_resources)
				continue;
			barista_budgets_exceeded(&f.model, &p, small);
			barista_budgets_exceeded(&f.model, &q, large);
			for (size_t m = 0; m < COUNT(used); m++)
				CHECK(large[used[m]] >= small[used[m]],
				      "%s: %g with %.0f, %g with %.0f for %s",
				      barista_metric_defs[used[m]].name, small[used[m]], p.knob[k],
				      large[used[m]], q.knob[k], knob->name);
			growing++;
		}
		fixture_close(&f);
	}
	CHECK(growing > 3000, "only %d pairs", growing);
}

int test_bounds(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(runs),
		cmocka_unit_test(bounds),
		cmocka_unit_test(dominated),
		cmocka_unit_test(grows),
	};

	return GROUP(tests);
}
