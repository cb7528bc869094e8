/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the exhaustive sweep share: sweep.c has threads and the whole, sweep_blocks.c
 * rows and blocks, sweep_ranks.c the other processes. */
#ifndef SEARCH_SWEEP_PARTS_H
#define SEARCH_SWEEP_PARTS_H

#include "search/checkpoint.h"
#include "search/inner_loop.h"
#include "search/sweep.h"

#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>

enum { MAX_BLOCKS = 1 << 20, MIN_ROWS = 64 };

struct sweep {
	struct barista_search *out; /* what the finished blocks gave */
	const struct barista_levels *levels;
	const struct barista_search_options *options;
	struct barista_checkpoint checkpoint;
	struct barista_inner_loop *inner; /* the first thread's; the others share its table */
	double rows, block_rows;
	size_t nblocks, next, ndone;
	int dismissed; /* ranks that were told that there are no more blocks */
	unsigned char *done;
	double saved; /* when the checkpoint was written, s */
	atomic_bool stop;
	double loose_over, loose_evaluated; /* of blocks that were not finished */
	double start, before;               /* when it began, s; points evaluated by then */
	double total;                       /* feasible points; NaN: not known */
	int rc;
	pthread_mutex_t lock; /* held by the thread that takes a block or adds a result */
	struct barista_err *err;
};

/* One thread's part. */
struct worker {
	struct sweep *sweep;
	struct barista_search *keep;
	struct barista_inner_loop *inner;
	struct barista_err err;
	json_t *sent; /* kernels that rank 0 has of this rank; or NULL */
	/* In the thread that may talk to other processes: called between rows; or NULL. */
	int (*between_rows)(struct sweep *sweep);
};

/* Sweeps a block; *whole becomes false when it was stopped on the way. */
int barista_sweep_block(struct worker *w, size_t block, bool *whole);
/* The next block that is not done and not empty, or BARISTA_NO_BLOCK. */
int64_t barista_sweep_next(struct sweep *s);
/* How many rows are in a block. */
double barista_sweep_rows(const struct sweep *s, size_t block);
/* Counts a block as done; its result is in s->out. */
void barista_sweep_finish(struct sweep *s, size_t block);

/* Writes the checkpoint if there is one to write: now, or when the last one is old. */
int barista_sweep_save(struct sweep *s, bool now);
/* The same for a search that has found something: when it fails the search ends as if it had been
 * stopped, and its result says why. */
void barista_sweep_save_or_stop(struct sweep *s, bool now);

/* Process 0: hands a block to every other process that has asked for one. */
int barista_coordinator_poll(struct sweep *s);
/* Process 0 at the end: the others may still have blocks, and each must be told that there are no
 * more. rc: the failure so far, which stands; returns it, or the first one of another process. */
int barista_coordinator_stop_workers(struct sweep *s, int rc);
/* The other processes: blocks from process 0 until there are none. What goes wrong is told to
 * process 0, which says it. */
int barista_worker_serve(struct worker *w);
/* Another process that cannot work any more says why. */
void barista_worker_abort(const struct barista_ranks *ranks, const struct barista_err *err);

#endif
