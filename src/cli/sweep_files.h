/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_SWEEP_FILES_H
#define CLI_SWEEP_FILES_H

#include "cli/options.h"
#include "report/point_log.h"

/* An exhaustive search writes these files while it runs. */
struct cli_sweep_files {
	struct barista_point_log *points; /* or NULL */
	const char *board;                /* whose points come now */
	char *inputs; /* what a checkpoint and other processes are of; or NULL */
};

/* Checks the options against each other and opens the file of points. device: the boards. */
int cli_sweep_files_open(struct cli_sweep_files *s, const struct cli_sweep_options *o,
			 const char *device, const struct barista_family *family,
			 struct barista_err *err);
/* complete: did the search write all points? */
int cli_sweep_files_close(struct cli_sweep_files *s, bool complete, struct barista_err *err);

/* Fills in those options of the search of one board that say how it is done. command: with the
 * numbers in the files that it names, what decides the result. */
int cli_sweep_files_prepare(struct cli_sweep_files *s, struct barista_search_options *options,
			    const struct cli_sweep_options *o, const struct barista_model *model,
			    const struct barista_space *space, const char *command,
			    struct barista_err *err);

/* Fails when one of the files is in a folder of results, which holds nothing of others. */
int cli_sweep_files_check_outside(const struct cli_sweep_options *options, const char *folder,
				  struct barista_err *err);

#endif
