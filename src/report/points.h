/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_POINTS_H
#define REPORT_POINTS_H

#include "base/err.h"

/* A file that evaluated points are streamed to, one row each: board, kernel, knobs, metrics.
 * Memory is bounded. Not shared between threads. */
struct barista_point_log;

/* Creates the file; its format is told by its ending, .csv or .sqlite. One that exists is
 * left alone: BARISTA_E_ARGUMENT. family must outlive the result. */
int barista_point_log_open(struct barista_point_log **out, const char *path,
			   const struct barista_family *family, struct barista_err *err);

/* Appends the points of a batch whose over is 0 (all when over is NULL), in order. A knob's
 * column that is NULL holds its preset, a metric's that is NULL is empty, as NaN and infinity
 * are. On a full disk or any other failure to write, the file keeps the points that are in it for
 * good and is whole: the message says how many these are and why, and so does every later call. */
int barista_point_log_add(struct barista_point_log *p, const char *board,
			  const struct barista_batch *batch, struct barista_err *err);

/* Writes what is left and waits for the disk. Frees p in every case; NULL is fine. Fails again
 * when an earlier call failed. */
int barista_point_log_close(struct barista_point_log *p, struct barista_err *err);

#endif
