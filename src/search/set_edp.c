/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The least energy times delay that some kernels reach together, exactly. The product depends on
 * the choice of all layers at once. Times and energies of all choices are points of a plane; the
 * product of the two is least at a corner of their lower convex hull, because it is quasi-concave.
 * That hull is the sum of the hulls of the layers: begin with every layer on its fastest kernel,
 * and take the steps of all hulls by how much energy they save per time, most first. Every corner
 * is passed. The cost is that of sorting the steps. */
#include "search/set_edp.h"

#include <stdlib.h>

static struct barista_cost cost(const struct barista_candidate *c, size_t class)
{
	return (struct barista_cost){c->class_time[class],
				     c->metric[BARISTA_POWER] * c->class_time[class]};
}

/* Does a step from `from` to `a` save more energy per time than one to `b`, or as much in a longer
 * step? */
static bool steeper(struct barista_cost from, struct barista_cost a, struct barista_cost b)
{
	double left = (from.energy - a.energy) * (b.time - from.time),
	       right = (from.energy - b.energy) * (a.time - from.time);

	return left > right || (left == right && a.time > b.time);
}

/* The next corner of a layer's hull; false when there is none. */
static bool next_corner(const struct barista_candidate *const *kernel, size_t n, size_t class,
			struct barista_cost from, struct barista_cost *next)
{
	bool found = false;

	for (size_t i = 0; i < n; i++) {
		struct barista_cost c = cost(kernel[i], class);

		if (c.time <= from.time || c.energy >= from.energy ||
		    (found && !steeper(from, c, *next)))
			continue;
		*next = c;
		found = true;
	}
	return found;
}

static struct barista_cost fastest(const struct barista_candidate *const *kernel, size_t n,
				   size_t class)
{
	struct barista_cost best = cost(kernel[0], class);

	for (size_t i = 1; i < n; i++) {
		struct barista_cost c = cost(kernel[i], class);

		if (c.time < best.time || (c.time == best.time && c.energy < best.energy))
			best = c;
	}
	return best;
}

static int by_slope(const void *a, const void *b)
{
	const struct barista_cost *p = a, *q = b;
	double left = p->energy * q->time, right = q->energy * p->time;

	return (left > right) - (left < right);
}

struct barista_cost barista_set_least_edp(const struct barista_lowered *lowered,
					  const struct barista_candidate *const *kernel, size_t n,
					  struct barista_cost *step)
{
	struct barista_cost all = {0, 0}, best;
	size_t nsteps = 0;

	for (size_t s = 0; s < lowered->nclasses; s++) {
		double layers = (double)lowered->layer_class[s].multiplicity;
		struct barista_cost at = fastest(kernel, n, s), next = at;

		all.time += layers * at.time;
		all.energy += layers * at.energy;
		for (; next_corner(kernel, n, s, at, &next); at = next)
			step[nsteps++] = (struct barista_cost){layers * (next.time - at.time),
							       layers * (next.energy - at.energy)};
	}
	qsort(step, nsteps, sizeof *step, by_slope);
	best = all;
	for (size_t i = 0; i < nsteps; i++) {
		all.time += step[i].time;
		all.energy += step[i].energy;
		if (all.time * all.energy < best.time * best.energy)
			best = all;
	}
	return best;
}
