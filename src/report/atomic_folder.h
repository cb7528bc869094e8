/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_ATOMIC_FOLDER_H
#define REPORT_ATOMIC_FOLDER_H

#include "base/err.h"

#include <stdbool.h>

/* This is a folder of results, which is written beside its place and moved there when it is
 * whole. */
struct barista_folder {
	char dir[4096];  /* its place */
	char temp[4096]; /* where it is written */
	int fd;          /* open on temp, with the lock that tells others that it is in use */
	bool (*ours)(const char *name);
};

/* What became of a folder: its place, and why there are less charts than there could be, or an
 * empty message. The status is 0 when all that is missing is gnuplot. */
struct barista_written {
	char place[4096];
	struct barista_err charts;
};

/* Makes folder->temp. An older folder of that name must be one of this program's, and hold nothing
 * but charts and files whose names `ours` knows: else it is left alone, with BARISTA_E_ARGUMENT, or
 * BARISTA_E_SYSTEM when it cannot be listed. A link is followed: the folder that it points to is
 * replaced. What processes that died left of the same folder is removed. */
int barista_folder_begin(struct barista_folder *folder, const char *name,
			 bool (*ours)(const char *), struct barista_err *err);

/* Fails as barista_folder_begin() would, without making anything: for a search to know early that
 * its results have a place. */
int barista_folder_try(const char *name, bool (*ours)(const char *), struct barista_err *err);

/* An older folder of that name stays where it is: what is being written goes beside it, to
 * NAME.stopped, where it replaces one like it. */
void barista_folder_spare(struct barista_folder *folder);

/* Waits until all is on the disk, moves the folder into place, and removes an older one; at every
 * moment there is a whole folder under the name. When rc tells of a failure, removes what was
 * written instead. Returns rc, or the status of a move that failed. If the older folder has got a
 * file of the user's meanwhile, it stays in place and the message says where the new one is. */
int barista_folder_end(struct barista_folder *folder, int rc, struct barista_err *err);

#endif
