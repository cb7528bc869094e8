/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This file shows how far a long command is. */
#include "cli/progress.h"

#include "base/clock.h"
#include "model/device.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

void cli_progress_start(struct cli_progress *p, const char *what, bool quiet)
{
	double now = barista_now();

	*p = (struct cli_progress){.what = what,
				   .start = now,
				   .last = now,
				   .on = !quiet,
				   .terminal = isatty(STDERR_FILENO)};
}

/* Writes, for instance, "37 %, 1.2e+07 points/s, 12 s left". */
static void print_state(const struct cli_progress *p, double now, double done, double total,
			double evaluated)
{
	double rate = (isnan(evaluated) ? done : evaluated) / (now - p->start);

	/* Where points are counted but not their total, the share tells little of the time left. */
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

int cli_search_run(struct barista_search **out, const struct barista_model *model,
		   const struct barista_space *space, struct barista_search_options options,
		   bool quiet, struct barista_err *err)
{
	struct cli_progress progress;
	int rc;

	cli_progress_start(&progress, model->dev->name, quiet);
	options.progress = cli_progress_step;
	options.progress_user = &progress;
	rc = barista_search_run(out, model, space, &options, err);
	cli_progress_end(&progress);
	return rc;
}
