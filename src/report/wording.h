/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several paragraphs of a report need these words and figures. Each function returns buf, for
 * printf. */
#ifndef REPORT_WORDING_H
#define REPORT_WORDING_H

#include "report/report.h"

/* Writes a kernel in its family's notation. */
const char *barista_kernel_text(char buf[BARISTA_POINT_TEXT], const struct barista_board *b,
				const struct barista_candidate *c);
/* Writes a number of points, with all digits while they can be read. */
const char *barista_count_text(char buf[32], double n);
/* Returns what the PPW of a design is called. In a pipeline it is no mean, as layers there have
 * none of their own. */
const char *barista_ppw_label(const struct barista_family *family);
/* Returns what an objective is called in a sentence: "mean PPW", "time". */
const char *barista_objective_label(const struct barista_board *b, enum barista_rank objective);
/* Writes a value of an objective with its unit. */
const char *barista_objective_text(char buf[64], enum barista_rank objective, double value);

#endif
