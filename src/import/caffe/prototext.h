/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_CAFFE_PROTOTEXT_H
#define IMPORT_CAFFE_PROTOTEXT_H

#include "base/arena.h"
#include "base/err.h"

/* Protocol buffers' text format, read without a schema. */

enum barista_proto_kind { BARISTA_PROTO_MESSAGE, BARISTA_PROTO_STRING, BARISTA_PROTO_WORD };

/* One field of a message. A list of values is as many fields of that name. */
struct barista_proto {
	const char *name;
	enum barista_proto_kind kind;
	const char *text;                   /* of a string or word: number, enum, true, -inf */
	size_t length;                      /* of text, which may hold zero bytes */
	struct barista_proto *first, *last; /* fields of a message */
	struct barista_proto *next;
	int line, col; /* of its name, from 1 */
	int value_line, value_col;
};

struct barista_proto_text {
	const char *path, *text;
};

/* Reads size bytes, and the NUL behind them, into *root. Errors carry file:line:col. */
int barista_proto_parse(struct barista_proto *root, const struct barista_proto_text *src,
			size_t size, struct barista_arena *arena, struct barista_err *err);

int barista_fail_proto(struct barista_err *err, const struct barista_proto_text *src,
		       const struct barista_proto *at, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* The first field of that name at or behind `from`, or NULL:
 * for (f = find(m->first, "x"); f; f = find(f->next, "x")) */
struct barista_proto *barista_proto_find(struct barista_proto *from, const char *name);

/* How many fields of that name the message has. */
size_t barista_proto_count(const struct barista_proto *message, const char *name);

/* Fields that may stand once. Absent ones leave *out as it is; a second one, another kind of value
 * or one out of range fails at its place. message may be NULL: everything is absent. */
int barista_proto_message(const struct barista_proto_text *src, const struct barista_proto *message,
			  const char *name, struct barista_proto **out, struct barista_err *err);
int barista_proto_int(const struct barista_proto_text *src, const struct barista_proto *message,
		      const char *name, int64_t lo, int64_t hi, int64_t *out,
		      struct barista_err *err);
int barista_proto_bool(const struct barista_proto_text *src, const struct barista_proto *message,
		       const char *name, bool *out, struct barista_err *err);
int barista_proto_string(const struct barista_proto_text *src, const struct barista_proto *message,
			 const char *name, const char **out, struct barista_err *err);
/* The word of an enum or a number as it stands. */
int barista_proto_word(const struct barista_proto_text *src, const struct barista_proto *message,
		       const char *name, const char **out, struct barista_err *err);
int barista_proto_real(const struct barista_proto_text *src, const struct barista_proto *message,
		       const char *name, double *out, struct barista_err *err);

/* A repeated whole number: at most max of them. */
int barista_proto_ints(const struct barista_proto_text *src, const struct barista_proto *message,
		       const char *name, int64_t lo, int64_t hi, size_t max, int64_t *out,
		       size_t *n, struct barista_err *err);

/* The value of one field. */
int barista_proto_int_value(const struct barista_proto_text *src, const struct barista_proto *field,
			    int64_t lo, int64_t hi, int64_t *out, struct barista_err *err);
int barista_proto_real_value(const struct barista_proto_text *src,
			     const struct barista_proto *field, double *out,
			     struct barista_err *err);
int barista_proto_string_value(const struct barista_proto_text *src,
			       const struct barista_proto *field, const char **out,
			       struct barista_err *err);
int barista_proto_bool_value(const struct barista_proto_text *src,
			     const struct barista_proto *field, bool *out, struct barista_err *err);

#endif
