/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"
#include "cli/inputs.h"
#include "cli/ranks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool cli_bold(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	/* mpirun hands its ranks, be it one, a terminal that is not the user's */
	if (cli_ranks()->size > 1 || getenv("OMPI_COMM_WORLD_SIZE"))
		return false;
	return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term &&
	       strcmp(term, "dumb") != 0;
}

int cli_print_table(const struct cli_args *args, struct barista_table *table,
		    struct barista_err *err)
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

	*p = (struct cli_progress){.what = what,
				   .start = now,
				   .last = now,
				   .on = !args->quiet,
				   .terminal = isatty(STDERR_FILENO)};
}

/* "37 %, 1.2e+07 points/s, 12 s left" */
static void print_state(const struct cli_progress *p, double now, double done, double total,
			double evaluated)
{
	double rate = (isnan(evaluated) ? done : evaluated) / (now - p->start);

	/* Where points are counted but not their total, the share says little of the time left. */
	if (evaluated > done) {
		fprintf(stderr, "%.2g points so far, %.2g points/s", evaluated, rate);
		return;
	}
	fprintf(stderr, "%.0f %%", floor(100 * done / total));
	if (evaluated > 0)
		fprintf(stderr, ", %.2g points/s", rate);
	if (rate > 0)
		fprintf(stderr, ", %.0f s left", (total - done) / rate);
}

static void print_bar(double share)
{
	enum { WIDTH = 30 };
	char bar[WIDTH + 1];

	for (int i = 0; i < WIDTH; i++)
		bar[i] = i < (int)(share * WIDTH) ? '#' : '.';
	bar[WIDTH] = '\0';
	fprintf(stderr, "[%s] ", bar);
}

void cli_progress_step(void *progress, double done, double total, double evaluated)
{
	struct cli_progress *p = progress;
	double now = barista_now(), share = total > 0 ? done / total : 1;

	if (!p->on || now - p->start < 2 || now - p->last < (p->terminal ? 0.2 : 5))
		return;
	fprintf(stderr, p->terminal ? "\r%s " : "barista-dse: %s: ", p->what);
	if (p->terminal)
		print_bar(share);
	print_state(p, now, done, total, evaluated);
	fputs(p->terminal ? "\033[K" : "\n", stderr);
	fflush(stderr);
	p->last = now;
	p->shown = p->terminal;
}

void cli_progress_end(struct cli_progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
}
