/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_IMPORT_H
#define IMPORT_IMPORT_H

#include "base/buffer.h"
#include "import/graph.h"
#include "import/input_sizes.h"

/* Of a workload: layers that multiply, and all of them. */
enum { BARISTA_MAX_LAYERS = 4096, BARISTA_MAX_STEPS = 1 << 17 };

/* A file to import, and what is said about it on the way. */
struct barista_source {
	const char *path;
	char *data;
	size_t size; /* its bytes, and a NUL behind them */
	char sha256[65];
	const char *solver; /* the file that named this one, or was given with it; or NULL */
	char solver_sha256[65];
	const struct barista_import_options *options;
	struct barista_inputs *inputs;
	struct barista_arena *arena;
	/* What the reader says: */
	const char *format; /* "caffe" or "onnx" */
	int64_t iterations; /* passes over a batch per update; 1 but for Caffe's iter_size */
	bool test_phase;    /* forward only */
	size_t other_phase; /* layers of other phases, stages and levels */
	struct barista_buffer remarks; /* lines for the user */
};

/* Adds a line to the remarks; beyond the first hundred they are only counted. */
void barista_source_note(struct barista_source *src, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Is this a file that barista_import() reads, by its name: .prototxt, .pbtxt or .onnx? Also
 * .caffemodel, for it to say what to read instead. */
bool barista_is_importable(const char *path);

/* One reader per format: fills a graph that it initialises; the caller releases it. */
int barista_caffe_read(struct barista_source *src, struct barista_graph *g,
		       struct barista_err *err);
int barista_onnx_read(struct barista_source *src, struct barista_graph *g, struct barista_err *err);

/* What of the graph goes into the workload: fails at what is not understood, unless lenient; then
 * `incomplete` says, in a few words, what share of the multiply-accumulates is missing, else it is
 * empty. */
int barista_graph_check_complete(const struct barista_graph *g, struct barista_source *src,
				 char *incomplete, size_t size, struct barista_err *err);
/* Does this op become a layer of the workload? */
bool barista_op_is_layer(const struct barista_graph *g, const struct barista_op *op);

/* The graph as the text of a workload file. */
int barista_graph_write(const struct barista_graph *g, struct barista_source *src,
			const char *incomplete, const char **yaml, size_t *size,
			struct barista_err *err);

/* Reads a Caffe or ONNX file and makes the text of a workload of it, in src->arena; src->options
 * and src->arena are the caller's. Errors: BARISTA_E_INPUT with the line or node;
 * BARISTA_E_ARGUMENT for options that do not fit the file. */
int barista_import(struct barista_source *src, const char *path, const char **yaml, size_t *size,
		   struct barista_err *err);

#endif
