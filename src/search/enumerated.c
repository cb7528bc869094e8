/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search over a family that lists its designs itself: all that is left is to evaluate and to
 * keep. */
#include "search/enumerated.h"

#include "base/err.h"
#include "model/evaluate.h"
#include "search/nearest_miss.h"
#include "search/scaling_curve.h"
#include "search/search.h"

#include <math.h>
#include <stdlib.h>

struct enumerate_context {
	struct barista_search *search;
	struct barista_point *nearest;
	double least;       /* how far that one is over its budgets */
	double *time, *ppw; /* [nclasses] */
};

static int take(void *user, const struct barista_point *point, struct barista_err *err)
{
	struct enumerate_context *t = user;
	struct barista_search *s = t->search;
	struct barista_result result = {.class_time = t->time};
	struct barista_scored g = {
		.point = *point, .class_time = t->time, .stride = 1, .ppw = t->ppw};
	int rc = barista_evaluate_point(s->model, point, &result, err);
	double excess;

	if (rc)
		return rc;
	if (result.over) {
		s->certificate.over_budget++;
		excess = barista_excess(s->model->dev, result.over, result.metric);
		if (excess < t->least) {
			t->least = excess;
			*t->nearest = *point;
		}
		return 0;
	}
	s->certificate.evaluated++;
	for (int m = 0; m < BARISTA_NMETRICS; m++)
		g.metric[m] = result.metric[m];
	barista_class_ppws(s->model->lowered, t->time, result.metric[BARISTA_POWER], t->ppw);
	return barista_scaling_curve_insert(&s->curve, s->model, &g) &&
			       barista_incumbents_insert(s, &g)
		       ? 0
		       : barista_no_memory(err);
}

int barista_enumerated_search(struct barista_search *s, const struct barista_space *space,
			      const struct barista_search_options *options,
			      struct barista_point *nearest, struct barista_err *err)
{
	struct enumerate_context t = {.search = s, .nearest = nearest, .least = INFINITY};
	struct barista_enumeration listing = {
		.model = s->model,
		.space = space,
		.insert = take,
		.user = &t,
		.stop = options->stop,
		.progress = options->progress,
		.progress_user = options->progress_user,
	};
	struct barista_certificate *c = &s->certificate;
	int rc;

	t.time = calloc(s->model->lowered->nclasses, sizeof *t.time);
	t.ppw = calloc(s->model->lowered->nclasses, sizeof *t.ppw);
	rc = t.time && t.ppw ? s->model->family->enumerate(&listing, err) : barista_no_memory(err);
	free(t.time);
	free(t.ppw);
	s->points = c->points = listing.points;
	s->feasible = c->evaluated;
	s->partial = listing.stopped;
	if (s->partial)
		c->unvisited = c->points - c->evaluated - c->over_budget;
	else
		c->dominated = c->points - c->evaluated - c->over_budget;
	if (!rc && !s->partial && !s->ranking[BARISTA_RANK_TIME].n && isinf(t.least))
		return barista_fail(err, BARISTA_E_INFEASIBLE,
				    "family '%s' has no design in this space",
				    s->model->family->name);
	return rc;
}
