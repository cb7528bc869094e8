/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files: read whole, written whole or not at all. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "check.h"
#include "disk.h"

#include "base/err.h"
#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

static void read_whole(void **state)
{
	static const struct {
		size_t size;
		bool ok;
	} rows[] = {
		{0, true},
		{1, true},
		{65535, true},
		{65536, true},
		{65537, true},
		{200000, true},
		{(4 << 20) - 1, true},
		{4 << 20, true},
		{(4 << 20) + 1, false},
		{5 << 20, false},
	};
	char *bytes = calloc(1, 5 << 20);
	struct random r = {5};

	(void)state;
	assert_non_null(bytes);
	for (size_t i = 0; i < 5 << 20; i++)
		bytes[i] = (char)random_next(&r);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct barista_arena *arena = barista_arena_make();
		const char *path = write_bytes("read", bytes, rows[i].size);
		struct barista_err err = {0, ""};
		char *text = NULL;
		size_t size = 0;
		int rc = barista_read_file(path, arena, &text, &size, &err);

		CHECK(rc == (rows[i].ok ? 0 : BARISTA_E_INPUT), "%zu bytes: %s", rows[i].size,
		      err.msg);
		CHECK(rc || (size == rows[i].size && !memcmp(text, bytes, size) && !text[size]),
		      "%zu bytes read as %zu", rows[i].size, size);
		CHECK(!rc || strstr(err.msg, "is larger than 4 MiB"), "%s", err.msg);
		barista_arena_free(arena);
	}
	free(bytes);
}

static void read_errors(void **state)
{
	struct barista_arena *arena = barista_arena_make();
	struct barista_err err;
	size_t size = 7;
	char *text = NULL;

	(void)state;
	assert_int_equal(barista_read_file(temp_path("absent"), arena, &text, &size, &err),
			 BARISTA_E_INPUT);
	assert_non_null(strstr(err.msg, "cannot open"));
	assert_int_equal(barista_read_file("/dev/zero", arena, &text, &size, &err),
			 BARISTA_E_INPUT);
	assert_int_equal(barista_read_file("devices", arena, &text, &size, &err), BARISTA_E_INPUT);
	assert_non_null(strstr(err.msg, "it is a folder"));
	assert_null(text);
	assert_int_equal(size, 7);
	barista_arena_free(arena);
}

/* FIPS 180-4 examples. */
static void sha256(void **state)
{
	static const struct {
		const char *text, *hex;
	} rows[] = {
		{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		 "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
	};
	char hex[65];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		barista_sha256(rows[i].text, strlen(rows[i].text), hex);
		assert_string_equal(hex, rows[i].hex);
	}
}

static void commit_and_abandon(void **state)
{
	struct barista_out_file out;
	struct barista_err err;
	char folder[500], path[600], text[16] = "";
	struct stat st;
	mode_t mask = umask(027);
	FILE *f;

	(void)state;
	snprintf(folder, sizeof folder, "%s", temp_path("out"));
	snprintf(path, sizeof path, "%s/result.csv", folder);
	CHECK_OK(barista_make_folders(folder, &err), &err);
	CHECK_OK(barista_out_open(&out, path, &err), &err);
	fputs("draft", out.f);
	assert_true(access(path, F_OK)); /* not under its name yet */
	barista_out_abandon(&out);
	barista_out_abandon(&out); /* twice is fine */
	assert_int_equal(files_in(folder), 0);
	CHECK_OK(barista_out_open(&out, path, &err), &err);
	fputs("final", out.f);
	CHECK_OK(barista_out_commit(&out, &err), &err);
	barista_out_abandon(&out); /* after a commit it does nothing */
	umask(mask);
	assert_int_equal(files_in(folder), 1);
	f = fopen(path, "r");
	assert_non_null(fgets(text, sizeof text, f));
	fclose(f);
	assert_string_equal(text, "final");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640); /* as the umask says, not mkstemp's 0600 */
}

static void open_errors(void **state)
{
	static char longest[5000];
	struct barista_out_file out;
	struct barista_err err;
	char path[600];

	(void)state;
	memset(longest, 'x', sizeof longest - 1);
	assert_int_equal(barista_out_open(&out, longest, &err), BARISTA_E_ARGUMENT);
	snprintf(path, sizeof path, "%s/file", temp_path("no-such-folder"));
	assert_int_equal(barista_out_open(&out, path, &err), BARISTA_E_SYSTEM);
	assert_non_null(strstr(err.msg, "cannot create"));
	barista_out_abandon(&out);
}

/* The rename fails: a folder stands under the name. */
static void commit_in_the_way(void **state)
{
	struct barista_out_file out;
	struct barista_err err;
	char folder[500], path[600];

	(void)state;
	snprintf(folder, sizeof folder, "%s", temp_path("taken"));
	snprintf(path, sizeof path, "%s/name", folder);
	CHECK_OK(barista_make_folders(folder, &err), &err);
	CHECK_OK(barista_out_open(&out, path, &err), &err);
	CHECK_OK(barista_make_folders(path, &err), &err);
	assert_int_equal(barista_out_commit(&out, &err), BARISTA_E_SYSTEM);
	assert_int_equal(files_in(folder), 1);
	assert_int_equal(barista_out_open(&out, path, &err), BARISTA_E_ARGUMENT);
	assert_non_null(strstr(err.msg, "is not a file: it is left alone"));
	assert_int_equal(barista_out_open(&out, "", &err), BARISTA_E_ARGUMENT);
	assert_int_equal(files_in(folder), 1);
	assert_int_equal(files_in(path), 0);
}

/* A full disk, by a limit on the size of files: the old file stays as it was. */
static void commit_full(void **state)
{
	struct rlimit old, tiny;
	struct barista_out_file out;
	struct barista_err err;
	char folder[500], path[600], text[16] = "";
	void (*handler)(int);
	FILE *f;
	int rc;

	(void)state;
	snprintf(folder, sizeof folder, "%s", temp_path("full"));
	snprintf(path, sizeof path, "%s/name", folder);
	CHECK_OK(barista_make_folders(folder, &err), &err);
	f = fopen(path, "w");
	fputs("old", f);
	fclose(f);
	handler = signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	tiny = old;
	tiny.rlim_cur = 4096;
	CHECK_OK(barista_out_open(&out, path, &err), &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &tiny), 0);
	for (int i = 0; i < 100000; i++)
		fputc('x', out.f);
	rc = barista_out_commit(&out, &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	signal(SIGXFSZ, handler);
	assert_int_equal(rc, BARISTA_E_SYSTEM);
	assert_non_null(strstr(err.msg, "cannot write"));
	assert_int_equal(files_in(folder), 1);
	f = fopen(path, "r");
	assert_non_null(fgets(text, sizeof text, f));
	fclose(f);
	assert_string_equal(text, "old");
}

static int put_text(const void *text, FILE *f, struct barista_err *err)
{
	(void)err;
	fputs(text, f);
	return 0;
}

static int fail_to_put(const void *text, FILE *f, struct barista_err *err)
{
	fputs(text, f);
	return barista_fail(err, BARISTA_E_STOPPED, "stopped");
}

static int write_out(const char *path, const char *text, struct barista_err *err)
{
	return barista_write_file(path, true, put_text, text, err);
}

static void check_text(const char *path, const char *expected)
{
	char text[16] = "";
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	assert_non_null(fgets(text, sizeof text, f));
	fclose(f);
	assert_string_equal(text, expected);
}

/* A link stays, and what it points to is replaced where it is. */
static void through_a_link(void **state)
{
	struct barista_out_file out;
	struct barista_err err;
	char folder[500], path[600], far[600];
	struct stat st;

	(void)state;
	snprintf(folder, sizeof folder, "%s", temp_path("link"));
	snprintf(far, sizeof far, "%s/far/file", folder);
	snprintf(path, sizeof path, "%s/far", folder);
	CHECK_OK(barista_make_folders(path, &err), &err);
	snprintf(path, sizeof path, "%s/name", folder);
	assert_int_equal(symlink("far/file", path), 0);
	assert_int_equal(barista_out_open(&out, path, &err), BARISTA_E_ARGUMENT);
	assert_non_null(strstr(err.msg, "is a link to what does not exist: it is left alone"));
	CHECK_OK(write_out(far, "old", &err), &err);
	CHECK_OK(write_out(path, "new", &err), &err);
	check_text(far, "new");
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_int_equal(files_in(folder), 2);
}

/* What a process that died left of the same file goes; what is being written, and what is the
 * user's, stays. */
static void left_over(void **state)
{
	struct barista_out_file live;
	struct barista_err err;
	char folder[500], path[600], mine[700];
	FILE *f;
	pid_t pid;

	(void)state;
	snprintf(folder, sizeof folder, "%s", temp_path("left-over"));
	snprintf(path, sizeof path, "%s/name", folder);
	snprintf(mine, sizeof mine, "%s/.name.backup", folder);
	CHECK_OK(barista_make_folders(folder, &err), &err);
	f = fopen(mine, "w");
	assert_non_null(f);
	fclose(f);
	CHECK_OK(barista_out_open(&live, path, &err), &err);
	pid = fork();
	if (!pid) {
		struct barista_out_file dead;

		_exit(barista_out_open(&dead, path, &err));
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(files_in(folder), 3);
	CHECK_OK(write_out(path, "second", &err), &err);
	assert_int_equal(files_in(folder), 3); /* .name.backup, the live one and name */
	fputs("first", live.f);
	CHECK_OK(barista_out_commit(&live, &err), &err);
	check_text(path, "first");
	assert_int_equal(barista_write_file(path, true, fail_to_put, "x", &err), BARISTA_E_STOPPED);
	check_text(path, "first");
	assert_int_equal(files_in(folder), 2);
}

/* The data is on the disk before the name is, and the name when the commit returns. */
static void durable(void **state)
{
	struct barista_err err;
	char folder[4096], path[4200], line[4300];
	const char *data, *name;

	(void)state;
	CHECK_OK(barista_make_folders(temp_path("durable"), &err), &err);
	assert_non_null(realpath(temp_path("durable"), folder));
	snprintf(path, sizeof path, "%s/name", folder);
	disk_watch();
	CHECK_OK(write_out(path, "x", &err), &err);
	snprintf(line, sizeof line, "sync %s/.name.", folder);
	data = strstr(disk.log, line);
	snprintf(line, sizeof line, "rename %s\n", path);
	name = strstr(disk.log, line);
	snprintf(line, sizeof line, "sync %s\n", folder);
	CHECK(data && name && data < name && strstr(name, line), "%s", disk.log);
	disk_reset();
	disk.interrupt_sync_at = 1;
	CHECK_OK(write_out(path, "y", &err), &err);
	for (int at = 1; at <= 2; at++) {
		disk_reset();
		disk.fail_sync_at = at;
		assert_int_equal(write_out(path, at == 1 ? "bad" : "z", &err), BARISTA_E_SYSTEM);
		assert_non_null(strstr(err.msg, "Input/output error"));
		check_text(path, at == 1 ? "y" : "z");
		assert_int_equal(files_in(folder), 1);
	}
	disk_reset();
}

static void full_stream(void **state)
{
	FILE *f = fopen("/dev/full", "w");
	struct barista_err err;

	(void)state;
	if (!f)
		skip();
	fputs("x", f);
	assert_int_equal(barista_check_stream(f, "standard output", &err), BARISTA_E_SYSTEM);
	assert_string_equal(err.msg, "cannot write 'standard output': No space left on device");
	fclose(f);
}

static void folders(void **state)
{
	struct barista_err err;
	char path[500], deep[600];

	(void)state;
	snprintf(path, sizeof path, "%s", temp_path("tree"));
	snprintf(deep, sizeof deep, "%s/a/b//c/", path);
	CHECK_OK(barista_make_folders(deep, &err), &err);
	CHECK_OK(barista_make_folders(deep, &err), &err);
	assert_int_equal(files_in(path), 1);
	write_text("tree/a/file", "x");
	snprintf(deep, sizeof deep, "%s/a/file/b", path);
	assert_int_equal(barista_make_folders(deep, &err), BARISTA_E_SYSTEM);
	snprintf(deep, sizeof deep, "%s/a/file", path);
	assert_int_equal(barista_make_folders(deep, &err), BARISTA_E_SYSTEM);
	assert_int_equal(barista_make_folders("", &err), BARISTA_E_ARGUMENT);
}

int test_file(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_whole),  cmocka_unit_test(read_errors),
		cmocka_unit_test(sha256),      cmocka_unit_test(commit_and_abandon),
		cmocka_unit_test(open_errors), cmocka_unit_test(commit_in_the_way),
		cmocka_unit_test(commit_full), cmocka_unit_test(full_stream),
		cmocka_unit_test(folders),     cmocka_unit_test(through_a_link),
		cmocka_unit_test(left_over),   cmocka_unit_test(durable),
	};

	return GROUP(tests);
}
