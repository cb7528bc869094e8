/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_SOURCE_H
#define IMPORT_SOURCE_H

#include "barista.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "import/input_sizes.h"

/* A file to import, and what is said about it on the way. */
struct barista_source {
	const char *path;
	char *data;
	size_t size; /* its bytes, and a NUL behind them */
	char sha256[65];
	const char *solver; /* the file that named this one, or was given with it; or NULL */
	char solver_sha256[65];
	const struct barista_import_format *format;
	const struct barista_import_options *options;
	struct barista_inputs *inputs;
	struct barista_arena *arena;
	/* What the reader says: */
	int64_t iterations; /* passes over a batch per update; 1 but for Caffe's iter_size */
	bool test_phase;    /* forward only */
	size_t other_phase; /* layers of other phases, stages and levels */
	struct barista_buffer remarks; /* lines for the user */
};

/* Adds a line to the remarks; beyond the first hundred they are only counted. */
void barista_source_note(struct barista_source *src, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Ends the remarks: says how many were only counted. */
void barista_source_close_notes(struct barista_source *src);

#endif
