/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every feasible point. A row is a value of every knob but the inner one; rows are numbered, the
 * outermost knob slowest, and cut into blocks, which threads and ranks take as they become free.
 * What is kept has a total order, so who took which block makes no difference. */
#include "search/sweep_parts.h"

#include "base/clock.h"
#include "base/err.h"
#include "search/checkpoint.h"
#include "search/ranks.h"
#include "search/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#ifdef _OPENMP
#include <omp.h>
#endif

static bool stopped(const struct sweep *s)
{
	return s->stop || (s->options->stop && *s->options->stop);
}

/* ---- rows ---- */

static void set_row(const struct barista_levels *l, double row, size_t *index,
		    struct barista_point *p)
{
	for (size_t d = l->n - 1; d-- > 0;) {
		double size = (double)l->size[d], rest = floor(row / size);

		index[d] = (size_t)(row - rest * size);
		p->knob[l->knob[d]] = barista_levels_value(l, d, index[d]);
		row = rest;
	}
}

/* Rows to skip after one whose smallest point is over an upper budget: as long as the knobs inside
 * are at their smallest, larger values of a growing knob are over it too. */
static double rows_beyond(const struct barista_inner_loop *w, const struct barista_levels *l,
			  const size_t *index)
{
	double rows = 1, inside = 1;

	for (size_t d = l->n - 1; d-- > 0;) {
		if (!w->model->family->knob[l->knob[d]].monotone_resources)
			break;
		rows = ((double)(l->size[d] - index[d])) * inside;
		if (index[d])
			break;
		inside *= (double)l->size[d];
	}
	return rows;
}

int barista_sweep_block(struct worker *w, size_t block, bool *whole)
{
	const struct sweep *s = w->sweep;
	double row = (double)block * s->block_rows, end = fmin(row + s->block_rows, s->rows);
	size_t index[BARISTA_MAX_KNOBS];
	struct barista_point p = {.nstages = 0};

	*whole = false;
	while (row < end) {
		double skip = 1;
		bool any;
		int rc;

		if (stopped(s))
			return 0;
		set_row(s->levels, row, index, &p);
		if ((rc = barista_inner_loop_run(w->inner, &p, &any, &w->err)))
			return rc;
		if (!any)
			skip = fmin(rows_beyond(w->inner, s->levels, index), end - row);
		w->inner->over += (skip - 1) * (double)w->inner->n;
		row += skip;
		if (w->first && any && (rc = barista_coordinator_reply(w->sweep, false))) {
			w->err = *s->err;
			return rc;
		}
	}
	*whole = true;
	return 0;
}

/* ---- blocks ---- */

/* Counts the blocks from this one on that are beyond an upper budget, as its first row shows, as
 * done. Returns whether it is. */
static bool skip_empty(struct sweep *s, size_t block)
{
	const struct barista_levels *l = s->levels;
	double row = (double)block * s->block_rows, metric[BARISTA_NMETRICS], end;
	size_t index[BARISTA_MAX_KNOBS];
	struct barista_point p = {.nstages = 0};

	set_row(l, row, index, &p);
	p.knob[l->knob[l->n - 1]] = s->inner->value[0];
	if (!(barista_budgets_exceeded(s->out->model, &p, metric) & barista_upper_budgets()))
		return false;
	end = row + rows_beyond(s->inner, l, index);
	for (size_t b = block; b < s->nblocks; b++) {
		double from = (double)b * s->block_rows, to = fmin(from + s->block_rows, s->rows);

		if (to > end)
			break;
		if (s->done[b])
			continue;
		s->out->certificate.over_budget += (to - from) * (double)s->inner->n;
		s->done[b] = 1;
		s->ndone++;
	}
	return s->done[block];
}

int64_t barista_sweep_next(struct sweep *s)
{
	while (s->next < s->nblocks && (s->done[s->next] || skip_empty(s, s->next)))
		s->next++;
	return s->next < s->nblocks && !stopped(s) ? (int64_t)s->next++ : BARISTA_NO_BLOCK;
}

static const char *inputs_of(const struct sweep *s)
{
	return s->options->inputs ? s->options->inputs : "";
}

static int save(struct sweep *s, bool now)
{
	const double every = 2; /* s */

	if (!s->options->checkpoint || (!now && barista_now() - s->saved < every))
		return 0;
	s->saved = barista_now();
	return barista_checkpoint_save(s->options->checkpoint, inputs_of(s), s->out, s->done,
				       s->nblocks, s->err);
}

/* Feasible points, by the resources alone; NaN when that takes long. */
static double count_feasible(struct sweep *s)
{
	const double enough = 0.5; /* s */
	struct barista_point p = {.nstages = 0};
	size_t index[BARISTA_MAX_KNOBS], looks = 0;
	double row = 0, total = 0, start = barista_now();

	while (row < s->rows && (++looks % 1024 || barista_now() - start < enough)) {
		double within;

		set_row(s->levels, row, index, &p);
		within = barista_inner_loop_count(s->inner, &p);
		total += fmax(0, within);
		row += within < 0 ? rows_beyond(s->inner, s->levels, index) : 1;
	}
	return row < s->rows ? (double)NAN : total;
}

static void report(struct sweep *s)
{
	const double patience = 1.5; /* s; who is done before then is not asked how long it takes */
	double evaluated = s->out->certificate.evaluated;

	if (!s->options->progress)
		return;
	if (!s->total && barista_now() - s->start > patience)
		s->total = count_feasible(s);
	if (s->total > 0)
		s->options->progress(s->options->progress_user, evaluated, s->total,
				     evaluated - s->before);
	else
		s->options->progress(s->options->progress_user, (double)s->ndone,
				     (double)s->nblocks, evaluated - s->before);
}

int barista_sweep_finish(struct sweep *s, size_t block)
{
	s->done[block] = 1;
	s->ndone++;
	report(s);
	return save(s, false);
}

/* ---- threads ---- */

static struct barista_search *make_keep(const struct sweep *s)
{
	struct barista_arena *arena = barista_arena_make();
	struct barista_search *keep = arena ? barista_arena_alloc(arena, 1, sizeof *keep) : NULL;

	if (!keep) {
		barista_arena_free(arena);
		return NULL;
	}
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
	return barista_sweep_finish(s, block);
}

static int take_blocks(struct worker *w)
{
	struct sweep *s = w->sweep;
	int64_t block;
	int rc = 0;

	for (;;) {
		bool whole;

#pragma omp critical(barista_sweep)
		block = s->rc ? BARISTA_NO_BLOCK : barista_sweep_next(s);
		if (block == BARISTA_NO_BLOCK)
			return 0;
		w->inner->over = w->inner->evaluated = 0;
		if ((rc = barista_sweep_block(w, (size_t)block, &whole)))
			return rc;
#pragma omp critical(barista_sweep)
		{
			rc = merge_block(w, (size_t)block, whole);
			if (rc)
				w->err = *s->err;
		}
		if (rc)
			return rc;
	}
}

static void run_worker(struct sweep *s, bool first)
{
	struct worker w = {.sweep = s, .keep = make_keep(s), .first = first};
	int rc = w.keep ? barista_inner_loop_share(&w.inner, s->inner, w.keep, &w.err)
			: barista_no_memory(&w.err);

	if (rc && barista_ranks_rank())
		barista_worker_abort(w.err.msg);
	else if (!rc)
		rc = barista_ranks_rank() ? barista_worker_serve(&w) : take_blocks(&w);
#pragma omp critical(barista_sweep)
	if (rc && !s->rc) {
		s->rc = rc;
		s->stop = true;
		*s->err = w.err;
	}
	json_decref(w.sent);
	barista_inner_loop_free(w.inner);
	barista_search_free(w.keep);
}

/* Ranks have one thread each: one rank per core. Points are handed on in order by one thread. */
static int threads_for(const struct sweep *s)
{
	int threads = 1;

#ifdef _OPENMP
	threads = s->options->threads ? s->options->threads : omp_get_max_threads();
#endif
	return s->options->each || barista_ranks_size() > 1 ? 1 : threads;
}

static void run_threads(struct sweep *s)
{
	int threads = threads_for(s);

	(void)threads;
#pragma omp parallel num_threads(threads)
	{
		bool first = true;

#ifdef _OPENMP
		first = !omp_get_thread_num();
#endif
		run_worker(s, first);
	}
}

/* ---- all of it ---- */

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
				  "--exhaustive out",
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

/* What an earlier run has done; its counts must be those of its blocks. */
static int resume(struct sweep *s)
{
	const struct barista_certificate *c = &s->out->certificate;
	double rows = 0;
	int rc = barista_checkpoint_load(s->options->checkpoint, inputs_of(s), s->levels->space,
					 s->out, s->done, s->nblocks, s->err);

	for (size_t b = 0; b < s->nblocks; b++) {
		s->ndone += s->done[b];
		rows += s->done[b] ? fmin(s->block_rows, s->rows - (double)b * s->block_rows) : 0;
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
	int rc = 0, failed;

	if (s->options->checkpoint && !barista_ranks_rank())
		rc = resume(s);
	/* Written at once, so that a place where it can't be is known before the work is done. */
	if (!rc && !barista_ranks_rank())
		rc = save(s, true);
	if (!rc) {
		run_threads(s);
		rc = s->rc;
	}
	if (rc)
		s->stop = true;
	if (barista_ranks_rank())
		return rc;
	failed = barista_coordinator_stop_workers(s);
	rc = rc ? rc : failed;
	return rc ? rc : save(s, true);
}

int barista_sweep_run(struct barista_search *search, const struct barista_levels *levels,
		      const struct barista_search_options *options, struct barista_err *err)
{
	struct sweep s = {.out = search, .levels = levels, .options = options, .err = err};
	struct barista_certificate *c = &search->certificate;
	int rc = prepare(&s);

	s.start = barista_now();
	if (!rc)
		rc = sweep_all(&s);
	else if (rc == BARISTA_E_SYSTEM && barista_ranks_rank())
		barista_worker_abort(err->msg);
	else if (rc == BARISTA_E_SYSTEM) {
		s.stop = true;
		barista_coordinator_stop_workers(&s);
	}
	c->over_budget += s.loose_over;
	c->evaluated += s.loose_evaluated;
	search->feasible = c->evaluated;
	search->partial = s.ndone < s.nblocks && !barista_ranks_rank();
	if (search->partial)
		c->unvisited = fmax(0, c->points - c->over_budget - c->evaluated);
	barista_inner_loop_free(s.inner);
	free(s.done);
	return rc;
}
