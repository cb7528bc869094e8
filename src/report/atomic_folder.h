/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_ATOMIC_FOLDER_H
#define REPORT_ATOMIC_FOLDER_H

#include "base/err.h"

/* This is a folder of results, which is written beside its place and moved there when it is
 * whole. */
struct barista_folder {
	char dir[4096];  /* its place */
	char temp[4096]; /* where it is written */
};

/* Makes folder->temp. An older folder of that name must be one of this program's, and hold nothing
 * but charts and files whose names `ours` knows: else it is left alone, with BARISTA_E_ARGUMENT. */
int barista_folder_begin(struct barista_folder *folder, const char *name,
			 bool (*ours)(const char *), struct barista_err *err);

/* Moves the folder into place, and removes an older one; or, when rc tells of a failure, removes
 * what was written. Returns rc, or the status of a move that failed. */
int barista_folder_end(struct barista_folder *folder, int rc, struct barista_err *err);

#endif
