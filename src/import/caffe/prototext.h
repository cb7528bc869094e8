/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IMPORT_CAFFE_PROTOTEXT_H
#define IMPORT_CAFFE_PROTOTEXT_H

#include "base/arena.h"
#include "base/err.h"

/* Protocol buffers' text format is read without a schema, because forks of Caffe have fields of
 * their own. A field is a message, a string in quotes, or a word, whose meaning is asked for only
 * when somebody reads it. */

enum barista_proto_kind { BARISTA_PROTO_MESSAGE, BARISTA_PROTO_STRING, BARISTA_PROTO_WORD };

/* A field of a message. A list of values becomes as many fields of that name. */
struct barista_proto {
	const char *name;
	enum barista_proto_kind kind;
	const char *text; /* of a string or a word, such as a number, a constant, true or -inf */
	size_t length;    /* bytes of the text; a string may hold zero bytes */
	struct barista_proto *first, *last; /* the fields of a message, or NULL */
	struct barista_proto *next;         /* the next field of the message that holds this one */
	int line, col;                      /* place of its name, from 1 */
	int value_line, value_col;          /* place of its value, from 1 */
};

/* A file and its whole text, which messages of failures quote. */
struct barista_proto_text {
	const char *path, *text;
};

/* Parses size bytes of the text, which a NUL follows, into *root, a message without a name. All of
 * it lives in the arena. Errors: BARISTA_E_INPUT with file:line:column; BARISTA_E_SYSTEM. */
int barista_proto_parse(struct barista_proto *root, const struct barista_proto_text *src,
			size_t size, struct barista_arena *arena, struct barista_err *err);

/* Fails with BARISTA_E_INPUT at the name of a field. */
int barista_fail_proto(struct barista_err *err, const struct barista_proto_text *src,
		       const struct barista_proto *at, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Returns the first field of that name among `from`, which may be NULL, and those behind it; NULL
 * when there is none. All fields "x" of a message are visited by
 * for (f = find(m->first, "x"); f; f = find(f->next, "x")). The cost is linear in the fields. */
struct barista_proto *barista_proto_find(struct barista_proto *from, const char *name);

/* Returns how many fields of that name the message has. */
size_t barista_proto_count(const struct barista_proto *message, const char *name);

/* Read a field that may stand once. A field that is absent leaves *out as it was, as every field of
 * a message that is NULL does. Errors: BARISTA_E_INPUT at the field when it stands twice, or its
 * value is of another kind or outside of lo..hi. */
int barista_proto_message(const struct barista_proto_text *src, const struct barista_proto *message,
			  const char *name, struct barista_proto **out, struct barista_err *err);
int barista_proto_int(const struct barista_proto_text *src, const struct barista_proto *message,
		      const char *name, int64_t lo, int64_t hi, int64_t *out,
		      struct barista_err *err);
int barista_proto_bool(const struct barista_proto_text *src, const struct barista_proto *message,
		       const char *name, bool *out, struct barista_err *err);
int barista_proto_string(const struct barista_proto_text *src, const struct barista_proto *message,
			 const char *name, const char **out, struct barista_err *err);
/* Gives the word of an enumeration, or its number, as it stands in the file. */
int barista_proto_word(const struct barista_proto_text *src, const struct barista_proto *message,
		       const char *name, const char **out, struct barista_err *err);
int barista_proto_real(const struct barista_proto_text *src, const struct barista_proto *message,
		       const char *name, double *out, struct barista_err *err);

/* Reads a repeated whole number into out[max], and how often it stands into *n. Errors:
 * BARISTA_E_INPUT when it stands more than max times, or as above. */
int barista_proto_ints(const struct barista_proto_text *src, const struct barista_proto *message,
		       const char *name, int64_t lo, int64_t hi, size_t max, int64_t *out,
		       size_t *n, struct barista_err *err);

/* Read the value of a field. Errors: BARISTA_E_INPUT at the value. */
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
