/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders of results: whatever goes wrong there is a whole one under the name, and nothing of the
 * user's is lost. */
#define _XOPEN_SOURCE 700
#include "check.h"
#include "disk.h"

#include "io/file.h"
#include "report/atomic_folder.h"
#include "report/put_file.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static bool is_ours(const char *name)
{
	return !strcmp(name, "run.json") || !strcmp(name, "layers.csv");
}

static int put(const void *text, FILE *f, struct barista_err *err)
{
	(void)err;
	fputs(text, f);
	return 0;
}

static int fill(const struct barista_folder *folder, const char *text, struct barista_err *err)
{
	char charts[4200];
	int rc;

	snprintf(charts, sizeof charts, "%s/charts", folder->temp);
	if ((rc = barista_put_file(folder->temp, "run.json", put, "{\"program\": \"barista-dse\"}",
				   err)) ||
	    (rc = barista_put_file(folder->temp, "layers.csv", put, text, err)) ||
	    (rc = barista_make_folders(charts, err)))
		return rc;
	return barista_put_file(charts, "layers.csv", put, text, err);
}

static int write_run(const char *dir, const char *text, struct barista_err *err)
{
	struct barista_folder folder;
	int rc = barista_folder_begin(&folder, dir, is_ours, err);

	return rc ? rc : barista_folder_end(&folder, fill(&folder, text, err), err);
}

static const char *text_of(const char *dir, const char *name)
{
	static char text[64];
	char path[4600];
	FILE *f;

	snprintf(path, sizeof path, "%s/%s", dir, name);
	f = fopen(path, "r");
	text[0] = '\0';
	if (!f || !fgets(text, sizeof text, f))
		strcpy(text, "nothing");
	if (f)
		fclose(f);
	return text;
}

/* A folder of its own for a test, and the run in it. */
static char place[500], run[600];

static void fresh(const char *name)
{
	struct barista_err err;

	disk_reset();
	snprintf(place, sizeof place, "%s", temp_path(name));
	snprintf(run, sizeof run, "%s/run", place);
	CHECK_OK(barista_make_folders(place, &err), &err);
}

static void replaced(void **state)
{
	struct barista_err err;

	(void)state;
	for (int plain = 0; plain < 2; plain++) {
		fresh(plain ? "replaced-plain" : "replaced");
		disk.no_exchange = plain;
		CHECK_OK(write_run(run, "old", &err), &err);
		CHECK_OK(write_run(run, "new", &err), &err);
		assert_string_equal(text_of(run, "layers.csv"), "new");
		assert_int_equal(files_in(run), 3); /* not the mark */
		assert_int_equal(files_in(place), 1);
	}
	disk_reset();
}

/* Before which renaming the process ends does not matter: a whole run is there, and the next one
 * clears away what is left. Where there are plain renames only, the next one must come first. */
static void killed(void **state)
{
	struct barista_err err;
	int survived = 0;

	(void)state;
	for (int plain = 0; plain < 2; plain++) {
		for (int at = 1; at < 12; at++) {
			const char *text;
			int status;
			pid_t pid;

			fresh(plain ? "killed-plain" : "killed");
			CHECK_OK(write_run(run, "old", &err), &err);
			disk_reset();
			pid = fork();
			if (!pid) {
				disk.no_exchange = plain;
				disk.die_at = at;
				_exit(write_run(run, "new", &err));
			}
			assert_int_equal(waitpid(pid, &status, 0), pid);
			survived += !status;
			text = text_of(run, "layers.csv");
			CHECK(!strcmp(text, status ? "old" : "new") || (plain && status),
			      "killed at %d: %s", at, text);
			CHECK_OK(write_run(run, "next", &err), &err);
			CHECK(files_in(place) == 1, "killed at %d: %zu files", at, files_in(place));
		}
	}
	CHECK(survived > 2 && survived < 16, "%d", survived);
}

/* What a process that died between two plain renames moved aside comes back, even when the next
 * one fails. */
static void moved_back(void **state)
{
	struct barista_folder folder;
	struct barista_err err;
	bool gone = false;

	(void)state;
	for (int at = 1; at < 12; at++) {
		pid_t pid;

		fresh("moved-back");
		CHECK_OK(write_run(run, "old", &err), &err);
		disk_reset();
		pid = fork();
		if (!pid) {
			disk.no_exchange = true;
			disk.die_at = at;
			_exit(write_run(run, "new", &err));
		}
		waitpid(pid, NULL, 0);
		gone |= access(run, F_OK) != 0;
		CHECK_OK(barista_folder_begin(&folder, run, is_ours, &err), &err);
		err.status = BARISTA_E_SYSTEM;
		barista_folder_end(&folder, BARISTA_E_SYSTEM, &err);
		CHECK(strcmp(text_of(run, "layers.csv"), "nothing") != 0, "killed at %d", at);
		assert_int_equal(files_in(place), 1);
		assert_int_equal(files_in(run), 3);
	}
	assert_true(gone);
}

static void add_notes(void)
{
	char path[700];
	FILE *f;

	snprintf(path, sizeof path, "%s/charts/notes", run);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs("mine", f);
	fclose(f);
}

/* The last moment for the user to add a file is just before the folders change places. */
static void added_at_the_last_moment(void **state)
{
	struct barista_err err;

	(void)state;
	for (int plain = 0; plain < 2; plain++) {
		fresh(plain ? "last-plain" : "last");
		CHECK_OK(write_run(run, "old", &err), &err);
		disk.no_exchange = plain;
		disk.before = add_notes;
		CHECK(write_run(run, "new", &err) == BARISTA_E_ARGUMENT, "%s", err.msg);
		assert_non_null(strstr(err.msg, "holds 'notes', which would be lost"));
		assert_non_null(strstr(err.msg, "the new run is in '"));
		assert_string_equal(text_of(run, "charts/notes"), "mine");
		assert_string_equal(text_of(run, "layers.csv"), "old");
		assert_int_equal(files_in(place), 2);
	}
	disk_reset();
}

static void planted(const char *name)
{
	char path[700];

	snprintf(path, sizeof path, "%s/%s", run, name);
	assert_int_equal(symlink(temp_path("elsewhere"), path), 0);
}

/* A link or a folder of a run's file's name is the user's. */
static void not_a_file(void **state)
{
	struct barista_err err;
	char path[700];

	(void)state;
	fresh("not-a-file");
	CHECK_OK(write_run(run, "old", &err), &err);
	snprintf(path, sizeof path, "%s/layers.csv", run);
	assert_int_equal(unlink(path), 0);
	planted("layers.csv");
	CHECK(write_run(run, "new", &err) == BARISTA_E_ARGUMENT, "%s", err.msg);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0777), 0);
	CHECK(write_run(run, "new", &err) == BARISTA_E_ARGUMENT, "%s", err.msg);
	assert_int_equal(files_in(place), 1);
}

static size_t position(const char *what, const char *path)
{
	char line[4700];
	const char *found;

	snprintf(line, sizeof line, "%s %s\n", what, path);
	found = strstr(disk.log, line);
	CHECK(found, "no line '%s' in\n%s", line, disk.log);
	return (size_t)(found - disk.log);
}

/* All that a run holds is on the disk before it gets its name, and the name is after. */
static void on_the_disk(void **state)
{
	static const char *const parts[] = {"run.json", "layers.csv", "charts", "charts/layers.csv",
					    ""};
	struct barista_err err;

	(void)state;
	fresh("on-the-disk");
	for (int again = 0; again < 2; again++) {
		struct barista_folder folder;
		char real[4096], path[4600];
		const char *way = again ? "exchange" : "rename";

		disk_watch();
		CHECK_OK(barista_folder_begin(&folder, run, is_ours, &err), &err);
		assert_non_null(realpath(folder.temp, real));
		CHECK_OK(barista_folder_end(&folder, fill(&folder, "x", &err), &err), &err);
		for (size_t i = 0; i < COUNT(parts); i++) {
			snprintf(path, sizeof path, "%s%s%s", real, *parts[i] ? "/" : "", parts[i]);
			CHECK(position("sync", path) < position(way, run), "%s", path);
		}
		assert_non_null(realpath(place, real));
		snprintf(path, sizeof path, "sync %s\n", real);
		assert_non_null(strstr(disk.log + position(way, run), path));
	}
	disk_reset();
}

/* A disk that fails leaves the older run as it was. */
static void failing_disk(void **state)
{
	struct barista_err err;
	int failures = 0;

	(void)state;
	for (int at = 1; at < 30; at++) {
		int rc;

		fresh("failing");
		CHECK_OK(write_run(run, "old", &err), &err);
		disk_reset();
		disk.fail_sync_at = at;
		rc = write_run(run, "new", &err);
		failures += rc != 0;
		CHECK(!rc || rc == BARISTA_E_SYSTEM, "%d: %s", at, err.msg);
		CHECK(!rc || strstr(err.msg, "Input/output error"), "%d: %s", at, err.msg);
		CHECK(rc || !strcmp(text_of(run, "layers.csv"), "new"), "%d", at);
		CHECK(strcmp(text_of(run, "layers.csv"), "nothing") != 0, "%d", at);
		disk_reset();
		CHECK_OK(write_run(run, "next", &err), &err);
		assert_int_equal(files_in(place), 1);
	}
	CHECK(failures > 5 && failures < 29, "%d", failures);
}

static void long_names(void **state)
{
	static char name[4096];
	struct barista_folder folder;
	struct barista_err err;

	(void)state;
	memset(name, 'x', sizeof name - 1);
	assert_int_equal(barista_folder_begin(&folder, name, is_ours, &err), BARISTA_E_ARGUMENT);
	assert_int_equal(barista_folder_begin(&folder, "", is_ours, &err), BARISTA_E_ARGUMENT);
}

int test_folder(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(replaced),     cmocka_unit_test(killed),
		cmocka_unit_test(moved_back),   cmocka_unit_test(added_at_the_last_moment),
		cmocka_unit_test(not_a_file),   cmocka_unit_test(on_the_disk),
		cmocka_unit_test(failing_disk), cmocka_unit_test(long_names),
	};

	return GROUP(tests);
}
