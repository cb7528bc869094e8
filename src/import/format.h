/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_FORMAT_H
#define IMPORT_FORMAT_H

#include "import/graph.h"
#include "import/source.h"

/* A format of networks that can be imported. */
struct barista_import_format {
	const char *name, *title;  /* as in a workload file; as people write it */
	const char *ending[4];     /* of its files, in any case; NULL-terminated */
	size_t limit;              /* bytes of a file, at most */
	bool text;                 /* UTF-8; else binary */
	bool solver;               /* a solver may be named with it */
	bool has_loss;             /* networks in training have one: without, the user is told */
	const char *not_a_network; /* set: such files hold something else, this; or NULL */
	/* Fills a graph that it initialises; the caller releases it. Errors: BARISTA_E_INPUT with
	 * the line or node. */
	int (*read)(struct barista_source *src, struct barista_graph *graph,
		    struct barista_err *err);
};

/* Up to a row without a name. The first one is what a file is taken for whose ending tells nothing.
 */
extern const struct barista_import_format barista_import_formats[];

/* The format of a file, by the ending of its name; NULL when it is none that is imported. */
const struct barista_import_format *barista_import_format_find(const char *path);

#endif
