/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_COLUMNS_H
#define REPORT_COLUMNS_H

#include "report/report.h"
#include "barista/family.h"

/* Columns that the tables share; the functions that add columns return how many. */

enum { BARISTA_MAX_COLUMNS = 64 };

size_t barista_knob_columns(const struct barista_family *f, struct barista_column *c);
void barista_knob_cells(struct barista_table *t, const struct barista_family *f,
			const struct barista_point *p);
/* The kernel in the family's notation; a long one is cut short for people, when not wide. */
void barista_kernel_cell(struct barista_table *t, const struct barista_family *f,
			 const struct barista_point *p, bool wide);
/* The reports for people are of the first board; machines get all of them, named. */
size_t barista_boards_shown(const struct barista_report *r, bool wide);
size_t barista_board_column(struct barista_column *c, bool wide);

#endif
