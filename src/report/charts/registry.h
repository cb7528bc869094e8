/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_CHARTS_REGISTRY_H
#define REPORT_CHARTS_REGISTRY_H

#include "report/report.h"

/* Returns the name of chart i of all that there are; NULL past the last. */
const char *barista_chart_name(size_t i);
/* Does this run have chart i? */
bool barista_chart_wanted(const struct barista_report *r, size_t i);

/* Writes NAME.csv (data) and NAME.gp (gnuplot script) of every chart that the run has into a
 * folder, which it makes. */
int barista_charts_write(const struct barista_report *r, const char *dir, struct barista_err *err);

/* Runs gnuplot on every script of such a folder: NAME.png and NAME.svg appear beside it, all of
 * them or none. With `silent` the words of gnuplot are not passed on. Errors: BARISTA_E_SYSTEM when
 * gnuplot is missing or fails, BARISTA_E_INPUT when there is no script. */
int barista_charts_draw(const char *dir, bool silent, struct barista_err *err);

#endif
