/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The calls that bring files to the disk and to their names are watched, and can be made to go
 * wrong: this program's own functions stand in the C library's place. */
#ifndef UNIT_DISK_H
#define UNIT_DISK_H

#include <stdbool.h>

struct disk {
	char *log;  /* NULL, or lines "sync PATH", "rename PATH", "exchange PATH" are appended */
	int die_at; /* the renaming before which the process ends; 0: none */
	bool no_exchange;      /* the file system knows plain renames only */
	int fail_sync_at;      /* the fsync() that fails with EIO; 0: none */
	int interrupt_sync_at; /* the fsync() that fails with EINTR; 0: none */
	void (*before)(void);  /* called before the first renaming of a folder */
};

extern struct disk disk;

/* Watches nothing any more. */
void disk_reset(void);
/* Begins with a log, which is freed by disk_reset(). */
void disk_watch(void);

#endif
