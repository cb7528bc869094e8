/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_RANKS_H
#define CLI_RANKS_H

#include "search/ranks.h"

/* Returns the processes that mpirun started, in a build with MPI=1, else this one alone. */
const struct barista_ranks *cli_ranks(void);

/* Every process, when it has done all it had to do, or failed: if it has not yet told the others
 * how it is, it does. Returns the status to end with; the message of a failure stays only in the
 * process that has to say it. */
int cli_ranks_settle(int status, struct barista_err *err);

/* Every process, at its very end; after a failure it does not wait for others for long. */
void cli_ranks_leave(int exit_code);

#endif
