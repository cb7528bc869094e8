/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The blocks of an exhaustive sweep: what is in one, which is next, what is done.
 *
 * 1. A row is one value of every knob but the inner one. Rows are numbered, the outermost knob
 *    slowest, and cut into blocks of equal length.
 * 2. A block is swept row by row. After a row whose smallest point is over a budget, all rows are
 *    skipped that differ only in larger values of knobs that grow the resources.
 * 3. Blocks that are skipped altogether are counted without being handed out.
 * The cost is one evaluation per feasible point, and one look at the resources per row. */
#include "search/sweep_parts.h"

#include "base/clock.h"
#include "search/ranks.h"

#include <math.h>

static bool stopped(const struct sweep *s)
{
	return s->stop || (s->options->stop && *s->options->stop);
}

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

/* Returns how many rows to skip after one whose smallest point is over an upper budget. As long
 * as the inner knobs are at their smallest, larger values of a knob that grows the resources are
 * over it too. */
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

double barista_sweep_rows(const struct sweep *s, size_t block)
{
	return fmin(s->block_rows, s->rows - (double)block * s->block_rows);
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
		if (w->between_rows && any && (rc = w->between_rows(w->sweep))) {
			w->err = *s->err;
			return rc;
		}
	}
	*whole = true;
	return 0;
}

/* Counts as done all blocks from this one on that lie beyond an upper budget, as the first row
 * shows. Returns whether this block does. */
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

int barista_sweep_save(struct sweep *s, bool now)
{
	const double every = 2; /* s */

	if (!s->options->checkpoint || (!now && barista_now() - s->saved < every))
		return 0;
	s->saved = barista_now();
	return barista_checkpoint_save(&s->checkpoint, s->out, s->done, s->nblocks, s->err);
}

void barista_sweep_save_or_stop(struct sweep *s, bool now)
{
	if (s->out->unsaved.status || !barista_sweep_save(s, now))
		return;
	s->out->unsaved = *s->err;
	s->stop = true;
}

/* Counts the feasible points by their resources alone; NaN when that would take long. */
static double count_feasible(struct sweep *s)
{
	const double enough = 0.5; /* s */
	struct barista_point p = {.nstages = 0};
	size_t index[BARISTA_MAX_KNOBS], steps = 0;
	double row = 0, total = 0, start = barista_now();

	while (row < s->rows && (++steps % 1024 || barista_now() - start < enough)) {
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

void barista_sweep_finish(struct sweep *s, size_t block)
{
	s->done[block] = 1;
	s->ndone++;
	report(s);
	barista_sweep_save_or_stop(s, false);
}
