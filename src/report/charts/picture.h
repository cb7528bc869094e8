/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_CHARTS_PICTURE_H
#define REPORT_CHARTS_PICTURE_H

#include "base/err.h"

/* Fails with BARISTA_E_SYSTEM unless the file goes on to its end as a PNG or an SVG, by the ending
 * of its name; files of other endings always do. The message calls it by `name`. */
int barista_picture_check(const char *path, const char *name, struct barista_err *err);

#endif
