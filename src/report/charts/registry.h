/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_CHARTS_REGISTRY_H
#define REPORT_CHARTS_REGISTRY_H

#include "report/report.h"

/* Name of chart i that a run can have; NULL past the last. Whether this one has it. */
const char *barista_chart_name(size_t i);
bool barista_chart_wanted(const struct barista_report *r, size_t i);

/* Writes NAME.csv (data) and NAME.gp (gnuplot script) of every chart that is wanted into a folder.
 */
int barista_charts_write(const struct barista_report *r, const char *dir, struct barista_err *err);

/* Runs gnuplot on every script of the folder: NAME.png and NAME.svg beside it; all of
 * them or none. silent: what gnuplot says is not passed on.
 * BARISTA_E_SYSTEM when gnuplot is missing or fails, BARISTA_E_INPUT without scripts. */
int barista_charts_draw(const char *dir, bool silent, struct barista_err *err);

#endif
