/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_COMPARE_H
#define REPORT_COMPARE_H

#include "io/table.h"
#include "barista/family.h"

/* One architecture on one board: a design of it, or why there is none. */
struct barista_compared {
	const struct barista_family *family;
	char board[160], sha256[65], precision_table[160],
		precision_sha256[65]; /* of the board's file, and of its precisions */
	const char *aim;              /* what the design is the best for: mean PPW, time, or both */
	bool feasible;
	char design[BARISTA_POINT_TEXT], binds[128];
	double metric[BARISTA_NMETRICS];
	char why_not[1600];
};

struct barista_comparison {
	const struct barista_workload *net;
	const char *command;
	bool training;
	double ops; /* op per image, the same for all */
	size_t n;
	struct barista_compared *row;
};

/* wide: for machines, every metric and why a row has none. */
struct barista_table *barista_compare_table(const struct barista_comparison *c, bool wide);
json_t *barista_compare_json(const struct barista_comparison *c);

/* For a terminal, or as Markdown. */
int barista_compare_print(const struct barista_comparison *c, FILE *f, bool markdown,
			  struct barista_err *err);

#endif
