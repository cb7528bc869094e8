/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MODEL_NOTATION_CURSOR_H
#define MODEL_NOTATION_CURSOR_H

#include "barista/family.h"

/* A place in the text of a design. Functions that return false have set the error. */
struct barista_cursor {
	const char *text, *at;
	const char *noun;     /* "kernel": what the messages call a design */
	const char *expected; /* "T_MxT_NxT_K:PRECISION, e.g. 16x16x64:fp32" */
	struct barista_err *err;
};

/* "'TEXT' is not a NOUN: WHY; expected EXPECTED", or without WHY when it is NULL. */
bool barista_cursor_fail(struct barista_cursor *cursor, const char *why);

/* Takes this character; it must be there. */
bool barista_cursor_take(struct barista_cursor *cursor, char c);

/* Takes decimal digits. Returns false, with no error set, when there are none or too many. */
bool barista_cursor_digits(struct barista_cursor *cursor, int64_t *out);

/* Takes a whole number from 1 to the limit; `what` names it in the message. */
bool barista_cursor_number(struct barista_cursor *cursor, const char *what, int64_t limit,
			   int64_t *out);

/* Takes one of the words, up to the next slash or colon; the list ends with NULL. *out is its index
 * and `what` names the choice in the message. */
bool barista_cursor_word(struct barista_cursor *cursor, const char *what, const char *const *words,
			 size_t *out);

/* Takes a value of this knob; it must be within the knob's bounds. */
bool barista_cursor_knob(struct barista_cursor *cursor, const struct barista_knob *knob,
			 double *out);

/* Takes ":PRECISION" up to the end of the text; at the end already, it is default_name, which may
 * be NULL where the caller has seen that there is more. */
bool barista_cursor_precision(struct barista_cursor *cursor, const char *default_name, double *out);

/* Reads a whole text with `design`, which returns false with the error set. */
int barista_cursor_parse(const char *text, const char *noun, const char *expected,
			 bool (*design)(struct barista_cursor *cursor, struct barista_point *point),
			 struct barista_point *out, struct barista_err *err);

#endif
