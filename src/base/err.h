/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "barista.h"

#include <stdarg.h>

/* Sets status and message, and returns the status, so that callers can `return barista_fail(...)`.
 * Control characters in the message become '?'. */
int barista_fail(struct barista_err *err, int status, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Makes '?' of control characters, except for ends of lines and tabs, and of what is no UTF-8. */
void barista_disarm(char *text);

/* Fails with BARISTA_E_INPUT at a place in a text: the message is "path:line:col: ...", and below
 * it the line with a caret. line and col count from 1; without text (NULL) no line is shown. */
int barista_fail_at(struct barista_err *err, const char *path, const char *text, int line, int col,
		    const char *fmt, ...) __attribute__((format(printf, 6, 7)));

/* barista_fail_at() for callers that have a va_list. */
int barista_vfail_at(struct barista_err *err, const char *path, const char *text, int line, int col,
		     const char *fmt, va_list ap) __attribute__((format(printf, 6, 0)));

/* Fails with "WHAT 'PATH': REASON" for the reason that errno has. The status is BARISTA_E_INPUT
 * when it lies in the name that was given (nothing there, not allowed, ...), else BARISTA_E_SYSTEM.
 */
int barista_fail_errno(struct barista_err *err, const char *what, const char *path);

/* The same for what no name can be blamed for: the status is BARISTA_E_SYSTEM. */
int barista_fail_system(struct barista_err *err, const char *what, const char *path);

/* Puts "context: " before the message. */
void barista_err_context(struct barista_err *err, const char *context);

/* Fails with BARISTA_E_SYSTEM and the message "out of memory". */
int barista_no_memory(struct barista_err *err);

#endif
