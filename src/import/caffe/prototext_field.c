/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "import/caffe/prototext.h"

#include "base/num.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct barista_proto *barista_proto_find(struct barista_proto *from, const char *name)
{
	while (from && strcmp(from->name, name))
		from = from->next;
	return from;
}

size_t barista_proto_count(const struct barista_proto *message, const char *name)
{
	size_t n = 0;

	for (struct barista_proto *f = barista_proto_find(message->first, name); f;
	     f = barista_proto_find(f->next, name))
		n++;
	return n;
}

/* Fails because the value of a field is not what is expected. */
static int fail_value(struct barista_err *err, const struct barista_proto_text *src,
		      const struct barista_proto *f, const char *expected)
{
	if (f->kind == BARISTA_PROTO_MESSAGE)
		return barista_fail_proto(err, src, f, "'%.60s' is a message, expected %s", f->name,
					  expected);
	return barista_fail_at(err, src->path, src->text, f->value_line, f->value_col,
			       "'%.60s' is %s%.60s%s, expected %s", f->name,
			       f->kind == BARISTA_PROTO_STRING ? "\"" : "'", f->text,
			       f->kind == BARISTA_PROTO_STRING ? "\"" : "'", expected);
}

/* Gives the only field of that name, or NULL when it is absent; fails when it stands twice. */
static int find_one(const struct barista_proto_text *src, const struct barista_proto *message,
		    const char *name, struct barista_proto **out, struct barista_err *err)
{
	struct barista_proto *f = message ? barista_proto_find(message->first, name) : NULL;
	struct barista_proto *again = f ? barista_proto_find(f->next, name) : NULL;

	if (again)
		return barista_fail_proto(err, src, again, "'%.60s' stands twice, first in line %d",
					  name, f->line);
	*out = f;
	return 0;
}

/* Reads a whole number as C writes it: decimal, hexadecimal behind 0x, or octal behind 0. What 64
 * bits cannot hold becomes the nearest number that they can, which no field has in its range.
 * Returns false when the text is no such number. */
static bool parse_whole(const char *text, int64_t *out)
{
	char *end;

	if (!text[text[0] == '-'] || text[strspn(text, "-0123456789abcdefABCDEFxX")])
		return false;
	*out = strtoll(text, &end, 0);
	return !*end;
}

int barista_proto_int_value(const struct barista_proto_text *src, const struct barista_proto *f,
			    int64_t lo, int64_t hi, int64_t *out, struct barista_err *err)
{
	int64_t v;

	if (f->kind != BARISTA_PROTO_WORD || !parse_whole(f->text, &v))
		return fail_value(err, src, f, "a whole number");
	if (v < lo || v > hi)
		return barista_fail_at(err, src->path, src->text, f->value_line, f->value_col,
				       "'%.60s' is %.60s, expected %lld to %lld", f->name, f->text,
				       (long long)lo, (long long)hi);
	*out = v;
	return 0;
}

int barista_proto_real_value(const struct barista_proto_text *src, const struct barista_proto *f,
			     double *out, struct barista_err *err)
{
	char digits[64] = "";
	size_t n = f->kind == BARISTA_PROTO_WORD ? f->length : 0;

	if (n && n < sizeof digits) {
		memcpy(digits, f->text, n + 1);
		if (strchr("fF", digits[n - 1]) && strchr("0123456789.", digits[n > 1 ? n - 2 : 0]))
			digits[n - 1] = '\0'; /* the f of 1.5f is no part of the number */
	}
	return barista_parse_real(digits, out) ? 0 : fail_value(err, src, f, "a number");
}

int barista_proto_bool_value(const struct barista_proto_text *src, const struct barista_proto *f,
			     bool *out, struct barista_err *err)
{
	static const char *const words[] = {"true",  "True", "t", "1", "false",
					    "False", "f",    "0", NULL};
	size_t i = f->kind == BARISTA_PROTO_WORD ? barista_word_index(words, f->text) : 8;

	if (i == 8)
		return fail_value(err, src, f, "true or false");
	*out = i < 4;
	return 0;
}

int barista_proto_string_value(const struct barista_proto_text *src, const struct barista_proto *f,
			       const char **out, struct barista_err *err)
{
	if (f->kind != BARISTA_PROTO_STRING)
		return fail_value(err, src, f, "a string in quotes");
	if (strlen(f->text) != f->length)
		return barista_fail_proto(err, src, f, "'%.60s' holds a zero byte", f->name);
	*out = f->text;
	return 0;
}

int barista_proto_message(const struct barista_proto_text *src, const struct barista_proto *message,
			  const char *name, struct barista_proto **out, struct barista_err *err)
{
	struct barista_proto *f;
	int rc = find_one(src, message, name, &f, err);

	if (rc || !f)
		return rc;
	if (f->kind != BARISTA_PROTO_MESSAGE)
		return fail_value(err, src, f, "a message in { }");
	*out = f;
	return 0;
}

int barista_proto_int(const struct barista_proto_text *src, const struct barista_proto *message,
		      const char *name, int64_t lo, int64_t hi, int64_t *out,
		      struct barista_err *err)
{
	struct barista_proto *f;
	int rc = find_one(src, message, name, &f, err);

	return rc || !f ? rc : barista_proto_int_value(src, f, lo, hi, out, err);
}

int barista_proto_real(const struct barista_proto_text *src, const struct barista_proto *message,
		       const char *name, double *out, struct barista_err *err)
{
	struct barista_proto *f;
	int rc = find_one(src, message, name, &f, err);

	return rc || !f ? rc : barista_proto_real_value(src, f, out, err);
}

int barista_proto_bool(const struct barista_proto_text *src, const struct barista_proto *message,
		       const char *name, bool *out, struct barista_err *err)
{
	struct barista_proto *f;
	int rc = find_one(src, message, name, &f, err);

	return rc || !f ? rc : barista_proto_bool_value(src, f, out, err);
}

int barista_proto_string(const struct barista_proto_text *src, const struct barista_proto *message,
			 const char *name, const char **out, struct barista_err *err)
{
	struct barista_proto *f;
	int rc = find_one(src, message, name, &f, err);

	return rc || !f ? rc : barista_proto_string_value(src, f, out, err);
}

int barista_proto_word(const struct barista_proto_text *src, const struct barista_proto *message,
		       const char *name, const char **out, struct barista_err *err)
{
	struct barista_proto *f;
	int rc = find_one(src, message, name, &f, err);

	if (rc || !f)
		return rc;
	if (f->kind != BARISTA_PROTO_WORD)
		return fail_value(err, src, f, "a word without quotes");
	*out = f->text;
	return 0;
}

int barista_proto_ints(const struct barista_proto_text *src, const struct barista_proto *message,
		       const char *name, int64_t lo, int64_t hi, size_t max, int64_t *out,
		       size_t *n, struct barista_err *err)
{
	size_t found = 0;

	for (struct barista_proto *f = message ? barista_proto_find(message->first, name) : NULL; f;
	     f = barista_proto_find(f->next, name), found++) {
		int rc;

		if (found == max)
			return barista_fail_proto(err, src, f, "'%.60s' stands more than %zu times",
						  name, max);
		if ((rc = barista_proto_int_value(src, f, lo, hi, &out[found], err)))
			return rc;
	}
	*n = found;
	return 0;
}
