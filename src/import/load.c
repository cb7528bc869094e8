/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file loads networks of any format. Workload files are decoded, and foreign files are first
 * imported into the text of a workload. */
#include "import/load.h"

#include "base/err.h"
#include "import/import.h"
#include "io/catalog.h"
#include "network/workload.h"

#include <stdio.h>
#include <string.h>

static int decode_native(void *object, const struct barista_doc *doc, const char *data_dir,
			 struct barista_err *err)
{
	(void)data_dir;
	return barista_workload_decode(object, doc, err);
}

int barista_workload_load_native(struct barista_workload **out, const char *name,
				 const char *data_dir, struct barista_err *err)
{
	static const struct barista_catalog_kind kind =
		BARISTA_CATALOG_KIND("workloads", struct barista_workload, decode_native);

	return barista_catalog_read(out, &kind, name, data_dir, err);
}

/* Decodes the text that import made. A workload that was saved and loaded again is decoded in the
 * same way, so that both are the same network. */
static int decode_imported(struct barista_workload *net, const struct barista_source *src,
			   const char *yaml, size_t size, struct barista_err *err)
{
	struct barista_doc doc;
	char *text = barista_arena_strdup(net->arena, yaml), name[600];
	int rc;

	net->yaml = text;
	net->path = barista_arena_strdup(net->arena, src->path);
	net->remarks =
		src->remarks.data ? barista_arena_strdup(net->arena, src->remarks.data) : NULL;
	if (!text || !net->path || (src->remarks.data && !net->remarks))
		return barista_no_memory(err);
	memcpy(net->sha256, src->sha256, sizeof net->sha256);
	/* Messages must say that their line numbers are those of the text, not of the file. */
	snprintf(name, sizeof name, "%.560s, as a workload", src->path);
	if ((rc = barista_doc_parse(&doc, name, text, size, net->arena, err)))
		return rc;
	return barista_workload_decode(net, &doc, err);
}

int barista_workload_import_as(struct barista_workload **out, const char *path,
			       const struct barista_import_format *format,
			       const struct barista_import_options *options,
			       struct barista_err *err)
{
	static const struct barista_import_options defaults;
	struct barista_source src = {.format = format,
				     .options = options ? options : &defaults,
				     .arena = barista_arena_make()};
	struct barista_workload *net;
	const char *yaml;
	size_t size;
	int rc = src.arena ? barista_workload_make(&net, err) : barista_no_memory(err);

	if (rc) {
		barista_arena_free(src.arena);
		return rc;
	}
	rc = barista_import(&src, path, &yaml, &size, err);
	if (!rc)
		rc = decode_imported(net, &src, yaml, size, err);
	barista_arena_free(src.arena);
	if (rc)
		barista_workload_free(net);
	else
		*out = net;
	return rc;
}

int barista_workload_import(struct barista_workload **out, const char *path,
			    const struct barista_import_options *options, struct barista_err *err)
{
	const struct barista_import_format *format = barista_import_format_find(path);

	return barista_workload_import_as(out, path, format ? format : &barista_import_formats[0],
					  options, err);
}

int barista_workload_load(struct barista_workload **out, const char *name, const char *data_dir,
			  struct barista_err *err)
{
	const struct barista_import_format *format = barista_import_format_find(name);

	return format ? barista_workload_import_as(out, name, format, NULL, err)
		      : barista_workload_load_native(out, name, data_dir, err);
}
