/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef REPORT_FOLDER_WALK_H
#define REPORT_FOLDER_WALK_H

#include "base/err.h"

#include <stdbool.h>

/* While a folder of results is being written, or is about to be removed, it holds an empty file of
 * this name. */
#define BARISTA_FOLDER_MARK ".barista-dse-partial"

enum barista_folder_action {
	BARISTA_FOLDER_CHECK, /* fail unless all in it is of this program */
	BARISTA_FOLDER_SYNC,  /* wait until all in it is on the disk */
	BARISTA_FOLDER_REMOVE /* remove what is of this program, but for the mark */
};

/* Goes through the folder that fd is open on, whose name is for messages. What a folder of results
 * can hold is the files that `ours` knows, the charts, and what is left of either when a process
 * dies. Errors: BARISTA_E_ARGUMENT when a check finds something else, BARISTA_E_SYSTEM when it
 * cannot be known what there is. */
int barista_folder_walk(int fd, const char *name, enum barista_folder_action action,
			bool (*ours)(const char *), struct barista_err *err);

#endif
