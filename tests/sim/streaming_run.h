/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Engines that pass rows to each other, with events, buffers and back-pressure. */
#ifndef SIM_STREAMING_RUN_H
#define SIM_STREAMING_RUN_H

#include "streaming.h"

__extension__ typedef __int128 ticks;

/* An engine, or a source, which has no producer. */
struct engine {
	struct sim_rows rows;
	int producer;
	int consumer[2], nconsumers;
	ticks row_ticks;
	int64_t sample, row; /* that it works on or waits for */
	bool busy, blocked;
	ticks blocked_since, stall;
	ticks end;
};

struct event {
	ticks time;
	int engine;
};

struct sim {
	struct engine *engine;
	int n;
	int64_t samples;
	ticks scale; /* ticks per cycle */
	ticks now;
	struct event *heap; /* every engine has at most one */
	int nevents;
	ticks *left; /* [samples] when each left engine `last`, or NULL */
	int last;
};

/* Runs until nothing moves: SIM_OK when every engine has made all its samples, else SIM_DEADLOCK.
 */
int sim_run(struct sim *s);

#endif
