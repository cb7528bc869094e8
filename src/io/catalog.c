/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The catalog is the data folder: a folder of YAML files for each sort of thing, in which a file is
 * found by its name, without the ending. A file of the user's own is given by its path. */
#include "io/catalog.h"

#include "base/text.h"
#include "io/data_dir.h"
#include "io/file.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_NAMES = 4096 };

static const char ending[] = ".yaml";

bool barista_catalog_is_path(const char *name)
{
	return strchr(name, '/') || barista_ends_with(name, ending);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Lists the names of a folder that is open; *n says how many. */
static int read_names(DIR *dir, const char *path, struct barista_arena *arena, const char **list,
		      size_t *n, struct barista_err *err)
{
	struct dirent *entry;

	for (*n = 0; errno = 0, *n < MAX_NAMES && (entry = readdir(dir));) {
		char *name;

		if (entry->d_name[0] == '.' || !barista_ends_with(entry->d_name, ending))
			continue;
		name = barista_arena_strdup(arena, entry->d_name);
		if (!name)
			return barista_no_memory(err);
		name[strlen(name) - (sizeof ending - 1)] = '\0';
		list[(*n)++] = name;
	}
	return errno ? barista_fail_errno(err, "cannot read the data folder", path) : 0;
}

int barista_catalog_names(const char *data_dir, const char *folder, struct barista_arena *arena,
			  const char ***names, struct barista_err *err)
{
	const char **list = barista_arena_alloc(arena, MAX_NAMES + 1, sizeof *list);
	char path[4096];
	size_t n;
	DIR *dir;
	int rc;

	if (!list)
		return barista_no_memory(err);
	snprintf(path, sizeof path, "%s/%s", barista_data_dir_or_default(data_dir), folder);
	if (!(dir = opendir(path))) {
		barista_fail_errno(err, "cannot open the data folder", path);
		snprintf(err->msg + strlen(err->msg), sizeof err->msg - strlen(err->msg),
			 ": name it with option data DIR, or run `make install`");
		return err->status;
	}
	rc = read_names(dir, path, arena, list, &n, err);
	closedir(dir);
	if (rc)
		return rc;
	qsort(list, n, sizeof *list, by_name);
	*names = list;
	return 0;
}

/* Fails with a suggestion, which comes from `also`, a second folder or NULL, when the first has
 * none. */
static int fail_no_name(const char *name, const char *data_dir, const char *folder,
			const char *also, struct barista_arena *arena, struct barista_err *err)
{
	const char **names;
	char hint[128] = "";
	int rc = barista_catalog_names(data_dir, folder, arena, &names, err);

	if (rc)
		return rc;
	barista_suggest_from(hint, sizeof hint, name, names);
	if (also && !*hint) {
		if ((rc = barista_catalog_names(data_dir, also, arena, &names, err)))
			return rc;
		barista_suggest_from(hint, sizeof hint, name, names);
	}
	return barista_fail(
		err, BARISTA_E_INPUT,
		"no '%.80s' among the installed %s%s%s%s (a file of your own needs a path, "
		"e.g. ./%.80s.yaml%s)",
		name, folder, also ? " and " : "", also ? also : "", hint, name,
		strcmp(folder, "workloads")
			? ""
			: "; one of Caffe or ONNX ends in .prototxt, .pbtxt or .onnx");
}

/* Is there such a file, as far as one can tell? If not, opening it says why. */
static bool installed(const char *name, const char *data_dir, const char *folder)
{
	char path[4096];

	snprintf(path, sizeof path, "%.2000s/%.80s/%.250s%s", data_dir, folder, name, ending);
	return !access(path, F_OK) || (errno != ENOENT && errno != ENOTDIR);
}

int barista_catalog_load(struct barista_doc *doc, const char *name, const char *data_dir,
			 const char *folder, struct barista_arena *arena, char hex[65],
			 struct barista_err *err)
{
	char path[4096];
	int rc;

	data_dir = barista_data_dir_or_default(data_dir);
	if (!*name)
		return barista_fail(err, BARISTA_E_ARGUMENT, "an empty name");
	if (barista_catalog_is_path(name)) {
		if (strlen(name) >= sizeof path)
			return barista_fail(err, BARISTA_E_ARGUMENT,
					    "the path '%.60s...' is too long", name);
		strcpy(path, name);
	} else {
		if (!installed(name, data_dir, folder))
			return fail_no_name(name, data_dir, folder, NULL, arena, err);
		snprintf(path, sizeof path, "%.2000s/%.80s/%.250s%s", data_dir, folder, name,
			 ending);
	}
	if ((rc = barista_doc_load(doc, path, arena, err)))
		return rc;
	barista_sha256(doc->text, doc->size, hex);
	return 0;
}

int barista_catalog_read(void *out, const struct barista_catalog_kind *kind, const char *name,
			 const char *data_dir, struct barista_err *err)
{
	struct barista_arena *arena;
	struct barista_doc doc;
	char *object = barista_arena_object(kind->size, &arena);
	int rc;

	if (!object)
		return barista_no_memory(err);
	rc = barista_catalog_load(&doc, name, data_dir, kind->folder, arena, object + kind->sha256,
				  err);
	if (!rc) {
		memcpy(object + kind->arena, &arena, sizeof arena);
		memcpy(object + kind->path, &doc.path, sizeof doc.path);
		rc = kind->decode(object, &doc, data_dir, err);
	}
	if (rc)
		barista_arena_free(arena);
	else
		memcpy(out, &object, sizeof object);
	return rc;
}

/* Fails unless the file has a `kind` that is one of the NULL-terminated list. */
static int check_kind(const struct barista_doc *doc, const char *const *kinds,
		      struct barista_err *err)
{
	const struct barista_node *kind = barista_node_get(doc->root, "kind");
	char list[128] = "";

	if (!kind)
		return barista_fail_node(err, doc, doc->root, "missing key 'kind'");
	if (kind->kind != BARISTA_SCALAR)
		return barista_fail_node(err, doc, kind, "'kind' must be a single value");
	for (size_t i = 0; kinds[i]; i++)
		if (!strcmp(kinds[i], kind->text))
			return 0;
	for (size_t i = 0; kinds[i]; i++)
		snprintf(list + strlen(list), sizeof list - strlen(list), "%s'%s'",
			 !i             ? ""
			 : kinds[i + 1] ? ", "
					: " or ",
			 kinds[i]);
	return barista_fail_node(err, doc, kind, "the kind is '%.60s', expected %s", kind->text,
				 list);
}

int barista_catalog_decode(const struct barista_doc *doc, const char *const *kinds,
			   const struct barista_field *field, size_t nfields, void *dest,
			   struct barista_err *err)
{
	int rc = check_kind(doc, kinds, err);

	return rc ? rc : barista_decode(doc, doc->root, field, nfields, dest, err);
}

int barista_catalog_find_kind(const char *name, const char *data_dir, char *kind, size_t size,
			      struct barista_err *err)
{
	static const char *const kinds[] = {"workload", "fpga", "cpu", "gpu", NULL};
	bool by_name = *name && !barista_catalog_is_path(name);
	bool workload;
	struct barista_arena *arena = barista_arena_make();
	struct barista_doc doc;
	char hex[65];
	int rc = arena ? 0 : barista_no_memory(err);

	data_dir = barista_data_dir_or_default(data_dir);
	workload = by_name && installed(name, data_dir, "workloads");
	if (!rc && by_name && !workload && !installed(name, data_dir, "devices"))
		rc = fail_no_name(name, data_dir, "workloads", "devices", arena, err);
	if (!rc)
		rc = barista_catalog_load(&doc, name, data_dir, workload ? "workloads" : "devices",
					  arena, hex, err);
	if (!rc && !(rc = check_kind(&doc, kinds, err)))
		snprintf(kind, size, "%s", barista_node_get(doc.root, "kind")->text);
	barista_arena_free(arena);
	return rc;
}
