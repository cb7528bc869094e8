/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_RANKS_H
#define CLI_RANKS_H

#include "search/ranks.h"

/* Returns the processes that mpirun started, in a build with MPI=1, else this one alone. What
 * the first call starts ends with the process. */
const struct barista_ranks *cli_ranks(void);

#endif
