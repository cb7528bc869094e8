/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_CHARTS_DATA_H
#define REPORT_CHARTS_DATA_H

#include "base/err.h"

/* Fails with BARISTA_E_INPUT unless the file in the folder that fd is open on is a CSV file that
 * goes on to its end: a head and more, in whole lines with as many fields as the head. gnuplot
 * draws what is left of a file, and says nothing. Errors: BARISTA_E_SYSTEM when it cannot be read.
 */
int barista_chart_data_check(int fd, const char *name, struct barista_err *err);

#endif
