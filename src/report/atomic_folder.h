/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_ATOMIC_FOLDER_H
#define REPORT_ATOMIC_FOLDER_H

#include "base/err.h"

/* A folder of results: written beside its place, and moved there when it is whole. */
struct barista_folder {
	char dir[4096], temp[4096];
};

/* Makes folder->temp. An older folder of that name must be one of this program's, with nothing in
 * it that `ours` (or the charts) does not know by name: else BARISTA_E_ARGUMENT, and it is left
 * alone. */
int barista_folder_begin(struct barista_folder *folder, const char *name,
			 bool (*ours)(const char *), struct barista_err *err);

/* Moves it into place, out of it an older one; or, when rc tells of a failure, removes it. Returns
 * rc, or why it could not be moved. */
int barista_folder_end(struct barista_folder *folder, int rc, struct barista_err *err);

#endif
