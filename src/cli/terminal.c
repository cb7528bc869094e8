/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/inputs.h"
#include "host/timer.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool cli_bold(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

int cli_print_table(const struct cli_args *args, struct barista_table *table, struct barista_err *err)
{
	int rc;

	if (!table)
		return barista_no_memory(err);
	if (args->format == BARISTA_JSON)
		rc = barista_json_print(barista_table_json(table), stdout, err);
	else if (args->format == BARISTA_CSV)
		rc = barista_table_csv(table, stdout, err);
	else
		rc = barista_table_print(table, stdout, cli_bold(), err);
	barista_table_free(table);
	return rc;
}

void cli_progress_start(struct cli_progress *p, const struct cli_args *args, const char *what)
{
	double now = barista_now();

	*p = (struct cli_progress){what, now, now, !args->quiet && isatty(STDERR_FILENO), false};
}

void cli_progress_step(void *progress, double done, double total, double evaluated)
{
	(void)evaluated;
	enum { WIDTH = 30 };
	struct cli_progress *p = progress;
	double now = barista_now(), share = total > 0 ? done / total : 1;
	char bar[WIDTH + 1];
	int full = (int)(share * WIDTH);

	if (!p->on || now - p->start < 2 || (now - p->last < 0.2 && done < total))
		return;
	for (int i = 0; i < WIDTH; i++)
		bar[i] = i < full ? '#' : '.';
	bar[WIDTH] = '\0';
	fprintf(stderr, "\r%s [%s] %3.0f %%, %.0f s left ", p->what, bar, 100 * share,
		share > 0 ? (now - p->start) * (1 - share) / share : 0.0);
	fflush(stderr);
	p->last = now;
	p->shown = true;
}

void cli_progress_end(struct cli_progress *p)
{
	if (p->shown)
		fprintf(stderr, "\r%*s\r", 70, "");
}
