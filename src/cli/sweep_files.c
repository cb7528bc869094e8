/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A search of all points can write a file of points and a checkpoint; this file opens them and
 * checks their options. */
#include "cli/sweep_files.h"

#include "base/err.h"
#include "base/memory_stream.h"
#include "cli/ranks.h"
#include "cli/signals.h"
#include "io/file.h"
#include "model/device.h"
#include "network/workload.h"

#include <stdlib.h>
#include <string.h>

/* Refuses options that ask for what the exact search does not do. */
static int check_exhaustive(const struct cli_sweep_options *o, struct barista_err *err)
{
	const char *needs = o->points       ? "--points"
			    : o->checkpoint ? "--checkpoint"
			    : o->threads    ? "--threads"
					    : NULL;

	if (!needs || o->exhaustive)
		return 0;
	return barista_fail(err, BARISTA_E_ARGUMENT,
			    "%s goes with --exhaustive: the exact search evaluates few points, in "
			    "milliseconds",
			    needs);
}

static int check_options(const struct cli_sweep_options *o, const char *device,
			 struct barista_err *err)
{
	bool several_boards = strchr(device, ','), several_processes = cli_ranks()->size > 1;
	int rc = check_exhaustive(o, err);

	if (rc)
		return rc;
	if (o->points && o->checkpoint)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "--points cannot be resumed: leave --checkpoint out");
	if (o->points && several_processes)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "--points is written by one process: start it without mpirun");
	if (several_processes && several_boards)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "several processes search one board, not '%.200s'", device);
	if (o->checkpoint && several_boards)
		return barista_fail(err, BARISTA_E_ARGUMENT,
				    "--checkpoint is of one board, not of '%.200s'", device);
	return 0;
}

int cli_sweep_files_open(struct cli_sweep_files *s, const struct cli_sweep_options *o,
			 const char *device, const struct barista_family *family,
			 struct barista_err *err)
{
	int rc = check_options(o, device, err);

	*s = (struct cli_sweep_files){.points = NULL};
	return !rc && o->points ? barista_point_log_open(&s->points, o->points, family, err) : rc;
}

int cli_sweep_files_close(struct cli_sweep_files *s, bool complete, struct barista_err *err)
{
	int rc = barista_point_log_close(s->points, complete, err);

	free(s->inputs);
	*s = (struct cli_sweep_files){.points = NULL};
	return rc;
}

static int add_points(void *user, const struct barista_batch *batch, struct barista_err *err)
{
	struct cli_sweep_files *s = user;

	return barista_point_log_add(s->points, s->board, batch, err);
}

/* Writes every number that the result follows from: those of the board as they are, whatever
 * files and options they came from, and those of the baseline. */
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

/* Returns the command, and a hash of the numbers that its files hold; NULL without memory. */
static char *describe_inputs(const struct barista_device *dev,
			     const struct barista_lowered *lowered, const double *baseline,
			     const char *command)
{
	static const char format[] = "%s (barista-dse %s, numbers %.16s)";
	struct barista_memory_stream m;
	char *numbers, *text, hex[65];
	size_t size;

	if (!barista_memory_stream_open(&m))
		return NULL;
	print_numbers(m.f, dev, lowered, baseline);
	numbers = barista_memory_stream_close(&m);
	if (!numbers)
		return NULL;
	barista_sha256(numbers, m.size, hex);
	free(numbers);
	size = strlen(command) + sizeof format + sizeof BARISTA_VERSION + 16;
	text = malloc(size);
	if (text)
		snprintf(text, size, format, command, BARISTA_VERSION, hex);
	return text;
}

int cli_sweep_files_prepare(struct cli_sweep_files *s, struct barista_search_options *options,
			    const struct cli_sweep_options *o, const struct barista_device *dev,
			    const struct barista_lowered *lowered, const char *command,
			    struct barista_err *err)
{
	s->board = dev->name;
	options->exhaustive = o->exhaustive;
	options->threads = (int)o->threads;
	options->checkpoint = o->checkpoint;
	options->ranks = cli_ranks();
	if (s->points) {
		options->each = add_points;
		options->each_user = s;
	}
	if (o->checkpoint) {
		free(s->inputs);
		s->inputs = describe_inputs(dev, lowered, options->baseline, command);
		if (!s->inputs)
			return barista_no_memory(err);
	}
	options->inputs = s->inputs;
	return 0;
}
