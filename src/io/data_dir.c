/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the data folder is: found from the file that this code was loaded from, so that a copy of
 * the installed tree works wherever it is put. */
#define _GNU_SOURCE /* dladdr() */

#include "io/data_dir.h"

#include "barista.h"

#include <dlfcn.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifndef BARISTA_DATADIR
#define BARISTA_DATADIR "/usr/local/share/barista-dse"
#endif
#ifndef BARISTA_SOURCE_DIR
#define BARISTA_SOURCE_DIR ""
#endif

static char found[4096];

static bool has_data(const char *dir)
{
	char path[4200];

	snprintf(path, sizeof path, "%s/workloads", dir);
	return !access(path, R_OK);
}

/* Drops the last component of a path; false when there is none to drop. */
static bool cut_last(char *path)
{
	char *slash = strrchr(path, '/');

	if (!slash || slash == path)
		return false;
	*slash = '\0';
	return true;
}

/* The folder of the program or the library that holds this function. */
static bool own_folder(char *buf, size_t size)
{
	char path[PATH_MAX];
	Dl_info info;

	if (!dladdr((void *)barista_data_dir, &info) || !info.dli_fname)
		return false;
	/* A program's name is what it was called by, which leads nowhere from another folder. */
	if (!realpath(strstr(info.dli_fname, ".so") ? info.dli_fname : "/proc/self/exe", path) ||
	    strlen(path) >= size)
		return false;
	strcpy(buf, path);
	return cut_last(buf);
}

/* Steps: (1) PREFIX/share beside PREFIX/bin or PREFIX/lib, and beside PREFIX/lib/ARCH; (2) the
 * source tree, when this was built in a folder of it; (3) where the build was told to install; (4)
 * where the sources were when this was built, unless that has no data either. */
static void find(void)
{
	char dir[2048];

	for (int up = 0; own_folder(dir, sizeof dir) && up < 2; up++) {
		for (int i = 0; i <= up; i++)
			if (!cut_last(dir))
				break;
		snprintf(found, sizeof found, "%s/share/barista-dse", dir);
		if (has_data(found))
			return;
		snprintf(found, sizeof found, "%s", dir);
		if (has_data(found))
			return;
	}
	snprintf(found, sizeof found, "%s",
		 !has_data(BARISTA_DATADIR) && has_data(BARISTA_SOURCE_DIR) ? BARISTA_SOURCE_DIR
									    : BARISTA_DATADIR);
}

const char *barista_data_dir(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, find);
	return found;
}
