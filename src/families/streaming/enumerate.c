/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The designs worth having of a streaming space. For every number format and kind of engines:
 *  1. Find the design that is least over the budgets (least_over_budget.c).
 *  2. If it is within them, add the front in time, multipliers and block RAMs of all designs that
 *     are (threshold_sweep.c). DSPs, LUTs, flip-flops and power grow with these two, so that the
 *     front is complete in them as well.
 * When no design at all is within the budgets, the one that is least over them is added.
 */
#include "families/streaming/front.h"
#include "base/num.h"
#include "model/device.h"
#include "model/metric.h"
#include "model/precision.h"

#include <math.h>
#include <string.h>

/* Multipliers of which so many blocks each stay within a limit. */
static double multipliers_within(double limit, double cost)
{
	double n = floor(limit / cost) + 1; /* may be too many: n*cost rounds either way */

	while (n > 0 && ceil(n * cost) > limit)
		n--;
	return n;
}

/* Multipliers within the budgets of DSPs, LUTs and flip-flops. */
static double max_multipliers(const struct barista_device *dev, const double *knob)
{
	static const struct {
		enum barista_pe_param cost;
		enum barista_metric metric;
	} rows[] = {
		{BARISTA_PE_DSP, BARISTA_DSP},
		{BARISTA_PE_LUT, BARISTA_LUT},
		{BARISTA_PE_FF, BARISTA_FF},
	};
	enum barista_precision p = barista_pass_precision(knob[STREAMING_PRECISION], BARISTA_FWD);
	double most = (double)BARISTA_EXACT_MAX;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		double cost = dev->pe[p][rows[i].cost].value;

		if (cost > 0)
			most = fmin(most, multipliers_within(
						  barista_metric_limit(dev, rows[i].metric), cost));
	}
	return most;
}

static void front_init(struct streaming_front *f, struct barista_enumeration *enumeration,
		       double precision, double engines)
{
	const struct barista_model *model = enumeration->model;

	memset(f, 0, sizeof *f);
	f->enumeration = enumeration;
	f->nlayers = model->lowered->nlayers;
	f->knob[STREAMING_PRECISION] = precision;
	f->knob[STREAMING_ENGINES] = engines;
	f->max_multipliers = max_multipliers(model->dev, f->knob);
	f->max_bram = barista_metric_limit(model->dev, BARISTA_BRAM);
	barista_streaming_stages(model->lowered, engines, f->stage);
	for (size_t l = 0; l < f->nlayers; l++)
		for (int p = 0; p < STREAMING_PASSES; p++)
			if (f->stage[l].group[p] >= f->ngroups)
				f->ngroups = f->stage[l].group[p] + 1;
}

/* By how much the design that is least over the budgets is over them; adds it if so wanted. */
static int find_least(struct streaming_front *f, double *excess, bool add_it,
		      struct barista_err *err)
{
	uint32_t choice[BARISTA_MAX_UNROLLED];
	int rc = barista_streaming_unroll_options(f, true, err);

	if (!rc)
		rc = barista_streaming_least_over_budget(f, excess, choice, err);
	if (!rc && add_it)
		rc = barista_streaming_add_design(f, choice, err);
	barista_streaming_unroll_options_free(f);
	return rc;
}

static int add_front(struct streaming_front *f, struct barista_err *err)
{
	int rc = barista_streaming_unroll_options(f, false, err);

	if (!rc)
		rc = barista_streaming_threshold_sweep(f, err);
	barista_streaming_unroll_options_free(f);
	return rc;
}

/* The front whose least design is the least over the budgets so far. */
struct least {
	double excess, precision, engines;
};

static int enumerate_front(struct streaming_front *f, struct least *least, struct barista_err *err)
{
	double excess;
	int rc = find_least(f, &excess, false, err);

	if (rc)
		return rc;
	if (excess < least->excess)
		*least = (struct least){excess, f->knob[STREAMING_PRECISION],
					f->knob[STREAMING_ENGINES]};
	return excess > 0 ? 0 : add_front(f, err);
}

static int enumerate_fronts(struct barista_enumeration *enumeration, double fronts,
			    struct least *least, struct barista_err *err)
{
	const struct barista_space *space = enumeration->space;
	const struct barista_range *engines = &space->range[STREAMING_ENGINES];
	struct streaming_front f;
	double done = 0;
	int rc = 0;

	for (size_t c = 0; c < space->nchoices; c++) {
		for (double e = engines->lo; e <= engines->hi; e++) {
			if (rc || enumeration->stopped)
				return rc;
			front_init(&f, enumeration, space->choice[c], e);
			f.fronts_done = done++;
			f.fronts = fronts;
			rc = enumerate_front(&f, least, err);
		}
	}
	return rc;
}

static double designs_per_front(const struct barista_lowered *lowered)
{
	double n = 1;

	for (size_t l = 0; l < lowered->nlayers; l++) {
		struct streaming_stage s = barista_streaming_stage_at(lowered, l);

		n *= barista_streaming_unroll_triples(&s);
	}
	return n;
}

static int validate_precisions(const struct barista_enumeration *enumeration,
			       struct barista_err *err)
{
	const struct barista_model *model = enumeration->model;
	int rc = 0;

	for (size_t c = 0; c < enumeration->space->nchoices && !rc; c++) {
		struct barista_point p = {.nstages = 1, .stage = {{1, 1, 1}}};

		p.knob[STREAMING_PRECISION] = enumeration->space->choice[c];
		rc = model->family->validate(model, &p, err);
	}
	return rc;
}

int barista_streaming_enumerate(struct barista_enumeration *enumeration, struct barista_err *err)
{
	const struct barista_range *engines = &enumeration->space->range[STREAMING_ENGINES];
	double fronts = (double)enumeration->space->nchoices * (engines->hi - engines->lo + 1);
	struct least least = {.excess = INFINITY};
	struct streaming_front f;
	int rc = validate_precisions(enumeration, err);

	if (rc)
		return rc;
	enumeration->points = fronts * designs_per_front(enumeration->model->lowered);
	rc = enumerate_fronts(enumeration, fronts, &least, err);
	if (!rc && least.excess > 0 && isfinite(least.excess)) {
		front_init(&f, enumeration, least.precision, least.engines);
		rc = find_least(&f, &least.excess, true, err);
	}
	return rc;
}
