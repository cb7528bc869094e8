/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Before processes share a sweep, each tells the first one how it is and what it has read. */
#include "search/ranks.h"

#include "base/err.h"
#include "io/file.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void fail(struct barista_rank_state *mine, int rank, const struct barista_rank_state *other)
{
	mine->status = other->status;
	snprintf(mine->text, sizeof mine->text, "rank %d on %.63s: %.1500s", rank, other->host,
		 other->text);
}

/* The texts may be longer than is shown: the hashes differ in any case. Who has no text has nothing
 * to search. */
static void differ(struct barista_rank_state *mine, int rank,
		   const struct barista_rank_state *other)
{
	char ours[sizeof mine->text];

	mine->status = BARISTA_E_INPUT;
	if (!*other->text) {
		snprintf(mine->text, sizeof mine->text,
			 "rank %d on %.63s was started with another command than rank 0", rank,
			 other->host);
		return;
	}
	memcpy(ours, mine->text, sizeof ours);
	snprintf(mine->text, sizeof mine->text,
		 "rank %d on %.63s has other inputs than rank 0 on %.63s\n  rank %d: hash %.8s, "
		 "%.600s\n  rank 0: hash %.8s, %.600s",
		 rank, other->host, mine->host, rank, other->inputs, other->text, mine->inputs,
		 ours);
}

/* The first that is said stands. */
static void hear(struct barista_rank_state *mine, int rank, const struct barista_rank_state *other)
{
	if (mine->status)
		return;
	if (other->status)
		fail(mine, rank, other);
	else if (memcmp(mine->inputs, other->inputs, sizeof mine->inputs) != 0)
		differ(mine, rank, other);
}

int barista_ranks_agree(const struct barista_ranks *ranks, int status, const char *inputs,
			struct barista_err *err)
{
	struct barista_rank_state mine = {.status = status};

	if (barista_ranks_size(ranks) == 1)
		return status;
	barista_sha256(inputs, strlen(inputs), mine.inputs);
	gethostname(mine.host, sizeof mine.host - 1);
	snprintf(mine.text, sizeof mine.text, "%s", status ? err->msg : inputs);
	ranks->agree(&mine, hear);
	return mine.status ? barista_fail(err, mine.status, "%s", mine.text) : 0;
}
