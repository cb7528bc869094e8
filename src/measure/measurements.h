/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MEASURE_MEASUREMENTS_H
#define MEASURE_MEASUREMENTS_H

#include "barista.h"

/* A design that ran: what it was, and how long its kernel took. */
struct barista_measured_row {
	const char *design, *device, *kernel, *source, *fitted,
		*note;    /* the last two may be NULL */
	int64_t shape[3]; /* M, N, K */
	double clock_hz;
	double time_s; /* measured; from the rate when the file gives that */
	double dsp;    /* NaN when not given */
	size_t nsets;
	const char *set[16]; /* "path=value" for barista_device_set() */
	int line;            /* where the row stands in the file */
};

struct barista_measured {
	const char *title, *path;
	size_t n;
	struct barista_measured_row *row;
	char sha256[65];
	struct barista_arena *arena;
};

/* Loads devices/measured/NAME.yaml below data_dir, or a path; errors as of the other loaders. */
int barista_measured_load(struct barista_measured **out, const char *name, const char *data_dir,
			  struct barista_err *err);
void barista_measured_free(struct barista_measured *m);

/* What the model says of a row: kernel time (equation (3) and its richer form), in seconds. */
struct barista_prediction {
	double time_s;
	double dsp;
	const char *binds; /* memory or compute */
};

/* Fails as the device and kernel do when the row cannot be modelled. */
int barista_measured_predict(const struct barista_measured_row *row, const char *data_dir,
			     struct barista_prediction *out, struct barista_err *err);

#endif
