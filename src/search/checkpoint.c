/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search/checkpoint.h"

#include "base/err.h"
#include "io/file.h"
#include "io/table.h"
#include "search/search.h"
#include "search/snapshot.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static json_t *ranges_of(const unsigned char *done, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0, end; i < n; i = end + 1) {
		end = i;
		while (end < n && done[end])
			end++;
		if (end > i)
			json_array_append_new(list,
					      json_pack("[I,I]", (json_int_t)i, (json_int_t)end));
	}
	return list;
}

int barista_checkpoint_save(const char *path, const char *inputs,
			    const struct barista_search *search, const unsigned char *done,
			    size_t nblocks, struct barista_err *err)
{
	json_t *all = json_pack("{s:s, s:s, s:s, s:I}", "program", "barista-dse", "kind",
				"checkpoint", "inputs", inputs, "blocks", (json_int_t)nblocks);
	struct barista_out_file out;
	int rc;

	if (!all || json_object_set_new(all, "done", ranges_of(done, nblocks)) ||
	    !barista_snapshot_encode(all, search, search->certificate.over_budget,
				     search->certificate.evaluated)) {
		json_decref(all);
		return barista_no_memory(err);
	}
	rc = barista_out_open(&out, path, err);
	if (!rc) {
		out.durable = true;
		rc = barista_json_print(json_incref(all), out.f, err);
		if (rc)
			barista_out_abandon(&out);
		else
			rc = barista_out_commit(&out, err);
	}
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
	if (!take_ranges(json_object_get(all, "done"), done, n))
		return barista_fail(err, BARISTA_E_INPUT, "the list of blocks is damaged");
	return barista_snapshot_decode(all, search, space, err);
}

int barista_checkpoint_load(const char *path, const char *inputs, const struct barista_space *space,
			    struct barista_search *search, unsigned char *done, size_t n,
			    struct barista_err *err)
{
	json_error_t where;
	json_t *all;
	int rc;

	if (access(path, F_OK) && errno == ENOENT)
		return 0;
	all = json_load_file(path, JSON_REJECT_DUPLICATES, &where);
	if (!all && where.line > 0)
		rc = barista_fail(
			err, BARISTA_E_ARGUMENT,
			"not a checkpoint of barista-dse: it is left alone; choose another name "
			"(line %d: %.200s)",
			where.line, where.text);
	else if (!all)
		rc = barista_fail(err, BARISTA_E_SYSTEM, "%.300s", where.text);
	else
		rc = take(all, inputs, space, search, done, n, err);
	json_decref(all);
	if (rc)
		barista_err_context(err, path);
	return rc;
}
