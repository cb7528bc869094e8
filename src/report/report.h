/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "io/table.h"
#include "search/search.h"
#include "search/kernel_set.h"

/* What a search found on one board, and what it is compared with. */
struct barista_board {
	struct barista_device *dev;
	struct barista_model model;
	struct barista_space space;
	struct barista_search *search;
	struct barista_kernel_set set; /* the best --kernels kernels */
	bool meets_deadline;
	struct barista_uncertainty
		*uncertainty; /* of search->single, best first; NULL without --interval */
	struct barista_what_if *what_if; /* [BARISTA_WHAT_IF_PARAMS], or NULL */
	struct barista_interval
		*layer; /* [nclasses] time of each layer class's best kernel, or NULL */
};

/* A board that was asked for and can build no kernel, or none was found before a stop. */
struct barista_excluded {
	char why[1600];
	bool stopped;
};

struct barista_report {
	const struct barista_workload *net;
	const struct barista_lowered *lowered;
	const struct barista_baseline *baseline, *gpu, *host; /* gpu and host may be NULL */
	double *baseline_ppw, *gpu_ppw; /* [nlayers] op/s/W, NaN unknown; gpu_ppw may be NULL */
	const char **baseline_from;
	size_t nboards;
	struct barista_board *board;
	size_t nexcluded;
	struct barista_excluded *excluded;
	int64_t top, kernels;
	double deadline; /* s per image, NaN: none */
	bool grid_all;
	const char *command;
};

/* The first of one of the board's rankings, which is not empty. */
static inline const struct barista_candidate *barista_board_best(const struct barista_board *b,
								 enum barista_rank rank)
{
	return &b->search->ranking[rank].item[0];
}

/* Index of the board with the fewest DSP blocks (then block RAMs, then the first named)
 * that meets the deadline; nboards when none does. */
size_t barista_smallest_board(const struct barista_report *r);

/* Whether the family ranks kernels layer by layer. */
bool barista_ranks_layers(const struct barista_report *r);

/* "CPU" or "GPU": what the baseline is. */
const char *barista_baseline_label(const struct barista_report *r);

/* Whether a stop kept a board's points from being seen. */
bool barista_report_partial(const struct barista_report *r);

/* Regret of the best single kernel: 1 - its mean PPW / that of the best kernel per layer. */
double barista_regret(const struct barista_search *search);
/* Mean PPW over the layers of the best kernel per layer, op/s/W. */
double barista_per_layer_mean(const struct barista_search *search);

/* Kernels that rank 1 cannot be told from, within its board's spread. */
size_t barista_count_ties(const struct barista_board *b);

/* The kernel that suits a layer best among those of a set. */
const struct barista_candidate *barista_kernel_set_choose(const struct barista_kernel_set *set,
							  size_t class);

/* Tables of the report: of the first board, as people read them, or wide, of all boards
 * with a column per knob and metric, for machines. */
struct barista_table *barista_layers_table(const struct barista_report *r, bool wide);
struct barista_table *barista_kernels_table(const struct barista_report *r, bool wide);
struct barista_table *barista_selection_table(const struct barista_report *r, bool wide);
struct barista_table *barista_boards_table(const struct barista_report *r, bool wide);

/* The Pareto front: was it asked for; rows of it that people are shown, and the table. */
bool barista_pareto_wanted(const struct barista_report *r);
size_t barista_pareto_shown(const struct barista_front *front);
struct barista_table *barista_pareto_table(const struct barista_report *r, bool wide);
/* Does the front hold for every point of the space? */
bool barista_front_proven(const struct barista_board *b);

/* The curve along the knob that the family scales by: is there one; a few rows, or all. */
bool barista_scaling_wanted(const struct barista_report *r);
struct barista_table *barista_scaling_table(const struct barista_report *r, bool wide);

/* Which resource to buy next: was it asked for; a line per resource, or all rows. */
bool barista_what_if_wanted(const struct barista_report *r);
struct barista_table *barista_what_if_table(const struct barista_report *r, bool wide);

json_t *barista_report_json(const struct barista_report *r);

#endif
