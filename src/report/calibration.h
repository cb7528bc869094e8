/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_CALIBRATION_H
#define REPORT_CALIBRATION_H

#include "measure/calibrate.h"
#include "measure/fit_burst.h"
#include "report/format.h"

/* This is what was measured of a host. Its power is measured too, or that of the file of another
 * CPU. */
struct barista_calibration {
	struct barista_host host;
	struct {
		double watts;
		bool measured;
		char note[256];
	} power;
};

/* Writes the host file, which other commands take with --host, under its checksum. */
int barista_calibration_write(const struct barista_calibration *c, FILE *f,
			      struct barista_err *err);

/* This document writes a struct barista_calibration. Its table is that of the GEMMs. */
extern const struct barista_document barista_calibration_document;

/* This document writes a struct barista_burst_fit. Its table holds what belongs into a board's
 * file. */
extern const struct barista_document barista_burst_fit_document;

#endif
