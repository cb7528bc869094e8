/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_RANKS_H
#define SEARCH_RANKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The processes that share a sweep: rank 0 hands out blocks, the others ask for one and send the
 * result of their last. Over MPI in a build that has it (crew_mpi.c), else one process alone
 * (crew_alone.c). Only the thread that called barista_ranks_start() may call these. */

void barista_ranks_start(void); /* before anything else; what it starts ends with the process */
int barista_ranks_rank(void);
int barista_ranks_size(void);
const char *barista_ranks_kind(void); /* "Open MPI" or "one process" */

enum { BARISTA_NO_BLOCK = -1 };

/* Ranks above 0: sends a result (empty at first) and waits for the next block, or BARISTA_NO_BLOCK
 * at the end. */
int64_t barista_ranks_request(const char *result, size_t size);

/* Rank 0: answers one rank that asks, if there is one; with `wait`, waits for it. The answer is
 * what take() returns on its result. Returns false when none asked. */
bool barista_ranks_reply(bool wait, int64_t (*take)(void *user, const char *result, size_t size),
			 void *user);

#endif
