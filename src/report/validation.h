/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_VALIDATION_H
#define REPORT_VALIDATION_H

#include "measure/measurements.h"
#include "report/format.h"

/* The model may miss a row by no more than this, and the median of the rows that are evidence,
 * on which no constant was fitted. */
#define BARISTA_MAX_ROW_ERROR 0.15
#define BARISTA_MAX_ROW_MEDIAN 0.05

/* This is a design that ran, and what the model says of it. */
struct barista_validated {
	const struct barista_measured_row *row;
	struct barista_prediction prediction;
};

struct barista_validation {
	size_t n;
	struct barista_validated *row;
};

/* Returns 0, or BARISTA_E_INFEASIBLE when the model misses more than the limits. */
int barista_validation_verdict(const struct barista_validation *v, struct barista_err *err);

/* This document writes a struct barista_validation. */
extern const struct barista_document barista_validation_document;

#endif
