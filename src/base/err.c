/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file fills in struct barista_err, which the caller owns. A message about a place in a text
 * also shows the line and a caret below it. */
#include "base/err.h"

#include "base/utf8.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A message quotes files and arguments, whose control characters must not reach the terminal. */
void barista_disarm(char *text)
{
	for (size_t n; *text; text += n) {
		n = *text == '\n' || *text == '\t' ? 1 : barista_utf8_length(text);
		if (n)
			continue;
		*text = '?';
		n = 1;
	}
}

int barista_fail(struct barista_err *err, int status, const char *fmt, ...)
{
	va_list ap;

	err->status = status;
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof err->msg, fmt, ap);
	va_end(ap);
	barista_disarm(err->msg);
	return status;
}

static int fail_for(struct barista_err *err, int status, int reason, const char *what,
		    const char *path)
{
	return barista_fail(err, status, "%s '%.900s': %s", what, path, strerror(reason));
}

int barista_fail_system(struct barista_err *err, const char *what, const char *path)
{
	return fail_for(err, BARISTA_E_SYSTEM, errno, what, path);
}

int barista_fail_errno(struct barista_err *err, const char *what, const char *path)
{
	static const int of_the_name[] = {ENOENT, ENOTDIR, EISDIR,       EACCES,
					  EPERM,  ELOOP,   ENAMETOOLONG, EINVAL};
	int reason = errno, status = BARISTA_E_SYSTEM;

	for (size_t i = 0; i < sizeof of_the_name / sizeof *of_the_name; i++)
		if (reason == of_the_name[i])
			status = BARISTA_E_INPUT;
	return fail_for(err, status, reason, what, path);
}

/* Returns where line number `line` starts, and its length in *len; NULL when the text is shorter.
 */
static const char *find_line(const char *text, int line, int *len)
{
	for (int i = 1; i < line; i++) {
		text += strcspn(text, "\r\n");
		if (!*text)
			return NULL;
		text += text[0] == '\r' && text[1] == '\n' ? 2 : 1;
	}
	*len = (int)strcspn(text, "\r\n");
	return text;
}

static void append_caret(char *msg, size_t size, const char *text, int line, int col)
{
	enum { WIDTH = 160 };
	size_t used = strlen(msg);
	int len = 0;
	const char *start = find_line(text, line, &len);

	if (!start || col < 1 || col > WIDTH || col > len + 1)
		return;
	if (len > WIDTH)
		len = WIDTH;
	used += (size_t)snprintf(msg + used, size - used, "\n  %.*s\n  ", len, start);
	for (int i = 1; i < col && used + 2 < size && start[0] && start[0] != '\n'; i++) {
		msg[used++] = *start == '\t' ? '\t' : ' ';
		do /* a column is a character, which has one or more bytes */
			start++;
		while (((unsigned char)*start & 0xc0) == 0x80);
	}
	if (used + 2 < size) {
		msg[used++] = '^';
		msg[used] = '\0';
	}
}

int barista_vfail_at(struct barista_err *err, const char *path, const char *text, int line, int col,
		     const char *fmt, va_list ap)
{
	enum { ROOM = 400 }; /* bytes left free for the line and its caret */
	int n;

	err->status = BARISTA_E_INPUT;
	n = snprintf(err->msg, sizeof err->msg - ROOM, "%.600s:%d:%d: ", path, line, col);
	vsnprintf(err->msg + n, sizeof err->msg - ROOM - (size_t)n, fmt, ap);
	if (text)
		append_caret(err->msg, sizeof err->msg, text, line, col);
	barista_disarm(err->msg);
	return err->status;
}

int barista_fail_at(struct barista_err *err, const char *path, const char *text, int line, int col,
		    const char *fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = barista_vfail_at(err, path, text, line, col, fmt, ap);
	va_end(ap);
	return rc;
}

void barista_err_context(struct barista_err *err, const char *context)
{
	char old[sizeof err->msg];

	memcpy(old, err->msg, sizeof old);
	snprintf(err->msg, sizeof err->msg, "%.300s: %.1290s", context, old);
}

int barista_no_memory(struct barista_err *err)
{
	return barista_fail(err, BARISTA_E_SYSTEM, "out of memory");
}
