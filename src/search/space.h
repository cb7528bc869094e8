/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_SPACE_H
#define SEARCH_SPACE_H

#include "barista/family.h"

/* Adds a precision to search, by its text. Errors: BARISTA_E_ARGUMENT, also for one that is there.
 */
int barista_space_add_precision(struct barista_space *space, const char *name,
				struct barista_err *err);

/* Takes every whole value up to what is useful on this network. Knobs that are searched only on
 * demand stay at their defaults. */
void barista_space_full(struct barista_space *space, const struct barista_model *model);

/* Takes the powers of two up to what is useful on this network. Knobs that are searched only on
 * demand stay at their defaults. */
void barista_space_default(struct barista_space *space, const struct barista_model *model);

/* Number of values of a range, and value i (ascending). */
size_t barista_range_size(const struct barista_range *range);
double barista_range_value(const struct barista_range *range, size_t i);

/* Is this one of the space's points? */
bool barista_space_holds(const struct barista_space *space, const struct barista_family *family,
			 const struct barista_point *point);

/* The knobs of a space from the outermost in: level 0 is the choice, the last one the inner knob.
 */
struct barista_levels {
	const struct barista_space *space;
	size_t n, knob[BARISTA_MAX_KNOBS], size[BARISTA_MAX_KNOBS];
	double below[BARISTA_MAX_KNOBS]; /* points under one value of the level */
	double points;
};

/* Puts the knobs in the family's order, or in one in which knobs that grow the resources come
 * last, so that the points after one that is over a budget are over it too. Fails when a range
 * holds no value, or the device cannot build a precision. */
int barista_levels_make(struct barista_levels *out, const struct barista_space *space,
			const struct barista_model *model, bool growing_last,
			struct barista_err *err);
double barista_levels_value(const struct barista_levels *levels, size_t level, size_t i);

#endif
