/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_TEMPORARY_H
#define IO_TEMPORARY_H

#include <stdbool.h>
#include <sys/types.h>

/* What is being written has a name of its own beside its place: a prefix and six random letters.
 * Its process holds a lock on it (flock), which ends with the process however that ends, so what
 * nobody has locked is left over from a process that died. Where a file system has no such locks,
 * nothing counts as left over. */

/* Make a file (mode 0600) or a folder (0700) that nobody had before; path ends in XXXXXX, which
 * are replaced. Return a descriptor that holds the lock until it and its copies are closed; or
 * -1, with errno. */
int barista_temporary_file(char *path);
int barista_temporary_folder(char *path);

/* Is the name this prefix with six letters or digits behind it? */
bool barista_is_temporary(const char *name, const char *prefix);

/* Calls remove() for everything in a folder that has such a name, is of this type (S_IFREG or
 * S_IFDIR), belongs to this user and is left over. It is locked meanwhile; fd is open on it. */
void barista_each_leftover(const char *folder, const char *prefix, mode_t type,
			   void (*remove)(const char *path, int fd, const void *user),
			   const void *user);

/* Locks what fd is open on, without waiting. False: another process has the lock. A file system
 * without locks is as if there were no other process. */
bool barista_lock(int fd);

/* Opens a folder, and nothing else and no link to one; -1 with errno. */
int barista_open_folder(const char *path);

/* Is what fd is open on still the one of this name? */
bool barista_is_at(int fd, const char *path);

/* Returns the modes that this process may not give to what it makes. */
mode_t barista_umask(void);

#endif
