/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_LONG_SEARCH_H
#define CLI_LONG_SEARCH_H

#include "cli/inputs.h"
#include "report/points.h"

/* What a search that takes long needs around it: an end on demand, a file of points, a checkpoint.
 */
struct cli_sweep {
	struct barista_point_log *points; /* or NULL */
	const char *board;                /* whose points come now */
	char *inputs;                     /* what the checkpoint is of; or NULL */
};

/* Checks the options against each other and opens the file of points. */
int cli_sweep_open(struct cli_sweep *sweep, const struct cli_args *args, struct barista_err *err);
int cli_sweep_close(struct cli_sweep *sweep, struct barista_err *err);

/* Fills in stop, points and checkpoint of the options for one board; command: what decides the
 * result. */
int cli_sweep_prepare(struct cli_sweep *sweep, struct barista_search_options *options,
		      const struct cli_args *args, const struct barista_device *dev,
		      const struct barista_lowered *lowered, const char *command,
		      struct barista_err *err);

#endif
