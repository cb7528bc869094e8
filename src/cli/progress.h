/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "barista.h"

/* Progress appears on standard error, after two seconds and unless quiet: a bar on a terminal,
 * else a line every five seconds. */
struct cli_progress {
	const char *what;
	double start, last; /* s, of the clock: the start and the last line */
	bool on, terminal, shown;
};
void cli_progress_start(struct cli_progress *p, const char *what, bool quiet);
/* This is a barista_progress; its first argument is the struct. */
void cli_progress_step(void *progress, double done, double total, double evaluated);
void cli_progress_end(struct cli_progress *p);

/* Runs a search that shows its progress, under the name of its board. */
int cli_search_run(struct barista_search **out, const struct barista_model *model,
		   const struct barista_space *space, struct barista_search_options options,
		   bool quiet, struct barista_err *err);

#endif
