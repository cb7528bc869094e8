/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_INPUT_SIZES_H
#define IMPORT_INPUT_SIZES_H

#include "import/graph.h"

/* The sizes that the user gave for inputs: "3x224x224", or "NAME=3x224x224". */
struct barista_inputs;

int barista_inputs_parse(struct barista_inputs **out, const char *const *text, size_t n,
			 struct barista_arena *arena, struct barista_err *err);

/* The sizes given for this name, without the batch; failing that, those without a name, when
 * `main`. NULL when there are none. What was asked for counts as used. */
const struct barista_dims *barista_inputs_find(struct barista_inputs *inputs, const char *name,
					       bool main);

/* The name of the next input from *i on that was given and not asked for; NULL: there is none. */
const char *barista_inputs_unused(const struct barista_inputs *inputs, size_t *i);

/* Fails when something was given that nobody asked for. known: the names that may be used, for the
 * message. */
int barista_inputs_check(const struct barista_inputs *inputs, const char *known,
			 struct barista_err *err);

#endif
