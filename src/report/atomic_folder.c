/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A new folder of results: which older one it may replace, what is left of processes that died, and
 * where it is written. How it gets to its place: folder_place.c. */
#include "report/folder_parts.h"

#include "io/file.h"
#include "io/temporary.h"
#include "report/folder_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BARISTA_FOLDER_NEW ".partial-"
#define BARISTA_FOLDER_OLD ".old-"

bool barista_folder_exists(const char *path)
{
	struct stat st;

	return !lstat(path, &st);
}

int barista_folder_put_mark(int fd)
{
	int mark =
		openat(fd, BARISTA_FOLDER_MARK, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	return mark < 0 ? -1 : close(mark);
}

/* Does the text of a run.json name this program? It is one of the first members. */
static bool names_program(const char *text)
{
	const char *key = strstr(text, "\"program\"");

	if (*text != '{' || !key)
		return false;
	key += strlen("\"program\"");
	key += strspn(key, " :");
	return !strncmp(key, "\"barista-dse\"", strlen("\"barista-dse\""));
}

/* Did this program, in this or an earlier version, write the folder? A failure to tell is one of
 * the system's. */
static int find_run(const char *dir, bool *ours, struct barista_err *err)
{
	char path[4200], text[65536];
	int fd, rc = 0;
	ssize_t n;

	snprintf(path, sizeof path, "%s/run.json", dir);
	*ours = false;
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		barista_fail_errno(err, "cannot open", path);
		return err->status == BARISTA_E_SYSTEM ? err->status : 0;
	}
	while ((n = read(fd, text, sizeof text - 1)) < 0 && errno == EINTR)
		;
	if (n < 0 && errno != EISDIR)
		rc = barista_fail_system(err, "cannot read", path);
	close(fd);
	text[n < 0 ? 0 : n] = '\0';
	*ours = names_program(text);
	return rc;
}

static bool is_run(const char *dir)
{
	struct barista_err ignored;
	bool ours;

	return !find_run(dir, &ours, &ignored) && ours;
}

int barista_folder_check_replaceable(const struct barista_folder *folder, struct barista_err *err)
{
	struct stat st;
	bool ours;
	int fd, rc;

	if (lstat(folder->dir, &st))
		return errno == ENOENT || errno == ENOTDIR
			       ? 0
			       : barista_fail_system(err, "cannot read", folder->dir);
	if ((rc = find_run(folder->dir, &ours, err)))
		return rc;
	if (!ours)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "'%.900s' exists and is not a run folder: it is left alone",
				    folder->dir);
	fd = barista_open_folder(folder->dir);
	if (fd < 0)
		return barista_fail_system(err, "cannot list", folder->dir);
	rc = barista_folder_walk(fd, folder->dir, BARISTA_FOLDER_CHECK, folder->ours, err);
	close(fd);
	return rc;
}

/* ---- what is removed */

int barista_folder_remove_marked(int fd, const char *path, bool (*ours)(const char *),
				 struct barista_err *err)
{
	int rc = barista_folder_walk(fd, path, BARISTA_FOLDER_REMOVE, ours, err);

	if (!rc && ((unlinkat(fd, BARISTA_FOLDER_MARK, 0) && errno != ENOENT) || rmdir(path)))
		rc = barista_fail_system(err, "cannot remove", path);
	return rc;
}

static bool is_marked(int fd)
{
	struct stat st;

	return !fstatat(fd, BARISTA_FOLDER_MARK, &st, AT_SYMLINK_NOFOLLOW) && S_ISREG(st.st_mode);
}

static void remove_leftover(const char *path, int fd, const void *user)
{
	const struct barista_folder *folder = user;
	struct barista_err ignored;

	if (is_marked(fd) &&
	    !barista_folder_walk(fd, path, BARISTA_FOLDER_CHECK, folder->ours, &ignored))
		(void)barista_folder_remove_marked(fd, path, folder->ours, &ignored);
}

/* An older folder that was moved aside goes back when nothing took its place. */
static void restore_leftover(const char *path, int fd, const void *user)
{
	const struct barista_folder *folder = user;

	if (is_marked(fd) && is_run(path) && !barista_folder_exists(folder->dir) &&
	    !rename(path, folder->dir))
		(void)unlinkat(fd, BARISTA_FOLDER_MARK, 0);
}

static void prefix_of(const struct barista_folder *folder, const char *kind, char *prefix,
		      size_t size)
{
	const char *slash = strrchr(folder->dir, '/');

	snprintf(prefix, size, "%s%s", slash ? slash + 1 : folder->dir, kind);
}

/* A process that died before the folders changed places left its mark in the older one. */
static void remove_mark(const char *dir)
{
	int fd = barista_open_folder(dir);

	if (fd < 0)
		return;
	if (barista_lock(fd))
		(void)unlinkat(fd, BARISTA_FOLDER_MARK, 0);
	close(fd);
}

static void clear_leftovers(const struct barista_folder *folder, const char *parent)
{
	char prefix[4200];

	prefix_of(folder, BARISTA_FOLDER_OLD, prefix, sizeof prefix);
	barista_each_leftover(parent, prefix, S_IFDIR, restore_leftover, folder);
	barista_each_leftover(parent, prefix, S_IFDIR, remove_leftover, folder);
	prefix_of(folder, BARISTA_FOLDER_NEW, prefix, sizeof prefix);
	barista_each_leftover(parent, prefix, S_IFDIR, remove_leftover, folder);
	remove_mark(folder->dir);
}

/* ---- the new folder */

/* The folder changes places with a new one beside it, which needs a name of its own. */
static bool has_own_name(const char *dir)
{
	const char *slash = strrchr(dir, '/'), *last = slash ? slash + 1 : dir;

	return *last && strcmp(last, ".") != 0 && strcmp(last, "..") != 0;
}

static int name_folder(struct barista_folder *folder, const char *name, struct barista_err *err)
{
	enum { LONGEST = 3900 };
	char *dir = folder->dir;
	size_t n = strlen(name);

	if (!n)
		return barista_fail(err, BARISTA_E_ARGUMENT, "--output: an empty name");
	if (n > LONGEST)
		return barista_fail(err, BARISTA_E_ARGUMENT, "the path '%.60s...' is too long",
				    name);
	strcpy(dir, name);
	while (n > 1 && dir[n - 1] == '/')
		dir[--n] = '\0';
	if (!has_own_name(dir))
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "--output: '%.900s' cannot be replaced: name the folder itself",
				    name);
	return barista_follow_link(dir, LONGEST, err);
}

static int make_folder(struct barista_folder *folder, struct barista_err *err)
{
	snprintf(folder->temp, sizeof folder->temp, "%.4000s" BARISTA_FOLDER_NEW "XXXXXX",
		 folder->dir);
	folder->fd = barista_temporary_folder(folder->temp);
	if (folder->fd < 0)
		return barista_fail_system(err, "cannot create the folder", folder->temp);
	if (!barista_folder_put_mark(folder->fd))
		return 0;
	barista_fail_system(err, "cannot create a file in", folder->temp);
	(void)unlinkat(folder->fd, BARISTA_FOLDER_MARK, 0);
	close(folder->fd);
	rmdir(folder->temp);
	return err->status;
}

int barista_folder_begin(struct barista_folder *folder, const char *name,
			 bool (*ours)(const char *), struct barista_err *err)
{
	char parent[4096];
	int rc = name_folder(folder, name, err);

	folder->ours = ours;
	if (rc || (rc = barista_folder_check_replaceable(folder, err)))
		return rc;
	barista_folder_of(folder->dir, parent, sizeof parent);
	if ((rc = barista_make_folders(parent, err)))
		return rc;
	clear_leftovers(folder, parent);
	return make_folder(folder, err);
}

static void go_up(char *path)
{
	char *slash = strrchr(path, '/');

	if (slash)
		slash[slash == path] = '\0';
	else
		strcpy(path, ".");
}

/* Can folders be made in the last folder above this one that there is? */
static int check_parent(const char *dir, struct barista_err *err)
{
	char parent[4096], as_folder[4100];

	barista_folder_of(dir, parent, sizeof parent);
	while (!barista_folder_exists(parent) && errno == ENOENT && strcmp(parent, ".") != 0)
		go_up(parent);
	snprintf(as_folder, sizeof as_folder, "%s/", parent);
	return faccessat(AT_FDCWD, as_folder, W_OK | X_OK, AT_EACCESS)
		       ? barista_fail_system(err, "cannot create a folder in", parent)
		       : 0;
}

void barista_folder_spare(struct barista_folder *folder)
{
	size_t n = strlen(folder->dir);

	if (barista_folder_exists(folder->dir))
		snprintf(folder->dir + n, sizeof folder->dir - n, ".stopped");
}

int barista_folder_try(const char *name, bool (*ours)(const char *), struct barista_err *err)
{
	struct barista_folder folder = {.ours = ours};
	int rc = name_folder(&folder, name, err);

	if (!rc)
		rc = barista_folder_check_replaceable(&folder, err);
	if (!rc)
		rc = check_parent(folder.dir, err);
	if (rc)
		return rc;
	barista_folder_spare(&folder);
	rc = barista_folder_check_replaceable(&folder, err);
	if (rc)
		barista_err_context(err, "where it would go when it is stopped");
	return rc;
}
