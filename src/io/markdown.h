/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_MARKDOWN_H
#define IO_MARKDOWN_H

#include <stdio.h>

/* Writes the text of a table's cell: whatever it holds, it shows as it is and starts no markup, no
 * HTML and no link. */
void barista_markdown_cell(FILE *f, const char *text);

/* Returns a stream for running text, whose characters go to `to` in the same way; NULL without
 * memory. fflush() it before anything else is written to `to`; fclose() leaves `to` open. */
FILE *barista_markdown_stream(FILE *to);

#endif
