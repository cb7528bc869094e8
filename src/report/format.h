/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The formats that results are written in. */
#ifndef REPORT_FORMAT_H
#define REPORT_FORMAT_H

#include "report/prose.h"

/* What a command has to tell, as one function per kind of format. `data` is what they tell of. */
struct barista_document {
	/* For people; NULL: the table says it all. */
	void (*text)(struct barista_prose *p, const void *data);
	/* For spreadsheets; NULL without memory. */
	struct barista_table *(*table)(const void *data);
	/* For programs, NULL without memory. No function: the rows of the table. */
	json_t *(*json)(const void *data);
};

/* One format: it knows which of these functions it takes, and how to write what they give. */
struct barista_format {
	const char *name;
	int (*write)(const struct barista_document *document, const void *data,
		     struct barista_style style, FILE *f, struct barista_err *err);
};

/* In the order in which they are named to the user, who can choose those before
 * BARISTA_FORMATS_OF_FILES; the others are of the files of a folder of results only. */
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
