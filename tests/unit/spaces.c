/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random boards, networks and spaces of the richer kernel, and what two searches of one must share.
 */
#include "check.h"

#include "families/systolic/notation.h"
#include "model/device.h"
#include "model/metric.h"
#include "search/rankings.h"
#include "search/search.h"
#include "search/space.h"

static bool one_in(struct random *r, int64_t n)
{
	return !random_int(r, 0, n - 1);
}

static void random_power(struct random *r, struct barista_quantity *fact)
{
	fact[BARISTA_POWER_TOTAL].value = (double)NAN;
	fact[BARISTA_POWER_STATIC].value = 1 + 4 * random_unit(r);
	fact[BARISTA_POWER_DSP].value = 0.01 * random_unit(r);
	fact[BARISTA_POWER_BRAM].value = one_in(r, 2) ? 0 : 0.01 * random_unit(r);
	fact[BARISTA_POWER_LUT].value = one_in(r, 2) ? 0 : 1e-5 * random_unit(r);
	fact[BARISTA_POWER_FF].value = one_in(r, 2) ? 0 : 1e-5 * random_unit(r);
	if (one_in(r, 2))
		fact[BARISTA_MAX_POWER].value = fact[BARISTA_POWER_STATIC].value + random_unit(r);
}

static void random_board(struct random *r, struct barista_device *dev)
{
	struct barista_quantity *fact = dev->param;

	dev->block_ram = (enum barista_block_ram)random_int(r, 0, BARISTA_NBLOCK_RAMS - 1);
	fact[BARISTA_RES_DSP].value = 60 + random_size(r, 3000);
	fact[BARISTA_RES_BRAM].value = 20 + random_size(r, 1000);
	fact[BARISTA_BUS_WIDTH].value = random_size(r, 600);
	fact[BARISTA_FLAG_DSP].value = 0.1 + 0.8 * random_unit(r);
	fact[BARISTA_MEM_BANDWIDTH].value *= exp2(6 * random_unit(r) - 4);
	fact[BARISTA_PCIE_BANDWIDTH].value *= exp2(6 * random_unit(r) - 1);
	fact[BARISTA_TILE_TIME].value *= one_in(r, 3) ? 0 : random_unit(r);
	fact[BARISTA_OUTPUTS_PER_CYCLE].value = one_in(r, 2) ? 1 : random_size(r, 64);
	fact[BARISTA_BUFFERS].value = (double)random_int(r, 1, 2);
	fact[BARISTA_OUT_BUFFERS].value = (double)random_int(r, 1, 2);
	fact[BARISTA_MEM_CHANNELS].value = (double)random_int(r, 1, 4);
	fact[BARISTA_PORTS].value = (double)random_int(r, 1, 3);
	if (one_in(r, 2)) {
		fact[BARISTA_BURST].value = 8 * random_size(r, 4096);
		fact[BARISTA_BURST_OVERHEAD].value = random_size(r, 4096);
	}
	if (one_in(r, 2)) {
		fact[BARISTA_DERATE_ABOVE].value = random_unit(r);
		fact[BARISTA_DERATE_SLOPE].value = 0.9 * random_unit(r);
	}
	if (one_in(r, 2))
		random_power(r, fact);
}

void random_fixture(struct random *r, struct fixture *f)
{
	static const char *const boards[] = {"aws-f1-vu9p", "s10-gx2800-520n", "zc706",
					     "alveo-u280"};
	static const char *const nets[] = {"alexnet-cifar10", "resnet20-cifar10-b", "lenet-mnist"};
	const char *board = boards[random_int(r, 0, COUNT(boards) - 1)];
	bool whole_batch = one_in(r, 2);
	char line[200];

	if (one_in(r, 3)) {
		snprintf(line, sizeof line,
			 "type: conv, in: [%.0f, %.0f, 9], out: %.0f, kernel: [3, 3]%s",
			 random_size(r, 40), 3 + random_size(r, 20), random_size(r, 80),
			 one_in(r, 2) ? ", input_gradient: false" : "");
		fixture_layer(f, board, line, 4, whole_batch);
	} else {
		fixture_open(f, board, nets[random_int(r, 0, COUNT(nets) - 1)],
			     (struct barista_lowering){.batched_gemm = whole_batch,
						       .all_layers = one_in(r, 2)});
	}
	random_board(r, f->dev);
}

/* Values from a small one on, at most n of them. */
static struct barista_range random_range(struct random *r, double largest_lo, int64_t n)
{
	double lo = random_size(r, largest_lo);

	if (one_in(r, 4))
		return (struct barista_range){lo, lo * exp2((double)random_int(r, 1, 3)), true};
	return (struct barista_range){lo, lo + (double)random_int(r, 0, n - 1), false};
}

static struct barista_range random_buffers(struct random *r)
{
	static const struct barista_range rows[] = {
		{0, 0, false}, {0, 0, true},  {1, 1, false}, {2, 2, true}, {1, 2, false},
		{1, 2, true},  {0, 1, false}, {0, 2, false}, {0, 2, true},
	};

	return rows[random_int(r, 0, COUNT(rows) - 1)];
}

static void random_choices(struct random *r, const struct barista_device *dev,
			   struct barista_space *space)
{
	for (int tries = 0; tries < 20 && space->nchoices < 3; tries++) {
		double precision = random_precision(r, dev);
		bool there = false;

		for (size_t c = 0; c < space->nchoices; c++)
			there |= space->choice[c] == precision;
		if (!there)
			space->choice[space->nchoices++] = precision;
		if (one_in(r, 2))
			return;
	}
}

double space_points(const struct fixture *f, const struct barista_space *space)
{
	struct barista_levels levels;
	struct barista_err err;

	CHECK_OK(barista_levels_make(&levels, space, &f->model, true, &err), &err);
	return levels.points;
}

struct barista_space random_rich_space(struct random *r, const struct fixture *f)
{
	struct barista_space space;

	do {
		space = (struct barista_space){.nchoices = 0};
		random_choices(r, f->dev, &space);
		space.range[SYSTOLIC_TILE_M] = random_range(r, 8, 14);
		space.range[SYSTOLIC_TILE_N] = random_range(r, 8, 14);
		space.range[SYSTOLIC_TILE_K] = random_range(r, 300, 40);
		space.range[SYSTOLIC_VECTOR] =
			one_in(r, 2) ? (struct barista_range){1, 1, false} : random_range(r, 3, 4);
		space.range[SYSTOLIC_OUTPUTS_M] =
			one_in(r, 2) ? (struct barista_range){1, 1, true} : random_range(r, 3, 3);
		space.range[SYSTOLIC_OUTPUTS_N] =
			one_in(r, 2) ? (struct barista_range){1, 1, true} : random_range(r, 3, 3);
		space.range[SYSTOLIC_REPLICAS] =
			one_in(r, 2) ? (struct barista_range){1, 1, false} : random_range(r, 3, 3);
		space.range[SYSTOLIC_IN_BUFFERS] = random_buffers(r);
		space.range[SYSTOLIC_OUT_BUFFERS] = random_buffers(r);
	} while (space_points(f, &space) > SPACE_POINTS);
	return space;
}

struct barista_point random_in_space(struct random *r, const struct fixture *f,
				     const struct barista_space *space)
{
	struct barista_point p = {.nstages = 0};

	for (size_t k = 0; k < f->model.family->nknobs; k++)
		p.knob[k] = f->model.family->knob[k].categorical
				    ? space->choice[random_int(r, 0, (int64_t)space->nchoices - 1)]
				    : barista_range_value(
					      &space->range[k],
					      (size_t)random_int(r, 0,
								 (int64_t)barista_range_size(
									 &space->range[k]) -
									 1));
	return p;
}

/* Distinct metrics of which more or less is better. */
struct barista_search_options random_front(struct random *r, enum barista_metric metric[4])
{
	struct barista_search_options o = {.pareto = metric};
	size_t want = (size_t)random_int(r, 1, 4);

	while (o.npareto < want) {
		enum barista_metric m = (enum barista_metric)random_int(r, 0, BARISTA_NMETRICS - 1);
		bool there = !barista_metric_defs[m].better;

		for (size_t i = 0; i < o.npareto; i++)
			there |= o.pareto[i] == m;
		if (!there)
			metric[o.npareto++] = m;
	}
	return o;
}

bool same_point(const struct barista_point *a, const struct barista_point *b)
{
	return !memcmp(a->knob, b->knob, sizeof a->knob) && a->nstages == b->nstages &&
	       !memcmp(a->stage, b->stage, a->nstages * sizeof *a->stage);
}

static void check_same_candidate(const struct barista_candidate *a,
				 const struct barista_candidate *b,
				 const struct barista_model *model, const char *what, size_t place)
{
	size_t size = model->lowered->nclasses * sizeof(double);
	char x[96], y[96];

	model->family->format(&a->point, x, sizeof x);
	model->family->format(&b->point, y, sizeof y);
	CHECK(same_point(&a->point, &b->point), "%s, place %zu: %s with %.17g, and %s with %.17g",
	      what, place, x, a->score, y, b->score);
	CHECK(!memcmp(&a->score, &b->score, sizeof a->score), "%s, place %zu, %s: score", what,
	      place, x);
	CHECK(!memcmp(a->metric, b->metric, sizeof a->metric), "%s, place %zu, %s: metrics", what,
	      place, x);
	if (a->class_time)
		CHECK(!memcmp(a->class_time, b->class_time, size) &&
			      !memcmp(a->class_ppw, b->class_ppw, size),
		      "%s, place %zu, %s: shapes", what, place, x);
}

static void check_same_top(const struct barista_ranking *a, const struct barista_ranking *b,
			   const struct barista_model *model, const char *what)
{
	CHECK(a->n == b->n, "%s: %zu and %zu kept", what, a->n, b->n);
	for (size_t i = 0; i < a->n; i++)
		check_same_candidate(&a->item[i], &b->item[i], model, what, i);
}

void check_same_kept(const struct barista_search *a, const struct barista_search *b)
{
	assert_int_equal(a->nranked, b->nranked);
	for (size_t s = 0; s < a->nranked; s++)
		check_same_top(&a->class_ranking[s], &b->class_ranking[s], a->model, "a shape");
	for (int r = 0; r < BARISTA_NRANKINGS; r++)
		check_same_top(&a->ranking[r], &b->ranking[r], a->model,
			       barista_ranking_defs[r].name);
	CHECK(a->front.n == b->front.n, "%zu and %zu on the front", a->front.n, b->front.n);
	for (size_t i = 0; i < a->front.n; i++)
		check_same_candidate(&a->front.item[i], &b->front.item[i], a->model, "front", i);
}
