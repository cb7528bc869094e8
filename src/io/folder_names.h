/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_FOLDER_NAMES_H
#define IO_FOLDER_NAMES_H

#include <stdint.h>

/* The names in a folder, read without allocating: what failed for want of memory is removed with
 * this, too. Set fd to the descriptor of a folder at its beginning, and the rest to zero. */
struct barista_folder_names {
	int fd;
	long n, at; /* bytes in the buffer, and how far they are read */
	_Alignas(uint64_t) char buffer[2048];
};

/* Returns the next name, but for those of the folder and of the one above; NULL at the end, with
 * errno 0, and on failure. */
const char *barista_folder_next(struct barista_folder_names *names);

#endif
