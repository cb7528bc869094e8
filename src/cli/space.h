/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_SPACE_H
#define CLI_SPACE_H

#include "cli/options.h"

/* Makes the space of --grid, --precision and the options of knobs. Errors: BARISTA_E_ARGUMENT,
 * and those of a precision that the board does not have. */
int cli_make_space(struct barista_space *space, const struct barista_model *model,
		   const struct cli_space_options *o, struct barista_err *err);

#endif
