/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An allocator to preload under mpirun: in the rank FAIL_RANK allocation number FAIL_AT fails,
 * counted from the end of MPI_Init_thread() on, and FAIL_COUNT is a file that gets their number.
 * What MPI itself allocates is not counted: it ends the program in a way of its own. */
#include <errno.h>
#include <mpi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);

static _Thread_local bool counts; /* MPI has threads of its own */
static long count, fail_at;

static bool fails(void)
{
	if (!counts || ++count != fail_at)
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}

int MPI_Init_thread(int *argc, char ***argv, int required, int *provided)
{
	const char *rank = getenv("OMPI_COMM_WORLD_RANK"), *wanted = getenv("FAIL_RANK");
	int rc = PMPI_Init_thread(argc, argv, required, provided);

	fail_at = getenv("FAIL_AT") ? atol(getenv("FAIL_AT")) : 0;
	counts = rank && wanted && !strcmp(rank, wanted);
	return rc;
}

int MPI_Finalize(void)
{
	FILE *f = counts && getenv("FAIL_COUNT") ? fopen(getenv("FAIL_COUNT"), "w") : NULL;

	counts = false;
	if (f) {
		fprintf(f, "%ld\n", count);
		fclose(f);
	}
	return PMPI_Finalize();
}

/* A call during which nothing is counted. */
#define UNCOUNTED(name, parameters, ...)       \
	int MPI_##name parameters              \
	{                                      \
		bool before = counts;          \
		int rc;                        \
                                               \
		counts = false;                \
		rc = PMPI_##name(__VA_ARGS__); \
		counts = before;               \
		return rc;                     \
	}

UNCOUNTED(Comm_set_errhandler, (MPI_Comm comm, MPI_Errhandler handler), comm, handler)
UNCOUNTED(Iprobe, (int source, int tag, MPI_Comm comm, int *flag, MPI_Status *status), source, tag,
	  comm, flag, status)
UNCOUNTED(Send, (const void *buf, int n, MPI_Datatype type, int to, int tag, MPI_Comm comm), buf, n,
	  type, to, tag, comm)
UNCOUNTED(Recv,
	  (void *buf, int n, MPI_Datatype type, int from, int tag, MPI_Comm comm,
	   MPI_Status *status),
	  buf, n, type, from, tag, comm, status)
UNCOUNTED(Abort, (MPI_Comm comm, int code), comm, code)
