/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE /* syscall() */
#include "io/folder_names.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *next(struct barista_folder_names *names)
{
	enum { LENGTH = 16, NAME = 19 }; /* where these stand in an entry of getdents64(2) */
	const char *entry;
	uint16_t length;

	errno = 0;
	if (names->at == names->n) {
		names->at = 0;
		names->n = syscall(SYS_getdents64, names->fd, names->buffer, sizeof names->buffer);
		if (names->n <= 0) {
			names->n = 0;
			return NULL;
		}
	}
	entry = names->buffer + names->at;
	memcpy(&length, entry + LENGTH, sizeof length);
	names->at += length;
	return entry + NAME;
}

const char *barista_folder_next(struct barista_folder_names *names)
{
	const char *name;

	while ((name = next(names)) && (!strcmp(name, ".") || !strcmp(name, "..")))
		;
	return name;
}
