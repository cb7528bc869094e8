/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/json.h"

#include "base/memory_stream.h"
#include "base/utf8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static _Thread_local bool failed; /* since the last document of this thread was printed */

json_t *barista_json_real(double value)
{
	if (!isfinite(value))
		return json_null();
	if (value == floor(value) && fabs(value) < 9e15)
		return json_integer((json_int_t)value);
	return json_real(value);
}

/* Copies a text, and puts U+FFFD for each byte that is no part of a character. */
static json_t *mended_text(const char *text)
{
	static const char unknown[] = "\xef\xbf\xbd";
	char *copy = malloc(3 * strlen(text) + 1), *to = copy;
	json_t *value;

	if (!copy)
		return NULL;
	while (*text) {
		size_t n = (unsigned char)*text < 0x80 ? 1 : barista_utf8_length(text);

		memcpy(to, n ? text : unknown, n ? n : 3);
		to += n ? n : 3;
		text += n ? n : 1;
	}
	*to = '\0';
	value = json_string(copy);
	free(copy);
	return value;
}

json_t *barista_json_text(const char *text)
{
	if (!text)
		return json_null();
	return barista_utf8_valid(text) ? json_string(text) : mended_text(text);
}

void barista_json_set(json_t *object, const char *key, json_t *value)
{
	failed |= json_object_set_new(object, key, value) != 0;
}

void barista_json_append(json_t *list, json_t *value)
{
	failed |= json_array_append_new(list, value) != 0;
}

void barista_json_set_all(json_t *object, json_t *members)
{
	failed |= json_object_update(object, members) != 0;
	json_decref(members);
}

void barista_json_set_real(json_t *object, const char *key, double value)
{
	barista_json_set(object, key, barista_json_real(value));
}

void barista_json_set_text(json_t *object, const char *key, const char *text)
{
	barista_json_set(object, key, barista_json_text(text));
}

void barista_json_set_bool(json_t *object, const char *key, bool value)
{
	barista_json_set(object, key, json_boolean(value));
}

char *barista_json_dump(const json_t *value)
{
	struct barista_memory_stream m;
	FILE *f = barista_memory_stream_open(&m);
	bool whole = f && !json_dumpf(value, f, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
	char *text = barista_memory_stream_close(&m);

	if (whole)
		return text;
	free(text);
	return NULL;
}

/* Jansson's reader leaves characters out when it has no memory for them, so what it read is
 * written again and compared. */
json_t *barista_json_reload(const char *text, size_t size)
{
	json_t *value = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
	char *again = value ? barista_json_dump(value) : NULL;
	bool same = again && strlen(again) == size && !memcmp(text, again, size);

	free(again);
	if (same)
		return value;
	json_decref(value);
	return NULL;
}

int barista_json_print(json_t *value, FILE *f, struct barista_err *err)
{
	char *text = value && !failed ? barista_json_dump(value) : NULL;

	json_decref(value);
	failed = false;
	if (!text)
		return barista_no_memory(err);
	fputs(text, f);
	fputc('\n', f);
	free(text);
	return 0;
}
