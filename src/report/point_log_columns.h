/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of a file of points, in every format: the board, the kernel, the family's knobs, then
 * the metrics. */
#ifndef REPORT_POINT_LOG_COLUMNS_H
#define REPORT_POINT_LOG_COLUMNS_H

#include "barista/family.h"
#include "report/point_log_format.h"

enum {
	BARISTA_POINT_LOG_BOARD,
	BARISTA_POINT_LOG_KERNEL,
	BARISTA_POINT_LOG_KNOBS, /* the first of them */
	BARISTA_POINT_LOG_MAX_COLUMNS =
		BARISTA_POINT_LOG_KNOBS + BARISTA_MAX_KNOBS + BARISTA_NMETRICS
};

/* A categorical knob rarely changes from point to point, so its last value is kept with its
 * text. */
struct barista_point_log_choice {
	double value;
	char text[BARISTA_POINT_TEXT];
};

struct barista_point_log_columns {
	const struct barista_family *family;
	size_t n;
	struct barista_point_log_column column[BARISTA_POINT_LOG_MAX_COLUMNS];
	struct barista_point_log_choice choice[BARISTA_MAX_KNOBS];
};

/* Sets the columns that the points of a family have. */
void barista_point_log_columns(struct barista_point_log_columns *c,
			       const struct barista_family *family);

/* A point: a cell per column. They point into the row, the columns and the board's name. */
struct barista_point_log_row {
	union barista_point_log_cell cell[BARISTA_POINT_LOG_MAX_COLUMNS];
	char kernel[BARISTA_POINT_TEXT];
};

/* Fills in the row of point i of a batch. */
void barista_point_log_fill(struct barista_point_log_row *row, struct barista_point_log_columns *c,
			    const char *board, const struct barista_batch *batch, size_t i);

#endif
