/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a folder of results gets to its place. It and an older one change places in one step; where
 * the file system cannot do that the older one is moved aside first, and the next process moves it
 * back if this one dies in between. */
#define _GNU_SOURCE /* renameat2 */
#include "report/folder_parts.h"

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

	(void)barista_folder_remove_marked(folder->fd, folder->temp, folder->ours, &ignored);
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
			if (!barista_folder_put_mark(*fd))
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

	snprintf(aside, size, "%s" BARISTA_FOLDER_OLD "%s", folder->dir,
		 strrchr(folder->temp, '-') + 1);
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
		return barista_folder_remove_marked(old, aside, folder->ours, err)
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

	if (barista_folder_check_replaceable(folder, err) || take_old(folder, &old, err))
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

	if (rc && not_supported() && !barista_folder_exists(folder->dir))
		rc = rename(folder->temp, folder->dir);
	why = errno;
	if (rc && barista_folder_exists(folder->dir))
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
