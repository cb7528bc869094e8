/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text for people is one text, which differs in its markup between a terminal and a file. */
#ifndef REPORT_PROSE_H
#define REPORT_PROSE_H

#include "io/table.h"

#include <stdint.h>

enum barista_markup { BARISTA_PLAIN_TEXT, BARISTA_MARKDOWN };

struct barista_style {
	bool bold;       /* heads in bold type, on a terminal */
	uint64_t charts; /* bit i: the picture of chart i is in charts/ beside the text */
};

/* This is a text that is being written. Its functions do nothing more after one of them has
 * failed. */
struct barista_prose {
	FILE *f;   /* for text, which is escaped where the markup needs that */
	FILE *raw; /* for the markup itself */
	enum barista_markup markup;
	struct barista_style style;
	struct barista_err *err;
	int rc;
};

/* Begins a text on a stream, and ends it: that returns p->rc. Without memory the text is empty. */
void barista_prose_begin(struct barista_prose *p, FILE *f);
int barista_prose_end(struct barista_prose *p);

void barista_prose_title(struct barista_prose *p, const char *text);
void barista_prose_heading(struct barista_prose *p, const char *text);

/* Writes a table and frees it; NULL stands for one that there was no memory for. bold: are the
 * heads of its columns bold, where heads are? */
void barista_prose_table(struct barista_prose *p, struct barista_table *t, bool bold);

/* Begins an item of a list. */
void barista_prose_item(struct barista_prose *p);

/* Shows charts/NAME.png where the markup can. */
void barista_prose_picture(struct barista_prose *p, const char *name);

/* Ends a paragraph before a table, where the markup needs that. */
void barista_prose_break(struct barista_prose *p);

/* Writes a quantity as text and returns buf, for printf. */
const char *barista_prose_quantity(char buf[64], double value, enum barista_dimension dim);

#endif
