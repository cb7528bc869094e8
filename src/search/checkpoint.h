/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SEARCH_CHECKPOINT_H
#define SEARCH_CHECKPOINT_H

#include "barista.h"

/* Which blocks of a sweep are done, and what they gave, in a file that is replaced in one step:
 * whenever the process ends, the file is whole. */

/* Writes which of the blocks are done, done[nblocks], and what the search has found. */
int barista_checkpoint_save(const char *path, const char *inputs,
			    const struct barista_search *search, const unsigned char *done,
			    size_t nblocks, struct barista_err *err);

/* Reads what barista_checkpoint_save() wrote for the same inputs. When there is no file yet,
 * nothing changes. */
int barista_checkpoint_load(const char *path, const char *inputs, const struct barista_space *space,
			    struct barista_search *search, unsigned char *done, size_t nblocks,
			    struct barista_err *err);

#endif
