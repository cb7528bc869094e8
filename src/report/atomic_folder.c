/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders of results appear whole, and replace nothing but their like. The new folder and an older
 * one change places in one step; where the file system cannot do that the older one is moved aside
 * first, and the next process moves it back if this one dies in between. */
#define _GNU_SOURCE /* renameat2 */
#include "report/atomic_folder.h"

#include "io/file.h"
#include "io/temporary.h"
#include "report/folder_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NEW ".partial-"
#define OLD ".old-"

static bool exists(const char *path)
{
	struct stat st;

	return !lstat(path, &st);
}

static int put_mark(int fd)
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

/* A folder may be replaced when it is a run of ours and holds nothing else. */
static int check_replaceable(const struct barista_folder *folder, struct barista_err *err)
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

/* Removes what is ours in a folder that has the mark, which goes last, and the folder if nothing
 * else is in it. */
static int remove_marked(int fd, const char *path, bool (*ours)(const char *),
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
		(void)remove_marked(fd, path, folder->ours, &ignored);
}

/* An older folder that was moved aside goes back when nothing took its place. */
static void restore_leftover(const char *path, int fd, const void *user)
{
	const struct barista_folder *folder = user;

	if (is_marked(fd) && is_run(path) && !exists(folder->dir) && !rename(path, folder->dir))
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

	prefix_of(folder, OLD, prefix, sizeof prefix);
	barista_each_leftover(parent, prefix, S_IFDIR, restore_leftover, folder);
	barista_each_leftover(parent, prefix, S_IFDIR, remove_leftover, folder);
	prefix_of(folder, NEW, prefix, sizeof prefix);
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
	snprintf(folder->temp, sizeof folder->temp, "%.4000s" NEW "XXXXXX", folder->dir);
	folder->fd = barista_temporary_folder(folder->temp);
	if (folder->fd < 0)
		return barista_fail_system(err, "cannot create the folder", folder->temp);
	if (!put_mark(folder->fd))
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
	if (rc || (rc = check_replaceable(folder, err)))
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
	while (!exists(parent) && errno == ENOENT && strcmp(parent, ".") != 0)
		go_up(parent);
	snprintf(as_folder, sizeof as_folder, "%s/", parent);
	return faccessat(AT_FDCWD, as_folder, W_OK | X_OK, AT_EACCESS)
		       ? barista_fail_system(err, "cannot create a folder in", parent)
		       : 0;
}

int barista_folder_try(const char *name, bool (*ours)(const char *), struct barista_err *err)
{
	struct barista_folder folder = {.ours = ours};
	int rc = name_folder(&folder, name, err);

	if (!rc)
		rc = check_replaceable(&folder, err);
	if (!rc)
		rc = check_parent(folder.dir, err);
	if (rc)
		return rc;
	barista_folder_spare(&folder);
	rc = check_replaceable(&folder, err);
	if (rc)
		barista_err_context(err, "where it would go when it is stopped");
	return rc;
}

/* ---- its place */

void barista_folder_spare(struct barista_folder *folder)
{
	size_t n = strlen(folder->dir);

	if (exists(folder->dir))
		snprintf(folder->dir + n, sizeof folder->dir - n, ".stopped");
}

static int sync_parent(const struct barista_folder *folder, struct barista_err *err)
{
	char parent[4096];

	barista_folder_of(folder->dir, parent, sizeof parent);
	return barista_sync_folder(parent, err);
}

/* Adds to the message where the folders are; old may be NULL. */
static int say_where(struct barista_err *err, const char *new, const char *old)
{
	char why[1000];

	snprintf(why, sizeof why, "%.999s", err->msg);
	return barista_fail(err, err->status, "%s; the new run is in '%.250s'%s%.250s%s", why, new,
			    old ? ", the older one in '" : "", old ? old : "", old ? "'" : "");
}

/* Removes what was written; returns rc. */
static int discard(const struct barista_folder *folder, int rc)
{
	struct barista_err ignored;

	(void)remove_marked(folder->fd, folder->temp, folder->ours, &ignored);
	return rc;
}

/* Keeps what was written, beside its place. */
static int keep(const struct barista_folder *folder, struct barista_err *err)
{
	(void)unlinkat(folder->fd, BARISTA_FOLDER_MARK, 0);
	return say_where(err, folder->temp, NULL);
}

/* Opens the older folder and marks it for removal, when no other process is about to replace it:
 * that is waited for. */
static int take_old(const struct barista_folder *folder, int *fd, struct barista_err *err)
{
	const struct timespec pause = {0, 20000000};
	enum { PAUSES = 250 };

	for (int i = 0; i < PAUSES; i++, nanosleep(&pause, NULL)) {
		*fd = barista_open_folder(folder->dir);
		if (*fd < 0)
			return barista_fail_system(err, "cannot open", folder->dir);
		if (barista_lock(*fd) && barista_is_at(*fd, folder->dir)) {
			if (!put_mark(*fd))
				return 0;
			barista_fail_system(err, "cannot replace", folder->dir);
			(void)unlinkat(*fd, BARISTA_FOLDER_MARK, 0);
			close(*fd);
			return err->status;
		}
		close(*fd);
	}
	return barista_fail(err, BARISTA_E_SYSTEM,
			    "cannot replace '%.900s': another process is using it", folder->dir);
}

/* Moves the older folder aside and the new one to its place. The name aside has the letters of the
 * new folder's, which are nobody else's. */
static int move_twice(const struct barista_folder *folder, char *aside, size_t size)
{
	int why;

	snprintf(aside, size, "%s" OLD "%s", folder->dir, strrchr(folder->temp, '-') + 1);
	if (rename(folder->dir, aside))
		return -1;
	if (!rename(folder->temp, folder->dir))
		return 0;
	why = errno;
	(void)rename(aside, folder->dir);
	errno = why;
	return -1;
}

static int exchange(const struct barista_folder *folder)
{
	return renameat2(AT_FDCWD, folder->temp, AT_FDCWD, folder->dir, RENAME_EXCHANGE);
}

static bool not_supported(void)
{
	return errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP;
}

static int put_back(const struct barista_folder *folder, const char *aside)
{
	if (!strcmp(aside, folder->temp))
		return exchange(folder);
	return rename(folder->dir, folder->temp) ? -1 : rename(aside, folder->dir);
}

/* What the user put into the older folder until now is kept with it, in its place. */
static int remove_old(const struct barista_folder *folder, int old, const char *aside,
		      struct barista_err *err)
{
	if (!barista_folder_walk(old, folder->dir, BARISTA_FOLDER_CHECK, folder->ours, err))
		return remove_marked(old, aside, folder->ours, err)
			       ? say_where(err, folder->dir, NULL)
			       : 0;
	(void)unlinkat(old, BARISTA_FOLDER_MARK, 0);
	return put_back(folder, aside) ? say_where(err, folder->dir, aside) : keep(folder, err);
}

/* Returns -1, with errno, when the folders are as they were. */
static int change_places(const struct barista_folder *folder, char *aside, size_t size)
{
	snprintf(aside, size, "%s", folder->temp);
	if (!exchange(folder))
		return 0;
	return not_supported() ? move_twice(folder, aside, size) : -1;
}

/* Puts the new folder into the place of the one that is open as `old`. */
static int replace_old(const struct barista_folder *folder, int old, int parent,
		       struct barista_err *err)
{
	char aside[4200];
	int rc;

	if (change_places(folder, aside, sizeof aside)) {
		barista_fail_system(err, "cannot replace", folder->dir);
		(void)unlinkat(old, BARISTA_FOLDER_MARK, 0);
		rc = keep(folder, err);
	} else {
		(void)unlinkat(folder->fd, BARISTA_FOLDER_MARK, 0);
		rc = barista_sync(parent) ? barista_fail_system(err, "cannot write", folder->dir)
					  : 0;
		rc = rc ? say_where(err, folder->dir, aside) : remove_old(folder, old, aside, err);
	}
	return rc;
}

/* All that the exchange needs is open before anything changes. */
static int replace(const struct barista_folder *folder, struct barista_err *err)
{
	char path[4096];
	int old, parent, rc;

	if (check_replaceable(folder, err) || take_old(folder, &old, err))
		return keep(folder, err);
	barista_folder_of(folder->dir, path, sizeof path);
	parent = barista_open_folder(path);
	if (parent >= 0) {
		rc = replace_old(folder, old, parent, err);
		close(parent);
	} else {
		barista_fail_system(err, "cannot open", path);
		rc = keep(folder, err);
		(void)unlinkat(old, BARISTA_FOLDER_MARK, 0);
	}
	close(old);
	return rc;
}

/* Moves the folder to a name that nothing has. Where the file system cannot see to that, a folder
 * that is not empty is still not replaced by a rename. */
static int appear(const struct barista_folder *folder, struct barista_err *err)
{
	int rc = renameat2(AT_FDCWD, folder->temp, AT_FDCWD, folder->dir, RENAME_NOREPLACE), why;

	if (rc && not_supported() && !exists(folder->dir))
		rc = rename(folder->temp, folder->dir);
	why = errno;
	if (rc && exists(folder->dir))
		return replace(folder, err);
	if (rc) {
		errno = why;
		barista_fail_system(err, "cannot create", folder->dir);
		return keep(folder, err);
	}
	if (unlinkat(folder->fd, BARISTA_FOLDER_MARK, 0))
		return barista_fail_system(err, "cannot finish", folder->dir);
	return sync_parent(folder, err);
}

static int finish(const struct barista_folder *folder, struct barista_err *err)
{
	int rc = barista_folder_walk(folder->fd, folder->temp, BARISTA_FOLDER_SYNC, folder->ours,
				     err);

	if (!rc && fchmod(folder->fd, 0777 & ~barista_umask()))
		rc = barista_fail_system(err, "cannot set the mode of", folder->temp);
	return rc;
}

int barista_folder_end(struct barista_folder *folder, int rc, struct barista_err *err)
{
	if (!rc)
		rc = finish(folder, err);
	if (rc)
		discard(folder, rc);
	else
		rc = appear(folder, err);
	close(folder->fd);
	return rc;
}
