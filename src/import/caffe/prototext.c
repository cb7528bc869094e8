/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file parses the text format of protocol buffers, by recursive descent; every byte is looked
 * at once or, in strings, twice. The language is described in
 * https://protobuf.dev/reference/protobuf/textformat-spec/ */
#include "import/caffe/prototext.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { MAX_DEPTH = 100 }; /* of nested messages, as in protocol buffers' own reader */

/* The parser is at p, which is in this line and column, inside `depth` messages. */
struct reader {
	const struct barista_proto_text *src;
	const char *p, *end;
	int line, col, depth;
	struct barista_arena *arena;
	struct barista_err *err;
};

static int parse_fields(struct reader *r, struct barista_proto *message, char close);

int barista_fail_proto(struct barista_err *err, const struct barista_proto_text *src,
		       const struct barista_proto *at, const char *fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = barista_vfail_at(err, src->path, src->text, at->line, at->col, fmt, ap);
	va_end(ap);
	return rc;
}

static int fail_here(struct reader *r, const char *what)
{
	return barista_fail_at(r->err, r->src->path, r->src->text, r->line, r->col, "%s", what);
}

static int no_memory(struct reader *r)
{
	return barista_no_memory(r->err);
}

/* Goes one byte on, and keeps line and column. */
static void step(struct reader *r)
{
	if (*r->p == '\n') {
		r->line++;
		r->col = 1;
	} else if (((unsigned char)*r->p & 0xc0) != 0x80) {
		r->col++; /* a column is a character, which has one or more bytes */
	}
	r->p++;
}

/* Skips white space and comments, which go from # to the end of their line. */
static void skip_space(struct reader *r)
{
	while (r->p < r->end) {
		if (*r->p == '#')
			while (r->p < r->end && *r->p != '\n')
				step(r);
		else if (strchr(" \t\r\n\f\v", *r->p) && *r->p)
			step(r);
		else
			return;
	}
}

static bool at(const struct reader *r, char c)
{
	return r->p < r->end && *r->p == c;
}

/* Takes the character c and the space behind it; returns false when c does not stand here. */
static bool take(struct reader *r, char c)
{
	if (!at(r, c))
		return false;
	step(r);
	skip_space(r);
	return true;
}

static bool word_char(const struct reader *r)
{
	return r->p < r->end && (isalnum((unsigned char)*r->p) || *r->p == '_');
}

static char *copy(struct reader *r, const char *from, size_t n)
{
	char *to = barista_arena_alloc(r->arena, n + 1, 1);

	if (to)
		memcpy(to, from, n);
	return to;
}

/* Fails because something else stands here, which the message tells. */
static int expected(struct reader *r, const char *what)
{
	char text[120];

	if (r->p < r->end && *r->p && strchr("{$%@", *r->p))
		snprintf(text, sizeof text,
			 "expected %s, found '%c': is this a template that is still to be filled "
			 "in?",
			 what, *r->p);
	else if (r->p == r->end)
		snprintf(text, sizeof text, "the file ends where %s is expected", what);
	else if (isgraph((unsigned char)*r->p))
		snprintf(text, sizeof text, "expected %s, found '%c'", what, *r->p);
	else
		snprintf(text, sizeof text, "expected %s, found byte 0x%02x", what,
			 (unsigned char)*r->p);
	return fail_here(r, text);
}

/* Parses the name of a field, which may be that of an extension, in brackets. */
static int parse_name(struct reader *r, const char **name)
{
	const char *start = r->p;

	if (at(r, '[')) {
		while (r->p < r->end && *r->p != ']' && *r->p != '\n')
			step(r);
		if (!at(r, ']'))
			return expected(r, "']'");
		step(r);
	} else {
		while (word_char(r))
			step(r);
		if (r->p == start || isdigit((unsigned char)*start))
			return r->p == start ? expected(r, "the name of a field")
					     : fail_here(r, "a field cannot begin with a digit");
	}
	*name = copy(r, start, (size_t)(r->p - start));
	skip_space(r);
	return *name ? 0 : no_memory(r);
}

/* Reads at most `most` digits of a base into *out, and returns how many there were. */
static int digits(struct reader *r, int base, int most, unsigned long *out)
{
	int n = 0;

	for (*out = 0; n < most && r->p < r->end && isxdigit((unsigned char)*r->p); n++) {
		int c = tolower((unsigned char)*r->p), d = isdigit(c) ? c - '0' : c - 'a' + 10;

		if (d >= base)
			break;
		*out = *out * (unsigned long)base + (unsigned long)d;
		step(r);
	}
	return n;
}

/* Writes a code point in UTF-8, and returns how many bytes it has. */
static size_t put_utf8(char *to, unsigned long c)
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xe0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 0x3f));
		to[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | c >> 18);
	to[1] = (char)(0x80 | (c >> 12 & 0x3f));
	to[2] = (char)(0x80 | (c >> 6 & 0x3f));
	to[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* Parses what follows a backslash, and appends the bytes that it stands for. They are never more
 * than those in the file, so that quoted_room() is enough. */
static int parse_escape(struct reader *r, char *to, size_t *n)
{
	static const char letters[] = "abfnrtv\\'\"?", values[] = "\a\b\f\n\r\t\v\\'\"?";
	const char *simple = r->p < r->end && *r->p ? strchr(letters, *r->p) : NULL;
	unsigned long c;
	char kind;

	if (simple) {
		to[(*n)++] = values[simple - letters];
		step(r);
		return 0;
	}
	if (r->p < r->end && *r->p >= '0' && *r->p <= '7') {
		digits(r, 8, 3, &c);
		to[(*n)++] = (char)c;
		return c > 0xff ? fail_here(r, "an octal escape above \\377") : 0;
	}
	kind = r->p < r->end ? *r->p : '\0';
	if (!kind || !strchr("xXuU", kind))
		return fail_here(r, "an unknown escape in a string");
	step(r);
	if (kind == 'x' || kind == 'X') {
		if (!digits(r, 16, 2, &c))
			return fail_here(r, "\\x needs hexadecimal digits");
		to[(*n)++] = (char)c;
		return 0;
	}
	if (digits(r, 16, kind == 'u' ? 4 : 8, &c) != (kind == 'u' ? 4 : 8) || c > 0x10ffff)
		return fail_here(r, "\\u needs 4 hexadecimal digits, \\U 8, up to 10ffff");
	*n += put_utf8(to + *n, c);
	return 0;
}

/* Parses one string in quotes, and appends its bytes to the *n that `to` holds. */
static int parse_quoted(struct reader *r, char *to, size_t *n)
{
	char quote = *r->p;
	int rc;

	step(r);
	while (!at(r, quote)) {
		if (r->p == r->end || *r->p == '\n')
			return fail_here(r, "the string is not closed on its line");
		if (*r->p != '\\') {
			to[(*n)++] = *r->p;
			step(r);
			continue;
		}
		step(r);
		if ((rc = parse_escape(r, to, n)))
			return rc;
	}
	step(r);
	skip_space(r);
	return 0;
}

/* Returns the number of bytes up to the end of all strings that stand side by side here, which form
 * one text. It is an upper bound of the length of that text. */
static size_t quoted_room(const struct reader *r)
{
	struct reader ahead = *r;

	while (at(&ahead, '"') || at(&ahead, '\'')) {
		char quote = *ahead.p;

		for (step(&ahead); ahead.p < ahead.end && *ahead.p != quote && *ahead.p != '\n';
		     step(&ahead))
			if (*ahead.p == '\\' && ahead.p + 1 < ahead.end)
				step(&ahead);
		if (!at(&ahead, quote))
			break;
		take(&ahead, quote);
	}
	return (size_t)(ahead.p - r->p);
}

static int parse_string(struct reader *r, struct barista_proto *field)
{
	char *text = barista_arena_alloc(r->arena, quoted_room(r) + 1, 1);
	int rc = text ? 0 : no_memory(r);

	field->kind = BARISTA_PROTO_STRING;
	field->text = text;
	while (!rc && (at(r, '"') || at(r, '\'')))
		rc = parse_quoted(r, text, &field->length);
	return rc;
}

/* Parses a number or an identifier. Whether a number is well formed is checked when somebody reads
 * it. A sign belongs to it at the start, and behind the e of an exponent. */
static int parse_word(struct reader *r, struct barista_proto *field)
{
	bool minus = take(r, '-');
	const char *start = r->p;
	char *text;

	while (word_char(r) || at(r, '.') ||
	       ((at(r, '-') || at(r, '+')) && isdigit((unsigned char)*start) &&
		strchr("eE", r->p[-1])))
		step(r);
	if (r->p == start)
		return expected(r, "a value");
	text = barista_arena_alloc(r->arena, (size_t)(r->p - start) + 2, 1);
	if (!text)
		return no_memory(r);
	if (minus)
		*text = '-';
	memcpy(text + minus, start, (size_t)(r->p - start));
	field->kind = BARISTA_PROTO_WORD;
	field->text = text;
	field->length = strlen(text);
	skip_space(r);
	return 0;
}

static int parse_message(struct reader *r, struct barista_proto *field)
{
	char close = *r->p == '{' ? '}' : '>';
	int rc;

	if (++r->depth > MAX_DEPTH)
		return fail_here(r, "messages are nested more than 100 deep");
	field->kind = BARISTA_PROTO_MESSAGE;
	step(r);
	skip_space(r);
	rc = parse_fields(r, field, close);
	r->depth--;
	return rc;
}

static int parse_value(struct reader *r, struct barista_proto *field, bool colon)
{
	field->value_line = r->line;
	field->value_col = r->col;
	if (at(r, '{') || at(r, '<'))
		return parse_message(r, field);
	if (!colon)
		return expected(r, "':' or '{'");
	return at(r, '"') || at(r, '\'') ? parse_string(r, field) : parse_word(r, field);
}

/* Appends a copy of the field `like` to a message. */
static int add_field(struct reader *r, struct barista_proto *message,
		     const struct barista_proto *like, struct barista_proto **out)
{
	struct barista_proto *f = barista_arena_alloc(r->arena, 1, sizeof *f);

	if (!f)
		return no_memory(r);
	*f = *like;
	if (message->last)
		message->last->next = f;
	else
		message->first = f;
	message->last = f;
	*out = f;
	return 0;
}

/* Parses values in square brackets, each into a field of its own. */
static int parse_list(struct reader *r, struct barista_proto *message,
		      const struct barista_proto *like, bool colon)
{
	take(r, '[');
	if (take(r, ']'))
		return 0;
	do {
		struct barista_proto *f;
		int rc = add_field(r, message, like, &f);

		if (rc || (rc = parse_value(r, f, colon)))
			return rc;
	} while (take(r, ','));
	return take(r, ']') ? 0 : expected(r, "',' or ']'");
}

static int parse_field(struct reader *r, struct barista_proto *message)
{
	struct barista_proto like = {.line = r->line, .col = r->col}, *f;
	bool colon;
	int rc = parse_name(r, &like.name);

	if (rc)
		return rc;
	colon = take(r, ':');
	if (at(r, '[')) {
		rc = parse_list(r, message, &like, colon);
	} else {
		rc = add_field(r, message, &like, &f);
		if (!rc)
			rc = parse_value(r, f, colon);
	}
	if (!rc && !take(r, ';'))
		take(r, ',');
	return rc;
}

/* Parses fields up to and with the bracket `close`, or up to the end of the file when it is 0. */
static int parse_fields(struct reader *r, struct barista_proto *message, char close)
{
	while (close ? !at(r, close) : r->p < r->end) {
		int rc;

		if (r->p == r->end) {
			char text[100];

			snprintf(text, sizeof text,
				 "the file ends inside '%.40s', which has no '%c'", message->name,
				 close);
			return barista_fail_proto(r->err, r->src, message, "%s", text);
		}
		if ((rc = parse_field(r, message)))
			return rc;
	}
	if (close)
		take(r, close);
	return 0;
}

int barista_proto_parse(struct barista_proto *root, const struct barista_proto_text *src,
			size_t size, struct barista_arena *arena, struct barista_err *err)
{
	struct reader r = {.src = src,
			   .p = src->text,
			   .end = src->text + size,
			   .line = 1,
			   .col = 1,
			   .arena = arena,
			   .err = err};

	*root = (struct barista_proto){
		.name = "", .kind = BARISTA_PROTO_MESSAGE, .line = 1, .col = 1};
	if (size >= 3 && !memcmp(r.p, "\xef\xbb\xbf", 3))
		r.p += 3; /* a byte-order mark is no part of the text */
	skip_space(&r);
	return parse_fields(&r, root, '\0');
}
