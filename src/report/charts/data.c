/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "report/charts/data.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What has been read of a CSV file. */
struct csv {
	long lines, fields; /* whole lines; fields of the first */
	long in_line;       /* commas of the line that is read */
	bool quoted, empty; /* is it within quotes, has the line no character? */
	long bad;           /* the first line with another number of fields; 0: none */
};

/* A line without a character stands between blocks. */
static void end_line(struct csv *c)
{
	c->lines++;
	if (c->lines == 1)
		c->fields = c->in_line;
	else if (!c->empty && c->in_line != c->fields && !c->bad)
		c->bad = c->lines;
	c->in_line = 0;
	c->empty = true;
}

static void take(struct csv *c, int ch)
{
	if (ch == '\n' && !c->quoted) {
		end_line(c);
		return;
	}
	c->empty = false;
	c->quoted ^= ch == '"';
	c->in_line += ch == ',' && !c->quoted;
}

static FILE *open_at(int fd, const char *name)
{
	int file = openat(fd, name, O_RDONLY | O_CLOEXEC);
	FILE *f = file < 0 ? NULL : fdopen(file, "r");

	if (!f && file >= 0)
		close(file);
	return f;
}

int barista_chart_data_check(int fd, const char *name, struct barista_err *err)
{
	struct csv c = {.empty = true};
	FILE *f = open_at(fd, name);
	bool failed;

	if (!f)
		return barista_fail_system(err, "cannot open", name);
	for (int ch; (ch = getc(f)) != EOF;)
		take(&c, ch);
	failed = ferror(f);
	fclose(f);
	if (failed)
		return barista_fail(err, BARISTA_E_SYSTEM, "cannot read '%.200s'", name);
	if (c.bad)
		return barista_fail(
			err, BARISTA_E_INPUT,
			"%.200s:%ld: not as many fields as line 1: the data are damaged; "
			"search again",
			name, c.bad);
	if (c.lines < 2 || !c.empty)
		return barista_fail(err, BARISTA_E_INPUT,
				    "%.200s: the data are cut off: search again", name);
	return 0;
}
