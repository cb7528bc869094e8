/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_BOARD_SEARCH_H
#define CLI_BOARD_SEARCH_H

#include "cli/options.h"
#include "cli/sweep_files.h"
#include "report/report.h"

enum { CLI_MAX_BOARDS = 32 };

/* The searches of the boards of one report share these options and files. */
struct cli_board_search {
	const struct cli_problem_options *problem;
	const struct cli_space_options *space;
	const struct cli_objective_options *objective;
	const struct cli_sweep_options *sweep;
	bool quiet;
	struct cli_sweep_files files;
};

/* Searches every board that is named, and adds it to the report; r->board and r->excluded have room
 * for CLI_MAX_BOARDS. A board without a kernel is left out, and the report says why; the search
 * fails when no board is left. */
int cli_search_boards(struct barista_report *r, struct cli_board_search *s,
		      struct barista_err *err);

/* Is the failure one that leaves the results of other boards good: no kernel fits, or a stop came
 * before one was found? */
bool cli_without_kernel(int status);

/* Frees what was found. */
void cli_drop_board(struct barista_board *b);

#endif
