/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Processes share a sweep over MPI: a message takes a result to rank 0, and one brings the number
 * of a block back. Before that each tells rank 0 how it is and hears the verdict; one that does
 * not come to a sweep does so when it ends, so that no other waits for it in vain. Open MPI ends
 * all of them when one dies. */
#ifdef BARISTA_MPI
#include "cli/ranks.h"

#include "base/clock.h"
#include "base/err.h"

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TAG_RESULT = 1, TAG_BLOCK, TAG_STATE, TAG_VERDICT };

static struct barista_ranks ranks;
static bool agreed;   /* all have told how they are */
static bool given_up; /* on a rank that did not answer after a failure */
static int working;   /* rank 0: ranks that were not yet told that there are no more blocks */

/* What MPI cannot do ends all ranks. */
static void must(int code)
{
	char text[MPI_MAX_ERROR_STRING] = "";
	int n;

	if (code == MPI_SUCCESS)
		return;
	MPI_Error_string(code, text, &n);
	fprintf(stderr, "barista-dse: rank %d: %s\n", ranks.rank, text);
	MPI_Abort(MPI_COMM_WORLD, BARISTA_E_SYSTEM);
}

/* ---- how each is ---- */

/* Waits for a message; once something has failed, not for long. Returns whether it is there. */
static bool arrives(int source, int tag, const struct barista_rank_state *mine, MPI_Status *from)
{
	static const struct timespec nap = {0, 1000000};
	const double patience = 2; /* s */
	double start = barista_now();
	int there;

	for (;;) {
		must(MPI_Iprobe(source, tag, MPI_COMM_WORLD, &there, from));
		if (there || (mine->status && barista_now() - start > patience))
			return there;
		nanosleep(&nap, NULL);
	}
}

static void receive(int source, int tag, struct barista_rank_state *other)
{
	MPI_Status from;
	int size = 0;

	if (!MPI_Recv(other, sizeof *other, MPI_BYTE, source, tag, MPI_COMM_WORLD, &from))
		MPI_Get_count(&from, MPI_BYTE, &size);
	if (size != sizeof *other)
		*other = (struct barista_rank_state){.status = BARISTA_E_INPUT,
						     .text = "is another version of barista-dse"};
}

static void coordinate(struct barista_rank_state *mine,
		       void (*hear)(struct barista_rank_state *mine, int rank,
				    const struct barista_rank_state *other))
{
	struct barista_rank_state other;
	MPI_Status from;

	for (int heard = 1; heard < ranks.size; heard++) {
		if (!arrives(MPI_ANY_SOURCE, TAG_STATE, mine, &from)) {
			given_up = true;
			return;
		}
		receive(from.MPI_SOURCE, TAG_STATE, &other);
		hear(mine, from.MPI_SOURCE, &other);
	}
	for (int r = 1; r < ranks.size; r++)
		must(MPI_Send(mine, sizeof *mine, MPI_BYTE, r, TAG_VERDICT, MPI_COMM_WORLD));
	working = mine->status ? 0 : ranks.size - 1;
}

static void agree(struct barista_rank_state *mine,
		  void (*hear)(struct barista_rank_state *mine, int rank,
			       const struct barista_rank_state *other))
{
	MPI_Status from;

	agreed = true;
	if (!ranks.rank) {
		coordinate(mine, hear);
		return;
	}
	must(MPI_Send(mine, sizeof *mine, MPI_BYTE, 0, TAG_STATE, MPI_COMM_WORLD));
	if (arrives(0, TAG_VERDICT, mine, &from))
		receive(0, TAG_VERDICT, mine);
	else
		given_up = true;
}

int cli_ranks_settle(int status, struct barista_err *err)
{
	if (!agreed) {
		status = barista_ranks_agree(&ranks, status, "", err);
		working = 0;
	}
	if (ranks.rank && !given_up)
		*err->msg = '\0';
	else if (working && !*err->msg)
		barista_fail(err, status,
			     "%d of %d ranks did not answer; what they were at is not in the "
			     "result",
			     working, ranks.size);
	return status;
}

/* ---- results and blocks ---- */

static int64_t request(const char *result, size_t size)
{
	int64_t block;

	must(MPI_Send(result, (int)size, MPI_BYTE, 0, TAG_RESULT, MPI_COMM_WORLD));
	must(MPI_Recv(&block, 1, MPI_INT64_T, 0, TAG_BLOCK, MPI_COMM_WORLD, MPI_STATUS_IGNORE));
	return block;
}

/* Without memory only the beginning of a result is received, and dropped: MPI forgets the rest. */
static char *receive_result(int source, int size)
{
	char *result = malloc((size_t)size + 1), begin[1];

	if (result)
		must(MPI_Recv(result, size, MPI_BYTE, source, TAG_RESULT, MPI_COMM_WORLD,
			      MPI_STATUS_IGNORE));
	else
		MPI_Recv(begin, 1, MPI_BYTE, source, TAG_RESULT, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
	return result;
}

static bool reply(int64_t (*take)(void *user, const char *result, size_t size), void *user)
{
	MPI_Status from;
	int64_t block;
	char *result;
	int there, size;

	must(MPI_Iprobe(MPI_ANY_SOURCE, TAG_RESULT, MPI_COMM_WORLD, &there, &from));
	if (!there)
		return false;
	must(MPI_Get_count(&from, MPI_BYTE, &size));
	result = receive_result(from.MPI_SOURCE, size);
	block = take(user, result, (size_t)size);
	free(result);
	working -= block == BARISTA_NO_BLOCK;
	must(MPI_Send(&block, 1, MPI_INT64_T, from.MPI_SOURCE, TAG_BLOCK, MPI_COMM_WORLD));
	return true;
}

/* ---- begin and end ---- */

const struct barista_ranks *cli_ranks(void)
{
	int level;

	if (ranks.size)
		return &ranks;
	ranks = (struct barista_ranks){.agree = agree, .request = request, .reply = reply};
	MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level);
	MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
	MPI_Comm_rank(MPI_COMM_WORLD, &ranks.rank);
	MPI_Comm_size(MPI_COMM_WORLD, &ranks.size);
	return &ranks;
}

/* The end of MPI waits for all ranks, also for one that will not come. */
void cli_ranks_leave(int exit_code)
{
	if (given_up || working)
		MPI_Abort(MPI_COMM_WORLD, exit_code);
	MPI_Finalize();
}
#endif
