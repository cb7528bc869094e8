/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between the making of a temporary file and its locking, another process may take it for left
 * over: then it is gone once the lock is there, and another one is made. */
#define _GNU_SOURCE /* mkostemp */
#include "io/temporary.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LETTERS = 6, ATTEMPTS = 100 };

static int lock(int fd, int how)
{
	int rc;

	do
		rc = flock(fd, how);
	while (rc && errno == EINTR);
	return rc;
}

bool barista_lock(int fd)
{
	return !lock(fd, LOCK_EX | LOCK_NB) || errno != EWOULDBLOCK;
}

bool barista_is_at(int fd, const char *path)
{
	struct stat open, named;

	return !fstat(fd, &open) && !lstat(path, &named) && open.st_dev == named.st_dev &&
	       open.st_ino == named.st_ino;
}

/* umask() tells the mask only by changing it, which other threads would notice. The system also
 * shows it in a file; without that the strictest mask is safe. */
mode_t barista_umask(void)
{
	static const char key[] = "\nUmask:";
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	char text[4096];
	const char *at;
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);

	if (fd >= 0)
		close(fd);
	text[n < 0 ? 0 : n] = '\0';
	at = strstr(text, key);
	return at ? (mode_t)strtoul(at + strlen(key), NULL, 8) : 077;
}

static int make_file(char *path)
{
	return mkostemp(path, O_CLOEXEC);
}

int barista_open_folder(const char *path)
{
	return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

static int make_folder(char *path)
{
	int fd = mkdtemp(path) ? barista_open_folder(path) : -2;

	if (fd == -1)
		rmdir(path);
	return fd;
}

static int make_locked(char *path, int (*make)(char *path))
{
	char *letters = path + strlen(path) - LETTERS;

	for (int i = 0; i < ATTEMPTS; i++) {
		int fd;

		memset(letters, 'X', LETTERS);
		fd = make(path);
		if (fd < 0)
			return -1;
		(void)lock(fd, LOCK_EX);
		if (barista_is_at(fd, path))
			return fd;
		close(fd);
	}
	errno = EAGAIN;
	return -1;
}

int barista_temporary_file(char *path)
{
	return make_locked(path, make_file);
}

int barista_temporary_folder(char *path)
{
	return make_locked(path, make_folder);
}

bool barista_is_temporary(const char *name, const char *prefix)
{
	size_t n = strlen(prefix);

	if (strncmp(name, prefix, n) != 0 || strlen(name + n) != LETTERS)
		return false;
	for (name += n; *name; name++)
		if (!isalnum((unsigned char)*name))
			return false;
	return true;
}

/* Returns a descriptor with the lock, or -1 when it is not left over. */
static int take_leftover(const char *path, mode_t type)
{
	int how = type == S_IFDIR ? O_RDONLY : O_RDWR; /* NFS locks only what may be written */
	int fd = open(path, how | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return -1;
	if (!fstat(fd, &st) && (st.st_mode & S_IFMT) == type && st.st_uid == geteuid() &&
	    !lock(fd, LOCK_EX | LOCK_NB) && barista_is_at(fd, path))
		return fd;
	close(fd);
	return -1;
}

void barista_each_leftover(const char *folder, const char *prefix, mode_t type,
			   void (*remove)(const char *path, int fd, const void *user),
			   const void *user)
{
	DIR *d = opendir(folder);
	struct dirent *entry;
	char path[8192];

	while (d && (entry = readdir(d))) {
		int fd;

		if (!barista_is_temporary(entry->d_name, prefix) ||
		    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name) >= (int)sizeof path)
			continue;
		fd = take_leftover(path, type);
		if (fd < 0)
			continue;
		remove(path, fd, user);
		close(fd);
	}
	if (d)
		closedir(d);
}
