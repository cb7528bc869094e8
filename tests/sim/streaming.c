/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets up the passes of the streaming architecture as engines in a row, and runs them. */
#include <stdlib.h>

#include "streaming_run.h"

static int64_t gcd(int64_t a, int64_t b)
{
	while (b) {
		int64_t t = a % b;

		a = b;
		b = t;
	}
	return a;
}

/* Finds the fewest ticks per cycle that make every row's time whole. */
static int set_ticks(struct sim *s)
{
	const ticks most = (ticks)1 << 120;
	ticks total = 0;

	s->scale = 1;
	for (int i = 0; i < s->n; i++) {
		int64_t rows = s->engine[i].rows.rows_out /
			       gcd(s->engine[i].rows.cycles, s->engine[i].rows.rows_out);

		s->scale *= rows / gcd((int64_t)(s->scale % rows), rows);
		total += s->engine[i].rows.cycles;
		if (s->scale > most / (total + 1) / s->samples)
			return SIM_RANGE;
	}
	for (int i = 0; i < s->n; i++)
		s->engine[i].row_ticks =
			s->scale * s->engine[i].rows.cycles / s->engine[i].rows.rows_out;
	return SIM_OK;
}

static void release(struct sim *s)
{
	free(s->engine);
	free(s->heap);
	free(s->left);
}

static int run(struct sim *s)
{
	int err = set_ticks(s);

	if (!err)
		err = sim_run(s);
	if (err)
		release(s);
	return err;
}

static int prepare(struct sim *s, int most, int64_t samples)
{
	*s = (struct sim){.samples = samples};
	s->engine = calloc((size_t)most, sizeof(*s->engine));
	s->heap = calloc((size_t)most, sizeof(*s->heap));
	s->left = calloc((size_t)samples, sizeof(*s->left));
	if (s->engine && s->heap && s->left)
		return SIM_OK;
	release(s);
	return SIM_MEMORY;
}

static int add(struct sim *s, const struct sim_rows *rows, int producer)
{
	struct engine *e = &s->engine[s->n];

	e->rows = *rows;
	e->producer = producer;
	if (producer >= 0)
		s->engine[producer].consumer[s->engine[producer].nconsumers++] = s->n;
	return s->n++;
}

static int add_source(struct sim *s, const struct sim_rows *first, enum sim_source source,
		      int64_t paced)
{
	struct sim_rows rows = {.rows_out = first->rows_in,
				.cycles = source == SIM_PACED ? paced : first->cycles_in};

	return add(s, &rows, -1);
}

/* Row r of a weight gradient reads row r of the errors, from the buffer of the backward pass. */
static struct sim_rows wgrad_rows(const struct sim_stage *stage)
{
	return (struct sim_rows){.rows_in = stage->backward.rows_in,
				 .rows_out = stage->backward.rows_in,
				 .kernel = 1,
				 .stride = 1,
				 .cycles = stage->wgrad_cycles,
				 .line_rows = stage->backward.line_rows};
}

static double cycles(const struct sim *s, ticks t)
{
	return (double)t / (double)s->scale;
}

static double stall_of(const struct sim *s)
{
	double stall = 0;

	for (int i = 0; i < s->n; i++)
		stall += cycles(s, s->engine[i].stall);
	return stall;
}

/* When every engine that no other reads from has ended: rows that are made but not needed do not
 * count. */
static double end_of(const struct sim *s)
{
	ticks end = 0;

	for (int i = 0; i < s->n; i++)
		if (!s->engine[i].nconsumers && s->engine[i].end > end)
			end = s->engine[i].end;
	return cycles(s, end);
}

static int64_t slowest(const struct sim_stage *stage, size_t n)
{
	int64_t most = 0;

	for (size_t i = 0; i < n; i++)
		most = stage[i].forward.cycles > most ? stage[i].forward.cycles : most;
	return most;
}

static int run_forward(struct sim *s, const struct sim_stage *stage, size_t n, int64_t samples,
		       enum sim_source source)
{
	int previous, err = prepare(s, (int)n + 1, samples);

	if (err)
		return err;
	previous = add_source(s, &stage[0].forward, source, slowest(stage, n));
	for (size_t i = 0; i < n; i++)
		previous = add(s, &stage[i].forward, previous);
	s->last = previous;
	return run(s);
}

/* The slowest of the stages from `from` on, which the errors reach. */
static int64_t slowest_backward(const struct sim_stage *stage, size_t from, size_t n, bool separate)
{
	int64_t most = 0;

	for (size_t i = from; i < n; i++) {
		most = stage[i].backward.cycles > most ? stage[i].backward.cycles : most;
		if (separate && stage[i].wgrad_cycles > most)
			most = stage[i].wgrad_cycles;
	}
	return most;
}

static size_t last_stage_of_error(const struct sim_stage *stage, size_t n)
{
	size_t i = n - 1;

	while (i && stage[i].backward.cycles)
		i--;
	return i;
}

static int run_backward(struct sim *s, const struct sim_stage *stage, size_t n,
			const struct sim_options *opt)
{
	size_t from = last_stage_of_error(stage, n);
	int previous, err = prepare(s, 2 * (int)n + 1, 1);

	if (err)
		return err;
	previous = add_source(s, &stage[n - 1].backward, opt->source,
			      slowest_backward(stage, from, n, opt->separate));
	for (size_t i = n; i-- > from;) {
		int error = previous;

		if (opt->separate && stage[i].wgrad_cycles) {
			struct sim_rows rows = wgrad_rows(&stage[i]);

			add(s, &rows, error);
		}
		if (stage[i].backward.cycles)
			previous = add(s, &stage[i].backward, error);
	}
	return run(s);
}

/* Shared engines compute each weight gradient by itself, from maps that are kept. */
static double wgrad_time(const struct sim_stage *stage, size_t n)
{
	int64_t most = 0;

	for (size_t i = 0; i < n; i++)
		most = stage[i].wgrad_cycles > most ? stage[i].wgrad_cycles : most;
	return (double)most;
}

static bool stages_ok(const struct sim_stage *stage, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (stage[i].forward.cycles <= 0 || stage[i].forward.rows_in <= 0 ||
		    stage[i].forward.rows_out <= 0 || stage[i].backward.cycles < 0 ||
		    stage[i].wgrad_cycles < 0)
			return false;
	return n > 0 && n < 10000;
}

static bool has_backward(const struct sim_stage *stage, size_t n, bool separate)
{
	size_t from = last_stage_of_error(stage, n);

	return slowest_backward(stage, from, n, separate) > 0;
}

int sim_sample(const struct sim_stage *stage, size_t n, const struct sim_options *opt,
	       struct sim_sample *out)
{
	struct sim_sample t = {0};
	struct sim s;
	int err = stages_ok(stage, n) ? run_forward(&s, stage, n, 1, opt->source) : SIM_BAD;

	if (err)
		return err;
	t.forward = end_of(&s);
	t.stall_forward = stall_of(&s);
	release(&s);
	if (has_backward(stage, n, opt->separate)) {
		err = run_backward(&s, stage, n, opt);
		if (err)
			return err;
		t.backward = end_of(&s);
		t.stall_backward = stall_of(&s);
		release(&s);
	}
	t.wgrad = opt->separate ? 0 : wgrad_time(stage, n);
	t.total = t.forward + t.backward + t.wgrad;
	*out = t;
	return SIM_OK;
}

int sim_interval(const struct sim_stage *stage, size_t n, int64_t samples, enum sim_source source,
		 struct sim_interval *out)
{
	struct sim s;
	int64_t half = samples / 2;
	int err = stages_ok(stage, n) && samples >= 4 ? run_forward(&s, stage, n, samples, source)
						      : SIM_BAD;
	ticks step;

	if (err)
		return err;
	out->stall = stall_of(&s);
	out->first = cycles(&s, s.left[0]);
	out->mean = cycles(&s, s.left[samples - 1] - s.left[half - 1]) / (double)(samples - half);
	step = s.left[samples - 1] - s.left[samples - 2];
	out->exact = step % s.scale ? -1 : (int64_t)(step / s.scale);
	for (int64_t i = half; i < samples; i++)
		if (s.left[i] - s.left[i - 1] != step)
			out->exact = -1;
	release(&s);
	return SIM_OK;
}
