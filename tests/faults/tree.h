/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_FAULTS_TREE_H
#define TESTS_FAULTS_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TREE_MAX = 128, TREE_PATH = 512 };

/* What a folder holds, sorted by name: each file with a hash of its bytes, each folder, each link.
 */
struct tree {
	size_t n;
	struct tree_entry {
		char path[160]; /* below the folder */
		uint64_t hash;
	} entry[TREE_MAX];
};

/* Reads a folder; ends the program when it cannot. */
void tree_read(struct tree *tree, const char *dir);

/* Returns the entry of that path, or NULL. */
const struct tree_entry *tree_find(const struct tree *tree, const char *path);

void tree_remove(const char *dir);

/* Copies what a folder holds into another, which need not exist yet. */
void tree_copy(const char *from, const char *to);

#endif
