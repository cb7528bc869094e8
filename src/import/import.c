/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A foreign file is read into a graph. The graph is checked for what is not understood, told which
 * gradients it needs, and written as the text of a workload. */
#include "import/import.h"

#include "base/err.h"
#include "import/completeness.h"
#include "import/input_sizes.h"
#include "import/workload_writer.h"
#include "io/file.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Returns false when the file begins with control characters that no text has, as a binary file
 * does, and one in UTF-16, whose letters have zero bytes. */
static bool is_text(const char *data, size_t size)
{
	for (size_t i = 0; i < size && i < 4096; i++)
		if ((unsigned char)data[i] < 0x20 && (!data[i] || !strchr("\t\n\v\f\r", data[i])))
			return false;
	return true;
}

static int check_content(const struct barista_source *src, struct barista_err *err)
{
	static const char pointer[] = "version https://git-lfs";

	if (!src->format->text && !src->size)
		return barista_fail(err, BARISTA_E_INPUT, "'%.300s' is empty", src->path);
	if (src->size >= sizeof pointer && !memcmp(src->data, pointer, sizeof pointer - 1))
		return barista_fail(err, BARISTA_E_INPUT,
				    "'%.300s' is a pointer of Git LFS: fetch the file itself, with "
				    "`git lfs pull`",
				    src->path);
	if (src->format->text && !is_text(src->data, src->size))
		return barista_fail(
			err, BARISTA_E_INPUT,
			"'%.300s' is not text in UTF-8: a binary file, or UTF-16 (ONNX models "
			"end in .onnx)",
			src->path);
	return 0;
}

static int read_graph(struct barista_source *src, struct barista_graph *g, struct barista_err *err)
{
	const struct barista_import_format *format = src->format;
	int rc = barista_read_limited(src->path, format->limit, src->arena, &src->data, &src->size,
				      err);

	if (rc)
		return rc;
	barista_sha256(src->data, src->size, src->sha256);
	if ((rc = check_content(src, err)))
		return rc;
	if (src->options->solver && !format->solver)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "option solver: '%.300s' is %s, solvers are Caffe's", src->path,
				    format->title);
	return format->read(src, g, err);
}

/* Appends the remarks to the message of a failure, because they often hold its reason, such as a
 * misspelt field. They are left out when the message has no room for a line of them. */
static void add_remarks(const struct barista_source *src, struct barista_err *err)
{
	size_t used = strlen(err->msg);

	if (src->remarks.data && used + 80 < sizeof err->msg)
		snprintf(err->msg + used, sizeof err->msg - used, "\nbefore that:\n%.*s",
			 (int)src->remarks.size - 1, src->remarks.data);
}

/* Makes the workload of a graph that has been read, with all remarks on it. */
static int make_workload(struct barista_graph *g, struct barista_source *src, const char **yaml,
			 size_t *size, struct barista_err *err)
{
	char incomplete[400];
	int rc = barista_graph_check_complete(g, src, incomplete, sizeof incomplete, err);

	if (rc)
		return rc;
	if (src->format->has_loss && !src->test_phase && !barista_graph_has_loss(g))
		rc = barista_source_note(src, err,
					 "%.300s: no loss: every output is taken to be trained",
					 src->path);
	if (rc || (rc = barista_source_close_notes(src, err)))
		return rc;
	barista_graph_gradients(g, !src->test_phase);
	return barista_graph_write(g, src, incomplete, yaml, size, err);
}

static int import(struct barista_source *src, const char *path, const char **yaml, size_t *size,
		  struct barista_err *err)
{
	const struct barista_import_options *o = src->options;
	struct barista_graph g = {0};
	int rc;

	if (src->format->not_a_network)
		return barista_fail(err, BARISTA_E_INPUT, "'%.300s' %s", path,
				    src->format->not_a_network);
	src->path = path;
	src->test_phase = o->test_phase;
	if ((rc = barista_inputs_parse(&src->inputs, o->input, o->ninputs, src->arena, err)) ||
	    (rc = read_graph(src, &g, err)))
		return rc;
	rc = barista_inputs_check(src->inputs, "", err); /* the reader may not look for them */
	if (!rc)
		rc = make_workload(&g, src, yaml, size, err);
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
