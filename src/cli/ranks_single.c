/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One process alone: a build without MPI. */
#ifndef BARISTA_MPI
#include "cli/ranks.h"

const struct barista_ranks *cli_ranks(void)
{
	static const struct barista_ranks alone = {.rank = 0, .size = 1};

	return &alone;
}
#endif
