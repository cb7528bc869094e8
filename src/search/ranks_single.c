/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BARISTA_MPI
#include "search/ranks.h"

void barista_crew_start(void)
{
}

int barista_crew_rank(void)
{
	return 0;
}

int barista_crew_size(void)
{
	return 1;
}

const char *barista_crew_kind(void)
{
	return "one process";
}

int64_t barista_crew_ask(const char *result, size_t size)
{
	(void)result;
	(void)size;
	return BARISTA_NO_BLOCK;
}

bool barista_crew_answer(bool wait, int64_t (*take)(void *user, const char *result, size_t size), void *user)
{
	(void)wait;
	(void)take;
	(void)user;
	return false;
}
#endif
