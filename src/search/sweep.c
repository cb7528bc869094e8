/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exhaustive sweep: every feasible point. Threads and processes take the blocks of
 * sweep_blocks.c as they become free. What is kept has a total order, so it makes no difference who
 * took which block. */
#include "search/sweep_parts.h"

#include "base/clock.h"
#include "base/err.h"
#include "base/processors.h"
#include "search/ranks.h"
#include "search/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct barista_search *make_incumbents(const struct sweep *s)
{
	struct barista_arena *arena;
	struct barista_search *keep = barista_arena_object(sizeof *keep, &arena);

	if (!keep)
		return NULL;
	keep->arena = arena;
	keep->model = s->out->model;
	if (barista_incumbents_init(keep, s->options))
		return keep;
	barista_search_free(keep);
	return NULL;
}

/* A block that was not finished adds to the result, but is not done. */
static int merge_block(struct worker *w, size_t block, bool whole)
{
	struct sweep *s = w->sweep;

	if (!barista_incumbents_merge(s->out, w->keep))
		return barista_no_memory(s->err);
	barista_incumbents_clear_front(w->keep);
	if (!whole) {
		s->loose_over += w->inner->over;
		s->loose_evaluated += w->inner->evaluated;
		return 0;
	}
	s->out->certificate.over_budget += w->inner->over;
	s->out->certificate.evaluated += w->inner->evaluated;
	barista_sweep_finish(s, block);
	return 0;
}

static int take_blocks(struct worker *w)
{
	struct sweep *s = w->sweep;
	int64_t block;
	int rc = 0;

	for (;;) {
		bool whole;

		pthread_mutex_lock(&s->lock);
		block = s->rc ? BARISTA_NO_BLOCK : barista_sweep_next(s);
		pthread_mutex_unlock(&s->lock);
		if (block == BARISTA_NO_BLOCK)
			return 0;
		w->inner->over = w->inner->evaluated = 0;
		if ((rc = barista_sweep_block(w, (size_t)block, &whole)))
			return rc;
		pthread_mutex_lock(&s->lock);
		rc = merge_block(w, (size_t)block, whole);
		if (rc)
			w->err = *s->err;
		pthread_mutex_unlock(&s->lock);
		if (rc)
			return rc;
	}
}

static void run_worker(struct sweep *s, bool first)
{
	struct worker w = {.sweep = s, .keep = make_incumbents(s)};
	int rc = w.keep ? barista_inner_loop_share(&w.inner, s->inner, w.keep, &w.err)
			: barista_no_memory(&w.err);

	if (first && barista_ranks_size(s->options->ranks) > 1 &&
	    !barista_ranks_rank(s->options->ranks))
		w.between_rows = barista_coordinator_poll;
	if (rc && barista_ranks_rank(s->options->ranks))
		barista_worker_abort(s->options->ranks, &w.err);
	else if (!rc)
		rc = barista_ranks_rank(s->options->ranks) ? barista_worker_serve(&w)
							   : take_blocks(&w);
	pthread_mutex_lock(&s->lock);
	if (rc && !s->rc) {
		s->rc = rc;
		s->stop = true;
		*s->err = w.err;
	}
	pthread_mutex_unlock(&s->lock);
	json_decref(w.sent);
	barista_inner_loop_free(w.inner);
	barista_search_free(w.keep);
}

/* Processes have one thread each, since there is one per core. Points that are handed on in order
 * take one thread, too. */
static size_t threads_for(const struct sweep *s)
{
	if (s->options->each || barista_ranks_size(s->options->ranks) > 1)
		return 1;
	return s->options->threads ? (size_t)s->options->threads : barista_processors();
}

static void *run_other(void *sweep)
{
	run_worker(sweep, false);
	return NULL;
}

/* The calling thread works too. What is kept does not depend on how many others there are, so one
 * that cannot be started is done without. */
static void run_threads(struct sweep *s)
{
	size_t others = threads_for(s) - 1, n = 0;
	pthread_t *other = others ? calloc(others, sizeof *other) : NULL;

	while (other && n < others && !pthread_create(&other[n], NULL, run_other, s))
		n++;
	run_worker(s, true);
	while (n)
		pthread_join(other[--n], NULL);
	free(other);
}

static int prepare(struct sweep *s)
{
	const struct barista_levels *l = s->levels;
	size_t inner = l->n - 1;
	double *value = calloc(l->size[inner], sizeof *value);
	int rc = value ? 0 : barista_no_memory(s->err);

	s->rows = l->points / (double)l->size[inner];
	if (!rc && l->points >= 0x1p53)
		rc = barista_fail(s->err, BARISTA_E_ARGUMENT,
				  "%.3g points are too many to sweep: narrow the ranges, or leave "
				  "option exhaustive out",
				  l->points);
	s->block_rows = fmax(MIN_ROWS, ceil(s->rows / MAX_BLOCKS));
	s->nblocks = (size_t)ceil(s->rows / s->block_rows);
	for (size_t i = 0; !rc && i < l->size[inner]; i++)
		value[i] = barista_levels_value(l, inner, i);
	if (!rc && !(s->done = calloc(s->nblocks, 1)))
		rc = barista_no_memory(s->err);
	if (!rc)
		rc = barista_inner_loop_make(&s->inner, s->out->model, s->out, value,
					     l->size[inner], s->err);
	if (!rc) {
		s->inner->each = s->options->each;
		s->inner->each_user = s->options->each_user;
	}
	free(value);
	return rc;
}

/* Reads what an earlier run has done, and checks that its counts are those of its blocks. */
static int resume(struct sweep *s)
{
	const struct barista_certificate *c = &s->out->certificate;
	double rows = 0;
	int rc = barista_checkpoint_load(&s->checkpoint, s->levels->space, s->out, s->done,
					 s->nblocks, s->err);

	for (size_t b = 0; b < s->nblocks; b++) {
		s->ndone += s->done[b];
		rows += s->done[b] ? barista_sweep_rows(s, b) : 0;
	}
	s->before = c->evaluated;
	if (rc || c->over_budget + c->evaluated == rows * (double)s->inner->n)
		return rc;
	return barista_fail(s->err, BARISTA_E_INPUT,
			    "%.900s: damaged: its counts are not those of its blocks",
			    s->options->checkpoint);
}

static int sweep_all(struct sweep *s)
{
	int rc = 0;

	if (s->options->checkpoint && !barista_ranks_rank(s->options->ranks))
		rc = resume(s);
	/* Written at once, so that a place where it can't be is known before the work is done. */
	if (!rc && !barista_ranks_rank(s->options->ranks))
		rc = barista_sweep_save(s, true);
	if (!rc) {
		run_threads(s);
		rc = s->rc;
	}
	if (rc)
		s->stop = true;
	if (barista_ranks_rank(s->options->ranks))
		return rc;
	rc = barista_coordinator_stop_workers(s, rc);
	if (!rc)
		barista_sweep_save_or_stop(s, true);
	return rc;
}

int barista_sweep_run(struct barista_search *search, const struct barista_levels *levels,
		      const struct barista_search_options *options, struct barista_err *err)
{
	struct sweep s = {.out = search,
			  .levels = levels,
			  .options = options,
			  .checkpoint = {.path = options->checkpoint,
					 .inputs = options->inputs ? options->inputs : ""},
			  .err = err};
	struct barista_certificate *c = &search->certificate;
	int rc = prepare(&s);

	pthread_mutex_init(&s.lock, NULL);
	s.start = barista_now();
	/* From here on process 0 hears of failures with the results. */
	rc = barista_ranks_agree(options->ranks, rc, s.checkpoint.inputs, err);
	if (!rc)
		rc = sweep_all(&s);
	c->over_budget += s.loose_over;
	c->evaluated += s.loose_evaluated;
	search->feasible = c->evaluated;
	search->partial = s.ndone < s.nblocks && !barista_ranks_rank(options->ranks);
	if (search->partial)
		c->unvisited = fmax(0, c->points - c->over_budget - c->evaluated);
	pthread_mutex_destroy(&s.lock);
	barista_inner_loop_free(s.inner);
	free(s.done);
	return rc;
}
