/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_CHARTS_REGISTRY_H
#define REPORT_CHARTS_REGISTRY_H

#include "report/report.h"

/* Returns the name of chart i of all that there are; NULL past the last. */
const char *barista_chart_name(size_t i);
/* Does this run have chart i? */
bool barista_chart_wanted(const struct barista_report *r, size_t i);

/* Writes NAME.csv (data) and NAME.gp (gnuplot script) of every chart that the run has into a
 * folder, which it makes. Errors: BARISTA_E_STOPPED when r->watch says so, then charts are missing;
 * BARISTA_E_SYSTEM. */
int barista_charts_write(const struct barista_report *r, const char *dir, struct barista_err *err);

struct barista_pictures {
	uint64_t png, svg; /* those that there are: bit i is of chart i */
	bool no_gnuplot;   /* it is not installed, which is why there are none */
};

/* What the name of a folder begins with, in a folder of results, where charts are being drawn. */
#define BARISTA_DRAWING_PREFIX ".drawing-"

struct barista_draw_options {
	bool silent;                       /* what gnuplot says is not passed on */
	const volatile sig_atomic_t *stop; /* not 0: end; or NULL */
};

/* Runs gnuplot on every script in the folder charts/ of a folder of results. NAME.png and NAME.svg
 * appear beside a script, or are replaced, when gnuplot finished and they are whole; else they stay
 * as they were, and the other charts are drawn nevertheless. *drawn is set in any case. Errors:
 * BARISTA_E_SYSTEM when gnuplot is missing or a chart failed, the message says which ones and why;
 * BARISTA_E_INPUT when there is no script, or data are cut off; BARISTA_E_STOPPED. */
int barista_charts_draw(const char *run, const struct barista_draw_options *o,
			struct barista_pictures *drawn, struct barista_err *err);

#endif
