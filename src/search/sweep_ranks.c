/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sweep as several processes share it. A result is an object of JSON: the block, and either
 * what it gave, or that the process was told to stop; or nothing but a status and an error. */
#include "search/sweep_parts.h"

#include "base/clock.h"
#include "base/err.h"
#include "io/json.h"
#include "search/ranks.h"
#include "search/snapshot.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- process 0 ---- */

static const double PATIENCE = 0.6; /* s */

struct receive_context {
	struct sweep *sweep;
	int rc; /* the first failure: its message is in the sweep's err */
};

/* The parser does not tell the one from the other. */
static int fail_unreadable(struct barista_err *err)
{
	return barista_fail(
		err, BARISTA_E_SYSTEM,
		"a result of another rank is damaged, or there is no memory to read it");
}

/* A result must account for every point of its block. */
static int take_block(struct sweep *s, size_t block, const json_t *result)
{
	const struct barista_certificate *c = &s->out->certificate;
	double before = c->over_budget + c->evaluated;
	int rc = barista_snapshot_decode(result, s->out, s->levels->space, s->err);

	if (rc == BARISTA_E_SYSTEM)
		return rc;
	if (rc || c->over_budget + c->evaluated - before !=
			  barista_sweep_rows(s, block) * (double)s->inner->n)
		return fail_unreadable(s->err);
	barista_sweep_finish(s, block);
	return 0;
}

static int take_failure(json_int_t status, const char *why, struct barista_err *err)
{
	bool known = status > BARISTA_OK && status < BARISTA_E_STOPPED;

	return barista_fail(err, known ? (int)status : BARISTA_E_SYSTEM, "%.1500s", why);
}

static int take_object(struct sweep *s, const json_t *result)
{
	const char *why = json_string_value(json_object_get(result, "error"));
	const json_t *whole = json_object_get(result, "whole");
	const json_t *number = json_object_get(result, "block");
	json_int_t block = json_integer_value(number);

	if (why)
		return take_failure(json_integer_value(json_object_get(result, "status")), why,
				    s->err);
	if (!json_is_boolean(whole) || !json_is_integer(number) || block < 0 ||
	    (size_t)block >= s->next || s->done[block])
		return fail_unreadable(s->err);
	if (json_is_true(whole))
		return take_block(s, (size_t)block, result);
	s->stop = true; /* a rank was told to stop: so is the sweep */
	return 0;
}

static int take_text(struct sweep *s, const char *text, size_t size)
{
	json_t *result = text ? barista_json_reload(text, size) : NULL;
	int rc = text ? take_object(s, result) : barista_no_memory(s->err);

	json_decref(result);
	return rc;
}

/* After a failure results do not matter any more, and its message stays. */
static int64_t take_result(void *user, const char *text, size_t size)
{
	struct receive_context *t = user;
	struct sweep *s = t->sweep;
	int64_t next;

	if (size && !t->rc)
		t->rc = take_text(s, text, size);
	if (t->rc)
		s->stop = true;
	next = barista_sweep_next(s);
	s->dismissed += next == BARISTA_NO_BLOCK;
	return next;
}

int barista_coordinator_poll(struct sweep *s)
{
	struct receive_context t = {s, 0};

	while (!t.rc && s->options->ranks->reply(take_result, &t))
		;
	return t.rc;
}

/* After a failure, who does not ask in time is left to the program. So it is after a stop, which
 * may come because a rank has died, and to be followed by a kill a second later. */
int barista_coordinator_stop_workers(struct sweep *s, int rc)
{
	static const struct timespec nap = {0, 1000000};
	struct receive_context t = {s, rc};
	double since = 0;

	while (s->dismissed < barista_ranks_size(s->options->ranks) - 1) {
		bool hurry = t.rc || (s->options->stop && *s->options->stop);

		if (s->options->ranks->reply(take_result, &t))
			continue;
		if (hurry && !since)
			since = barista_now();
		if (hurry && barista_now() - since > PATIENCE)
			break;
		nanosleep(&nap, NULL);
	}
	return t.rc;
}

/* ---- the others ---- */

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

/* Returns NULL without memory, or for more than a message holds. */
static char *result_text(struct worker *w, int64_t block, bool whole)
{
	json_t *result = json_pack("{s:I, s:b}", "block", (json_int_t)block, "whole", (int)whole);
	char *text = NULL;

	if (result && (!whole || (barista_snapshot_encode(result, w->keep, w->inner->over,
							  w->inner->evaluated) &&
				  drop_sent(w, result))))
		text = barista_json_dump(result);
	json_decref(result);
	if (text && strlen(text) > INT_MAX) {
		free(text);
		text = NULL;
	}
	return text;
}

/* Sweeps a block and returns the text of its result. */
static int serve_block(struct worker *w, int64_t block, char **text)
{
	bool whole;
	int rc;

	if (block < 0 || (size_t)block >= w->sweep->nblocks)
		return barista_fail(&w->err, BARISTA_E_SYSTEM, "asked for a block that is none");
	w->inner->over = w->inner->evaluated = 0;
	rc = barista_sweep_block(w, (size_t)block, &whole);
	*text = rc ? NULL : result_text(w, block, whole);
	barista_incumbents_clear_front(w->keep);
	if (rc)
		return rc;
	return *text ? 0 : barista_no_memory(&w->err);
}

int barista_worker_serve(struct worker *w)
{
	const struct barista_ranks *ranks = w->sweep->options->ranks;
	int64_t block = ranks->request("", 0);

	while (block != BARISTA_NO_BLOCK) {
		char *text = NULL;
		int rc = serve_block(w, block, &text);

		if (rc) {
			barista_worker_abort(ranks, &w->err);
			return rc;
		}
		block = ranks->request(text, strlen(text));
		free(text);
	}
	return 0;
}

/* What went wrong may be that there is no memory: then the text needs none. */
void barista_worker_abort(const struct barista_ranks *ranks, const struct barista_err *err)
{
	char bare[80];
	json_t *result = json_pack("{s:i, s:o}", "status", err->status, "error",
				   json_sprintf("rank %d: %s", ranks->rank, err->msg));
	char *text = result ? barista_json_dump(result) : NULL;

	snprintf(bare, sizeof bare,
		 "{\n  \"status\": %d,\n  \"error\": \"rank %d: out of memory\"\n}",
		 BARISTA_E_SYSTEM, ranks->rank);
	while (ranks->request(text ? text : bare, strlen(text ? text : bare)) != BARISTA_NO_BLOCK)
		;
	json_decref(result);
	free(text);
}
