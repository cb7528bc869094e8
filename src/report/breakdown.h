/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_BREAKDOWN_H
#define REPORT_BREAKDOWN_H

#include "barista.h"
#include "barista/family.h"

#include <stdio.h>

/* A layer's time is made of these stages. */
struct barista_stages {
	double time[BARISTA_MAX_TERMS]; /* s per training image, by term; 0 for one without a role
					 */
	double total;                   /* s per training image */
	const char *binds;              /* label of the largest term that can be a bottleneck */
};

/* Moves *term to the next of the family's terms, itself among them, that is a part of a layer's
 * time; false past the last:
 *	for (size_t t = 0; barista_next_part(family, &t); t++) */
bool barista_next_part(const struct barista_family *family, size_t *term);

/* Returns the op per image of a layer class. It is NaN for one that multiplies nothing, and in a
 * pipeline, where layers work at the same time and none has a rate of its own. */
double barista_own_ops(const struct barista_model *model, size_t class);

/* Adds up a layer class over all its passes. */
void barista_class_stages(const struct barista_model *model, const struct barista_point *point,
			  size_t class, struct barista_stages *out);

/* Writes what the network's bottleneck is, in a few words. */
void barista_network_bottleneck(const struct barista_model *model,
				const struct barista_point *point, char *buf, size_t size);

/* Returns the label of the largest of those terms that can be the bottleneck of a part of a
 * layer. */
const char *barista_bottleneck(const struct barista_family *family, const double *value);

/* Writes every formula of the family with the numbers of one part of a layer: the formula, the same
 * with values in place of symbols, and the value with its unit and source. */
void barista_explain(const struct barista_family *family, const double *value, FILE *f);

#endif
