/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All chains of a space: there are so few that each one is evaluated. */
#include "families/cluster/cluster.h"

#include <math.h>

static bool in_range(const struct barista_range *range, double v)
{
	return range->lo == range->hi || !range->powers_of_two || exp2(floor(log2(v))) == v;
}

static size_t count_values(const struct barista_range *range)
{
	size_t n = 0;

	for (double v = range->lo; v <= range->hi; v++)
		n += in_range(range, v);
	return n;
}

static int insert_splits(struct barista_enumeration *e, double precision, double boards,
			 double *done, struct barista_err *err)
{
	const struct barista_range *split = &e->space->range[CLUSTER_SPLIT];
	struct barista_point p = {
		.knob = {[CLUSTER_PRECISION] = precision, [CLUSTER_BOARDS] = boards}};
	int rc = 0;

	for (double s = split->lo; s <= split->hi && !rc; s++) {
		if (!in_range(split, s))
			continue;
		p.knob[CLUSTER_SPLIT] = s;
		rc = e->insert(e->user, &p, err);
		++*done;
	}
	return rc;
}

static int insert_chains(struct barista_enumeration *e, double precision, double *done,
			 struct barista_err *err)
{
	const struct barista_range *boards = &e->space->range[CLUSTER_BOARDS];
	int rc = 0;

	for (double n = boards->lo; n <= boards->hi && !rc && !e->stopped; n++) {
		if (in_range(boards, n))
			rc = insert_splits(e, precision, n, done, err);
		e->stopped = e->stop && *e->stop;
		if (e->progress)
			e->progress(e->progress_user, *done, e->points, *done);
	}
	return rc;
}

static int validate_precisions(const struct barista_enumeration *e, struct barista_err *err)
{
	int rc = 0;

	for (size_t c = 0; c < e->space->nchoices && !rc; c++) {
		struct barista_point p = {.knob = {[CLUSTER_PRECISION] = e->space->choice[c]}};

		rc = e->model->family->validate(e->model, &p, err);
	}
	return rc;
}

int barista_cluster_enumerate(struct barista_enumeration *e, struct barista_err *err)
{
	const struct barista_space *space = e->space;
	double done = 0;
	int rc = validate_precisions(e, err);

	e->stopped = false;
	e->points = (double)(space->nchoices * count_values(&space->range[CLUSTER_BOARDS]) *
			     count_values(&space->range[CLUSTER_SPLIT]));
	for (size_t c = 0; c < space->nchoices && !rc && !e->stopped; c++)
		rc = insert_chains(e, space->choice[c], &done, err);
	return rc;
}
