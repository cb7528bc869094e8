/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

#include "cli/options.h"
#include "report/format.h"

/* Prints a document on standard output, in the format that was asked for. */
int cli_print(const struct barista_document *document, const void *data,
	      const struct cli_output_options *output, struct barista_err *err);
/* Prints a table, and frees it; NULL stands for one that there was no memory for. */
int cli_print_table(struct barista_table *table, const struct cli_output_options *output,
		    struct barista_err *err);

/* Writes what the library says to standard error: its options ("option input") as the command line
 * spells them ("--input"), and in place of its lists of names the command that prints them. */
void cli_put_message(const char *text);

/* Writes a line to standard error, unless quiet. */
void cli_remark(bool quiet, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Of several things that were done one after the other: hands the first failure on, and returns its
 * status; 0 without one. The messages of others are remarks. */
int cli_first_failure(const struct barista_err *failure, size_t n, bool quiet,
		      struct barista_err *err);

#endif
