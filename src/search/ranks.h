/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_RANKS_H
#define SEARCH_RANKS_H

#include "barista.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BARISTA_NO_BLOCK = -1 };

/* What a process says before the work begins. All of it is bytes, so that it can be sent. */
struct barista_rank_state {
	int status;      /* enum barista_status */
	char inputs[65]; /* SHA-256 of the text that tells all inputs */
	char host[64];
	char text[1600]; /* the message when it failed; else that text, as far as it fits */
};

/* The processes that share a sweep, and how they talk: process 0 hands out blocks, the others ask
 * for one and send the result of their last. The program brings this, over MPI or whatever it has.
 * Only the thread that runs the search calls these functions. */
struct barista_ranks {
	int rank, size; /* 0 to size - 1; how many processes */
	/* All processes, before the first block: process 0 calls hear() with the state of each
	 * other one, which makes its own the verdict, and the verdict becomes everyone's state. */
	void (*agree)(struct barista_rank_state *mine,
		      void (*hear)(struct barista_rank_state *mine, int rank,
				   const struct barista_rank_state *other));
	/* Processes above 0: sends a result (empty at first, and only then) and waits for the next
	 * block, or BARISTA_NO_BLOCK at the end. */
	int64_t (*request)(const char *result, size_t size);
	/* Process 0: answers one process that asks, if there is one, with what take() returns on
	 * its result; NULL stands for a result that there was no memory for. Returns false when
	 * none asked. */
	bool (*reply)(int64_t (*take)(void *user, const char *result, size_t size), void *user);
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

/* Brings all processes together, each with its status so far, and when that is 0 the text that
 * tells all its inputs. Returns in all of them 0 when all are well and have the same inputs, else
 * the status of one that is not, whose message process 0 has in err; BARISTA_E_INPUT for other
 * inputs. A process that fails must come here too, or the others wait for it. */
int barista_ranks_agree(const struct barista_ranks *ranks, int status, const char *inputs,
			struct barista_err *err);

#endif
