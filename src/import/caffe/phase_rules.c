/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file decides which layers belong to the network, as Caffe does with NetState and
 * NetStateRule:
 *
 *   1. The state is a phase, a level and a set of stages. That of the network comes first, that of
 *      the solver is merged over it, and the phase is at last the one that the user asks for.
 *   2. A rule meets the state when the phases are the same, the level lies within the bounds of the
 *      rule, every `stage` of the rule is a stage of the state, and no `not_stage` is. What a rule
 *      does not name does not matter.
 *   3. A layer with include rules belongs to the network when one of them meets the state; any
 *      other layer does unless one of its exclude rules meets it. A layer cannot have both.
 *
 * A layer costs the number of its rules, times the stages of each, times those of the state. */
#include "import/caffe/caffe.h"

#include <string.h>

/* Reads the field `phase` into *phase, 0 for training and 1 for testing; without it *phase
 * stays. */
static int read_phase(struct barista_caffe *c, const struct barista_proto_text *text,
		      const struct barista_proto *message, int *phase)
{
	const char *word = NULL;
	int rc = barista_proto_word(text, message, "phase", &word, c->err);

	if (rc || !word)
		return rc;
	if (!strcmp(word, "TRAIN") || !strcmp(word, "0"))
		*phase = 0;
	else if (!strcmp(word, "TEST") || !strcmp(word, "1"))
		*phase = 1;
	else
		return barista_fail_proto(c->err, text, message,
					  "the phase is '%.60s', expected TRAIN or TEST", word);
	return 0;
}

/* Appends the texts of a repeated string to stage[BARISTA_MAX_STAGES], which holds *n of them. */
static int read_stages(struct barista_caffe *c, const struct barista_proto_text *text,
		       const struct barista_proto *message, const char *name, const char **stage,
		       size_t *n)
{
	for (struct barista_proto *f = barista_proto_find(message->first, name); f;
	     f = barista_proto_find(f->next, name)) {
		int rc;

		if (*n == BARISTA_MAX_STAGES)
			return barista_fail_proto(c->err, text, f, "more than %d stages",
						  BARISTA_MAX_STAGES);
		if ((rc = barista_proto_string_value(text, f, &stage[*n], c->err)))
			return rc;
		(*n)++;
	}
	return 0;
}

int barista_caffe_read_state(struct barista_caffe *c, const struct barista_proto_text *text,
			     struct barista_proto *message, struct barista_caffe_state *state)
{
	int phase = state->test, rc;

	if (!message)
		return 0;
	rc = read_phase(c, text, message, &phase);
	if (!rc)
		rc = barista_proto_int(text, message, "level", INT32_MIN, INT32_MAX, &state->level,
				       c->err);
	if (!rc)
		rc = read_stages(c, text, message, "stage", state->stage, &state->nstages);
	state->test = phase;
	return rc;
}

static bool has_stage(const struct barista_caffe_state *state, const char *stage)
{
	for (size_t i = 0; i < state->nstages; i++)
		if (!strcmp(state->stage[i], stage))
			return true;
	return false;
}

/* Tells in *out whether a rule meets the state. */
static int meets(struct barista_caffe *c, struct barista_proto *rule, bool *out)
{
	const struct barista_caffe_state *state = &c->state;
	const char *stage[BARISTA_MAX_STAGES], *not_stage[BARISTA_MAX_STAGES];
	size_t n = 0, nnot = 0;
	int64_t lo = INT32_MIN, hi = INT32_MAX;
	int phase = -1, rc = 0;

	if (rule->kind != BARISTA_PROTO_MESSAGE)
		return barista_fail_proto(c->err, &c->text, rule, "'%s' must be a message in { }",
					  rule->name);
	if ((rc = read_phase(c, &c->text, rule, &phase)) ||
	    (rc = barista_proto_int(&c->text, rule, "min_level", INT32_MIN, INT32_MAX, &lo,
				    c->err)) ||
	    (rc = barista_proto_int(&c->text, rule, "max_level", INT32_MIN, INT32_MAX, &hi,
				    c->err)) ||
	    (rc = read_stages(c, &c->text, rule, "stage", stage, &n)) ||
	    (rc = read_stages(c, &c->text, rule, "not_stage", not_stage, &nnot)))
		return rc;
	*out = (phase < 0 || phase == state->test) && state->level >= lo && state->level <= hi;
	for (size_t i = 0; i < n; i++)
		*out &= has_stage(state, stage[i]);
	for (size_t i = 0; i < nnot; i++)
		*out &= !has_stage(state, not_stage[i]);
	return 0;
}

/* Tells in *out whether any rule of that name, include or exclude, meets the state. */
static int any_rule(struct barista_caffe *c, struct barista_proto *layer, const char *name,
		    bool *out)
{
	*out = false;
	for (struct barista_proto *f = barista_proto_find(layer->first, name); f;
	     f = barista_proto_find(f->next, name)) {
		bool met = false;
		int rc = meets(c, f, &met);

		if (rc)
			return rc;
		*out |= met;
	}
	return 0;
}

int barista_caffe_included(struct barista_caffe *c, struct barista_proto *layer, bool *out)
{
	struct barista_proto *include = barista_proto_find(layer->first, "include");
	struct barista_proto *exclude = barista_proto_find(layer->first, "exclude");
	bool met;
	int rc;

	if (include && exclude)
		return barista_fail_proto(c->err, &c->text, exclude,
					  "a layer has either include rules or exclude rules");
	rc = any_rule(c, layer, include ? "include" : "exclude", &met);
	*out = include ? met : !met;
	return rc;
}
