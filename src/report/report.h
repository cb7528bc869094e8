/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report of a search says what it was about and what it found; these are its data, its
 * figures and its tables. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "io/table.h"
#include "search/kernel_set.h"
#include "search/search.h"

/* This is the result of the search on one board. */
struct barista_board {
	struct barista_device *dev;
	struct barista_model model;
	struct barista_space space;
	struct barista_search *search;
	struct barista_kernel_set set; /* the best kernels together, as many as --kernels */
	bool meets_deadline;           /* false when there is none */
	/* These are of the kernels that are ranked by the objective, in their order; NULL without
	 * --interval. */
	struct barista_uncertainty *uncertainty;
	/* These are [nclasses] times of the best kernel of each layer class; NULL without
	 * --interval. */
	struct barista_interval *class_interval;
	struct barista_what_if *what_if; /* [BARISTA_WHAT_IF_PARAMS]; NULL without --what-if */
};

/* This is a board that can build no kernel, or for which none was found before a stop. */
struct barista_excluded {
	char why[1600];
	bool stopped;
};

/* Charts search for the best kernel of each size that they show, which may take minutes. */
struct barista_watch {
	const volatile sig_atomic_t *stop; /* not 0: end; or NULL */
	barista_progress progress;         /* or NULL; it is told of these searches: */
	void *user;
	double done, total;
};

struct barista_report {
	const struct barista_workload *net;
	const struct barista_lowered *lowered;
	const struct barista_baseline *baseline;
	const struct barista_baseline *host; /* NULL when none was given */
	double *baseline_ppw;                /* [nlayers] op/s/W, NaN unknown */
	const char **baseline_from;          /* [nlayers] where these figures come from */
	double *gpu_ppw; /* [nlayers] op/s/W of a published GPU, NaN unknown; or NULL */
	size_t nboards;
	struct barista_board *board; /* the first is that of all texts and charts */
	size_t nexcluded;
	struct barista_excluded *excluded;
	int64_t top;     /* kernels to show per ranking */
	int64_t kernels; /* of the best kernels together */
	enum barista_rank objective;
	double deadline; /* s per image; NaN without one */
	bool grid_all;   /* every integer was searched, not powers of two only */
	bool unanswered; /* a stop left out what --interval and --what-if ask */
	const char *command;
	struct barista_watch *watch; /* while charts are written */
};

/* ---- figures */

/* Returns the first of one of the board's rankings, which is not empty. */
static inline const struct barista_candidate *barista_board_best(const struct barista_board *b,
								 enum barista_rank rank)
{
	return &b->search->ranking[rank].item[0];
}

/* Returns the best by the objective. */
static inline const struct barista_candidate *barista_board_choice(const struct barista_board *b)
{
	return &barista_search_top(b->search)->item[0];
}

/* Returns the index of the board that meets the deadline with the fewest DSPs (then block RAMs,
 * then the first named); nboards when none does. */
size_t barista_smallest_board(const struct barista_report *r);

/* Does the family have a kernel per layer, so that they are ranked layer by layer? */
bool barista_ranks_layers(const struct barista_report *r);

/* Returns "CPU" or "GPU", which is what the baseline is. */
const char *barista_baseline_label(const struct barista_report *r);

/* Did a stop leave points of a board unseen? */
bool barista_report_partial(const struct barista_report *r);

/* Returns what the best single kernel loses against the best kernel per layer by the objective, as
 * a share of what that reaches. */
double barista_regret(const struct barista_board *b);

/* Counts the kernels that are so near to rank 1 that the uncertainty of the board does not tell
 * them apart. */
size_t barista_count_ties(const struct barista_board *b);

/* ---- tables: for people, of the first board; or wide, for machines, of all boards with a column
 * per knob and metric */

struct barista_table *barista_layers_table(const struct barista_report *r, bool wide);
struct barista_table *barista_kernels_table(const struct barista_report *r, bool wide);
struct barista_table *barista_selection_table(const struct barista_report *r, bool wide);
struct barista_table *barista_boards_table(const struct barista_report *r, bool wide);

/* These are of the Pareto front, if it was asked for. People see no more than
 * barista_pareto_shown() rows. */
bool barista_pareto_wanted(const struct barista_report *r);
size_t barista_pareto_shown(const struct barista_front *front);
struct barista_table *barista_pareto_table(const struct barista_report *r, bool wide);
/* Does the front hold for every point of the space? */
bool barista_front_proven(const struct barista_board *b);

/* These are of the curve along the knob that the family scales by, if it has one. People see a
 * few rows. */
bool barista_scaling_wanted(const struct barista_report *r);
struct barista_table *barista_scaling_table(const struct barista_report *r, bool wide);

/* These tell which resource to buy next, if that was asked for. People see a row per resource. */
bool barista_what_if_wanted(const struct barista_report *r);
struct barista_table *barista_what_if_table(const struct barista_report *r, bool wide);

json_t *barista_report_json(const struct barista_report *r);

#endif
