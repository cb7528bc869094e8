/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The front of one number format and one kind of engines. A sample takes the sum of three maxima over the layers and of
 * fills: for every three thresholds that the maxima can have, the layers' options that meet them add up in a grid of
 * multipliers by block RAMs. DSPs, LUTs and flip-flops grow with the multipliers, so that whoever has no more of these
 * has no more of those. */
#include "base/err.h"
#include "model/streaming_grid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Distinct values, ascending. */
struct values { double *v; size_t n; };

struct sweep {
	struct stream_front *front;
	struct stream_grid grid;
	struct values fp, bp, wg;
	struct stream_pick *room[BARISTA_MAX_UNROLLED];
	double least_d, least_b, unit_d, unit_b;
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
	const struct stream_front *f = s->front;
	size_t n = 0;

	for (size_t l = 0; l < f->nlayers; l++)
		n += f->menu[l].n;
	s->fp.v = malloc(n * sizeof(double));
	s->bp.v = malloc(n * sizeof(double));
	s->wg.v = malloc(n * sizeof(double));
	if (!s->fp.v || !s->bp.v || !s->wg.v)
		return barista_no_memory(s->err);
	for (size_t l = 0; l < f->nlayers; l++) {
		for (size_t i = 0; i < f->menu[l].n; i++) {
			const struct stream_option *o = &f->menu[l].option[i];

			s->fp.v[s->fp.n++] = o->fp, s->bp.v[s->bp.n++] = o->bp, s->wg.v[s->wg.n++] = o->wg;
		}
	}
	distinct(&s->fp), distinct(&s->bp), distinct(&s->wg);
	return 0;
}

/* What three maxima may be at most; which of them some layer's option reaches, and the least that any design has. */
struct limits {
	double fp, bp, wg;
	bool at_fp, at_bp, at_wg;
	double least_fp, least_bp, least_wg;
};

static void note(struct limits *m, const struct stream_menu *menu)
{
	double fp = INFINITY, bp = INFINITY, wg = INFINITY;

	for (size_t i = 0; i < menu->n; i++) {
		const struct stream_option *o = &menu->option[i];

		if (o->fp > m->fp || o->bp > m->bp || o->wg > m->wg)
			continue;
		m->at_fp |= o->fp == m->fp, m->at_bp |= o->bp == m->bp, m->at_wg |= o->wg == m->wg;
		fp = fmin(fp, o->fp), bp = fmin(bp, o->bp), wg = fmin(wg, o->wg);
	}
	m->least_fp = fmax(m->least_fp, fp), m->least_bp = fmax(m->least_bp, bp), m->least_wg = fmax(m->least_wg, wg);
}

/* A layer's options within the limits, by what they take beyond its least; false when there are none. */
static bool cut_layer(struct stream_cut *cut, size_t l, const struct stream_menu *menu, const struct limits *m)
{
	int least_d = INT32_MAX, least_b = INT32_MAX;

	cut->n[l] = 0;
	for (size_t i = 0; i < menu->n; i++) {
		const struct stream_option *o = &menu->option[i];

		if (o->fp > m->fp || o->bp > m->bp || o->wg > m->wg)
			continue;
		cut->pick[l][cut->n[l]++] = (struct stream_pick){o->fill, o->d, o->b, (uint16_t)i};
		least_d = o->d < least_d ? o->d : least_d;
		least_b = o->b < least_b ? o->b : least_b;
	}
	if (!cut->n[l])
		return false;
	for (size_t i = 0; i < cut->n[l]; i++)
		cut->pick[l][i].d -= least_d, cut->pick[l][i].b -= least_b;
	cut->d += least_d, cut->b += least_b;
	return true;
}

/* The options within the limits; false when they make no design, or none that may be better than those known. */
static bool make_cut(struct sweep *s, struct limits *m, struct stream_cut *cut)
{
	const struct stream_front *f = s->front;

	cut->d = -(int)s->least_d, cut->b = -(int)s->least_b;
	for (size_t l = 0; l < f->nlayers; l++) {
		cut->pick[l] = s->room[l];
		if (!cut_layer(cut, l, &f->menu[l], m))
			return false;
		note(m, &f->menu[l]);
	}
	cut->cycles = (isfinite(m->fp) ? m->fp : m->least_fp) + (isfinite(m->bp) ? m->bp : m->least_bp) +
		      (isfinite(m->wg) ? m->wg : m->least_wg);
	return cut->d < s->grid.rows && cut->b < s->grid.columns;
}

static bool stopped(const struct sweep *s)
{
	struct barista_listing *listing = s->front->listing;

	listing->stopped |= listing->stop && *listing->stop;
	return listing->stopped;
}

/* Thresholds for the weight gradients, the other two given. */
static int sweep_wg(struct sweep *s, double fp, double bp)
{
	struct stream_cut cut;
	int rc = 0;

	for (size_t i = 0; i < s->wg.n && !rc && !stopped(s); i++) {
		struct limits m = {.fp = fp, .bp = bp, .wg = s->wg.v[i]};

		if (make_cut(s, &m, &cut) && m.at_fp && m.at_bp && m.at_wg && barista_streaming_grid_bound(&s->grid, &cut))
			rc = barista_streaming_grid_run(&s->grid, &cut, s->err);
	}
	return rc;
}

/* For the errors. Where the least of what is still open already helps nothing, none of it is looked at. */
static int sweep_bp(struct sweep *s, double fp)
{
	struct stream_cut cut;
	int rc = 0;

	for (size_t i = 0; i < s->bp.n && !rc; i++) {
		struct limits m = {.fp = fp, .bp = s->bp.v[i], .wg = INFINITY};

		if (make_cut(s, &m, &cut) && m.at_fp && m.at_bp && barista_streaming_grid_bound(&s->grid, &cut))
			rc = sweep_wg(s, fp, s->bp.v[i]);
	}
	return rc;
}

static int sweep_fp(struct sweep *s)
{
	struct barista_listing *listing = s->front->listing;
	struct stream_cut cut;
	int rc = 0;

	for (size_t i = 0; i < s->fp.n && !rc && !stopped(s); i++) {
		struct limits m = {.fp = s->fp.v[i], .bp = INFINITY, .wg = INFINITY};

		if (listing->progress)
			listing->progress(listing->progress_user, (double)i, (double)s->fp.n, (double)s->grid.nstored);
		if (make_cut(s, &m, &cut) && m.at_fp && barista_streaming_grid_bound(&s->grid, &cut))
			rc = sweep_bp(s, s->fp.v[i]);
	}
	return rc;
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
	const struct stream_front *f = s->front;

	for (size_t l = 0; l < f->nlayers; l++) {
		for (size_t i = 0; i < f->menu[l].n; i++) {
			s->unit_d = gcd(s->unit_d, f->menu[l].option[i].multipliers);
			s->unit_b = gcd(s->unit_b, 2 * f->menu[l].option[i].bram);
		}
	}
	s->unit_d = fmax(s->unit_d, 1), s->unit_b = fmax(s->unit_b, 1);
	for (size_t l = 0; l < f->nlayers; l++) {
		for (size_t i = 0; i < f->menu[l].n; i++) {
			struct stream_option *o = &f->menu[l].option[i];

			o->d = (int)(o->multipliers / s->unit_d), o->b = (int)(2 * o->bram / s->unit_b);
		}
	}
}

/* The grid runs from the least of all layers to the budgets or, if that is less, to the most of all layers. */
static int make_grid(struct sweep *s)
{
	const struct stream_front *f = s->front;
	double most_d = 0, most_b = 0;

	for (size_t l = 0; l < f->nlayers; l++) {
		double least[2] = {INFINITY, INFINITY}, most[2] = {0, 0};

		for (size_t i = 0; i < f->menu[l].n; i++) {
			const struct stream_option *o = &f->menu[l].option[i];

			least[0] = fmin(least[0], o->d), least[1] = fmin(least[1], o->b);
			most[0] = fmax(most[0], o->d), most[1] = fmax(most[1], o->b);
		}
		s->least_d += least[0], s->least_b += least[1];
		most_d += most[0], most_b += most[1];
		s->room[l] = malloc(f->menu[l].n * sizeof *s->room[l]);
		if (!s->room[l])
			return barista_no_memory(s->err);
	}
	most_d = fmin(most_d, floor(f->most_multipliers / s->unit_d));
	most_b = fmin(most_b, floor(2 * f->most_bram / s->unit_b));
	return barista_streaming_grid_make(&s->grid, f, (int)(most_d - s->least_d) + 1, (int)(most_b - s->least_b) + 1, s->err);
}

/* Where neither fewer multipliers nor fewer block RAMs are as fast. */
static int offer_all(struct sweep *s)
{
	const struct stream_grid *g = &s->grid;
	int rc = 0;

	for (int r = 0; r < g->rows; r++) {
		for (int x = 0; x < g->columns && !rc; x++) {
			const double *best = &g->best[(size_t)r * (size_t)g->columns + (size_t)x];

			if (isfinite(*best) && (!r || *best < best[-g->columns]) && (!x || *best < best[-1]))
				rc = barista_streaming_offer(s->front, g->store + g->nlayers *
					g->design[(size_t)r * (size_t)g->columns + (size_t)x], s->err);
		}
	}
	return rc;
}

int barista_streaming_sweep(struct stream_front *f, struct barista_err *err)
{
	struct sweep s = {.front = f, .err = err};
	int rc;

	count_units(&s);
	rc = make_grid(&s);
	if (!rc && !(rc = list_values(&s)) && !(rc = sweep_fp(&s)))
		rc = offer_all(&s);
	barista_streaming_grid_free(&s.grid);
	for (size_t l = 0; l < f->nlayers; l++)
		free(s.room[l]);
	free(s.fp.v), free(s.bp.v), free(s.wg.v);
	return rc;
}
