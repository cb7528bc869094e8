/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_FAULTS_SHARED_H
#define TESTS_FAULTS_SHARED_H

#include <stdbool.h>

/* The number of the descriptor that the driver hands to the program under test: a page of memory
 * that both map. */
enum { FAULTS_FD = 200, FAULTS_MAX_SITES = 256 };

/* What the allocator is to do, and what it saw. Allocations are counted from 1, from the start of
 * main() on. */
struct faults_shared {
	long fail_at;  /* this allocation fails; 0: none */
	bool from_on;  /* all later ones fail too */
	bool stop;     /* stop before main(), for the driver to begin tracing */
	bool trace;    /* print a backtrace of the allocation that fails on standard error */
	long count;    /* allocations asked for */
	bool finished; /* the program came to its end, and what follows is filled in */
	int nsites;    /* callers whose memory was still held at the end */
	void *site[FAULTS_MAX_SITES];
};

#endif
