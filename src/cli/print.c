/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file prints results on standard output and remarks on standard error. */
#include "cli/print.h"

#include "base/err.h"
#include "base/memory_stream.h"
#include "cli/option_defs.h"
#include "cli/ranks.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Bold heads are for a terminal that knows them, unless the user does not want colours. */
static bool bold(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	/* mpirun hands its ranks, be it one, a terminal that is not the user's. */
	if (cli_ranks()->size > 1 || getenv("OMPI_COMM_WORLD_SIZE"))
		return false;
	return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term &&
	       strcmp(term, "dumb") != 0;
}

/* A document that fails half-way prints nothing. */
int cli_print(const struct barista_document *document, const void *data,
	      const struct cli_output_options *output, struct barista_err *err)
{
	struct barista_memory_stream m;
	char *text;
	int rc;

	if (!barista_memory_stream_open(&m))
		return barista_no_memory(err);
	rc = barista_formats[output->format].write(
		document, data, (struct barista_style){.bold = bold()}, m.f, err);
	text = barista_memory_stream_close(&m);
	if (!rc && !text)
		rc = barista_no_memory(err);
	if (!rc)
		fwrite(text, 1, m.size, stdout);
	free(text);
	return rc;
}

/* A table that is there already becomes a document that hands it over, once. */
static struct barista_table *take_table(const void *slot)
{
	struct barista_table **from = *(struct barista_table * *const *)slot, *table = *from;

	*from = NULL;
	return table;
}

int cli_print_table(struct barista_table *table, const struct cli_output_options *output,
		    struct barista_err *err)
{
	static const struct barista_document document = {.table = take_table};
	struct barista_table **const slot = &table;
	int rc = table ? cli_print(&document, &slot, output, err) : barista_no_memory(err);

	barista_table_free(table);
	return rc;
}

void cli_remark(bool quiet, const char *fmt, ...)
{
	char text[4096];
	va_list ap;

	if (quiet)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	barista_disarm(text);
	fflush(stdout); /* where both streams go to one file, lines stay whole and in order */
	fprintf(stderr, "barista-dse: %s\n", text);
}

/* Is there a long option of these n letters? */
static bool is_option(const char *name, size_t n)
{
	for (int o = 0; o < NOPTIONS; o++) {
		const char *option = cli_option_defs[o].name;

		if (option && strlen(option) == n && !strncmp(option, name, n))
			return true;
	}
	return false;
}

/* If the text begins with a name of the library that users know by another one: returns that, and
 * the length of the library's in *n. */
static const char *find_name(const char *text, size_t *n)
{
	static const char option[] = "option ";
	static const struct {
		const char *library, *program;
	} lists[] = {
		{"`enum barista_param`", "`barista-dse list knobs`"},
		{"`enum barista_precision`", "`barista-dse list precisions`"},
	};

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		*n = strlen(lists[i].library);
		if (!strncmp(text, lists[i].library, *n))
			return lists[i].program;
	}
	*n = strlen(option);
	if (!strncmp(text, option, *n) &&
	    is_option(text + *n, strspn(text + *n, "abcdefghijklmnopqrstuvwxyz-")))
		return "--";
	return NULL;
}

/* Returns the length of a quotation that begins here, with its quotes, or 0: the user's words stay
 * as they are. An apostrophe stands behind a letter, which an opening quote does not. */
static size_t quotation(const char *text, const char *message)
{
	const char *end = text;

	if (*text != '\'' || (text > message && isalnum((unsigned char)text[-1])))
		return 0;
	do
		end = strchr(end + 1, '\'');
	while (end && isalnum((unsigned char)end[1]));
	return end ? (size_t)(end + 1 - text) : 0;
}

void cli_put_message(const char *text)
{
	const char *message = text;

	while (*text) {
		const char *from = text, *name = NULL;
		size_t n = 0, quoted;

		while (*text && !(name = find_name(text, &n))) {
			quoted = quotation(text, message);
			text += quoted ? quoted : 1;
		}
		fprintf(stderr, "%.*s%s", (int)(text - from), from, name ? name : "");
		text += name ? n : 0;
	}
}

int cli_first_failure(const struct barista_err *failure, size_t n, bool quiet,
		      struct barista_err *err)
{
	const struct barista_err *first = NULL;

	for (size_t i = 0; i < n; i++) {
		if (failure[i].status && !first)
			first = &failure[i];
		else if (failure[i].status && *failure[i].msg)
			cli_remark(quiet, "%s", failure[i].msg);
	}
	if (!first)
		return 0;
	*err = *first;
	return err->status;
}
