/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_CHARTS_PICTURE_H
#define REPORT_CHARTS_PICTURE_H

#include <stdbool.h>

/* Is the file a PNG or an SVG, by the ending of its name, that goes on to its end? Files of other
 * endings always are. */
bool barista_picture_is_whole(const char *path);

#endif
