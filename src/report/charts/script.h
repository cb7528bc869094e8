/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gnuplot scripts of all charts, and the data files that they read, share these parts. */
#ifndef REPORT_CHARTS_SCRIPT_H
#define REPORT_CHARTS_SCRIPT_H

#include "report/report.h"

#include <stdio.h>

/* Writes the settings that all scripts share, and a title of two lines. */
void barista_script_style(FILE *f, const char *title, const char *below);

/* Writes the same for a chart of a run, which names its network and its board below the title. */
void barista_script_head(FILE *f, const struct barista_report *r, const char *title);

/* Writes the plot command twice: for NAME.png and for NAME.svg. */
void barista_script_plot(FILE *f, const char *name, const char *size, const char *plot);

/* Writes the size of a chart that has a place along its x axis for every layer, so that it
 * widens with them. */
void barista_script_layers_size(char size[32], size_t nlayers, int height);

/* These write fields of a data file. A name is in quotes, and without the characters that would
 * end these for gnuplot. A real is divided by scale and empty when it is not finite;
 * barista_script_field() puts a comma before it. */
void barista_script_name(FILE *f, const char *name);
void barista_script_real(FILE *f, double value, double scale);
void barista_script_field(FILE *f, double value, double scale);

#endif
