/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_COMPARE_FOLDER_H
#define REPORT_COMPARE_FOLDER_H

#include "report/atomic_folder.h"
#include "report/compare.h"

/* Writes a folder of compare.csv, run.json, report.md and the chart, which is drawn when `draw` is
 * given. As of a run, an older folder is replaced unless the drawing was stopped: when stop is not
 * 0. */
int barista_compare_write(const struct barista_comparison *c, const char *dir, bool draw,
			  const volatile sig_atomic_t *stop, struct barista_written *out,
			  struct barista_err *err);

/* Fails when barista_compare_write() could not write this folder, without making anything. */
int barista_compare_try(const char *dir, struct barista_err *err);

#endif
