/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search/snapshot.h"

#include "base/err.h"
#include "model/evaluate.h"
#include "search/search.h"

#include <math.h>
#include <stdlib.h>

/* A kernel is kept as its text: unlike a knob's value, that means the same to other versions. */
static bool put_kernel(json_t *list, const struct barista_search *s,
		       const struct barista_point *point)
{
	char text[BARISTA_POINT_TEXT];

	s->model->family->format(point, text, sizeof text);
	return !json_array_append_new(list, json_string(text));
}

static bool put_top(json_t *list, const struct barista_search *s, const struct barista_ranking *top)
{
	bool ok = true;

	for (size_t i = 0; i < top->n; i++)
		ok &= put_kernel(list, s, &top->item[i].point);
	return ok;
}

bool barista_snapshot_encode(json_t *to, const struct barista_search *s, double over,
			     double evaluated)
{
	json_t *list = json_array();
	bool ok = list != NULL;

	for (size_t r = 0; ok && r < barista_incumbents_nrankings(s); r++)
		ok &= put_top(list, s, barista_incumbents_ranking(s, r));
	for (size_t i = 0; i < s->front.n; i++)
		ok &= put_kernel(list, s, &s->front.item[i].point);
	ok &= !json_object_set_new(to, "over", json_real(over));
	ok &= !json_object_set_new(to, "evaluated", json_real(evaluated));
	return !json_object_set_new(to, "kernels", list) && ok;
}

static int fail_state(struct barista_err *err)
{
	return barista_fail(err, BARISTA_E_INPUT, "the state of the search is damaged");
}

static int take_kernel(const json_t *kernel, struct barista_search *s,
		       const struct barista_space *space, double *time, struct barista_err *err)
{
	struct barista_result result = {.class_time = time};
	struct barista_scored g = {.class_time = time, .stride = 1, .ppw = s->scratch};
	const struct barista_family *f = s->model->family;

	if (!json_is_string(kernel) || f->parse(json_string_value(kernel), &g.point, err))
		return fail_state(err);
	if (!barista_space_holds(space, f, &g.point))
		return fail_state(err);
	if (barista_incumbents_hold(s, &g.point))
		return 0;
	if (barista_evaluate_point(s->model, &g.point, &result, err))
		return err->status == BARISTA_E_SYSTEM ? err->status : fail_state(err);
	if (result.over)
		return fail_state(err);
	for (int m = 0; m < BARISTA_NMETRICS; m++)
		g.metric[m] = result.metric[m];
	barista_scored_totals(&g, s->model->lowered);
	return barista_incumbents_insert(s, &g) ? 0 : barista_no_memory(err);
}

int barista_snapshot_decode(const json_t *from, struct barista_search *s,
			    const struct barista_space *space, struct barista_err *err)
{
	const json_t *list = json_object_get(from, "kernels");
	double over = json_number_value(json_object_get(from, "over"));
	double evaluated = json_number_value(json_object_get(from, "evaluated"));
	double *time = calloc(s->model->lowered->nclasses, sizeof *time);
	int rc = time ? 0 : barista_no_memory(err);

	if (!rc && (!json_is_array(list) || !(over >= 0) || !(evaluated >= 0) ||
		    over + evaluated > s->certificate.points))
		rc = fail_state(err);
	for (size_t i = 0; !rc && i < json_array_size(list); i++)
		rc = take_kernel(json_array_get(list, i), s, space, time, err);
	free(time);
	if (rc)
		return rc;
	s->certificate.over_budget += over;
	s->certificate.evaluated += evaluated;
	return 0;
}
