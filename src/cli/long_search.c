/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/long_search.h"

#include "barista/family.h"
#include "base/err.h"
#include "cli/signals.h"
#include "io/file.h"
#include "model/device.h"
#include "network/workload.h"
#include "cli/ranks.h"

#include <stdlib.h>
#include <string.h>

static int check_options(const struct cli_args *args, struct barista_err *err)
{
	const char *needs = args->points       ? "--points"
			    : args->checkpoint ? "--checkpoint"
			    : args->threads    ? "--threads"
					       : NULL;

	if (needs && !args->exhaustive)
		return barista_fail(
			err, BARISTA_E_ARGUMENT,
			"%s goes with --exhaustive: the exact search evaluates few points, in "
			"milliseconds",
			needs);
	if (args->points && args->checkpoint)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "--points cannot be resumed: leave --checkpoint out");
	if (args->points && cli_ranks()->size > 1)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "--points is written by one process: start it without mpirun");
	if (cli_ranks()->size > 1 && strchr(cli_device(args), ','))
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "several processes search one board, not '%.200s'",
				    cli_device(args));
	if (args->checkpoint && strchr(cli_device(args), ','))
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "--checkpoint is of one board, not of '%.200s'",
				    cli_device(args));
	return 0;
}

int cli_sweep_open(struct cli_sweep *s, const struct cli_args *args, struct barista_err *err)
{
	int rc = check_options(args, err);

	*s = (struct cli_sweep){.points = NULL};
	if (!rc && args->points)
		rc = barista_point_log_open(&s->points, args->points, args->family, err);
	if (!rc)
		cli_catch_signals();
	return rc;
}

int cli_sweep_close(struct cli_sweep *s, struct barista_err *err)
{
	int rc = barista_point_log_close(s->points, err);

	free(s->inputs);
	*s = (struct cli_sweep){.points = NULL};
	return rc;
}

static int add_points(void *user, const struct barista_batch *batch, struct barista_err *err)
{
	struct cli_sweep *s = user;

	return barista_point_log_add(s->points, s->board, batch, err);
}

/* Every number that the result follows from: those of the board as they are, whatever files and
 * options they came from, and what it is compared with. */
static void print_numbers(FILE *f, const struct barista_device *dev,
			  const struct barista_lowered *lowered, const double *baseline)
{
	for (int p = 0; p < BARISTA_NPARAMS; p++)
		fprintf(f, "%a ", dev->param[p].value);
	for (int p = 0; p < BARISTA_NPRECISIONS; p++)
		for (int c = 0; dev->has_precision[p] && c < BARISTA_NPE_PARAMS; c++)
			fprintf(f, "%a ", dev->pe[p][c].value);
	for (size_t l = 0; l < lowered->nlayers; l++)
		fprintf(f, "%a ", baseline[l]);
	fprintf(f, "%d %s %s", (int)dev->block_ram, lowered->net->sha256,
		lowered->net->yaml ? lowered->net->yaml : "");
}

/* The command, and a hash of the numbers that its files hold. */
static char *describe_inputs(const struct barista_device *dev,
			     const struct barista_lowered *lowered, const double *baseline,
			     const char *command)
{
	char *numbers = NULL, *text = NULL, hex[65];
	size_t size;
	FILE *f = open_memstream(&numbers, &size);

	if (!f)
		return NULL;
	print_numbers(f, dev, lowered, baseline);
	if (!fclose(f)) {
		barista_sha256(numbers, size, hex);
		f = open_memstream(&text, &size);
		if (f)
			fprintf(f, "%s (barista-dse %s, numbers %.16s)", command, BARISTA_VERSION,
				hex);
		if (f && fclose(f)) {
			free(text);
			text = NULL;
		}
	}
	free(numbers);
	return text;
}

int cli_sweep_prepare(struct cli_sweep *s, struct barista_search_options *options,
		      const struct cli_args *args, const struct barista_device *dev,
		      const struct barista_lowered *lowered, const char *command,
		      struct barista_err *err)
{
	s->board = dev->name;
	options->exhaustive = args->exhaustive;
	options->threads = (int)args->threads;
	options->stop = cli_stop_signal();
	options->checkpoint = args->checkpoint;
	options->ranks = cli_ranks();
	if (s->points) {
		options->each = add_points;
		options->each_user = s;
	}
	if (args->checkpoint &&
	    !(s->inputs = describe_inputs(dev, lowered, options->baseline, command)))
		return barista_no_memory(err);
	options->inputs = s->inputs;
	return 0;
}
