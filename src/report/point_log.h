/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_POINT_LOG_H
#define REPORT_POINT_LOG_H

#include "base/err.h"

/* This is a file of points, which gets a row for each as they are evaluated: board, kernel,
 * knobs and metrics. It takes the same memory however many there are. Two threads must not use
 * it at once. */
struct barista_point_log;

/* Creates the file, whose ending tells its format: .csv or .sqlite. Until it is complete its name
 * ends in .partial. A file of one of the two names is left alone, with BARISTA_E_ARGUMENT. family
 * must outlive the result. */
int barista_point_log_open(struct barista_point_log **out, const char *path,
			   const struct barista_family *family, struct barista_err *err);

/* Appends the points of a batch that fit (whose over is 0; all when over is NULL), in order. Where
 * the batch has no column of a knob, it holds the knob's default; where it has none of a metric,
 * the cell is empty, as for NaN and infinity. On a full disk or any other failure to write, the
 * partial file keeps the points that are in it for good, in whole rows: the message says how many
 * these are and why, and so does every later call. */
int barista_point_log_add(struct barista_point_log *p, const char *board,
			  const struct barista_batch *batch, struct barista_err *err);

/* Writes what is left, waits for the disk, and gives a complete file its name. One that is not
 * complete stays partial, with BARISTA_E_STOPPED and how many points it holds; without points it is
 * removed. Frees p in every case; NULL is fine. Fails again when an earlier call failed. */
int barista_point_log_close(struct barista_point_log *p, bool complete, struct barista_err *err);

#endif
