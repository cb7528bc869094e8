/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every architecture has, under names of one pattern, each in a file named after its role.
 * Only the folders of architectures include this. */
#ifndef MODEL_FAMILY_PARTS_H
#define MODEL_FAMILY_PARTS_H

#include "barista/family.h"

/* Declares barista_NAME_knobs[] (knobs.c), _term_table[] (terms.c), _parse() and _format()
 * (notation.c), _resources() (resources.c), _times() (times.c). */
#define BARISTA_FAMILY_DECLARE(name, knobs, terms)                                               \
	extern const struct barista_knob barista_##name##_knobs[knobs];                          \
	extern const struct barista_term barista_##name##_term_table[terms];                     \
	int barista_##name##_parse(const char *text, struct barista_point *out,                  \
				   struct barista_err *err);                                     \
	void barista_##name##_format(const struct barista_point *point, char *buf, size_t size); \
	void barista_##name##_resources(const struct barista_model *model,                       \
					struct barista_batch *batch);                            \
	void barista_##name##_times(const struct barista_model *model, struct barista_batch *batch)

/* They as members of its struct barista_family, with what its NAME.c has itself: max_useful()
 * and validate(). */
#define BARISTA_FAMILY_PARTS(name)                                                               \
	.knob = barista_##name##_knobs,                                                          \
	.nknobs = sizeof barista_##name##_knobs / sizeof *barista_##name##_knobs,                \
	.term = barista_##name##_term_table,                                                     \
	.nterms = sizeof barista_##name##_term_table / sizeof *barista_##name##_term_table,      \
	.parse = barista_##name##_parse, .format = barista_##name##_format,                      \
	.max_useful = max_useful, .validate = validate, .resources = barista_##name##_resources, \
	.times = barista_##name##_times

/* The same for a family that enumerates its designs and whose layers are more than GEMMs:
 * _enumerate() (enumerate.c), _time_part_count() and _time_part() (terms.c). */
#define BARISTA_FAMILY_DECLARE_ENUMERATED(name)                                                \
	int barista_##name##_enumerate(struct barista_enumeration *enumeration,                \
				       struct barista_err *err);                               \
	size_t barista_##name##_time_part_count(const struct barista_model *model,             \
						const struct barista_point *point,             \
						size_t layer_class);                           \
	void barista_##name##_time_part(const struct barista_model *model,                     \
					const struct barista_point *point, size_t layer_class, \
					size_t i, struct barista_time_part *out)
#define BARISTA_FAMILY_ENUMERATED(name)                      \
	.enumerate = barista_##name##_enumerate,             \
	.time_part_count = barista_##name##_time_part_count, \
	.time_part = barista_##name##_time_part

/* Quantities of the board for the head of a report. */
#define BARISTA_FAMILY_HEADLINE(list) .headline = (list), .nheadline = sizeof(list) / sizeof *(list)

/* What is taken when none is named: a board of devices/, a precision, a design. */
#define BARISTA_FAMILY_DEFAULTS(board, precision, design) \
	.default_board = (board), .default_precision = (precision), .default_design = (design)

#endif
