/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_CATALOG_H
#define IO_CATALOG_H

#include "io/yaml.h"

/* Is this argument a path rather than the name of an installed file? */
bool barista_catalog_is_path(const char *name);

/* Loads FOLDER/NAME.yaml below data_dir, or the path itself. A name that is not there
 * gets a suggestion from those that are. hex receives the file's SHA-256. */
int barista_catalog_load(struct barista_doc *doc, const char *name, const char *data_dir,
			 const char *folder, struct barista_arena *arena, char hex[65],
			 struct barista_err *err);

/* A kind of object that is read from a file of a folder: its size, and what fills it in. The object
 * lies in the arena; doc and hex as from barista_catalog_load(). */
struct barista_catalog_kind {
	const char *folder;
	size_t size;
	int (*decode)(void *object, struct barista_arena *arena, const struct barista_doc *doc,
		      const char *hex, const char *data_dir, struct barista_err *err);
};
/* The arena that decode() gets belongs to the object from then on; on failure it is freed. */
int barista_catalog_read(void **out, const struct barista_catalog_kind *kind, const char *name,
			 const char *data_dir, struct barista_err *err);

/* Names of the YAML files of a folder, sorted, NULL-terminated, in the arena. */
int barista_catalog_names(const char *data_dir, const char *folder, struct barista_arena *arena,
			  const char ***names, struct barista_err *err);

/* The `kind` of a file: of a path, or of a name looked up among workloads, then devices. */
int barista_catalog_find_kind(const char *name, const char *data_dir, char *kind, size_t size,
			      struct barista_err *err);

/* Checks the file's `kind` (one of the NULL-terminated list) and its name. */
int barista_catalog_check_kind(const struct barista_doc *doc, const char *const *kinds,
			       struct barista_err *err);

#endif
