/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of a folder of results share: atomic_folder.c begins one, folder_place.c ends it.
 */
#ifndef REPORT_FOLDER_PARTS_H
#define REPORT_FOLDER_PARTS_H

#include "report/atomic_folder.h"

/* Beside its place a folder has its name and one of these: while it is written, and an older one
 * while it is replaced. */
#define BARISTA_FOLDER_NEW ".partial-"
#define BARISTA_FOLDER_OLD ".old-"

bool barista_folder_exists(const char *path);

/* Marks a folder, open as fd, as one that may be removed. Returns -1, with errno, when it cannot.
 */
int barista_folder_put_mark(int fd);

/* A folder may be replaced when it is a run of ours and holds nothing else. */
int barista_folder_check_replaceable(const struct barista_folder *folder, struct barista_err *err);

/* Removes what is ours in a folder that has the mark, which goes last, and the folder if nothing
 * else is in it. */
int barista_folder_remove_marked(int fd, const char *path, bool (*ours)(const char *),
				 struct barista_err *err);

#endif
