/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words and figures that several paragraphs of a report need; each returns buf, for printf. */
#ifndef REPORT_WORDING_H
#define REPORT_WORDING_H

#include "report/report.h"

/* A kernel in its family's notation. */
const char *barista_kernel_text(char buf[BARISTA_POINT_TEXT], const struct barista_board *b,
				const struct barista_candidate *c);
/* A number of points: all digits while they can be read. */
const char *barista_count_text(char buf[32], double n);
/* What the PPW of a design is called: layers of a pipeline have none of their own to take a mean
 * of. */
const char *barista_ppw_label(const struct barista_family *family);

#endif
