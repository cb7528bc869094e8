/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The designs of a space that may be best in time, or in the mean of the layers' rates, and DSPs,
 * block RAMs, LUTs and FFs. What is left out, and why nothing is lost (no layer takes longer with
 * what stays):
 * - image by image where the whole batch may be taken at once: that makes no fewer tiles of any
 * GEMM, pads no less, moves no less, waits for first and last tiles again and again and starts
 * more; and bias and activation by themselves where they may be fused. Both take the same blocks.
 * - A tile depth that does not fill the bus, and one that a smaller depth beats, tile_depths.c.
 * - Q divides T_M * T_N, so it is q_M * q_N with q_M | T_M and q_N | T_N (q_M = gcd(Q, T_M)); the
 * time depends on Q alone, the blocks on the two, and a design is built with those that take the
 * fewest. With T_M = q_M * a and T_N = q_N * b a GEMM takes K' * (n_M*a) * (n_N*b) cycles and
 * n_N*M*K + n_M*K*N + (1 + acc)*M*N elements. For given numbers of tiles n_M of all GEMMs both grow
 * with a alone, what the first and last tiles move with min(T_M, M), and no block grows less with a
 * or q_M: of two sides with the same n_M the one with no more of both is as good, whatever the
 * other side.
 * - What is left is swept by ascending Q, sweep.c. */
#include "families/layered/sweep.h"

#include "barista/family.h"
#include "base/err.h"
#include "base/num.h"
#include "model/device.h"
#include "model/metric.h"
#include "model/precision.h"

#include <math.h>
#include <stdlib.h>

static double values_in(const struct barista_range *r)
{
	double n = 0;

	for (double v = r->lo; v <= r->hi; v++)
		n += barista_layered_in_range(r, v);
	return n;
}

static double count_points(const struct barista_space *space)
{
	double n = (double)space->nchoices;

	for (int k = 0; k < BARISTA_LAYERED_KNOBS; k++)
		if (k != LAYERED_PRECISION)
			n *= values_in(&space->range[k]);
	return n;
}

/* Multipliers that fit the board, with one of these or none. */
static int32_t most_multipliers(const struct barista_device *dev, enum barista_precision p,
				double hi)
{
	static const struct {
		enum barista_pe_param cost;
		enum barista_metric metric;
	} costs[] = {
		{BARISTA_PE_DSP, BARISTA_DSP},
		{BARISTA_PE_LUT, BARISTA_LUT},
		{BARISTA_PE_FF, BARISTA_FF},
	};
	double q = hi;

	for (size_t i = 0; i < 3; i++)
		while (q >= 1 && ceil(q * dev->pe[p][costs[i].cost].value) >
					 barista_metric_limit(dev, costs[i].metric))
			q--;
	return (int32_t)q;
}

/* So that it is said how far a sweep is: all precisions take about as long, and so do all depths.
 */
static bool go_on(const struct barista_layered_sweep *s, double done)
{
	struct barista_enumeration *enumeration = s->enumeration;

	if (enumeration->progress)
		enumeration->progress(enumeration->progress_user, floor(done * enumeration->points),
				      enumeration->points, (double)s->ninserted);
	if (enumeration->stop && *enumeration->stop)
		enumeration->stopped = true;
	return !enumeration->stopped;
}

struct share {
	double from, size;
}; /* of the work */

static int sweep_feasible(struct barista_layered_sweep *s, struct share share,
			  struct barista_err *err)
{
	const struct barista_range *range = &s->enumeration->space->range[LAYERED_Q];
	enum barista_precision p =
		barista_pass_precision(s->point.knob[LAYERED_PRECISION], BARISTA_FWD);
	int rc;

	s->max_multipliers = most_multipliers(s->enumeration->model->dev, p, range->hi);
	rc = s->max_multipliers >= range->lo ? barista_layered_sweep_make(s, err) : 0;

	for (int32_t q = (int32_t)range->lo; q <= s->max_multipliers && !rc; q++) {
		if (!barista_layered_in_range(range, q))
			continue;
		if (!go_on(s, share.from + share.size * q / (s->max_multipliers + 1.0)))
			break;
		rc = barista_layered_sweep_q(s, q, err);
	}
	barista_layered_sweep_free(s);
	return rc;
}

/* When nothing fits: for each Q that makes a difference the design that takes the fewest blocks. */
static int offer_least(struct barista_layered_sweep *s, struct barista_err *err)
{
	const struct barista_range *range = s->enumeration->space->range;
	double fewest = INFINITY;
	int rc;

	s->max_multipliers = (int32_t)range[LAYERED_Q].hi;
	rc = barista_layered_sweep_make(s, err);
	for (int32_t q = (int32_t)range[LAYERED_Q].lo; q <= s->max_multipliers && !rc; q++)
		if (barista_layered_in_range(&range[LAYERED_Q], q))
			rc = barista_layered_sweep_least(s, q, &fewest, err);
	barista_layered_sweep_free(s);
	return rc;
}

/* Every multiplier count leaves a remainder of every tile: the smallest design says so. */
static int insert_smallest(struct barista_layered_sweep *s, struct barista_err *err)
{
	const struct barista_space *space = s->enumeration->space;
	struct barista_point p = s->point;

	for (int k = 0; k < BARISTA_LAYERED_KNOBS; k++) {
		double v = space->range[k].lo;

		while (k != LAYERED_PRECISION && v < space->range[k].hi &&
		       !barista_layered_in_range(&space->range[k], v))
			v++;
		if (k != LAYERED_PRECISION && k != LAYERED_K)
			p.knob[k] = v;
	}
	s->ninserted++;
	return s->enumeration->insert(s->enumeration->user, &p, err);
}

static struct barista_layered_sweep start(struct barista_enumeration *enumeration, double precision,
					  double depth)
{
	const struct barista_range *range = enumeration->space->range;
	struct barista_layered_sweep s = {.enumeration = enumeration};

	s.point.knob[LAYERED_M] = s.point.knob[LAYERED_N] = s.point.knob[LAYERED_Q] = 1;
	s.point.knob[LAYERED_K] = depth;
	s.point.knob[LAYERED_BATCHED] = range[LAYERED_BATCHED].hi;
	s.point.knob[LAYERED_FUSED] = range[LAYERED_FUSED].hi;
	s.point.knob[LAYERED_PRECISION] = precision;
	return s;
}

static int sweep_infeasible(struct barista_layered_sweep *s, struct barista_err *err)
{
	struct barista_layered_sweep again =
		start(s->enumeration, s->point.knob[LAYERED_PRECISION], s->point.knob[LAYERED_K]);
	int rc;

	again.least = true;
	rc = offer_least(&again, err);

	s->ninserted += again.ninserted;
	return rc || again.ninserted ? rc : insert_smallest(s, err);
}

static int sweep_precision(struct barista_enumeration *enumeration, size_t c, bool feasible,
			   size_t *ninserted, struct barista_err *err)
{
	double each = 1 / (double)enumeration->space->nchoices,
	       precision = enumeration->space->choice[c];
	struct barista_layered_candidates before = {0, 0, NULL};
	struct barista_layered_depths depths;
	int rc = barista_layered_depths_make(&depths, enumeration, precision, feasible, err);

	for (size_t i = 0; i < depths.n && !rc && !enumeration->stopped; i++) {
		struct barista_layered_sweep s = start(enumeration, precision, depths.value[i]);
		struct share share = {((double)c + (double)i / (double)depths.n) * each,
				      each / (double)depths.n};

		barista_layered_candidates_sort(&before);
		s.before = &before;
		s.known = before.n;
		s.ninserted = *ninserted;
		rc = feasible ? sweep_feasible(&s, share, err) : sweep_infeasible(&s, err);
		*ninserted = s.ninserted;
	}
	free(before.item);
	free(depths.value);
	return rc;
}

static int sweep_all(struct barista_enumeration *enumeration, bool feasible, size_t *ninserted,
		     struct barista_err *err)
{
	const struct barista_space *space = enumeration->space;

	for (size_t c = 0; c < space->nchoices; c++) {
		struct barista_layered_sweep s =
			start(enumeration, space->choice[c], space->range[LAYERED_K].lo);
		int rc = enumeration->model->family->validate(enumeration->model, &s.point, err);

		if (!rc)
			rc = sweep_precision(enumeration, c, feasible, ninserted, err);
		if (rc)
			return rc;
	}
	return 0;
}

int barista_layered_enumerate(struct barista_enumeration *enumeration, struct barista_err *err)
{
	size_t ninserted = 0;
	int rc;

	enumeration->points = count_points(enumeration->space);
	enumeration->stopped = false;
	rc = sweep_all(enumeration, true, &ninserted, err);
	if (!rc && !ninserted && !enumeration->stopped)
		rc = sweep_all(enumeration, false, &ninserted, err);
	return rc;
}
