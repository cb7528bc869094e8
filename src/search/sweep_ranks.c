/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search/sweep_parts.h"

#include "base/err.h"
#include "search/ranks.h"
#include "search/snapshot.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct receive_context {
	struct sweep *sweep;
	int rc;
};

static int64_t take_result(void *user, const char *text, size_t size)
{
	struct receive_context *t = user;
	struct sweep *s = t->sweep;
	json_t *result = size ? json_loadb(text, size, 0, NULL) : NULL;
	const char *why = NULL;
	json_int_t block = -1;
	int64_t next;
	int whole = 0;

	if (size && (!result ||
		     json_unpack(result, "{s:I, s:b, s?s}", "block", &block, "whole", &whole,
				 "error", &why) ||
		     block < 0 || (size_t)block >= s->nblocks))
		t->rc = barista_fail(s->err, BARISTA_E_SYSTEM,
				     "another rank sent a result that cannot be read");
	else if (why)
		t->rc = barista_fail(s->err, BARISTA_E_SYSTEM, "a rank failed: %.1000s", why);
	else if (size && !whole)
		s->stop = true; /* a rank was told to stop: so is the sweep */
	else if (whole && !s->done[block] &&
		 !(t->rc = barista_snapshot_decode(result, s->out, s->levels->space, s->err)))
		t->rc = barista_sweep_finish(s, (size_t)block);
	json_decref(result);
	if (t->rc)
		s->stop = true;
	next = barista_sweep_next(s);
	s->dismissed += next == BARISTA_NO_BLOCK;
	return next;
}

int barista_coordinator_poll(struct sweep *s)
{
	struct receive_context t = {s, 0};

	while (!t.rc && s->options->ranks->reply(false, take_result, &t))
		;
	return t.rc;
}

/* After the first blocks the kernels are mostly those of the block before: they are sent once. */
static bool drop_sent(struct worker *w, json_t *result)
{
	json_t *kernels = json_object_get(result, "kernels");

	if (json_equal(kernels, w->sent))
		return !json_object_set_new(result, "kernels", json_array());
	json_decref(w->sent);
	w->sent = json_incref(kernels);
	return true;
}

static char *result_text(struct worker *w, int64_t block, bool whole, const char *error)
{
	json_t *result = json_pack("{s:I, s:b, s:s*}", "block", (json_int_t)block, "whole",
				   (int)whole, "error", error);
	char *text = NULL;

	if (result &&
	    barista_snapshot_encode(result, w->keep, w->inner->over, w->inner->evaluated) &&
	    (!whole || drop_sent(w, result)))
		text = json_dumps(result, JSON_COMPACT);
	json_decref(result);
	if (text && strlen(text) > INT_MAX) { /* more than a message holds */
		free(text);
		text = NULL;
	}
	return text;
}

int barista_worker_serve(struct worker *w)
{
	const struct barista_ranks *ranks = w->sweep->options->ranks;
	int64_t block = ranks->request("", 0);

	while (block != BARISTA_NO_BLOCK) {
		bool whole;
		char *text;
		int rc;

		w->inner->over = w->inner->evaluated = 0;
		rc = barista_sweep_block(w, (size_t)block, &whole);
		text = result_text(w, block, whole && !rc, rc ? w->err.msg : NULL);
		block = ranks->request(text ? text : "", text ? strlen(text) : 0);
		barista_incumbents_clear_front(w->keep);
		free(text);
	}
	return 0;
}

void barista_worker_abort(const struct barista_ranks *ranks, const char *why)
{
	json_t *result =
		json_pack("{s:I, s:b, s:s}", "block", (json_int_t)0, "whole", 0, "error", why);
	char *text = result ? json_dumps(result, JSON_COMPACT) : NULL;

	while (ranks->request(text ? text : "", text ? strlen(text) : 0) != BARISTA_NO_BLOCK)
		;
	json_decref(result);
	free(text);
}

int barista_coordinator_stop_workers(struct sweep *s)
{
	int rc = 0;

	while (s->dismissed < barista_ranks_size(s->options->ranks) - 1) {
		struct receive_context t = {s, 0};

		s->options->ranks->reply(true, take_result, &t);
		rc = rc ? rc : t.rc;
	}
	return rc;
}
