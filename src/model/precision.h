/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_PRECISION_H
#define MODEL_PRECISION_H

#include "io/yaml.h"
#include "barista/family.h"

/* The values that a precision knob may have: the ways to give every pass a precision. A value is
 * the index of a row in the table of pass_precisions.c. Adding a precision changes which row that
 * is, so that what outlives the program must hold the text of it instead. */
enum {
	BARISTA_PRECISION_CHOICES = BARISTA_NPRECISIONS * BARISTA_NPRECISIONS * BARISTA_NPRECISIONS
};

/* Read and write a value as text: "int8" for all passes, or "fwd=int8,wgrad=fp32"; passes that are
 * not named compute in fp32. */
int barista_precision_parse(const char *text, double *knob, struct barista_err *err);
void barista_precision_format(double knob, char *buf, size_t size);

/* Returns the precision of a pass; BARISTA_NPRECISIONS when the knob has no such value. */
enum barista_precision barista_pass_precision(double knob, enum barista_pass pass);

/* Returns the value that gives the passes these precisions. */
double barista_precision_knob(const enum barista_precision pass[BARISTA_NPASSES]);

/* The knob that chooses the precisions of a design, always searched. */
#define BARISTA_PRECISION_KNOB(help_text)                                        \
	{                                                                        \
		.name = "precision", .unit = "", .help = (help_text),            \
		.hi = BARISTA_PRECISION_CHOICES - 1, .categorical = true,        \
		.default_value = (double)NAN, .format = barista_precision_format \
	}

/* Returns the value of one precision for all passes. */
double barista_precision_knob_all(enum barista_precision precision);

/* Lists the distinct precisions of a value; returns how many there are. */
size_t barista_precisions_used(double knob, enum barista_precision used[BARISTA_NPASSES]);

/* Fails with BARISTA_E_INFEASIBLE when the device cannot build multipliers of this precision. */
int barista_precision_admit(const struct barista_device *dev, enum barista_precision p,
			    struct barista_err *err);

/* For families that compute all passes alike: fails unless the value is one precision for all of
 * them, which the device has. The message shows the example of a design. */
int barista_precision_admit_one(const struct barista_device *dev, double knob, const char *example,
				struct barista_err *err);

/* The key of a parameter of a multiplier in a table of precisions, and its dimension. */
const char *barista_pe_param_key(enum barista_pe_param param);
enum barista_dimension barista_pe_param_dimension(enum barista_pe_param param);

/* Fills in what the device's multipliers take, from a document of kind `precisions`. */
int barista_pe_params_decode(struct barista_device *dev, const struct barista_doc *doc,
			     struct barista_err *err);

#endif
