/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BARISTA_MPI
#include "search/ranks.h"

void barista_ranks_start(void)
{
}

int barista_ranks_rank(void)
{
	return 0;
}

int barista_ranks_size(void)
{
	return 1;
}

const char *barista_ranks_kind(void)
{
	return "one process";
}

int64_t barista_ranks_request(const char *result, size_t size)
{
	(void)result;
	(void)size;
	return BARISTA_NO_BLOCK;
}

bool barista_ranks_reply(bool wait, int64_t (*take)(void *user, const char *result, size_t size),
			 void *user)
{
	(void)wait;
	(void)take;
	(void)user;
	return false;
}
#endif
