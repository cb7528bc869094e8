/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_CHECKPOINT_H
#define SEARCH_CHECKPOINT_H

#include "barista.h"

#include <sys/types.h>
#include <time.h>

/* Which blocks of a sweep are done, and what they gave, in a file that is replaced in one step:
 * whenever the process ends, the file is whole. */

struct barista_checkpoint {
	const char *path;
	const char *inputs; /* what the search follows from: only the same one goes on with it */
	/* The file as this process last read or wrote it; all zero: there was none. */
	struct {
		dev_t dev;
		ino_t ino;
		off_t size;
		struct timespec changed; /* what is in it */
	} seen;
};

/* Writes which of the blocks are done, done[nblocks], and what the search has found. A file that
 * has come, or has been changed, since it was last seen is left alone: BARISTA_E_ARGUMENT. */
int barista_checkpoint_save(struct barista_checkpoint *checkpoint,
			    const struct barista_search *search, const unsigned char *done,
			    size_t nblocks, struct barista_err *err);

/* Reads what barista_checkpoint_save() wrote for the same inputs. When there is no file yet,
 * nothing changes. */
int barista_checkpoint_load(struct barista_checkpoint *checkpoint,
			    const struct barista_space *space, struct barista_search *search,
			    unsigned char *done, size_t nblocks, struct barista_err *err);

#endif
