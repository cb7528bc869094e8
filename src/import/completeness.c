/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file decides whether a graph that is not understood everywhere may become a workload, and
 * tells the user what is missing. */
#include "import/completeness.h"

#include "import/graph.h"
#include "import/source.h"

#include <stdio.h>
#include <string.h>

/* The share of the network that becomes layers, and the share that is lost. */
struct share {
	size_t layers;
	double kept, missing; /* multiply-accumulates per image */
	bool guessed;         /* some of the missing are guesses */
	size_t problems;      /* ops that are not understood */
	size_t below;         /* ops whose sizes are not known because of those */
	size_t unknown;       /* of both, ops whose multiply-accumulates cannot be counted */
	const struct barista_op *first; /* of both, or NULL */
};

bool barista_op_is_layer(const struct barista_graph *g, const struct barista_op *op)
{
	return op->mac && !op->problem && barista_op_known(g, op) == BARISTA_KNOWN;
}

/* Returns whether the op is understood but cannot become a layer, because its sizes depend on
 * something that is not understood. */
static bool hangs(const struct barista_graph *g, const struct barista_op *op)
{
	return op->multiplies && !op->problem && !barista_op_is_layer(g, op);
}

static struct share add_up(const struct barista_graph *g)
{
	struct share s = {.kept = 0};

	for (size_t i = 0; i < g->nops; i++) {
		const struct barista_op *op = &g->op[i];

		if (barista_op_is_layer(g, op)) {
			s.layers++;
			s.kept += (double)op->mac->macs;
		} else if (op->problem) {
			if (!s.first)
				s.first = op;
			s.problems++;
			s.missing += op->missing_macs > 0 ? (double)op->missing_macs : 0;
			s.unknown += op->missing_macs < 0;
		} else if (hangs(g, op)) {
			if (!s.first)
				s.first = op;
			s.below++;
			s.missing += op->mac ? (double)op->mac->macs : 0;
			s.unknown += !op->mac;
			s.guessed |= op->mac != NULL;
		}
	}
	return s;
}

/* Writes how much is missing, such as "at least 12.3 % of the multiply-accumulates are missing". It
 * is "at least" when some of the lost ops cannot be counted. */
static void say_share(char *buf, size_t size, const struct share *s)
{
	double all = s->kept + s->missing;

	if (s->unknown && s->missing == 0)
		snprintf(buf, size, "an unknown share of the multiply-accumulates is missing");
	else
		snprintf(buf, size, "%s%.3g %% of the multiply-accumulates are missing%s",
			 s->unknown ? "at least " : "", all > 0 ? 100 * s->missing / all : 0,
			 s->guessed ? ", if what is not understood keeps the shape of its input"
				    : "");
}

static const char *why(const struct barista_op *op)
{
	return op->problem ? op->problem : "its sizes are not known";
}

static int remark_all(const struct barista_graph *g, struct barista_source *src,
		      struct barista_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < g->nops; i++) {
		const struct barista_op *op = &g->op[i];

		if (!op->problem && !hangs(g, op))
			continue;
		if (op->line)
			rc = barista_source_note(
				src, err, "%.300s:%d: left out: layer '%.80s': %s", src->path,
				op->line, op->name,
				op->problem ? op->problem
					    : "its sizes hang on a layer that is left out");
		else
			rc = barista_source_note(
				src, err, "%.300s: left out: node %zu '%.80s' (%.40s): %s",
				src->path, op->number, op->name, op->type,
				op->problem ? op->problem
					    : "its sizes hang on a node that is left out");
		if (rc)
			return rc;
	}
	return 0;
}

/* Remarks on ops that are not understood but cost the workload nothing, because they stand after
 * the last op that multiplies, as the suppression of boxes in a detector does. */
static int remark_harmless(const struct barista_graph *g, struct barista_source *src,
			   struct barista_err *err)
{
	int rc = 0;

	for (size_t i = 0; i < g->nops && !rc; i++)
		if (g->op[i].problem)
			rc = barista_source_note(src, err,
						 "%.300s: '%.80s' (%.40s): %s; it has no "
						 "multiply-accumulates, and none hang on it",
						 src->path, g->op[i].name, g->op[i].type,
						 g->op[i].problem);
	return rc;
}

static int fail_first(const struct barista_source *src, const struct share *s, const char *missing,
		      struct barista_err *err)
{
	const struct barista_op *op = s->first;
	char follows[600] = "", below[80] = "", more[80] = "";

	if (s->below)
		snprintf(below, sizeof below, "; %zu %s%s below it cannot be sized", s->below,
			 op->line ? "layer" : "node", s->below == 1 ? "" : "s");
	if (s->problems > 1)
		snprintf(more, sizeof more, "; %zu more %s not understood", s->problems - 1,
			 s->problems == 2 ? "is" : "are");
	snprintf(follows, sizeof follows, "%s%s; option lenient imports the rest, then %.160s",
		 more, below, missing);
	if (op->line)
		return barista_fail_at(err, src->path, src->data, op->line, op->col,
				       "layer '%.80s': %.300s%s", op->name, why(op), follows);
	return barista_fail(err, BARISTA_E_INPUT, "%.300s: node %zu '%.80s' (%.40s): %.300s%s",
			    src->path, op->number, op->name, op->type, why(op), follows);
}

int barista_graph_check_complete(const struct barista_graph *g, struct barista_source *src,
				 char *incomplete, size_t size, struct barista_err *err)
{
	struct share s = add_up(g);
	int rc = 0;

	*incomplete = '\0';
	if (s.first && s.missing == 0 && !s.unknown) {
		rc = remark_harmless(g, src, err);
	} else if (s.first) {
		char missing[200];

		say_share(missing, sizeof missing, &s);
		if (!src->options->lenient)
			return fail_first(src, &s, missing, err);
		snprintf(incomplete, size, "%s", missing);
		if (!(rc = remark_all(g, src, err)))
			rc = barista_source_note(src, err, "%.300s: incomplete: %s", src->path,
						 missing);
	}
	if (rc)
		return rc;
	if (s.layers > BARISTA_MAX_MAC_LAYERS)
		return barista_fail(err, BARISTA_E_INPUT,
				    "%.300s: %zu layers with multiply-accumulates, more than %d",
				    src->path, s.layers, BARISTA_MAX_MAC_LAYERS);
	if (s.kept > 0)
		return 0;
	return barista_fail(err, BARISTA_E_INPUT,
			    "%.300s: no convolution, deconvolution or fully connected layer%s",
			    src->path, s.first ? " is left" : "");
}
