/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* renameat2 */
#include "disk.h"

#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { LOG_SIZE = 65536 };

struct disk disk;
static int renamings, syncs;

void disk_reset(void)
{
	free(disk.log);
	disk = (struct disk){.log = NULL};
	renamings = syncs = 0;
}

void disk_watch(void)
{
	disk_reset();
	disk.log = calloc(1, LOG_SIZE);
	assert_non_null(disk.log);
}

static void note(const char *what, const char *path)
{
	size_t n = disk.log ? strlen(disk.log) : 0;

	if (disk.log)
		snprintf(disk.log + n, LOG_SIZE - n, "%s %s\n", what, path);
}

int fsync(int fd)
{
	char link[64], path[4096];
	ssize_t n;

	syncs++;
	if (syncs == disk.fail_sync_at || syncs == disk.interrupt_sync_at) {
		errno = syncs == disk.fail_sync_at ? EIO : EINTR;
		return -1;
	}
	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof path - 1);
	path[n > 0 ? n : 0] = '\0';
	note("sync", path);
	return (int)syscall(SYS_fsync, fd);
}

static int renaming(int from, const char *old, int to, const char *new, unsigned flags)
{
	struct stat st;

	if (disk.before && !fstatat(from, old, &st, AT_SYMLINK_NOFOLLOW) && S_ISDIR(st.st_mode)) {
		void (*before)(void) = disk.before;

		disk.before = NULL;
		before();
	}
	if (++renamings == disk.die_at)
		_exit(9);
	if (flags && disk.no_exchange) {
		errno = EINVAL;
		return -1;
	}
	note(flags & RENAME_EXCHANGE ? "exchange" : "rename", new);
	return (int)syscall(SYS_renameat2, from, old, to, new, flags);
}

int rename(const char *old, const char *new)
{
	return renaming(AT_FDCWD, old, AT_FDCWD, new, 0);
}

int renameat(int from, const char *old, int to, const char *new)
{
	return renaming(from, old, to, new, 0);
}

int renameat2(int from, const char *old, int to, const char *new, unsigned flags)
{
	return renaming(from, old, to, new, flags);
}
