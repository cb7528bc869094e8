/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "barista.h"

#include <stdarg.h>

/* Sets the message and returns status, so that callers can `return barista_fail(...)`. */
int barista_fail(struct barista_err *err, int status, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* As barista_fail, for a place in a text: file:line:col: message, the line, a caret.
 * line and col count from 1; text may be NULL. */
int barista_fail_at(struct barista_err *err, const char *path, const char *text, int line, int col,
		    const char *fmt, ...) __attribute__((format(printf, 6, 7)));

/* The same from a list of arguments. */
int barista_vfail_at(struct barista_err *err, const char *path, const char *text, int line, int col,
		     const char *fmt, va_list ap) __attribute__((format(printf, 6, 0)));

/* Puts "context: " before the message. */
void barista_err_context(struct barista_err *err, const char *context);

int barista_no_memory(struct barista_err *err);

#endif
