/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/options.h"

#include "base/text.h"
#include "model/metric.h"

#include <string.h>

enum { MOST = 8 };

static int find_metric(const char *key, enum barista_metric *out, struct barista_err *err)
{
	const char *keys[BARISTA_NMETRICS + 1] = {NULL};
	char hint[128];
	size_t m;

	for (m = 0; m < BARISTA_NMETRICS; m++)
		keys[m] = barista_metric_defs[m].key;
	m = barista_word_index(keys, key);
	if (m == BARISTA_NMETRICS) {
		barista_suggest_from(hint, sizeof hint, key, keys);
		return barista_fail(
			err, BARISTA_E_ARGUMENT,
			"--pareto: unknown metric '%.60s'%s (see `barista-dse list metrics`)", key,
			hint);
	}
	if (!barista_metric_defs[m].better)
		return barista_fail(
			err, BARISTA_E_ARGUMENT,
			"--pareto: neither more nor less of '%s' is better: it cannot be "
			"in a front",
			key);
	*out = (enum barista_metric)m;
	return 0;
}

static int add_metric(struct cli_args *args, const char *key, struct barista_err *err)
{
	enum barista_metric m = BARISTA_PPW_MEAN;
	int rc = find_metric(key, &m, err);

	if (rc)
		return rc;
	for (size_t i = 0; i < args->npareto; i++)
		if (args->pareto[i] == m)
			return barista_fail(err, BARISTA_E_ARGUMENT, "--pareto: '%s' twice", key);
	if (args->npareto == MOST)
		return barista_fail(err, BARISTA_E_ARGUMENT, "--pareto: more than %d metrics",
				    MOST);
	args->pareto[args->npareto++] = m;
	return 0;
}

int cli_parse_pareto(struct cli_args *args, const char *list, struct barista_err *err)
{
	char key[80];

	args->pareto_text = list;
	args->npareto = 0;
	for (const char *p = list;; p++) {
		size_t len = strcspn(p, ",");
		int rc;

		snprintf(key, sizeof key, "%.*s", (int)len, p);
		if ((rc = add_metric(args, key, err)))
			return rc;
		p += len;
		if (!*p)
			break;
	}
	if (args->npareto < 2)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "--pareto: a front needs two metrics or more, e.g. time_s,dsp");
	return 0;
}
