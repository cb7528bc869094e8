/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folders, read and compared, copied and removed. */
#define _XOPEN_SOURCE 700
#include "tree.h"

#include <errno.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct tree *reading; /* nftw() hands its callback nothing of the caller's */
static size_t root_length;
static const char *copy_to;

static void give_up(const char *what, const char *path)
{
	fprintf(stderr, "tests/faults: cannot %s ", what);
	perror(path);
	exit(4);
}

static uint64_t hash_file(const char *path)
{
	uint64_t hash = 14695981039346656037U; /* FNV-1a */
	FILE *f = fopen(path, "rb");
	unsigned char buf[65536];
	size_t n;

	if (!f)
		give_up("read", path);
	while ((n = fread(buf, 1, sizeof buf, f)) > 0)
		for (size_t i = 0; i < n; i++)
			hash = (hash ^ buf[i]) * 1099511628211U;
	fclose(f);
	return hash;
}

static int add(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	struct tree_entry *e = &reading->entry[reading->n];

	(void)ftw;
	if (strlen(path) <= root_length + 1)
		return 0;
	if (reading->n == TREE_MAX) {
		fprintf(stderr, "tests/faults: too many files in %s\n", path);
		exit(4);
	}
	reading->n++;
	snprintf(e->path, sizeof e->path, "%s", path + root_length + 1);
	e->hash = type == FTW_F ? hash_file(path) : (uint64_t)(st->st_mode & S_IFMT);
	return 0;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct tree_entry *)a)->path, ((const struct tree_entry *)b)->path);
}

void tree_read(struct tree *tree, const char *dir)
{
	tree->n = 0;
	reading = tree;
	root_length = strlen(dir);
	if (nftw(dir, add, 16, FTW_PHYS))
		give_up("read", dir);
	qsort(tree->entry, tree->n, sizeof *tree->entry, by_path);
}

const struct tree_entry *tree_find(const struct tree *tree, const char *path)
{
	for (size_t i = 0; i < tree->n; i++)
		if (!strcmp(tree->entry[i].path, path))
			return &tree->entry[i];
	return NULL;
}

static int drop(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

void tree_remove(const char *dir)
{
	nftw(dir, drop, 16, FTW_DEPTH | FTW_PHYS);
}

static void copy_file(const char *from, const char *to)
{
	FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
	char buf[65536];
	size_t n;

	if (!in || !out)
		give_up("copy", from);
	while ((n = fread(buf, 1, sizeof buf, in)) > 0)
		if (fwrite(buf, 1, n, out) != n)
			give_up("write", to);
	fclose(in);
	if (fclose(out))
		give_up("write", to);
}

static int copy(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	char to[2 * TREE_PATH];

	(void)st, (void)ftw;
	snprintf(to, sizeof to, "%s%s", copy_to, path + root_length);
	if (type != FTW_D)
		copy_file(path, to);
	else if (mkdir(to, 0777) && errno != EEXIST)
		give_up("create", to);
	return 0;
}

void tree_copy(const char *from, const char *to)
{
	copy_to = to;
	root_length = strlen(from);
	if (nftw(from, copy, 16, FTW_PHYS))
		give_up("copy", from);
}
