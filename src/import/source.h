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
 * NULL without memory, as barista_arena_alloc() does, and their callers return
 * barista_no_memory(). */

/* A file that is being imported. Its reader fills in what the graph has no place for, and remarks
 * that the user should read. */
struct barista_source {
	const char *path;
	char *data; /* its bytes, with a NUL at data[size] */
	size_t size;
	char sha256[65];    /* of the bytes, in hexadecimal */
	const char *solver; /* path of the solver that names this file or goes with it, or NULL */
	char solver_sha256[65];
	const struct barista_import_format *format;
	const struct barista_import_options *options;
	struct barista_inputs *inputs;
	struct barista_arena *arena;
	/* The reader sets these. */
	int64_t iterations;            /* batches per update: Caffe's iter_size, else 1 */
	bool test_phase;               /* the network only runs forward */
	size_t other_phase;            /* layers left out for their phase, stage or level */
	struct barista_buffer remarks; /* lines for the user */
};

/* Adds a line to the remarks. Control characters in it become '?', and lines after the first
 * hundred are only counted, since a file could cause any number of them. Errors:
 * BARISTA_E_SYSTEM. */
int barista_source_note(struct barista_source *src, struct barista_err *err, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Adds a last line that says how many remarks were only counted, if any. Errors:
 * BARISTA_E_SYSTEM. */
int barista_source_close_notes(struct barista_source *src, struct barista_err *err);

#endif
