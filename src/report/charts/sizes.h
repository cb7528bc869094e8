/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A size of kernels is a value of each of the family's first two knobs; the other knobs are at
 * their best. */
#ifndef REPORT_CHARTS_SIZES_H
#define REPORT_CHARTS_SIZES_H

#include "report/report.h"

enum { BARISTA_MAX_SIDES = 17 };

/* Fills in values of a knob to show and returns how many: all that were searched, or, if they are
 * too many, the powers of two among them and the value of the best kernel. */
size_t barista_sides(const struct barista_board *b, size_t knob, double side[BARISTA_MAX_SIDES]);

/* Writes what the charts show of a size, with the unit of its values: "ppw_mean [Gop/s/W]". */
const char *barista_size_label(const struct barista_report *r, char buf[64]);

/* Is more of that better? */
bool barista_more_is_better(const struct barista_report *r);

/* This is the best kernel of one size and precision: its metric of the objective, in the unit of
 * the label, and whether it fits the board. What does not fit is searched with the board's budgets
 * lifted; value is NaN where even that finds none. */
struct barista_size_best {
	double value;
	bool fits;
};

/* Searches the report's first board. `down` and `across` are values of the first and of the second
 * knob, and `choice` is one of the categorical knob. Errors: BARISTA_E_STOPPED, BARISTA_E_SYSTEM.
 */
int barista_best_of_size(const struct barista_report *r, double down, double across, double choice,
			 struct barista_size_best *best, struct barista_err *err);

#endif
