/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef IO_FILE_H
#define IO_FILE_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
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
 * own in the same folder, and renamed at the end. A link is followed: what it points to is
 * replaced. After barista_out_open() it must be committed or abandoned. */
struct barista_out_file {
	FILE *f;
	char path[4096];   /* as the caller names it */
	char target[4096]; /* what is replaced */
	char temp[4200];
	int lock;     /* a descriptor that holds the lock on the temporary file */
	bool durable; /* does the commit wait for the disk? True unless the caller says otherwise */
};

/* What stands between the name of a file and the six letters of its temporary file. */
#define BARISTA_OUT_MARK ".barista-dse-tmp-"

/* Also removes what processes that died left of the same file. Errors: BARISTA_E_ARGUMENT for what
 * is no file's name, links to what does not exist, and folders and devices, which are left alone;
 * BARISTA_E_SYSTEM. */
int barista_out_open(struct barista_out_file *out, const char *path, struct barista_err *err);
/* Flushes, checks and renames the file; when it fails before that nothing is left behind. Once it
 * returns 0 a durable file is there even when the machine loses its power. */
int barista_out_commit(struct barista_out_file *out, struct barista_err *err);
void barista_out_abandon(struct barista_out_file *out);

/* All of this in one: put() gets `data` and the open file, and the file appears when put() returns
 * 0. */
int barista_write_file(const char *path, bool durable,
		       int (*put)(const void *data, FILE *f, struct barista_err *err),
		       const void *data, struct barista_err *err);

/* Flushes a stream, and fails if anything went wrong with it since it was opened. */
int barista_check_stream(FILE *f, const char *name, struct barista_err *err);

/* Wait until what was written to a descriptor (0, or -1 with errno), or the names that a folder
 * holds, are on the disk. */
int barista_sync(int fd);
int barista_sync_folder(const char *path, struct barista_err *err);

/* If the path is a link, puts what it points to in its place. Errors: BARISTA_E_ARGUMENT when that
 * does not exist. */
int barista_follow_link(char *path, size_t size, struct barista_err *err);

/* Writes the path of the folder that a path is in. */
void barista_folder_of(const char *path, char *folder, size_t size);

/* Creates a folder and the folders above it, on the disk too; one that exists is fine. */
int barista_make_folders(const char *path, struct barista_err *err);

#endif
