/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_OPTION_DEFS_H
#define CLI_OPTION_DEFS_H

#include "cli/command.h"

/* A row says how an option is written, and how its value gets into struct cli_args. */
struct cli_option_def {
	const char *name;
	char letter;       /* 0: none */
	const char *value; /* what it takes, as --help shows it; NULL: it is a flag */
	const char *help;
	size_t offset; /* of its value in struct cli_args */
	int (*parse)(const struct cli_option_def *def, const char *text, void *value,
		     struct barista_err *err);
	int64_t lo, hi;             /* of a whole number; hi: of a list, its most items */
	enum barista_dimension dim; /* of a quantity */
	const char *unit;           /* that a number without one may have been meant in */
	const char *const *word;    /* what it can be, NULL-terminated */
	int first_word;             /* value of the first of them */
};
extern const struct cli_option_def cli_option_defs[]; /* by enum cli_option */

/* Writes the name of a knob's option, without dashes: tile-m for tile_m. */
void cli_knob_option(char *buf, size_t size, const struct barista_knob *knob);

#endif
