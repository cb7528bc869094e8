/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_SOURCE_H
#define IMPORT_SOURCE_H

#include "barista.h"
#include "base/arena.h"
#include "base/buffer.h"
#include "import/input_sizes.h"

/* Errors in src/import. A function that can fail returns BARISTA_OK or the status that it has set
 * in a struct barista_err through barista_fail() or one of its kin, and its caller returns that
 * status at once; whatever a function makes it hands out by a pointer argument, and one that cannot
 * fail returns void. A bool, and a pointer that may be NULL, answer a question instead, such as
 * whether a product is exact or a name exists; the few functions that copy into an arena return
 * NULL without memory, as barista_arena_alloc() does, and their callers return barista_no_memory().
 */

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
int barista_source_note(struct barista_source *src, struct barista_err *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Ends the remarks: says how many were only counted. */
int barista_source_close_notes(struct barista_source *src, struct barista_err *err);

#endif
