/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders of results appear whole, and replace nothing but their like. */
#include "report/atomic_folder.h"

#include "base/text.h"
#include "io/file.h"
#include "io/table.h"
#include "report/charts/registry.h"

#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool exists(const char *path)
{
	struct stat st;

	return !lstat(path, &st);
}

/* Moves the finished folder into place. An older run there is moved aside first, and removed after.
 */
static int put_in_place(const char *temp, const char *dir, struct barista_err *err)
{
	char old[4200];
	bool replace = exists(dir);

	snprintf(old, sizeof old, "%.3900s.old", temp);
	if (replace && rename(dir, old))
		return barista_fail(err, BARISTA_E_SYSTEM, "cannot replace '%.900s': %s", dir,
				    strerror(errno));
	if (rename(temp, dir)) {
		barista_fail(err, BARISTA_E_SYSTEM, "cannot create '%.900s': %s", dir,
			     strerror(errno));
		if (replace)
			(void)rename(old, dir);
		return err->status;
	}
	if (replace)
		barista_remove_tree(old);
	return 0;
}

/* Did this program write the folder? */
static bool is_run(const char *dir)
{
	char path[4200];
	const char *program;
	json_t *run;
	bool ours;

	snprintf(path, sizeof path, "%.3900s/run.json", dir);
	run = json_load_file(path, 0, NULL);
	program = json_string_value(json_object_get(run, "program"));
	ours = program && !strcmp(program, "barista-dse");
	json_decref(run);
	return ours;
}

static bool is_chart_file(const char *name)
{
	static const char *const endings[] = {".csv", ".gp", ".png", ".svg", NULL};

	for (size_t i = 0; barista_chart_name(i); i++) {
		size_t n = strlen(barista_chart_name(i));

		if (!strncmp(name, barista_chart_name(i), n) &&
		    endings[barista_word_index(endings, name + n)])
			return true;
	}
	return false;
}

/* Does the folder hold a file that a run does not write? Its name goes to buf. */
static bool holds_other_files(const char *dir, bool (*ours)(const char *), char *buf, size_t size)
{
	DIR *d = opendir(dir);
	struct dirent *entry;
	bool other = false;

	while (d && !other && (entry = readdir(d))) {
		const char *name = entry->d_name;

		if (!strcmp(name, ".") || !strcmp(name, "..") ||
		    (ours != is_chart_file && !strcmp(name, "charts")))
			continue;
		other = !ours(name);
		if (other)
			snprintf(buf, size, "%s", name);
	}
	if (d)
		closedir(d);
	return other;
}

/* A folder may be replaced when it is a run of ours and holds nothing else. */
static int check_replaceable(const char *dir, bool (*ours)(const char *), struct barista_err *err)
{
	char charts[4096], other[256];

	if (!exists(dir))
		return 0;
	if (!is_run(dir))
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "'%.900s' exists and is not a run folder: it is left alone",
				    dir);
	snprintf(charts, sizeof charts, "%.3900s/charts", dir);
	if (holds_other_files(dir, ours, other, sizeof other) ||
	    holds_other_files(charts, is_chart_file, other, sizeof other))
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "the run folder '%.900s' holds '%.200s', which would be lost: "
				    "move it away, or "
				    "choose another folder",
				    dir, other);
	return 0;
}

int barista_folder_begin(struct barista_folder *folder, const char *name,
			 bool (*ours)(const char *), struct barista_err *err)
{
	char *dir = folder->dir;
	const char *slash;
	char parent[4096];
	int rc;

	snprintf(dir, sizeof folder->dir, "%.3900s", name);
	while (strlen(dir) > 1 && dir[strlen(dir) - 1] == '/')
		dir[strlen(dir) - 1] = '\0';
	slash = strrchr(dir, '/');
	if (!*dir)
		return barista_fail(err, BARISTA_E_ARGUMENT, "--output: an empty name");
	if ((rc = check_replaceable(dir, ours, err)))
		return rc;
	snprintf(parent, sizeof parent, "%.*s", slash ? (int)(slash - dir) : 1, slash ? dir : ".");
	if (*parent && (rc = barista_make_folders(parent, err)))
		return rc;
	snprintf(folder->temp, sizeof folder->temp, "%.3900s.partial-%ld", dir, (long)getpid());
	return barista_make_folders(folder->temp, err);
}

int barista_folder_end(struct barista_folder *folder, int rc, struct barista_err *err)
{
	if (!rc)
		rc = put_in_place(folder->temp, folder->dir, err);
	if (rc)
		barista_remove_tree(folder->temp);
	return rc;
}
