/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Results are written in one of these formats. */
#ifndef REPORT_FORMAT_H
#define REPORT_FORMAT_H

#include "report/prose.h"

/* A document is what a command has to tell, as one function per kind of format. `data` is what
 * they tell of. */
struct barista_document {
	/* This writes a text for people. Where it is NULL, the table says it all. */
	void (*text)(struct barista_prose *p, const void *data);
	/* This makes a table for spreadsheets, NULL without memory. */
	struct barista_table *(*table)(const void *data);
	/* This makes a value for programs, NULL without memory. Where there is no such function,
	 * it is the rows of the table. */
	json_t *(*json)(const void *data);
};

/* A format knows which of these functions it takes, and how to write what they give. */
struct barista_format {
	const char *name;
	int (*write)(const struct barista_document *document, const void *data,
		     struct barista_style style, FILE *f, struct barista_err *err);
};

/* Formats are in the order in which they are named to the user, who can choose those before
 * BARISTA_FORMATS_OF_FILES; the others are of files in a folder of results only. */
enum {
	BARISTA_FORMAT_TABLE,
	BARISTA_FORMAT_CSV,
	BARISTA_FORMAT_JSON,
	BARISTA_FORMATS_OF_FILES,
	BARISTA_FORMAT_MARKDOWN = BARISTA_FORMATS_OF_FILES,
	BARISTA_NFORMATS
};
extern const struct barista_format barista_formats[BARISTA_NFORMATS];

#endif
