/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files: read whole, written whole or not at all. */
#include "check.h"

#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
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
	CHECK_OK(barista_make_folders(path, &err), &err);
	CHECK_OK(barista_out_open(&out, path, &err), &err);
	assert_int_equal(barista_out_commit(&out, &err), BARISTA_E_SYSTEM);
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
	/* A link is removed, not what it points to. */
	snprintf(deep, sizeof deep, "%s/link", path);
	assert_int_equal(symlink(write_text("kept", "x"), deep), 0);
	snprintf(deep, sizeof deep, "%s/a/file/b", path);
	assert_int_equal(barista_make_folders(deep, &err), BARISTA_E_SYSTEM);
	snprintf(deep, sizeof deep, "%s/a/file", path);
	assert_int_equal(barista_make_folders(deep, &err), BARISTA_E_SYSTEM);
	assert_int_equal(barista_make_folders("", &err), BARISTA_E_ARGUMENT);
	barista_remove_tree(path);
	assert_true(access(path, F_OK));
	assert_false(access(temp_path("kept"), F_OK));
	barista_remove_tree(path);
}

int test_file(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(read_whole),  cmocka_unit_test(read_errors),
		cmocka_unit_test(sha256),      cmocka_unit_test(commit_and_abandon),
		cmocka_unit_test(open_errors), cmocka_unit_test(commit_in_the_way),
		cmocka_unit_test(commit_full), cmocka_unit_test(full_stream),
		cmocka_unit_test(folders),
	};

	return GROUP(tests);
}
