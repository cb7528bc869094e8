/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search/checkpoint.h"

#include "base/err.h"
#include "io/file.h"
#include "io/json.h"
#include "search/search.h"
#include "search/snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A checkpoint is read whole; beyond this it is not one. */
enum { MAX_CHECKPOINT = 256 << 20 };

/* Lists the runs of blocks that are done, each [first, beyond the last]; NULL without memory. */
static json_t *ranges_of(const unsigned char *done, size_t n)
{
	json_t *list = json_array();
	bool ok = list != NULL;

	for (size_t i = 0, end; ok && i < n; i = end + 1) {
		end = i;
		while (end < n && done[end])
			end++;
		if (end > i)
			ok = !json_array_append_new(
				list, json_pack("[I,I]", (json_int_t)i, (json_int_t)end));
	}
	if (ok)
		return list;
	json_decref(list);
	return NULL;
}

/* Hashes the object as it is without its "check", in one spelling. False without memory. */
static bool hash_of(const json_t *all, char hex[65])
{
	json_t *rest = json_copy((json_t *)all);
	char *text;

	json_object_del(rest, "check");
	text = json_dumps(rest, JSON_COMPACT | JSON_SORT_KEYS);
	if (text)
		barista_sha256(text, strlen(text), hex);
	free(text);
	json_decref(rest);
	return text != NULL;
}

/* Adds the hash that shows a later change of any digit. */
static bool seal(json_t *all)
{
	char hex[65];

	return hash_of(all, hex) && !json_object_set_new(all, "check", json_string(hex));
}

static int put_json(const void *all, FILE *f, struct barista_err *err)
{
	return barista_json_print(json_incref((json_t *)all), f, err);
}

int barista_checkpoint_save(const char *path, const char *inputs,
			    const struct barista_search *search, const unsigned char *done,
			    size_t nblocks, struct barista_err *err)
{
	json_t *all = json_pack("{s:s, s:s, s:s, s:I}", "program", "barista-dse", "kind",
				"checkpoint", "inputs", inputs, "blocks", (json_int_t)nblocks);
	int rc;

	if (!all || json_object_set_new(all, "done", ranges_of(done, nblocks)) ||
	    !barista_snapshot_encode(all, search, search->certificate.over_budget,
				     search->certificate.evaluated) ||
	    !seal(all)) {
		json_decref(all);
		return barista_no_memory(err);
	}
	rc = barista_write_file(path, true, put_json, all, err);
	json_decref(all);
	return rc;
}

static bool take_ranges(const json_t *list, unsigned char *done, size_t n)
{
	json_int_t last = 0;

	if (!json_is_array(list))
		return false;
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_int_t from, to;

		if (json_unpack(json_array_get(list, i), "[I,I!]", &from, &to) || from < last ||
		    to <= from || to > (json_int_t)n)
			return false;
		memset(done + from, 1, (size_t)(to - from));
		last = to;
	}
	return true;
}

static int check_seal(const json_t *all, struct barista_err *err)
{
	const char *check = json_string_value(json_object_get(all, "check"));
	char hex[65];

	if (!hash_of(all, hex))
		return barista_no_memory(err);
	if (check && !strcmp(check, hex))
		return 0;
	return barista_fail(err, BARISTA_E_INPUT,
			    "damaged: its checksum is not that of what it holds; remove it to "
			    "begin anew");
}

static int take(const json_t *all, const char *inputs, const struct barista_space *space,
		struct barista_search *search, unsigned char *done, size_t n,
		struct barista_err *err)
{
	const char *kind = json_string_value(json_object_get(all, "kind"));
	const char *of = json_string_value(json_object_get(all, "inputs"));

	if (!kind || strcmp(kind, "checkpoint") || !of)
		return barista_fail(
			err, BARISTA_E_ARGUMENT,
			"not a checkpoint of barista-dse: it is left alone; choose another name");
	if (strcmp(of, inputs) ||
	    json_integer_value(json_object_get(all, "blocks")) != (json_int_t)n)
		return barista_fail(
			err, BARISTA_E_ARGUMENT,
			"of another search: give the same options and files, or choose another "
			"name\n  it is of   %.500s\n  this is of %.500s",
			of, inputs);
	if (check_seal(all, err))
		return err->status;
	if (!take_ranges(json_object_get(all, "done"), done, n))
		return barista_fail(err, BARISTA_E_INPUT, "the list of blocks is damaged");
	return barista_snapshot_decode(all, search, space, err);
}

static int parse(json_t **all, const char *text, size_t size, struct barista_err *err)
{
	json_error_t where;

	*all = json_loadb(text, size, JSON_REJECT_DUPLICATES, &where);
	if (*all)
		return 0;
	if (json_error_code(&where) == json_error_out_of_memory)
		return barista_no_memory(err);
	return barista_fail(
		err, BARISTA_E_ARGUMENT,
		"not a checkpoint of barista-dse: it is left alone; choose another name "
		"(line %d: %.200s)",
		where.line, where.text);
}

int barista_checkpoint_load(const char *path, const char *inputs, const struct barista_space *space,
			    struct barista_search *search, unsigned char *done, size_t n,
			    struct barista_err *err)
{
	struct barista_arena *arena;
	json_t *all = NULL;
	size_t size;
	char *text;
	int rc;

	if (access(path, F_OK) && errno == ENOENT)
		return 0;
	if (!(arena = barista_arena_make()))
		return barista_no_memory(err);
	rc = barista_read_limited(path, MAX_CHECKPOINT, arena, &text, &size, err);
	if (!rc) {
		if (!(rc = parse(&all, text, size, err)))
			rc = take(all, inputs, space, search, done, n, err);
		if (rc)
			barista_err_context(err, path);
	}
	json_decref(all);
	barista_arena_free(arena);
	return rc;
}
