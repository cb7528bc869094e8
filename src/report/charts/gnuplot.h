/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_CHARTS_GNUPLOT_H
#define REPORT_CHARTS_GNUPLOT_H

#include "base/err.h"

#include <signal.h>
#include <stdbool.h>

/* Another script fares no better where gnuplot did not start. */
enum barista_gnuplot_start {
	BARISTA_GNUPLOT_STARTED,
	BARISTA_GNUPLOT_NOT_INSTALLED,
	BARISTA_GNUPLOT_NOT_STARTED
};

/* Runs gnuplot in a folder on a script there and waits. What it says goes to standard error,
 * unless `silent`; the last line of it is in the message of a failure. Ends gnuplot when *stop is
 * not 0; stop may be NULL. *start is set in any case. Errors: BARISTA_E_SYSTEM. */
int barista_gnuplot(const char *dir, const char *script, bool silent,
		    const volatile sig_atomic_t *stop, enum barista_gnuplot_start *start,
		    struct barista_err *err);

#endif
