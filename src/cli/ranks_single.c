/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A build without MPI has one process alone. */
#ifndef BARISTA_MPI
#include "cli/ranks.h"

const struct barista_ranks *cli_ranks(void)
{
	static const struct barista_ranks alone = {.rank = 0, .size = 1};

	return &alone;
}

int cli_ranks_settle(int status, struct barista_err *err)
{
	(void)err;
	return status;
}

void cli_ranks_leave(int exit_code)
{
	(void)exit_code;
}
#endif
