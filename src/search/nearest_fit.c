/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search/nearest_fit.h"

#include "model/evaluate.h"
#include "model/metric.h"
#include "search/inner_loop.h"
#include "search/ranking.h"

#include <math.h>
#include <stdio.h>

enum { MAX_STEPS = 24, MAX_TRIALS = 50000 };

struct fit_search {
	const struct barista_model *model;
	const struct barista_point *from;
	bool shrink, grow;                  /* which steps can help */
	int most;                           /* steps of one knob */
	int movable[BARISTA_MAX_KNOBS + 1]; /* how many knobs from k on can take steps */
	long trials;                        /* left, of designs and of ways that lead to none */
	bool found;
	struct barista_point best;
	double metric[BARISTA_NMETRICS]; /* of the best */
};

static bool fits(struct fit_search *f, const struct barista_point *p, double *metric)
{
	struct barista_err err;

	f->trials--;
	return !f->model->family->validate(f->model, p, &err) &&
	       !barista_budgets_exceeded(f->model, p, metric);
}

/* Moves a knob back towards where it was, as far as the design still fits. */
static void move_back(struct fit_search *f, struct barista_point *p, size_t k)
{
	double good = p->knob[k], bad = f->from->knob[k], metric[BARISTA_NMETRICS];

	while (fabs(bad - good) > 1) {
		double mid = floor((good + bad) / 2);

		p->knob[k] = mid;
		*(fits(f, p, metric) ? &good : &bad) = mid;
	}
	p->knob[k] = good;
}

static void keep(struct fit_search *f, struct barista_point p)
{
	const struct barista_family *family = f->model->family;
	double metric[BARISTA_NMETRICS];

	for (size_t k = 0; k < family->nknobs; k++)
		move_back(f, &p, k);
	if (!fits(f, &p, metric))
		return;
	if (f->found && (metric[BARISTA_PEAK] < f->metric[BARISTA_PEAK] ||
			 (metric[BARISTA_PEAK] == f->metric[BARISTA_PEAK] &&
			  barista_tie_order(family, metric, &p, f->metric, &f->best) >= 0)))
		return;
	f->found = true;
	f->best = p;
	for (int m = 0; m < BARISTA_NMETRICS; m++)
		f->metric[m] = metric[m];
}

static bool shrinks(const struct fit_search *f, size_t k)
{
	const struct barista_knob *knob = &f->model->family->knob[k];

	return f->shrink && !knob->categorical && knob->monotone_resources && f->from->knob[k] > 1;
}

/* What is at its default, and only searched on demand, stays there. */
static bool grows(const struct fit_search *f, size_t k)
{
	const struct barista_knob *knob = &f->model->family->knob[k];

	return f->grow && !knob->categorical && isnan(knob->default_value) && f->from->knob[k] >= 1;
}

/* Tries all ways to take so many steps with the knobs from k on. */
static void step(struct fit_search *f, struct barista_point p, size_t k, int steps)
{
	const struct barista_family *family = f->model->family;
	double metric[BARISTA_NMETRICS], value;

	if (!steps && fits(f, &p, metric))
		keep(f, p);
	/* What cannot take all steps any more counts too, as there are far more of those. */
	if (!steps || f->trials-- <= 0 || steps > f->most * f->movable[k])
		return;
	step(f, p, k + 1, steps);
	value = p.knob[k];
	for (int n = 1; shrinks(f, k) && n <= steps && n <= f->most; n++) {
		p.knob[k] = ceil(value / exp2(n));
		if (p.knob[k] == ceil(value / exp2(n - 1)) || p.knob[k] < family->knob[k].lo)
			break;
		step(f, p, k + 1, steps - n);
	}
	for (int n = 1; grows(f, k) && n <= steps && n <= f->most; n++) {
		p.knob[k] = value * exp2(n);
		if (p.knob[k] > family->knob[k].hi)
			break;
		step(f, p, k + 1, steps - n);
	}
}

bool barista_nearest_fit(const struct barista_model *model, const struct barista_point *point,
			 struct barista_point *nearest)
{
	struct fit_search f = {.model = model, .from = point, .trials = MAX_TRIALS};
	double metric[BARISTA_NMETRICS];
	unsigned over = barista_budgets_exceeded(model, point, metric);

	for (int b = 0; b < barista_nbudgets; b++)
		if (over >> b & 1)
			*(barista_budget_defs[b].at_least ? &f.grow : &f.shrink) = true;
	for (size_t k = model->family->nknobs; k-- > 0;)
		f.movable[k] = f.movable[k + 1] + (shrinks(&f, k) || grows(&f, k));
	for (f.most = 1; !point->nstages && f.most <= MAX_STEPS && !f.found && f.trials > 0;
	     f.most++)
		for (int steps = f.most; steps <= f.most * f.movable[0] && !f.found && f.trials > 0;
		     steps++)
			step(&f, *point, 0, steps);
	if (f.found)
		*nearest = f.best;
	return f.found;
}

void barista_nearest_fit_text(const struct barista_model *model, const struct barista_point *point,
			      char *buf, size_t size)
{
	const struct barista_family *family = model->family;
	struct barista_point nearest;
	char text[BARISTA_POINT_TEXT];
	size_t n, changes = 0;

	buf[0] = '\0';
	if (!barista_nearest_fit(model, point, &nearest))
		return;
	family->format(&nearest, text, sizeof text);
	n = (size_t)snprintf(buf, size, "%s: ", text);
	for (size_t k = 0; k < family->nknobs && n < size; k++) {
		double from = point->knob[k], to = nearest.knob[k];

		if (from != to)
			n += (size_t)snprintf(buf + n, size - n, "%s%s %s to %.0f",
					      changes++ ? ", " : "", to > from ? "raise" : "lower",
					      family->knob[k].name, to);
	}
}
