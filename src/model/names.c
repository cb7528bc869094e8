/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of the data folder, for callers of the library. */
#include "barista.h"
#include "base/arena.h"
#include "base/err.h"
#include "io/catalog.h"

#include <string.h>

struct barista_names {
	struct barista_arena *arena;
	size_t n;
	const char **name;
};

static int read_names(struct barista_names *names, const char *folder, const char *data_dir,
		      struct barista_err *err)
{
	int rc = barista_catalog_names(data_dir, folder, names->arena, &names->name, err);

	while (!rc && names->name[names->n])
		names->n++;
	return rc;
}

/* Among the devices are processors to compare with, which are no boards. */
static int keep_boards(struct barista_names *names, const char *data_dir, struct barista_err *err)
{
	size_t kept = 0;

	for (size_t i = 0; i < names->n; i++) {
		char kind[32];
		int rc =
			barista_catalog_find_kind(names->name[i], data_dir, kind, sizeof kind, err);

		if (rc)
			return rc;
		if (!strcmp(kind, "fpga"))
			names->name[kept++] = names->name[i];
	}
	names->n = kept;
	return 0;
}

static int make_names(struct barista_names **out, const char *folder, bool boards,
		      const char *data_dir, struct barista_err *err)
{
	struct barista_arena *arena;
	struct barista_names *names = barista_arena_object(sizeof *names, &arena);
	int rc;

	if (!names)
		return barista_no_memory(err);
	names->arena = arena;
	rc = read_names(names, folder, data_dir, err);
	if (!rc && boards)
		rc = keep_boards(names, data_dir, err);
	if (rc)
		barista_arena_free(arena);
	else
		*out = names;
	return rc;
}

int barista_device_names(struct barista_names **out, const char *data_dir, struct barista_err *err)
{
	return make_names(out, "devices", true, data_dir, err);
}

int barista_workload_names(struct barista_names **out, const char *data_dir,
			   struct barista_err *err)
{
	return make_names(out, "workloads", false, data_dir, err);
}

const char *barista_names_item(const struct barista_names *names, size_t i)
{
	return i < names->n ? names->name[i] : NULL;
}

void barista_names_free(struct barista_names *names)
{
	if (names)
		barista_arena_free(names->arena);
}
