/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search/confirm.h"

#include "model/evaluate.h"
#include "search/incumbents.h"
#include "search/rankings.h"

#include <stdlib.h>
#include <string.h>

/* A candidate and the ranking that keeps it. */
struct kept {
	struct barista_candidate *candidate;
	size_t ranking;
};
enum { FRONT = -1 };

/* So many candidates times layer classes take well below a second. */
enum { QUICK = 1000000 };

static int by_point(const void *a, const void *b)
{
	const struct barista_point *p = &((const struct kept *)a)->candidate->point,
				   *q = &((const struct kept *)b)->candidate->point;
	int order = memcmp(p->knob, q->knob, sizeof p->knob);

	if (!order)
		order = (p->nstages > q->nstages) - (p->nstages < q->nstages);
	return order ? order : memcmp(p->stage, q->stage, p->nstages * sizeof *p->stage);
}

static bool same_result(const struct barista_search *s, const struct kept *k,
			const struct barista_result *again)
{
	const struct barista_candidate *c = k->candidate;
	size_t class = k->ranking;

	return !again->over && again->metric[BARISTA_TIME] == c->metric[BARISTA_TIME] &&
	       again->metric[BARISTA_PPW_MEAN] == c->metric[BARISTA_PPW_MEAN] &&
	       (class >= s->nranked ||
		barista_class_score(s, class, again->class_time[class],
				    again->metric[BARISTA_POWER]) == c->score);
}

/* Evaluates one design, which n candidates are, into a row of its times and its PPW. */
static int confirm(const struct barista_search *s, const struct kept *kept, size_t n, double *row,
		   struct barista_err *err)
{
	struct barista_result again = {.class_time = row};
	double *ppw = row + s->model->lowered->nclasses;
	int rc = barista_evaluate_point(s->model, &kept->candidate->point, &again, err);

	if (rc)
		return rc;
	barista_class_ppws(s->model->lowered, row, again.metric[BARISTA_POWER], ppw);
	for (size_t i = 0; i < n; i++) {
		struct barista_candidate *c = kept[i].candidate;

		if (!same_result(s, &kept[i], &again))
			return barista_fail(err, BARISTA_E_SYSTEM,
					    "internal error: a sweep and the equations differ on "
					    "a kernel; please report it");
		memcpy(c->metric, again.metric, sizeof again.metric);
		if (kept[i].ranking != (size_t)FRONT) {
			c->class_time = row;
			c->class_ppw = ppw;
		}
	}
	return 0;
}

/* Only what a ranking keeps needs a row for good: a front may have very many designs. */
static bool is_ranked(const struct kept *kept, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (kept[i].ranking != (size_t)FRONT)
			return true;
	return false;
}

static int confirm_each(struct barista_search *s, struct kept *kept, size_t n,
			const volatile sig_atomic_t *stop, struct barista_err *err)
{
	size_t size = 2 * s->model->lowered->nclasses;
	double *scratch = calloc(size, sizeof *scratch);
	int rc = scratch ? 0 : barista_no_memory(err);

	qsort(kept, n, sizeof *kept, by_point);
	for (size_t i = 0, end; !rc && i < n; i = end) {
		double *row = scratch;

		if (stop && *stop) {
			rc = barista_fail(err, BARISTA_E_STOPPED, "stopped");
			break;
		}
		for (end = i + 1; end < n && !by_point(&kept[i], &kept[end]);)
			end++;
		if (is_ranked(kept + i, end - i))
			row = barista_arena_alloc(s->arena, size, sizeof *row);
		rc = row ? confirm(s, kept + i, end - i, row, err) : barista_no_memory(err);
	}
	free(scratch);
	return rc;
}

static size_t count_kept(const struct barista_search *s)
{
	size_t n = s->front.n;

	for (size_t r = 0; r < s->nranked + BARISTA_NRANKINGS; r++)
		n += barista_incumbents_ranking(s, r)->n;
	return n;
}

static int confirm_all(struct barista_search *s, const volatile sig_atomic_t *stop,
		       struct barista_err *err)
{
	struct kept *kept = calloc(count_kept(s), sizeof *kept);
	size_t n = 0;
	int rc;

	if (!kept)
		return barista_no_memory(err);
	for (size_t r = 0; r < s->nranked + BARISTA_NRANKINGS; r++)
		for (size_t i = 0; i < barista_incumbents_ranking(s, r)->n; i++)
			kept[n++] = (struct kept){&barista_incumbents_ranking(s, r)->item[i], r};
	for (size_t i = 0; i < s->front.n; i++)
		kept[n++] = (struct kept){&s->front.item[i], (size_t)FRONT};
	rc = confirm_each(s, kept, n, stop, err);
	free(kept);
	return rc;
}

/* The best design of each layer stays. */
static void drop_runners_up(struct barista_search *s)
{
	for (size_t r = 0; r < s->nranked; r++) {
		s->truncated |= s->class_ranking[r].n > 1;
		s->class_ranking[r].n = s->class_ranking[r].n > 0;
	}
}

int barista_search_confirm(struct barista_search *s, const volatile sig_atomic_t *stop,
			   struct barista_err *err)
{
	bool quick = count_kept(s) * s->model->lowered->nclasses <= QUICK;
	int rc =
		s->partial && !quick ? BARISTA_E_STOPPED : confirm_all(s, quick ? NULL : stop, err);

	if (rc != BARISTA_E_STOPPED)
		return rc;
	drop_runners_up(s);
	return confirm_all(s, NULL, err);
}
