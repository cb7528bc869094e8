/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_COMPARE_H
#define REPORT_COMPARE_H

#include "barista/family.h"
#include "report/format.h"

/* This is one architecture on one board: a design of it, or why there is none. */
struct barista_compared {
	const struct barista_family *family;
	char board[160], sha256[65], precision_table[160],
		precision_sha256[65]; /* of the board's file, and of its precisions */
	char aim[48]; /* what the design is the best by: the objective, time, or both */
	bool feasible;
	char design[BARISTA_POINT_TEXT], binds[128];
	double metric[BARISTA_NMETRICS];
	char why_not[1600];
};

struct barista_comparison {
	const struct barista_workload *net;
	const char *command;
	bool training;
	bool partial; /* stopped before all architectures were searched */
	double ops;   /* op per image, the same for all */
	size_t n;
	struct barista_compared *row;
};

json_t *barista_compare_json(const struct barista_comparison *c);

/* This document writes a struct barista_comparison. Its table is for machines: it has every
 * metric, and why a row has none. */
extern const struct barista_document barista_compare_document;

#endif
