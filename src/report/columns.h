/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several tables have these columns. Functions that add columns to `c` return how many; for each
 * of them there is one that adds the cells of a row. `wide` tables are for machines, the others
 * for people. */
#ifndef REPORT_COLUMNS_H
#define REPORT_COLUMNS_H

#include "report/report.h"

enum { BARISTA_MAX_COLUMNS = 64 };

/* Tables for people are of the first board; those for machines are of all, which they name. */
size_t barista_boards_shown(const struct barista_report *r, bool wide);
size_t barista_board_column(struct barista_column *c, bool wide);
void barista_board_cell(struct barista_table *t, const struct barista_board *b, bool wide);

/* The cell has a kernel in its family's notation; a long one is cut short for people. */
void barista_kernel_cell(struct barista_table *t, const struct barista_family *f,
			 const struct barista_point *p, bool wide);

/* Each knob of the family has a column. */
size_t barista_knob_columns(struct barista_column *c, const struct barista_family *f);
void barista_knob_cells(struct barista_table *t, const struct barista_family *f,
			const struct barista_point *p);

/* These are metrics in the order of their columns. */
struct barista_metrics {
	size_t n;
	const enum barista_metric *metric; /* NULL: the first n that there are */
};
#define BARISTA_ALL_METRICS ((struct barista_metrics){BARISTA_NMETRICS, NULL})

size_t barista_metric_columns(struct barista_column *c, struct barista_metrics metrics);
/* `value` is indexed by enum barista_metric; NULL makes empty cells. */
void barista_metric_cells(struct barista_table *t, struct barista_metrics metrics,
			  const double *value);

/* These columns have the share of the board's DSPs that a kernel uses, and whether it is so
 * large that routing is in doubt. */
size_t barista_routing_columns(struct barista_column *c);
void barista_routing_cells(struct barista_table *t, const struct barista_device *dev, double dsp);

#endif
