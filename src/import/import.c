/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "import/import.h"

#include "io/file.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { MAX_REMARKS = 100, MAX_TEXT = 4 << 20 };
static const size_t max_model = (size_t)2 << 30; /* protocol buffers have no longer messages */

/* Whatever the case. */
static bool has_ending(const char *path, const char *ending)
{
	size_t n = strlen(path), e = strlen(ending);

	return n > e && !strcasecmp(path + n - e, ending);
}

bool barista_is_importable(const char *path)
{
	return has_ending(path, ".prototxt") || has_ending(path, ".pbtxt") ||
	       has_ending(path, ".onnx") ||
	       has_ending(path, ".caffemodel"); /* which is told what it is */
}

/* Without memory the line is lost; whoever needs memory next will say so. */
static void add_line(struct barista_buffer *t, struct barista_arena *arena, char *line)
{
	size_t n = strlen(line);

	line[n] = '\n'; /* instead of its NUL */
	barista_buffer_printf(t, arena, line, n + 1);
}

void barista_source_note(struct barista_source *src, const char *fmt, ...)
{
	char line[900];
	va_list ap;

	if (src->remarks.lines++ >= MAX_REMARKS)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof line, fmt, ap);
	va_end(ap);
	for (char *p = line; *p; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	add_line(&src->remarks, src->arena, line);
}

static void close_remarks(struct barista_source *src)
{
	char line[64];

	if (src->remarks.lines <= MAX_REMARKS)
		return;
	snprintf(line, sizeof line, "and %zu more remarks", src->remarks.lines - MAX_REMARKS);
	add_line(&src->remarks, src->arena, line);
}

/* Control characters that no text has: a binary file, or one in UTF-16. */
static bool is_text(const char *data, size_t size)
{
	for (size_t i = 0; i < size && i < 4096; i++)
		if ((unsigned char)data[i] < 0x20 && (!data[i] || !strchr("\t\n\v\f\r", data[i])))
			return false;
	return true;
}

static int check_kind(const struct barista_source *src, bool onnx, struct barista_err *err)
{
	static const char pointer[] = "version https://git-lfs";

	if (onnx && !src->size)
		return barista_fail(err, BARISTA_E_INPUT, "'%.300s' is empty", src->path);
	if (src->size >= sizeof pointer && !memcmp(src->data, pointer, sizeof pointer - 1))
		return barista_fail(err, BARISTA_E_INPUT,
				    "'%.300s' is a pointer of Git LFS: fetch the file itself, with "
				    "`git lfs pull`",
				    src->path);
	if (!onnx && !is_text(src->data, src->size))
		return barista_fail(
			err, BARISTA_E_INPUT,
			"'%.300s' is not text in UTF-8: a binary file, or UTF-16 (ONNX models "
			"end in .onnx)",
			src->path);
	return 0;
}

static int read_graph(struct barista_source *src, struct barista_graph *g, struct barista_err *err)
{
	bool onnx = has_ending(src->path, ".onnx");
	int rc = barista_read_limited(src->path, onnx ? max_model : MAX_TEXT, src->arena,
				      &src->data, &src->size, err);

	if (rc)
		return rc;
	barista_sha256(src->data, src->size, src->sha256);
	if ((rc = check_kind(src, onnx, err)))
		return rc;
	if (onnx && src->options->solver)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "--solver: '%.300s' is ONNX, solvers are Caffe's", src->path);
	return onnx ? barista_onnx_read(src, g, err) : barista_caffe_read(src, g, err);
}

/* What was remarked before often is the reason: a misspelt field, a network found elsewhere. */
static void add_remarks(const struct barista_source *src, struct barista_err *err)
{
	size_t used = strlen(err->msg);

	if (src->remarks.data && used + 80 < sizeof err->msg)
		snprintf(err->msg + used, sizeof err->msg - used, "\nbefore that:\n%.*s",
			 (int)src->remarks.size - 1, src->remarks.data);
}

static int import(struct barista_source *src, const char *path, const char **yaml, size_t *size,
		  struct barista_err *err)
{
	const struct barista_import_options *o = src->options;
	struct barista_graph g = {0};
	char incomplete[400];
	int rc;

	if (has_ending(path, ".caffemodel"))
		return barista_fail(
			err, BARISTA_E_INPUT,
			"'%.300s' holds trained weights: import the network's .prototxt instead",
			path);
	src->path = path;
	if ((rc = barista_inputs_parse(&src->inputs, o->input, o->ninputs, src->arena, err)) ||
	    (rc = read_graph(src, &g, err)))
		return rc;
	rc = barista_graph_check_complete(&g, src, incomplete, sizeof incomplete, err);
	if (!rc) {
		/* Models of ONNX seldom have a loss. */
		if (!src->test_phase && !barista_graph_has_loss(&g) &&
		    !strcmp(src->format, "caffe"))
			barista_source_note(src,
					    "%.300s: no loss: every output is taken to be trained",
					    src->path);
		barista_graph_gradients(&g, !src->test_phase);
		rc = barista_graph_write(&g, src, incomplete, yaml, size, err);
		close_remarks(src);
	}
	barista_graph_release(&g);
	return rc;
}

int barista_import(struct barista_source *src, const char *path, const char **yaml, size_t *size,
		   struct barista_err *err)
{
	int rc = import(src, path, yaml, size, err);

	if (rc)
		add_remarks(src, err);
	return rc;
}
