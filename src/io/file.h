/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_FILE_H
#define IO_FILE_H

#include "base/arena.h"
#include "base/err.h"

#include <stdio.h>

/* Reads a whole text file of at most 4 MiB into the arena, with a closing NUL. */
int barista_read_file(const char *path, struct barista_arena *arena, char **text, size_t *size,
		      struct barista_err *err);

/* The same for any file of at most limit bytes. */
int barista_read_limited(const char *path, size_t limit, struct barista_arena *arena, char **data,
			 size_t *size, struct barista_err *err);

/* Writes the SHA-256 of the data in hexadecimal. */
void barista_sha256(const void *data, size_t size, char hex[65]);

/* A file that appears under its name only when it is complete: it is written under a name of its
 * own in the same folder, and renamed at the end. After barista_out_open() it must be committed or
 * abandoned. */
struct barista_out_file {
	FILE *f;
	char path[4096], temp[4200];
	bool durable; /* set it to make the commit wait for the disk */
};

int barista_out_open(struct barista_out_file *out, const char *path, struct barista_err *err);
/* Flushes, checks and renames the file; on failure nothing of it is left behind. */
int barista_out_commit(struct barista_out_file *out, struct barista_err *err);
void barista_out_abandon(struct barista_out_file *out);

/* Flushes a stream, and fails if anything went wrong with it since it was opened. */
int barista_check_stream(FILE *f, const char *name, struct barista_err *err);

/* Creates a folder and the folders above it; one that exists is fine. */
int barista_make_folders(const char *path, struct barista_err *err);
/* Removes a folder with everything in it; nothing there is fine. */
void barista_remove_tree(const char *path);

#endif
