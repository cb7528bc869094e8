/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Processes share a sweep over MPI: a message takes a result to rank 0, and one brings the
 * number of a block back. */
#ifdef BARISTA_MPI
#include "cli/ranks.h"

#include <mpi.h>
#include <stdlib.h>

enum { TAG_RESULT = 1, TAG_BLOCK = 2 };

static void end(void)
{
	int done;

	MPI_Finalized(&done);
	if (!done)
		MPI_Finalize();
}

static int64_t request(const char *result, size_t size)
{
	int64_t block;

	MPI_Send(result, (int)size, MPI_BYTE, 0, TAG_RESULT, MPI_COMM_WORLD);
	MPI_Recv(&block, 1, MPI_INT64_T, 0, TAG_BLOCK, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
	return block;
}

static bool reply(bool wait, int64_t (*take)(void *user, const char *result, size_t size),
		  void *user)
{
	MPI_Status status;
	int64_t block;
	char *result;
	int there = 1, size;

	if (wait)
		MPI_Probe(MPI_ANY_SOURCE, TAG_RESULT, MPI_COMM_WORLD, &status);
	else
		MPI_Iprobe(MPI_ANY_SOURCE, TAG_RESULT, MPI_COMM_WORLD, &there, &status);
	if (!there)
		return false;
	MPI_Get_count(&status, MPI_BYTE, &size);
	result = malloc((size_t)size + 1);
	if (!result)
		MPI_Abort(MPI_COMM_WORLD, 4);
	MPI_Recv(result, size, MPI_BYTE, status.MPI_SOURCE, TAG_RESULT, MPI_COMM_WORLD,
		 MPI_STATUS_IGNORE);
	block = take(user, result, (size_t)size);
	free(result);
	MPI_Send(&block, 1, MPI_INT64_T, status.MPI_SOURCE, TAG_BLOCK, MPI_COMM_WORLD);
	return true;
}

const struct barista_ranks *cli_ranks(void)
{
	static struct barista_ranks ranks = {.request = request, .reply = reply};
	int level;

	if (ranks.size)
		return &ranks;
	MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level);
	atexit(end);
	MPI_Comm_rank(MPI_COMM_WORLD, &ranks.rank);
	MPI_Comm_size(MPI_COMM_WORLD, &ranks.size);
	return &ranks;
}
#endif
