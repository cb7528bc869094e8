/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_FORMAT_H
#define IMPORT_FORMAT_H

#include "import/graph.h"
#include "import/source.h"

/* This describes a format of networks that can be imported. */
struct barista_import_format {
	const char *name, *title; /* name is written into workload files, title is for people */
	const char *ending[4];    /* NULL-terminated list of what its files end in, in any case */
	size_t limit;             /* a file may have so many bytes */
	bool text;                /* files are text in UTF-8; else they are binary */
	bool solver;              /* the user may name a solver with the network */
	bool has_loss;            /* networks in training hold a loss; one without is remarked on */
	const char *not_a_network; /* when such files hold no network, this says what they hold */
	/* Initialises and fills the graph, which the caller releases when the reader succeeds.
	 * Errors: BARISTA_E_INPUT with the line or node, BARISTA_E_ARGUMENT for options that do not
	 * fit the file, BARISTA_E_SYSTEM. */
	int (*read)(struct barista_source *src, struct barista_graph *graph,
		    struct barista_err *err);
};

/* The formats, up to a row without a name. A file whose ending tells nothing is taken to be of the
 * first one. */
extern const struct barista_import_format barista_import_formats[];

/* Returns the format that a path ends in, or NULL when no format has such an ending. */
const struct barista_import_format *barista_import_format_find(const char *path);

#endif
