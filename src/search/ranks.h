/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_RANKS_H
#define SEARCH_RANKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BARISTA_NO_BLOCK = -1 };

/* The processes that share a sweep, and how they talk: process 0 hands out blocks, the others ask
 * for one and send the result of their last. The program brings this, over MPI or whatever it has.
 * Only the thread that runs the search calls these functions. */
struct barista_ranks {
	int rank, size; /* 0 to size - 1; how many processes */
	/* Processes above 0: sends a result (empty at first) and waits for the next block, or
	 * BARISTA_NO_BLOCK at the end. */
	int64_t (*request)(const char *result, size_t size);
	/* Process 0: answers one process that asks, if there is one; with `wait`, waits for it. The
	 * answer is what take() returns on its result. Returns false when none asked. */
	bool (*reply)(bool wait, int64_t (*take)(void *user, const char *result, size_t size),
		      void *user);
};

/* NULL stands for one process alone. */
static inline int barista_ranks_rank(const struct barista_ranks *ranks)
{
	return ranks ? ranks->rank : 0;
}

static inline int barista_ranks_size(const struct barista_ranks *ranks)
{
	return ranks ? ranks->size : 1;
}

#endif
