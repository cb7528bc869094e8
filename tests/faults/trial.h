/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TESTS_FAULTS_TRIAL_H
#define TESTS_FAULTS_TRIAL_H

#include "shared.h"

#include <stddef.h>

/* What can fail: an allocation, or a call of the system. */
enum fault_kind {
	FAULT_ALLOCATION,
	FAULT_OPEN,
	FAULT_READ,
	FAULT_WRITE,
	FAULT_FSYNC,
	FAULT_RENAME,
	FAULT_MKDIR,
	FAULT_CLOSE,
	NFAULT_KINDS,
	NO_FAULT = NFAULT_KINDS
};

extern const char *const fault_names[NFAULT_KINDS];

struct fault {
	enum fault_kind kind;
	long at; /* the call that fails, from 1 */
	bool from_on;
	bool trace;
};

enum { TRIAL_TEXT = 1 << 20 };

/* How one run of a program ended. */
struct trial {
	int code;   /* its exit code, or -1 */
	int signal; /* that ended it, or 0 */
	bool hung;
	long calls[NFAULT_KINDS]; /* allocations, or calls of one kind that was traced */
	struct faults_shared memory;
	char out[TRIAL_TEXT], err[TRIAL_TEXT];
	size_t out_size, err_size;
};

/* Runs the program in the folder with one fault, or none. `allocator` is the library to preload.
 * Ends the test when the run cannot even be started. */
void trial_run(struct trial *t, char *const argv[], const char *dir, const char *allocator,
	       struct fault fault);

#endif
