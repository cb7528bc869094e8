/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The simulation: an event ends a row, which lets the engines beside go on. */
#include "streaming_run.h"

static bool before(const struct event *a, const struct event *b)
{
	return a->time < b->time || (a->time == b->time && a->engine < b->engine);
}

static void swap(struct event *a, struct event *b)
{
	struct event t = *a;

	*a = *b;
	*b = t;
}

static void push(struct sim *s, ticks time, int engine)
{
	int i = s->nevents++;

	s->heap[i] = (struct event){.time = time, .engine = engine};
	for (; i && before(&s->heap[i], &s->heap[(i - 1) / 2]); i = (i - 1) / 2)
		swap(&s->heap[i], &s->heap[(i - 1) / 2]);
}

static struct event pop(struct sim *s)
{
	struct event top = s->heap[0];
	int i = 0;

	s->heap[0] = s->heap[--s->nevents];
	for (;;) {
		int child = 2 * i + 1;

		if (child + 1 < s->nevents && before(&s->heap[child + 1], &s->heap[child]))
			child++;
		if (child >= s->nevents || !before(&s->heap[child], &s->heap[i]))
			return top;
		swap(&s->heap[i], &s->heap[child]);
		i = child;
	}
}

/* Rows of the consumer's input, of all samples, that exist after `made` rows of this one. */
static int64_t rows_given(const struct engine *producer, const struct engine *consumer,
			  int64_t made)
{
	return producer->sample * consumer->rows.rows_in +
	       sim_arrived(&consumer->rows, producer->rows.rows_out, made);
}

static bool has_input(const struct sim *s, const struct engine *e)
{
	if (e->producer < 0)
		return true;
	return rows_given(&s->engine[e->producer], e, s->engine[e->producer].row) >=
	       e->sample * e->rows.rows_in + sim_need(&e->rows, e->row);
}

/* Whether what this row will give fits into the buffers of all engines that read it. A row takes
 * its place while it is made. */
static bool has_room(const struct sim *s, const struct engine *e)
{
	for (int i = 0; i < e->nconsumers; i++) {
		const struct engine *c = &s->engine[e->consumer[i]];
		int64_t freed = c->sample * c->rows.rows_in + sim_first(&c->rows, c->row);

		if (rows_given(e, c, e->row + 1) - freed > c->rows.line_rows)
			return false;
	}
	return true;
}

static void try_start(struct sim *s, int i)
{
	struct engine *e = &s->engine[i];

	if (e->busy || e->sample == s->samples || !has_input(s, e))
		return;
	if (!has_room(s, e)) {
		if (!e->blocked)
			e->blocked_since = s->now;
		e->blocked = true;
		return;
	}
	if (e->blocked)
		e->stall += s->now - e->blocked_since;
	e->blocked = false;
	e->busy = true;
	push(s, s->now + e->row_ticks, i);
}

static void finish_row(struct sim *s, int i)
{
	struct engine *e = &s->engine[i];

	e->busy = false;
	e->end = s->now;
	if (++e->row == e->rows.rows_out) {
		if (i == s->last && s->left)
			s->left[e->sample] = s->now;
		e->row = 0;
		e->sample++;
	}
	for (int k = 0; k < e->nconsumers; k++)
		try_start(s, e->consumer[k]);
	try_start(s, i);
	if (e->producer >= 0)
		try_start(s, e->producer);
}

int sim_run(struct sim *s)
{
	for (int i = 0; i < s->n; i++)
		try_start(s, i);
	while (s->nevents) {
		struct event event = pop(s);

		s->now = event.time;
		finish_row(s, event.engine);
	}
	for (int i = 0; i < s->n; i++)
		if (s->engine[i].sample < s->samples)
			return SIM_DEADLOCK;
	return SIM_OK;
}
