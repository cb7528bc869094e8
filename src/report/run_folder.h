/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_RUN_FOLDER_H
#define REPORT_RUN_FOLDER_H

#include "report/report.h"

/* Writes a run folder: run.json, layers.csv, kernels.csv, selection.csv, boards.csv,
 * pareto.csv and whatif.csv when there is a front or a what-if, report.md and charts/ (data and
 * scripts; drawn when asked for). It appears under its name only when it is complete; a folder of
 * an earlier run is replaced, any other is refused and left alone. Charts that can't be drawn are
 * not a failure: undrawn says why. */
int barista_run_write(const struct barista_report *r, const char *dir, bool draw,
		      struct barista_err *undrawn, struct barista_err *err);

/* Adds a file that a run follows from, {role, name, sha256}, to a list. */
void barista_run_input(json_t *list, const char *role, const char *name, const char *sha256);

#endif
