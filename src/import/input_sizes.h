/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_INPUT_SIZES_H
#define IMPORT_INPUT_SIZES_H

#include "import/graph.h"

/* The sizes that the user gives for inputs of the network, without the batch: "3x224x224" for the
 * main input, or "NAME=3x224x224". An entry counts as used once a reader has asked for it. */
struct barista_inputs;

/* Reads n such texts into *out, which lives in the arena as the names do. A text has at most five
 * sizes, each from 1 to 2^24. Errors: BARISTA_E_ARGUMENT for other texts and for an input that is
 * given twice, BARISTA_E_SYSTEM. */
int barista_inputs_parse(struct barista_inputs **out, const char *const *text, size_t n,
			 struct barista_arena *arena, struct barista_err *err);

/* Returns the sizes that were given for this name, or else, for the main input, those that were
 * given without a name; NULL when there are none. They count as used from now on. */
const struct barista_dims *barista_inputs_find(struct barista_inputs *inputs, const char *name,
					       bool main);

/* Returns the name of the next entry from *i on that has a name and is not used, and sets *i behind
 * it; NULL when there is none left. *i is 0 at first. */
const char *barista_inputs_unused(const struct barista_inputs *inputs, size_t *i);

/* Fails with BARISTA_E_ARGUMENT when an entry has not been used. `known` lists the names of the
 * network's inputs, for the message; it is empty when there are none. */
int barista_inputs_check(const struct barista_inputs *inputs, const char *known,
			 struct barista_err *err);

#endif
