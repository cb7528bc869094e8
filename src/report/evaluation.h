/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_EVALUATION_H
#define REPORT_EVALUATION_H

#include "model/evaluate.h"
#include "report/format.h"
#include "search/uncertainty.h"

/* This is one design that was evaluated on a model. */
struct barista_evaluation {
	const struct barista_model *model;
	struct barista_point point;
	struct barista_result result;
	struct barista_uncertainty uncertainty; /* where class_interval is not NULL */
	struct barista_interval
		*class_interval; /* [nclasses] times of the layer classes; or NULL */
	bool explain;            /* every formula with its numbers, in the text */
};

/* This document writes a struct barista_evaluation. Its text and its JSON hold a table of the
 * terms of every layer and pass, one of the layers, and one of the resources; its table is the
 * first of them. */
extern const struct barista_document barista_evaluation_document;

#endif
