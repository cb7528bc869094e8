/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_CATALOG_H
#define IO_CATALOG_H

#include "io/schema.h"

/* Returns whether this argument is a path rather than the name of an installed file. */
bool barista_catalog_is_path(const char *name);

/* Loads FOLDER/NAME.yaml below data_dir, or the path itself. The message about a name that is not
 * there suggests one that is. hex receives the file's SHA-256. */
int barista_catalog_load(struct barista_doc *doc, const char *name, const char *data_dir,
			 const char *folder, struct barista_arena *arena, char hex[65],
			 struct barista_err *err);

/* A kind of object that is read from a file of a folder: its size, the offsets of its members for
 * the arena, the file's path and its SHA-256 (char[65]), and the function that fills in the rest.
 */
struct barista_catalog_kind {
	const char *folder;
	size_t size, arena, path, sha256;
	int (*decode)(void *object, const struct barista_doc *doc, const char *data_dir,
		      struct barista_err *err);
};

#define BARISTA_CATALOG_KIND(in_folder, type, function)                                      \
	{                                                                                    \
		.folder = (in_folder), .size = sizeof(type), .arena = offsetof(type, arena), \
		.path = offsetof(type, path), .sha256 = offsetof(type, sha256),              \
		.decode = (function)                                                         \
	}

/* Makes an object of a file, which is given by name or path. out is the address of a pointer to
 * such an object. The object lies in its own arena: freeing that frees all of it. */
int barista_catalog_read(void *out, const struct barista_catalog_kind *kind, const char *name,
			 const char *data_dir, struct barista_err *err);

/* Defines load(out, name, data_dir, err) and unload(object) of such a kind. */
#define BARISTA_DEFINE_CATALOG_KIND(load, unload, in_folder, type, function)                  \
	int load(type **out, const char *name, const char *data_dir, struct barista_err *err) \
	{                                                                                     \
		static const struct barista_catalog_kind kind =                               \
			BARISTA_CATALOG_KIND(in_folder, type, function);                      \
                                                                                              \
		return barista_catalog_read(out, &kind, name, data_dir, err);                 \
	}                                                                                     \
                                                                                              \
	void unload(type *object)                                                             \
	{                                                                                     \
		if (object)                                                                   \
			barista_arena_free(object->arena);                                    \
	}

/* Fails unless the file has a `kind` that is one of the NULL-terminated list, and decodes all of it
 * by the fields. */
int barista_catalog_decode(const struct barista_doc *doc, const char *const *kinds,
			   const struct barista_field *field, size_t nfields, void *dest,
			   struct barista_err *err);

/* Lists the names of the YAML files of a folder, sorted and NULL-terminated, in the arena. */
int barista_catalog_names(const char *data_dir, const char *folder, struct barista_arena *arena,
			  const char ***names, struct barista_err *err);

/* Finds the `kind` of a file; a name is looked up among the workloads, then among the devices. */
int barista_catalog_find_kind(const char *name, const char *data_dir, char *kind, size_t size,
			      struct barista_err *err);

#endif
