/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file has a function for each type of value that an option can take. */
#include "cli/option_values.h"

#include "base/err.h"
#include "base/num.h"
#include "base/split.h"
#include "base/text.h"
#include "families/registry.h"
#include "io/unit.h"
#include "model/metric.h"
#include "report/format.h"

#include <string.h>

int cli_parse_flag(const struct cli_option_def *def, const char *text, void *value,
		   struct barista_err *err)
{
	(void)def, (void)text, (void)err;
	*(bool *)value = true;
	return 0;
}

int cli_parse_text(const struct cli_option_def *def, const char *text, void *value,
		   struct barista_err *err)
{
	(void)def, (void)err;
	*(const char **)value = text;
	return 0;
}

int cli_parse_path(const struct cli_option_def *def, const char *text, void *value,
		   struct barista_err *err)
{
	if (!*text)
		return barista_fail(err, BARISTA_E_ARGUMENT, "--%s: an empty name", def->name);
	return cli_parse_text(def, text, value, err);
}

int cli_parse_whole(const struct cli_option_def *def, const char *text, void *value,
		    struct barista_err *err)
{
	int64_t v;

	if (!barista_parse_int(text, &v) || v < def->lo || v > def->hi)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "--%s: '%.60s' is not a whole number from %lld to %lld",
				    def->name, text, (long long)def->lo, (long long)def->hi);
	*(int64_t *)value = v;
	return 0;
}

int cli_parse_quantity(const struct cli_option_def *def, const char *text, void *value,
		       struct barista_err *err)
{
	struct cli_quantity *q = value;
	char why[256];
	double bare;

	q->text = text;
	if (def->unit && barista_parse_real(text, &bare))
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "--%s: '%.60s' has no unit: did you mean '%.60s %s'?",
				    def->name, text, text, def->unit);
	if (!barista_quantity_parse(text, def->dim, &q->value, why, sizeof why))
		return barista_fail(err, BARISTA_E_ARGUMENT, "--%s: %s", def->name, why);
	if (!(q->value > 0))
		return barista_fail(err, BARISTA_E_ARGUMENT, "--%s: '%.60s' must be above zero",
				    def->name, text);
	if (def->dim == BARISTA_DIM_FRACTION && q->value > 1)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "--%s: '%.60s' is more than all: did you mean '%.60s %%'?",
				    def->name, text, text);
	return 0;
}

/* Writes the words as "a, b or c". */
static void list_words(const char *const *word, char *buf, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; word[i] && n < size; i++)
		n += (size_t)snprintf(buf + n, size - n, "%s%s",
				      !i            ? ""
				      : word[i + 1] ? ", "
						    : " or ",
				      word[i]);
}

static int choose(const char *option, const char *text, const char *const *word, int *out,
		  struct barista_err *err)
{
	size_t i = barista_word_index(word, text);
	char suggestion[128], words[128];

	if (word[i]) {
		*out = (int)i;
		return 0;
	}
	list_words(word, words, sizeof words);
	barista_suggest_from(suggestion, sizeof suggestion, text, word);
	return barista_fail(err, BARISTA_E_ARGUMENT, "--%s: unknown word '%.60s'%s (%s)", option,
			    text, suggestion, words);
}

int cli_parse_word(const struct cli_option_def *def, const char *text, void *value,
		   struct barista_err *err)
{
	int i = 0, rc = choose(def->name, text, def->word, &i, err);

	if (!rc)
		*(int *)value = def->first_word + i;
	return rc;
}

int cli_parse_format(const struct cli_option_def *def, const char *text, void *value,
		     struct barista_err *err)
{
	const char *word[BARISTA_FORMATS_OF_FILES + 1] = {NULL};

	for (size_t i = 0; i < BARISTA_FORMATS_OF_FILES; i++)
		word[i] = barista_formats[i].name;
	return choose(def->name, text, word, value, err);
}

int cli_parse_objective(const struct cli_option_def *def, const char *text, void *value,
			struct barista_err *err)
{
	const char *word[BARISTA_NOBJECTIVES + 1] = {NULL};

	for (int i = 0; i < BARISTA_NOBJECTIVES; i++)
		word[i] = barista_objective_name((enum barista_rank)i);
	return choose(def->name, text, word, value, err);
}

int cli_parse_list(const struct cli_option_def *def, const char *text, void *value,
		   struct barista_err *err)
{
	struct cli_list *list = value;

	if (list->n == (size_t)def->hi)
		return barista_fail(err, BARISTA_E_ARGUMENT, "--%s: more than %d times", def->name,
				    (int)def->hi);
	list->item[list->n++] = text;
	return 0;
}

static const char *family_at(const void *list, size_t i)
{
	(void)list;
	return barista_family_name(i);
}

int cli_parse_family(const struct cli_option_def *def, const char *text, void *value,
		     struct barista_err *err)
{
	const struct barista_family *family = barista_family_find(text);
	char suggestion[128];

	if (family) {
		*(const struct barista_family **)value = family;
		return 0;
	}
	barista_suggest(suggestion, sizeof suggestion, text, family_at, NULL);
	return barista_fail(err, BARISTA_E_ARGUMENT,
			    "--%s: unknown '%.60s'%s (see `barista-dse list families`)", def->name,
			    text, suggestion);
}

static int find_metric(const struct cli_option_def *def, const char *key, enum barista_metric *out,
		       struct barista_err *err)
{
	const char *keys[BARISTA_NMETRICS + 1] = {NULL};
	char suggestion[128];
	size_t m;

	for (m = 0; m < BARISTA_NMETRICS; m++)
		keys[m] = barista_metric_defs[m].key;
	m = barista_word_index(keys, key);
	if (m == BARISTA_NMETRICS) {
		barista_suggest_from(suggestion, sizeof suggestion, key, keys);
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "--%s: unknown metric '%.60s'%s (see `barista-dse list "
				    "metrics`)",
				    def->name, key, suggestion);
	}
	if (!barista_metric_defs[m].better)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "--%s: neither more nor less of '%s' is better: it cannot be "
				    "in a front",
				    def->name, key);
	*out = (enum barista_metric)m;
	return 0;
}

static int add_metric(const struct cli_option_def *def, struct cli_pareto *pareto, const char *key,
		      struct barista_err *err)
{
	enum barista_metric m = BARISTA_PPW_MEAN;
	int rc = find_metric(def, key, &m, err);

	if (rc)
		return rc;
	for (size_t i = 0; i < pareto->n; i++)
		if (pareto->metric[i] == m)
			return barista_fail(err, BARISTA_E_ARGUMENT, "--%s: '%s' twice", def->name,
					    key);
	if (pareto->n == (size_t)def->hi)
		return barista_fail(err, BARISTA_E_ARGUMENT, "--%s: more than %d metrics",
				    def->name, (int)def->hi);
	pareto->metric[pareto->n++] = m;
	return 0;
}

int cli_parse_pareto(const struct cli_option_def *def, const char *text, void *value,
		     struct barista_err *err)
{
	struct cli_pareto *pareto = value;
	char key[80];
	int rc = 0;

	*pareto = (struct cli_pareto){.text = text};
	for (const char *rest = text; !rc && rest;) {
		barista_split_next(&rest, key, sizeof key);
		rc = add_metric(def, pareto, key, err);
	}
	if (!rc && pareto->n < (size_t)def->lo)
		rc = barista_fail(err, BARISTA_E_ARGUMENT,
				  "--%s: a front needs two metrics or more, e.g. time_s,dsp",
				  def->name);
	return rc;
}
