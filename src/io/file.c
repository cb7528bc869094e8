/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are read whole, and files that are written whole or not at all. */
#define _XOPEN_SOURCE 700 /* nftw */
#include "io/file.h"

#include <errno.h>
#include <ftw.h>
#include <sha2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_FILE = 4 << 20 };

static int fail_errno(struct barista_err *err, int status, const char *what, const char *path)
{
	return barista_fail(err, status, "%s '%.900s': %s", what, path, strerror(errno));
}

/* Refuses a folder, which would read as an empty file. For a regular file within the
 * limit *room grows to its size and one byte, so that a single read meets its end. */
static int check_regular(FILE *f, const char *path, size_t limit, size_t *room,
			 struct barista_err *err)
{
	struct stat st;

	if (fstat(fileno(f), &st))
		return fail_errno(err, BARISTA_E_SYSTEM, "cannot read", path);
	if (S_ISDIR(st.st_mode))
		return barista_fail(err, BARISTA_E_INPUT, "cannot read '%.900s': it is a folder",
				    path);
	if (S_ISREG(st.st_mode) && (uint64_t)st.st_size <= limit && (uint64_t)st.st_size >= *room)
		*room = (size_t)st.st_size + 1;
	return 0;
}

/* Reads to the end of the file. The room doubles up to one byte more than the limit, which shows
 * that the file is larger. */
static int read_all(FILE *f, const char *path, size_t room, size_t limit,
		    struct barista_arena *arena, char **data, size_t *size, struct barista_err *err)
{
	size_t n = 0;
	char *buf = NULL;

	for (;; room = 2 * room > limit ? limit + 1 : 2 * room) {
		char *bigger = barista_arena_alloc(arena, room + 1, 1);

		if (!bigger)
			return barista_no_memory(err);
		if (n)
			memcpy(bigger, buf, n);
		buf = bigger;
		n += fread(buf + n, 1, room - n, f);
		if (ferror(f))
			return fail_errno(err, BARISTA_E_SYSTEM, "cannot read", path);
		if (n > limit)
			return barista_fail(err, BARISTA_E_INPUT, "'%.900s' is larger than %zu MiB",
					    path, limit >> 20);
		if (n < room)
			break;
	}
	buf[n] = '\0';
	*data = buf;
	*size = n;
	return 0;
}

int barista_read_limited(const char *path, size_t limit, struct barista_arena *arena, char **data,
			 size_t *size, struct barista_err *err)
{
	FILE *f = fopen(path, "rb");
	size_t room = 65536;
	int rc;

	if (!f)
		return barista_fail_errno(err, "cannot open", path);
	rc = check_regular(f, path, limit, &room, err);
	if (!rc)
		rc = read_all(f, path, room, limit, arena, data, size, err);
	fclose(f);
	return rc;
}

int barista_read_file(const char *path, struct barista_arena *arena, char **text, size_t *size,
		      struct barista_err *err)
{
	return barista_read_limited(path, MAX_FILE, arena, text, size, err);
}

void barista_sha256(const void *data, size_t size, char hex[65])
{
	uint8_t digest[SHA256_DIGEST_LENGTH];
	SHA2_CTX ctx;

	SHA256Init(&ctx);
	SHA256Update(&ctx, data, size);
	SHA256Final(digest, &ctx);
	for (size_t i = 0; i < sizeof digest; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
}

int barista_out_open(struct barista_out_file *out, const char *path, struct barista_err *err)
{
	const char *slash = strrchr(path, '/');
	int dir = slash ? (int)(slash - path) + 1 : 0, fd;
	mode_t mask = umask(0);

	umask(mask);
	out->f = NULL;
	out->durable = false;
	if (strlen(path) >= sizeof out->path)
		return barista_fail(err, BARISTA_E_ARGUMENT, "the path '%.60s...' is too long",
				    path);
	strcpy(out->path, path);
	snprintf(out->temp, sizeof out->temp, "%.*s.%.60s.XXXXXX", dir, path, path + dir);
	fd = mkstemp(out->temp);
	if (fd < 0)
		return fail_errno(err, BARISTA_E_SYSTEM, "cannot create", path);
	out->f = fchmod(fd, 0666 & ~mask) ? NULL : fdopen(fd, "w");
	if (out->f)
		return 0;
	fail_errno(err, BARISTA_E_SYSTEM, "cannot create", path);
	close(fd);
	unlink(out->temp);
	return err->status;
}

int barista_check_stream(FILE *f, const char *name, struct barista_err *err)
{
	if (fflush(f) || ferror(f))
		return fail_errno(err, BARISTA_E_SYSTEM, "cannot write", name);
	return 0;
}

int barista_out_commit(struct barista_out_file *out, struct barista_err *err)
{
	int rc = barista_check_stream(out->f, out->path, err);

	if (!rc && out->durable && fsync(fileno(out->f)))
		rc = fail_errno(err, BARISTA_E_SYSTEM, "cannot write", out->path);
	if (fclose(out->f) && !rc)
		rc = fail_errno(err, BARISTA_E_SYSTEM, "cannot write", out->path);
	out->f = NULL;
	if (!rc && rename(out->temp, out->path))
		rc = fail_errno(err, BARISTA_E_SYSTEM, "cannot create", out->path);
	if (rc)
		unlink(out->temp);
	return rc;
}

void barista_out_abandon(struct barista_out_file *out)
{
	if (!out->f)
		return;
	fclose(out->f);
	out->f = NULL;
	unlink(out->temp);
}

int barista_make_folders(const char *path, struct barista_err *err)
{
	char part[4096];
	size_t n = strlen(path);
	struct stat st;

	if (!n || n >= sizeof part)
		return barista_fail(err, BARISTA_E_ARGUMENT, "'%.60s' is not a folder's name",
				    path);
	for (size_t i = 1; i <= n; i++) {
		if (path[i] && path[i] != '/')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdir(part, 0777) && errno != EEXIST)
			return fail_errno(err, BARISTA_E_SYSTEM, "cannot create the folder", part);
	}
	if (stat(path, &st) || !S_ISDIR(st.st_mode))
		return barista_fail(err, BARISTA_E_SYSTEM,
				    "cannot create the folder '%.900s': a file is in its place",
				    path);
	return 0;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

void barista_remove_tree(const char *path)
{
	nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}
