/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The exact front of one number format and one kind of engines in time, multipliers and block RAMs.
 * The time of a sample is the sum of additive cycles over the layers, and of the longest competing
 * cycles of each group of passes. The sweep fixes the second part:
 *  1. A group in which a single pass competes has no choice of the longest: its cycles are moved to
 *     the additive ones.
 *  2. The thresholds of a group are the distinct competing cycles of all options in it. For every
 *     combination of one threshold per group, the options that exceed none of them are the
 *     candidates of a threshold case. A design whose longest passes are as long as the thresholds
 *     takes their sum and its additive cycles. Any other design of the case takes less than that,
 *     and is found in the case of its own longest passes.
 *  3. The least additive cycles of a case, within every number of multipliers and block RAMs, are a
 *     knapsack (knapsack.c), which improves one table of all cases.
 *  4. Groups are fixed one inside the other. With some still open, the least that any design has
 *     in them is used. No case inside is tried where a layer has no candidate, where no option is
 *     as long as a threshold, so that a lower one does as well, or where the Lagrangian bound shows
 *     that nothing in the table improves (lagrangian_bound.c).
 *  5. Every third threshold of each group is tried first: the times known from these make the
 *     bounds of the others leave out more.
 *  6. The designs of all cells that are faster than every smaller one are the front.
 * It costs at most one knapsack for each combination of thresholds; there are few groups, and the
 * bounds leave only a small part of the combinations.
 */
#include "families/streaming/knapsack.h"
#include "base/err.h"

#include <math.h>
#include <stdlib.h>

/* Of a group: distinct and ascending. */
struct thresholds {
	double *value;
	size_t n;
};

struct sweep {
	struct streaming_front *front;
	struct streaming_knapsack_size size;
	struct streaming_knapsack knapsack;
	struct thresholds group[STREAMING_MAX_GROUPS];
	struct streaming_candidate
		*candidate[BARISTA_MAX_UNROLLED]; /* room for a layer's options */
	size_t stride;                            /* every so many-th threshold is tried */
	struct barista_err *err;
};

/* ---- step 1: groups of a single pass ---- */

static bool competes(const struct streaming_options *options, int p)
{
	for (size_t i = 0; i < options->n; i++)
		if (options->option[i].competing[p] > 0)
			return true;
	return false;
}

static size_t count_competing(const struct streaming_front *f, size_t group)
{
	size_t n = 0;

	for (size_t l = 0; l < f->nlayers; l++)
		for (int p = 0; p < STREAMING_PASSES; p++)
			n += f->stage[l].group[p] == group && competes(&f->options[l], p);
	return n;
}

static void make_additive(struct streaming_options *options, int p)
{
	for (size_t i = 0; i < options->n; i++) {
		options->option[i].additive += options->option[i].competing[p];
		options->option[i].competing[p] = 0;
	}
}

static void make_single_passes_additive(struct streaming_front *f)
{
	for (size_t l = 0; l < f->nlayers; l++)
		for (int p = 0; p < STREAMING_PASSES; p++)
			if (count_competing(f, f->stage[l].group[p]) == 1)
				make_additive(&f->options[l], p);
}

/* ---- step 2: thresholds ---- */

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void sort_distinct(struct thresholds *t)
{
	size_t kept = 0;

	qsort(t->value, t->n, sizeof *t->value, by_value);
	for (size_t i = 0; i < t->n; i++)
		if (!kept || t->value[kept - 1] != t->value[i])
			t->value[kept++] = t->value[i];
	t->n = kept;
}

static void add_thresholds(struct sweep *s, size_t l)
{
	const struct streaming_front *f = s->front;

	for (size_t i = 0; i < f->options[l].n; i++) {
		for (int p = 0; p < STREAMING_PASSES; p++) {
			struct thresholds *t = &s->group[f->stage[l].group[p]];

			t->value[t->n++] = f->options[l].option[i].competing[p];
		}
	}
}

static int list_thresholds(struct sweep *s)
{
	const struct streaming_front *f = s->front;
	size_t n = 0;

	for (size_t l = 0; l < f->nlayers; l++)
		n += f->options[l].n;
	for (size_t g = 0; g < f->ngroups; g++)
		if (!(s->group[g].value = malloc(STREAMING_PASSES * n * sizeof(double))))
			return barista_no_memory(s->err);
	for (size_t l = 0; l < f->nlayers; l++)
		add_thresholds(s, l);
	for (size_t g = 0; g < f->ngroups; g++)
		sort_distinct(&s->group[g]);
	return 0;
}

/* ---- steps 2 and 4: the case of some thresholds ---- */

/* Thresholds of all groups, infinite where a group is still open. */
struct limits {
	double threshold[STREAMING_MAX_GROUPS];
	bool reached[STREAMING_MAX_GROUPS]; /* some candidate is as long as the threshold */
	double least[STREAMING_MAX_GROUPS]; /* no design of the case is shorter */
};

static void close_groups(const struct streaming_front *f, size_t closed, struct limits *m)
{
	for (size_t g = 0; g < f->ngroups; g++) {
		if (g >= closed)
			m->threshold[g] = INFINITY;
		m->reached[g] = g >= closed;
		m->least[g] = 0;
	}
}

static bool is_within(const struct streaming_option *o, const size_t *group, const struct limits *m)
{
	for (int p = 0; p < STREAMING_PASSES; p++)
		if (o->competing[p] > m->threshold[group[p]])
			return false;
	return true;
}

/* Updates what is known of the groups with the candidates of a layer. */
static void note_groups(const struct sweep *s, const struct streaming_threshold_case *t, size_t l,
			struct limits *m)
{
	const size_t *group = s->front->stage[l].group;
	double least[STREAMING_PASSES] = {INFINITY, INFINITY, INFINITY};

	for (size_t i = 0; i < t->ncandidates[l]; i++) {
		const struct streaming_option *o =
			&s->front->options[l].option[t->candidate[l][i].option];

		for (int p = 0; p < STREAMING_PASSES; p++) {
			m->reached[group[p]] |= o->competing[p] == m->threshold[group[p]];
			least[p] = fmin(least[p], o->competing[p]);
		}
	}
	for (int p = 0; p < STREAMING_PASSES; p++)
		m->least[group[p]] = fmax(m->least[group[p]], least[p]);
}

/* The candidates of a layer, by what they take beyond the least of it; false: there are none. */
static bool add_layer(const struct sweep *s, const struct limits *m, size_t l,
		      struct streaming_threshold_case *t)
{
	const struct streaming_front *f = s->front;
	struct streaming_candidate *c = t->candidate[l] = s->candidate[l];
	int least_rows = INT32_MAX, least_columns = INT32_MAX;
	size_t n = 0;

	for (size_t i = 0; i < f->options[l].n; i++) {
		const struct streaming_option *o = &f->options[l].option[i];

		if (!is_within(o, f->stage[l].group, m))
			continue;
		c[n++] = (struct streaming_candidate){o->additive, o->multiplier_units,
						      o->bram_units, (uint32_t)i};
		least_rows = o->multiplier_units < least_rows ? o->multiplier_units : least_rows;
		least_columns = o->bram_units < least_columns ? o->bram_units : least_columns;
	}
	t->ncandidates[l] = n;
	if (!n)
		return false;
	for (size_t i = 0; i < n; i++) {
		c[i].rows -= least_rows;
		c[i].columns -= least_columns;
	}
	t->row += least_rows;
	t->column += least_columns;
	return true;
}

/* The case with thresholds for the first `closed` groups; false: there is no need to try it. */
static bool make_case(const struct sweep *s, struct limits *m, size_t closed,
		      struct streaming_threshold_case *t)
{
	const struct streaming_front *f = s->front;

	close_groups(f, closed, m);
	t->row = -s->size.least_row;
	t->column = -s->size.least_column;
	t->threshold_cycles = 0;
	for (size_t l = 0; l < f->nlayers; l++) {
		if (!add_layer(s, m, l, t))
			return false;
		note_groups(s, t, l, m);
	}
	for (size_t g = 0; g < f->ngroups; g++) {
		t->threshold_cycles += g < closed ? m->threshold[g] : m->least[g];
		if (!m->reached[g])
			return false;
	}
	return t->row < s->knapsack.rows && t->column < s->knapsack.columns;
}

/* ---- steps 3 to 5: all cases ---- */

static bool is_stopped(const struct sweep *s)
{
	struct barista_enumeration *e = s->front->enumeration;

	e->stopped |= e->stop && *e->stop;
	return e->stopped;
}

static void report_progress(const struct sweep *s, size_t i)
{
	const struct streaming_front *f = s->front;
	const struct barista_enumeration *e = f->enumeration;

	if (e->progress)
		e->progress(e->progress_user, f->fronts_done + (double)i / (double)s->group[0].n,
			    f->fronts, (double)NAN);
}

/* Tries thresholds for the groups from g on; those before have theirs. */
static int sweep_groups(struct sweep *s, struct limits *m, size_t g)
{
	size_t n = s->group[g].n;
	int rc = 0;

	for (size_t i = (n - 1) % s->stride; i < n && !rc && !is_stopped(s); i += s->stride) {
		struct streaming_threshold_case t;

		if (!g && s->stride == 1)
			report_progress(s, i);
		m->threshold[g] = s->group[g].value[i];
		if (!make_case(s, m, g + 1, &t) ||
		    !barista_streaming_knapsack_bound(&s->knapsack, &t))
			continue;
		rc = g + 1 < s->front->ngroups
			     ? sweep_groups(s, m, g + 1)
			     : barista_streaming_knapsack_run(&s->knapsack, &t, s->err);
	}
	return rc;
}

static int sweep_all(struct sweep *s)
{
	enum { COARSE = 3 };
	struct limits m;
	int rc;

	s->stride = COARSE;
	rc = sweep_groups(s, &m, 0);
	s->stride = 1;
	return rc ? rc : sweep_groups(s, &m, 0);
}

/* ---- step 6: the front ---- */

static int add_front(struct sweep *s)
{
	const struct streaming_knapsack *k = &s->knapsack;
	int rc = 0;

	for (int r = 0; r < k->rows && !rc; r++) {
		for (int x = 0; x < k->columns && !rc; x++) {
			size_t cell = (size_t)r * (size_t)k->columns + (size_t)x;

			if (barista_streaming_knapsack_is_faster(k, r, x))
				rc = barista_streaming_add_design(
					s->front, k->stored + k->nlayers * k->design[cell], s->err);
		}
	}
	return rc;
}

/* ---- all steps ---- */

static int allocate(struct sweep *s)
{
	const struct streaming_front *f = s->front;

	for (size_t l = 0; l < f->nlayers; l++) {
		s->candidate[l] = malloc(f->options[l].n * sizeof *s->candidate[l]);
		if (!s->candidate[l])
			return barista_no_memory(s->err);
	}
	return barista_streaming_knapsack_make(&s->knapsack, f, s->size.rows, s->size.columns,
					       s->err);
}

static void release(struct sweep *s)
{
	barista_streaming_knapsack_free(&s->knapsack);
	for (size_t l = 0; l < s->front->nlayers; l++)
		free(s->candidate[l]);
	for (size_t g = 0; g < s->front->ngroups; g++)
		free(s->group[g].value);
}

int barista_streaming_threshold_sweep(struct streaming_front *f, struct barista_err *err)
{
	struct sweep s = {.front = f, .err = err};
	int rc;

	make_single_passes_additive(f);
	s.size = barista_streaming_knapsack_size(f);
	rc = allocate(&s);
	if (!rc)
		rc = list_thresholds(&s);
	if (!rc)
		rc = sweep_all(&s);
	if (!rc)
		rc = add_front(&s);
	release(&s);
	return rc;
}
