/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The designs worth having of a streaming space: the front of every number format and kind of
 * engines in time, multipliers and block RAMs; when none is within the budgets, the one that is
 * least over them. */
#include "base/err.h"
#include "barista/family.h"
#include "base/num.h"
#include "families/streaming/front.h"
#include "model/device.h"
#include "model/metric.h"
#include "model/precision.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Multipliers that the budgets of DSPs, LUTs and flip-flops allow. */
static double multipliers_within(const struct barista_device *dev, const double *knob)
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

	for (int b = 0; b < BARISTA_NBUDGETS; b++) {
		for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
			double cost = dev->pe[p][rows[i].cost].value,
			       limit = barista_budget_limit(dev, b), n;

			if (barista_budget_defs[b].metric != rows[i].metric || !(cost > 0))
				continue;
			n = floor(limit / cost) + 1; /* ceil(n*cost) may round either way */
			while (n > 0 && ceil(n * cost) > limit)
				n--;
			most = fmin(most, n);
		}
	}
	return most;
}

static double bram_within(const struct barista_device *dev)
{
	for (int b = 0; b < BARISTA_NBUDGETS; b++)
		if (barista_budget_defs[b].metric == BARISTA_BRAM)
			return barista_budget_limit(dev, b);
	return INFINITY;
}

static void start(struct streaming_front *f, struct barista_enumeration *listing, double precision,
		  double engines)
{
	memset(f, 0, sizeof *f);
	f->enumeration = listing;
	f->nlayers = listing->model->lowered->nlayers;
	f->knob[STREAMING_PRECISION] = precision;
	f->knob[STREAMING_ENGINES] = engines;
	f->max_multipliers = multipliers_within(listing->model->dev, f->knob);
	f->max_bram = bram_within(listing->model->dev);
	barista_streaming_stages(listing->model->lowered, engines, f->stage);
}

struct least {
	double excess, precision, engines;
};

/* How far the smallest design is over the budgets; offers it, if so wanted. */
static int smallest(struct streaming_front *f, double *excess, bool offer, struct barista_err *err)
{
	uint32_t choice[BARISTA_MAX_UNROLLED];
	int rc = barista_streaming_unroll_options(f, true, err);

	if (!rc)
		rc = barista_streaming_least_over_budget(f, excess, choice, err);
	if (!rc && offer)
		rc = barista_streaming_add_design(f, choice, err);
	barista_streaming_unroll_options_free(f);
	return rc;
}

static int list_one(struct streaming_front *f, struct least *least, struct barista_err *err)
{
	double excess;
	int rc = smallest(f, &excess, false, err);

	if (rc)
		return rc;
	if (excess < least->excess)
		*least = (struct least){excess, f->knob[STREAMING_PRECISION],
					f->knob[STREAMING_ENGINES]};
	if (excess > 0)
		return 0;
	rc = barista_streaming_unroll_options(f, false, err);
	if (!rc)
		rc = barista_streaming_threshold_sweep(f, err);
	barista_streaming_unroll_options_free(f);
	return rc;
}

static double designs(const struct barista_lowered *lowered)
{
	double n = 1;

	for (size_t l = 0; l < lowered->nlayers; l++) {
		struct streaming_stage s = barista_streaming_stage_at(lowered, l);

		n *= barista_streaming_unroll_triples(&s);
	}
	return n;
}

static int check(const struct barista_enumeration *listing, struct barista_err *err)
{
	const struct barista_model *model = listing->model;
	int rc = 0;

	for (size_t c = 0; c < listing->space->nchoices && !rc; c++) {
		struct barista_point p = {.nstages = 1, .stage = {{1, 1, 1}}};

		p.knob[STREAMING_PRECISION] = listing->space->choice[c];
		rc = model->family->validate(model, &p, err);
	}
	return rc;
}

int barista_streaming_enumerate(struct barista_enumeration *listing, struct barista_err *err)
{
	const struct barista_space *space = listing->space;
	const struct barista_range *engines = &space->range[STREAMING_ENGINES];
	struct least least = {.excess = INFINITY};
	double all = (double)space->nchoices * (engines->hi - engines->lo + 1), done = 0;
	struct streaming_front f;
	int rc = check(listing, err);

	if (rc)
		return rc;
	listing->points = all * designs(listing->model->lowered);
	for (size_t c = 0; c < space->nchoices; c++) {
		for (double e = engines->lo; e <= engines->hi && !rc && !listing->stopped; e++) {
			start(&f, listing, space->choice[c], e);
			f.fronts_done = done++;
			f.fronts = all;
			rc = list_one(&f, &least, err);
		}
	}
	if (!rc && least.excess > 0 && isfinite(least.excess)) {
		start(&f, listing, least.precision, least.engines);
		rc = smallest(&f, &least.excess, true, err);
	}
	return rc;
}
