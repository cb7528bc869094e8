/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The front of one number format and one kind of engines. A sample takes the sum of some maxima
 * over the layers, one per group of passes, and of fills: for all thresholds that the maxima can
 * have, the layers' options that meet them add up in a grid of multipliers by block RAMs. DSPs,
 * LUTs and flip-flops grow with the multipliers, so that whoever has no more of these has no more
 * of those. */
#include "base/err.h"
#include "barista/family.h"
#include "families/streaming/knapsack.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Distinct values of what competes in a group, ascending. */
struct values {
	double *v;
	size_t n;
};

struct sweep {
	struct streaming_front *front;
	struct streaming_knapsack grid;
	struct values group[STREAMING_MAX_GROUPS];
	struct streaming_candidate *room[BARISTA_MAX_UNROLLED];
	double least_d, least_b, unit_d, unit_b;
	size_t step; /* in the thresholds: every so many-th is looked at */
	struct barista_err *err;
};

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void distinct(struct values *values)
{
	size_t kept = 0;

	qsort(values->v, values->n, sizeof *values->v, by_value);
	for (size_t i = 0; i < values->n; i++)
		if (!kept || values->v[kept - 1] != values->v[i])
			values->v[kept++] = values->v[i];
	values->n = kept;
}

static int list_values(struct sweep *s)
{
	const struct streaming_front *f = s->front;
	size_t n = 0;

	for (size_t l = 0; l < f->nlayers; l++)
		n += f->options[l].n;
	for (size_t g = 0; g < f->ngroups; g++)
		if (!(s->group[g].v = malloc(STREAMING_PASSES * n * sizeof(double))))
			return barista_no_memory(s->err);
	for (size_t l = 0; l < f->nlayers; l++) {
		for (size_t i = 0; i < f->options[l].n; i++) {
			for (int p = 0; p < STREAMING_PASSES; p++) {
				struct values *v = &s->group[f->stage[l].group[p]];

				v->v[v->n++] = f->options[l].option[i].competing[p];
			}
		}
	}
	for (size_t g = 0; g < f->ngroups; g++)
		distinct(&s->group[g]);
	return 0;
}

/* What the maxima may be at most; which of them some layer's option reaches, and the least that any
 * design has. */
struct limits {
	double most[STREAMING_MAX_GROUPS], least[STREAMING_MAX_GROUPS];
	bool reached[STREAMING_MAX_GROUPS];
};

static bool within(const struct streaming_option *o, const size_t *group, const struct limits *m)
{
	for (int p = 0; p < STREAMING_PASSES; p++)
		if (o->competing[p] > m->most[group[p]])
			return false;
	return true;
}

static void note(struct limits *m, const size_t *group, const struct streaming_options *menu)
{
	double least[STREAMING_PASSES] = {INFINITY, INFINITY, INFINITY};

	for (size_t i = 0; i < menu->n; i++) {
		if (!within(&menu->option[i], group, m))
			continue;
		for (int p = 0; p < STREAMING_PASSES; p++) {
			m->reached[group[p]] |= menu->option[i].competing[p] == m->most[group[p]];
			least[p] = fmin(least[p], menu->option[i].competing[p]);
		}
	}
	for (int p = 0; p < STREAMING_PASSES; p++)
		m->least[group[p]] = fmax(m->least[group[p]], least[p]);
}

/* A layer's options within the limits, by what they take beyond its least; false when there are
 * none. */
static bool cut_layer(struct streaming_threshold_case *cut, size_t l,
		      const struct streaming_front *f, const struct limits *m)
{
	int least_d = INT32_MAX, least_b = INT32_MAX;

	cut->ncandidates[l] = 0;
	for (size_t i = 0; i < f->options[l].n; i++) {
		const struct streaming_option *o = &f->options[l].option[i];

		if (!within(o, f->stage[l].group, m))
			continue;
		cut->candidate[l][cut->ncandidates[l]++] = (struct streaming_candidate){
			o->additive, o->multiplier_units, o->bram_units, (uint32_t)i};
		least_d = o->multiplier_units < least_d ? o->multiplier_units : least_d;
		least_b = o->bram_units < least_b ? o->bram_units : least_b;
	}
	if (!cut->ncandidates[l])
		return false;
	for (size_t i = 0; i < cut->ncandidates[l]; i++)
		cut->candidate[l][i].rows -= least_d, cut->candidate[l][i].columns -= least_b;
	cut->row += least_d, cut->column += least_b;
	return true;
}

/* The options within the first n limits; false when they make no design, or one of these is not
 * reached. */
static bool make_cut(struct sweep *s, struct limits *m, size_t n,
		     struct streaming_threshold_case *cut)
{
	const struct streaming_front *f = s->front;

	for (size_t g = 0; g < f->ngroups; g++) {
		if (g >= n)
			m->most[g] = INFINITY;
		m->least[g] = 0;
		m->reached[g] = g >= n;
	}
	cut->row = -(int)s->least_d, cut->column = -(int)s->least_b, cut->threshold_cycles = 0;
	for (size_t l = 0; l < f->nlayers; l++) {
		cut->candidate[l] = s->room[l];
		if (!cut_layer(cut, l, f, m))
			return false;
		note(m, f->stage[l].group, &f->options[l]);
	}
	for (size_t g = 0; g < f->ngroups; g++) {
		cut->threshold_cycles += g < n ? m->most[g] : m->least[g];
		if (!m->reached[g])
			return false;
	}
	return cut->row < s->grid.rows && cut->column < s->grid.columns;
}

static bool stopped(const struct sweep *s)
{
	struct barista_enumeration *listing = s->front->enumeration;

	listing->stopped |= listing->stop && *listing->stop;
	return listing->stopped;
}

static void report(const struct sweep *s, size_t i)
{
	const struct barista_enumeration *listing = s->front->enumeration;

	if (listing->progress)
		listing->progress(listing->progress_user,
				  s->front->fronts_done + (double)i / (double)s->group[0].n,
				  s->front->fronts, (double)NAN);
}

/* Thresholds for the groups from g on, those before given. Where the least of what is still open
 * already helps nothing, none of it is looked at. */
static int sweep_groups(struct sweep *s, struct limits *m, size_t g)
{
	size_t n = s->group[g].n;
	int rc = 0;

	for (size_t i = (n - 1) % s->step; i < n && !rc && !stopped(s); i += s->step) {
		struct streaming_threshold_case cut;

		if (!g && s->step == 1)
			report(s, i);
		m->most[g] = s->group[g].v[i];
		if (!make_cut(s, m, g + 1, &cut) ||
		    !barista_streaming_knapsack_bound(&s->grid, &cut))
			continue;
		rc = g + 1 < s->front->ngroups
			     ? sweep_groups(s, m, g + 1)
			     : barista_streaming_knapsack_run(&s->grid, &cut, s->err);
	}
	return rc;
}

/* A few thresholds first: with their designs known, the bounds of the others leave out more. */
static int sweep_all(struct sweep *s)
{
	enum { FEW = 3 };
	struct limits m;
	int rc;

	s->step = FEW;
	rc = sweep_groups(s, &m, 0);
	s->step = 1;
	return rc ? rc : sweep_groups(s, &m, 0);
}

static double gcd(double a, double b)
{
	while (b != 0) {
		double rest = fmod(a, b);

		a = b, b = rest;
	}
	return a;
}

/* Counts in the largest units that keep them whole: block RAMs in halves at least. */
static void count_units(struct sweep *s)
{
	const struct streaming_front *f = s->front;

	for (size_t l = 0; l < f->nlayers; l++) {
		for (size_t i = 0; i < f->options[l].n; i++) {
			s->unit_d = gcd(s->unit_d, f->options[l].option[i].multipliers);
			s->unit_b = gcd(s->unit_b, 2 * f->options[l].option[i].bram);
		}
	}
	s->unit_d = fmax(s->unit_d, 1), s->unit_b = fmax(s->unit_b, 1);
	for (size_t l = 0; l < f->nlayers; l++) {
		for (size_t i = 0; i < f->options[l].n; i++) {
			struct streaming_option *o = &f->options[l].option[i];

			o->multiplier_units = (int)(o->multipliers / s->unit_d),
			o->bram_units = (int)(2 * o->bram / s->unit_b);
		}
	}
}

/* The grid runs from the least of all layers to the budgets or, if that is less, to the most of all
 * layers. */
static int make_grid(struct sweep *s)
{
	const struct streaming_front *f = s->front;
	double most_d = 0, most_b = 0;

	for (size_t l = 0; l < f->nlayers; l++) {
		double least[2] = {INFINITY, INFINITY}, most[2] = {0, 0};

		for (size_t i = 0; i < f->options[l].n; i++) {
			const struct streaming_option *o = &f->options[l].option[i];

			least[0] = fmin(least[0], o->multiplier_units),
			least[1] = fmin(least[1], o->bram_units);
			most[0] = fmax(most[0], o->multiplier_units),
			most[1] = fmax(most[1], o->bram_units);
		}
		s->least_d += least[0], s->least_b += least[1];
		most_d += most[0], most_b += most[1];
		s->room[l] = malloc(f->options[l].n * sizeof *s->room[l]);
		if (!s->room[l])
			return barista_no_memory(s->err);
	}
	most_d = fmin(most_d, floor(f->max_multipliers / s->unit_d));
	most_b = fmin(most_b, floor(2 * f->max_bram / s->unit_b));
	return barista_streaming_knapsack_make(&s->grid, f, (int)(most_d - s->least_d) + 1,
					       (int)(most_b - s->least_b) + 1, s->err);
}

static bool competes(const struct streaming_options *menu, int p)
{
	size_t i = 0;

	while (i < menu->n && !(menu->option[i].competing[p] > 0))
		i++;
	return i < menu->n;
}

/* Passes of a group that compete at all. */
static size_t members(const struct streaming_front *f, size_t group)
{
	size_t n = 0;

	for (size_t l = 0; l < f->nlayers; l++)
		for (int p = 0; p < STREAMING_PASSES; p++)
			n += f->stage[l].group[p] == group && competes(&f->options[l], p);
	return n;
}

/* The longest of one pass is that pass: it adds up like the fills, and there is no threshold to
 * look for. */
static void fold_single(struct streaming_front *f)
{
	for (size_t l = 0; l < f->nlayers; l++) {
		for (int p = 0; p < STREAMING_PASSES; p++) {
			if (members(f, f->stage[l].group[p]) != 1)
				continue;
			for (size_t i = 0; i < f->options[l].n; i++) {
				f->options[l].option[i].additive +=
					f->options[l].option[i].competing[p];
				f->options[l].option[i].competing[p] = 0;
			}
		}
	}
}

/* Where neither fewer multipliers nor fewer block RAMs are as fast. */
static int offer_all(struct sweep *s)
{
	const struct streaming_knapsack *g = &s->grid;
	int rc = 0;

	for (int r = 0; r < g->rows; r++) {
		for (int x = 0; x < g->columns && !rc; x++) {
			const double *best = &g->cycles[(size_t)r * (size_t)g->columns + (size_t)x];

			if (isfinite(*best) && (!r || *best < best[-g->columns]) &&
			    (!x || *best < best[-1]))
				rc = barista_streaming_add_design(
					s->front,
					g->stored +
						g->nlayers *
							g->design[(size_t)r * (size_t)g->columns +
								  (size_t)x],
					s->err);
		}
	}
	return rc;
}

int barista_streaming_threshold_sweep(struct streaming_front *f, struct barista_err *err)
{
	struct sweep s = {.front = f, .err = err};
	int rc;

	fold_single(f);
	count_units(&s);
	rc = make_grid(&s);
	if (!rc && !(rc = list_values(&s)) && !(rc = sweep_all(&s)))
		rc = offer_all(&s);
	barista_streaming_knapsack_free(&s.grid);
	for (size_t l = 0; l < f->nlayers; l++)
		free(s.room[l]);
	for (size_t g = 0; g < f->ngroups; g++)
		free(s.group[g].v);
	return rc;
}
