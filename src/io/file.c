/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that are read whole, and files that are written whole or not at all. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "io/file.h"

#include "io/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sha2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_FILE = 4 << 20 };

/* Refuses a folder, which would read as an empty file. For a regular file within the
 * limit *room grows to its size and one byte, so that a single read meets its end. */
static int check_regular(FILE *f, const char *path, size_t limit, size_t *room,
			 struct barista_err *err)
{
	struct stat st;

	if (fstat(fileno(f), &st))
		return barista_fail_system(err, "cannot read", path);
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
			return barista_fail_system(err, "cannot read", path);
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

int barista_sync(int fd)
{
	int rc;

	do
		rc = fsync(fd);
	while (rc && errno == EINTR);
	return rc;
}

/* Some file systems cannot write a folder out, and some folders can be written but not read: there
 * is nothing to wait for then. */
int barista_sync_folder(const char *path, struct barista_err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC), rc;

	if (fd < 0)
		return errno == EACCES ? 0 : barista_fail_system(err, "cannot open", path);
	rc = barista_sync(fd);
	if (rc && (errno == EINVAL || errno == EOPNOTSUPP))
		rc = 0;
	if (rc)
		rc = barista_fail_system(err, "cannot write the folder", path);
	close(fd);
	return rc;
}

void barista_folder_of(const char *path, char *folder, size_t size)
{
	const char *slash = strrchr(path, '/');

	if (!slash)
		snprintf(folder, size, ".");
	else
		snprintf(folder, size, "%.*s", slash == path ? 1 : (int)(slash - path), path);
}

int barista_follow_link(char *path, size_t size, struct barista_err *err)
{
	char target[PATH_MAX];
	struct stat st;

	if (lstat(path, &st) || !S_ISLNK(st.st_mode))
		return 0;
	/* A link to a pipe leads somewhere, but to no name. */
	if (!stat(path, &st) && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "'%.900s' is not a file: it is left alone", path);
	if (!realpath(path, target))
		return errno != ENOENT
			       ? barista_fail_system(err, "cannot follow the link", path)
			       : barista_fail(err, BARISTA_E_ARGUMENT,
					      "'%.900s' is a link to what does not exist: it is "
					      "left alone",
					      path);
	if (strlen(target) >= size)
		return barista_fail(err, BARISTA_E_ARGUMENT, "'%.900s' links too far", path);
	strcpy(path, target);
	return 0;
}

/* Finds what is to be replaced, which is a file or nothing. */
static int find_target(struct barista_out_file *out, const char *path, struct barista_err *err)
{
	size_t n = strlen(path);
	struct stat st;
	int rc;

	if (!n || path[n - 1] == '/')
		return barista_fail(err, BARISTA_E_ARGUMENT, "'%.900s' is not a file's name", path);
	if (n >= sizeof out->path)
		return barista_fail(err, BARISTA_E_ARGUMENT, "the path '%.60s...' is too long",
				    path);
	strcpy(out->path, path);
	strcpy(out->target, path);
	if ((rc = barista_follow_link(out->target, sizeof out->target, err)))
		return rc;
	if (!lstat(out->target, &st) && !S_ISREG(st.st_mode))
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "'%.900s' is not a file: it is left alone", path);
	return 0;
}

static void remove_leftover(const char *path, int fd, const void *user)
{
	(void)fd, (void)user;
	unlink(path);
}

/* Names the temporary file, and removes those of processes that died over the same target. */
static void name_temporary(struct barista_out_file *out)
{
	const char *slash = strrchr(out->target, '/');
	const char *base = slash ? slash + 1 : out->target;
	char folder[PATH_MAX], prefix[96];

	barista_folder_of(out->target, folder, sizeof folder);
	snprintf(prefix, sizeof prefix, ".%.60s" BARISTA_OUT_MARK, base);
	barista_each_leftover(folder, prefix, S_IFREG, remove_leftover, NULL);
	snprintf(out->temp, sizeof out->temp, "%.*s%sXXXXXX", (int)(base - out->target),
		 out->target, prefix);
}

int barista_out_open(struct barista_out_file *out, const char *path, struct barista_err *err)
{
	int fd, rc;

	out->f = NULL;
	out->durable = true;
	if ((rc = find_target(out, path, err)))
		return rc;
	name_temporary(out);
	fd = barista_temporary_file(out->temp);
	if (fd < 0)
		return barista_fail_system(err, "cannot create", path);
	out->lock = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	if (out->lock >= 0 && !fchmod(fd, 0666 & ~barista_umask()))
		out->f = fdopen(fd, "w");
	if (out->f)
		return 0;
	barista_fail_system(err, "cannot create", path);
	close(fd);
	if (out->lock >= 0)
		close(out->lock);
	unlink(out->temp);
	return err->status;
}

int barista_check_stream(FILE *f, const char *name, struct barista_err *err)
{
	if (fflush(f) || ferror(f))
		return barista_fail_system(err, "cannot write", name);
	return 0;
}

/* A close that a signal interrupted has closed, and what it would have written is on the disk. */
static int close_out(struct barista_out_file *out, struct barista_err *err)
{
	int rc = barista_check_stream(out->f, out->path, err);

	if (!rc && out->durable && barista_sync(fileno(out->f)))
		rc = barista_fail_system(err, "cannot write", out->path);
	if (fclose(out->f) && errno != EINTR && !rc)
		rc = barista_fail_system(err, "cannot write", out->path);
	out->f = NULL;
	return rc;
}

/* The lock outlasts the file's own descriptor, so that nobody takes it for left over before it has
 * its name. */
int barista_out_commit(struct barista_out_file *out, struct barista_err *err)
{
	char folder[PATH_MAX];
	int rc = close_out(out, err);

	if (!rc && rename(out->temp, out->target))
		rc = barista_fail_system(err, "cannot create", out->path);
	if (rc)
		unlink(out->temp);
	close(out->lock);
	if (rc || !out->durable)
		return rc;
	barista_folder_of(out->target, folder, sizeof folder);
	return barista_sync_folder(folder, err);
}

void barista_out_abandon(struct barista_out_file *out)
{
	if (!out->f)
		return;
	fclose(out->f);
	out->f = NULL;
	unlink(out->temp);
	close(out->lock);
}

int barista_write_file(const char *path, bool durable,
		       int (*put)(const void *data, FILE *f, struct barista_err *err),
		       const void *data, struct barista_err *err)
{
	struct barista_out_file out;
	int rc = barista_out_open(&out, path, err);

	if (rc)
		return rc;
	out.durable = durable;
	rc = put(data, out.f, err);
	if (!rc)
		return barista_out_commit(&out, err);
	barista_out_abandon(&out);
	return rc;
}

static int make_folder(const char *path, struct barista_err *err)
{
	char parent[PATH_MAX];

	if (!mkdir(path, 0777)) {
		barista_folder_of(path, parent, sizeof parent);
		return barista_sync_folder(parent, err);
	}
	return errno == EEXIST ? 0 : barista_fail_system(err, "cannot create the folder", path);
}

int barista_make_folders(const char *path, struct barista_err *err)
{
	char part[4096];
	size_t n = strlen(path);
	struct stat st;
	int rc;

	if (!n || n >= sizeof part)
		return barista_fail(err, BARISTA_E_ARGUMENT, "'%.60s' is not a folder's name",
				    path);
	for (size_t i = 1; i <= n; i++) {
		if (path[i] && path[i] != '/')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if ((rc = make_folder(part, err)))
			return rc;
	}
	if (stat(path, &st) || !S_ISDIR(st.st_mode))
		return barista_fail(err, BARISTA_E_SYSTEM,
				    "cannot create the folder '%.900s': a file is in its place",
				    path);
	return 0;
}
