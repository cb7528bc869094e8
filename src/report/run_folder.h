/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_RUN_FOLDER_H
#define REPORT_RUN_FOLDER_H

#include "report/atomic_folder.h"
#include "report/report.h"

/* Writes a run folder: run.json, layers.csv, kernels.csv, boards.csv, report.md and charts/ (data
 * and scripts, and pictures with `draw`), and those files that only some runs have:
 * selection.csv, pareto.csv, scaling.csv, whatif.csv, workload.yaml. It appears under its name only
 * when it is complete; a folder of an earlier run is replaced, any other is refused and left alone.
 * Charts that cannot be drawn, or were not because r->watch said to stop, leave a whole folder all
 * the same. A run of an answer that was stopped, or whose charts were, replaces none. */
int barista_run_write(const struct barista_report *r, const char *dir, bool draw, bool stopped,
		      struct barista_written *out, struct barista_err *err);

/* Fails when barista_run_write() could not write this folder, without making anything. */
int barista_run_try(const char *dir, struct barista_err *err);

#endif
