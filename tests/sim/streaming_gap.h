/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the closed form of a sample's time leaves out of a design. It is told from the design alone.
 */
#ifndef SIM_STREAMING_GAP_H
#define SIM_STREAMING_GAP_H

#include <stddef.h>

#include "families/streaming/latency.h"

/* Flags of a design. */
enum {
	/* Between two stages of its segment that are at least 1.2 times slower, a stage lags at
	 * their pace and not at its own, by at least 1 % of the time. */
	GAP_VALLEY = 1,
	/* Which rows of a stage add to the time of the slowest of its segment depends on the side
	 * that it is on. Counted by side the time is at least 3 % more or less. */
	GAP_SIDE = 2,
	/* A weight gradient takes longer than its stage's input gradient, and at least half of the
	 * backward pass. */
	GAP_WEIGHTS = 4,
	/* One row of a stage that overlaps with others takes at least 5 % of the time: rows go in
	 * lumps. */
	GAP_LUMPS = 8,
	GAP_CLASSES = 16
};

/* One of a pass's source and stages, which come in order. */
struct gap_item {
	const struct streaming_pass *pass;
	double interval;
};

/* Cycles that stages in valleys wait for others. */
double gap_valley(const struct gap_item *item, size_t n);

/* Cycles of the longest row of a stage that is not alone in its segment. */
double gap_lump(const struct gap_item *item, size_t n);

/* Cycles of a pass with the stages counted by side, which is a lower bound. */
double gap_by_side(const struct gap_item *item, size_t n);

#endif
