/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_VALIDATION_H
#define REPORT_VALIDATION_H

#include "measure/measurements.h"
#include "report/format.h"

/* The most by which the model may miss a row, and the median of the rows that are evidence: those
 * that no constant was fitted on. */
#define BARISTA_MAX_ROW_ERROR 0.15
#define BARISTA_MAX_ROW_MEDIAN 0.05

/* A design that ran, and what the model says of it. */
struct barista_validated {
	const struct barista_measured_row *row;
	struct barista_prediction prediction;
};

struct barista_validation {
	size_t n;
	struct barista_validated *row;
};

/* 0, or BARISTA_E_INFEASIBLE when the model misses more than the limits. */
int barista_validation_verdict(const struct barista_validation *v, struct barista_err *err);

/* Its data is a struct barista_validation. */
extern const struct barista_document barista_validation_document;

#endif
