/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_WHAT_IF_H
#define SEARCH_WHAT_IF_H

#include "barista/family.h"

enum { BARISTA_WHAT_IF_PARAMS = 8, BARISTA_WHAT_IF_ROWS = 5 };

/* The optimum with one fact scaled. Changes are fractions of what is now: 0.1 is 10 % more. */
struct barista_what_if_row {
	double factor;              /* 0.5, 0.8, 1, 1.25 or 2 */
	double value;               /* of the fact: in its bounds, and whole if it is a count */
	bool feasible;              /* false: no kernel fits, the rest is NaN and the point zeros */
	struct barista_point point; /* best single kernel, by the objective */
	double best, best_change;   /* its metric of the objective */
	double time, time_change;   /* s per image of the fastest kernel */
};

struct barista_what_if {
	enum barista_param param;
	bool less; /* less of it is better: a time */
	int sign;  /* of a change of `best` for the better: 1 more, -1 less */
	size_t n;  /* rows; that of factor 1 is always there. 0: the family has no more facts */
	struct barista_what_if_row
		row[BARISTA_WHAT_IF_ROWS]; /* by factor, ascending; without those that the
					    * bounds or rounding make equal to another */
	double sensitivity; /* d ln best / d ln value around 1, from 0.8 and 1.25 or, where one of
			     * them can't be, from 1 and the other; NaN when neither can */
	double gain; /* how much better `best` is at 1.25, at 0.8 when less of the fact is better;
		      * 0 when that can't be */
};

/* Searches the space exactly, with one fact of the device scaled at a time: clock, DSPs, block
 * RAMs, and what the family shows at the head of a report, at most BARISTA_WHAT_IF_PARAMS. Nothing
 * else changes with it, power neither (but where it counts the blocks used). The useful range of a
 * knob depends on the network, the precision and the bus only, so that the space of the device as
 * it is serves for all. `out` is in the order of buying: largest gain first. Of the options,
 * objective, deadline and stop count; stopping is a failure (BARISTA_E_STOPPED).
 * BARISTA_E_INFEASIBLE when no kernel fits the device as it is. */
int barista_what_if(const struct barista_model *model, const struct barista_space *space,
		    const struct barista_search_options *options,
		    struct barista_what_if out[BARISTA_WHAT_IF_PARAMS], struct barista_err *err);

/* Returns the row of a factor, or NULL. */
const struct barista_what_if_row *barista_what_if_at(const struct barista_what_if *what_if,
						     double factor);

#endif
