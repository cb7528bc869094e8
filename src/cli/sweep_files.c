/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A search of all points can write a file of points and a checkpoint; this file opens them and
 * checks their options. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "cli/sweep_files.h"

#include "base/err.h"
#include "base/memory_stream.h"
#include "cli/ranks.h"
#include "cli/signals.h"
#include "io/file.h"
#include "model/device.h"
#include "network/workload.h"

#include <limits.h>
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

static int check_outside(const char *option, const char *path, const char *folder,
			 struct barista_err *err)
{
	char parent[PATH_MAX], at[PATH_MAX], results[PATH_MAX];
	size_t n;

	if (!path)
		return 0;
	barista_folder_of(path, parent, sizeof parent);
	if (!realpath(parent, at) || !realpath(folder, results))
		return 0;
	n = strlen(results);
	if (strncmp(at, results, n) != 0 || (at[n] && at[n] != '/'))
		return 0;
	return barista_fail(err, BARISTA_E_ARGUMENT,
			    "%s: '%.300s' is in the folder of --output, which holds nothing else: "
			    "choose another folder",
			    option, path);
}

int cli_sweep_files_check_outside(const struct cli_sweep_options *options, const char *folder,
				  struct barista_err *err)
{
	int rc = check_outside("--points", options->points, folder, err);

	return rc ? rc : check_outside("--checkpoint", options->checkpoint, folder, err);
}

static int add_points(void *user, const struct barista_batch *batch, struct barista_err *err)
{
	struct cli_sweep_files *s = user;

	return barista_point_log_add(s->points, s->board, batch, err);
}

/* What the result of a search follows from, whatever files and options it came from. */
struct inputs {
	const struct barista_model *model;
	const struct barista_space *space;
	const double *baseline; /* by layer */
};

static void print_board(FILE *f, const struct inputs *in)
{
	const struct barista_device *dev = in->model->dev;

	for (int p = 0; p < BARISTA_NPARAMS; p++)
		fprintf(f, "%a ", dev->param[p].value);
	for (int p = 0; p < BARISTA_NPRECISIONS; p++)
		for (int c = 0; dev->has_precision[p] && c < BARISTA_NPE_PARAMS; c++)
			fprintf(f, "%d %a ", p, dev->pe[p][c].value);
	fprintf(f, "%d", (int)dev->block_ram);
}

static void print_network(FILE *f, const struct inputs *in)
{
	const struct barista_workload *net = in->model->lowered->net;

	fprintf(f, "%s %s", net->sha256, net->yaml ? net->yaml : "");
}

static void print_baseline(FILE *f, const struct inputs *in)
{
	for (size_t l = 0; l < in->model->lowered->nlayers; l++)
		fprintf(f, "%a ", in->baseline[l]);
}

static void print_space(FILE *f, const struct inputs *in)
{
	const struct barista_space *space = in->space;

	for (size_t k = 0; k < in->model->family->nknobs; k++)
		fprintf(f, "%a %a %d ", space->range[k].lo, space->range[k].hi,
			space->range[k].powers_of_two);
	for (size_t c = 0; c < space->nchoices; c++)
		fprintf(f, "%a ", space->choice[c]);
}

static const struct {
	const char *name;
	void (*print)(FILE *f, const struct inputs *in);
} parts[] = {
	{"board", print_board},
	{"network", print_network},
	{"baseline", print_baseline},
	{"space", print_space},
};

/* Writes the hash of the numbers of one part. Returns false without memory. */
static bool put_hash(FILE *to, size_t part, const struct inputs *in)
{
	struct barista_memory_stream m;
	char *numbers, hex[65];

	if (!barista_memory_stream_open(&m))
		return false;
	parts[part].print(m.f, in);
	numbers = barista_memory_stream_close(&m);
	if (!numbers)
		return false;
	barista_sha256(numbers, m.size, hex);
	free(numbers);
	fprintf(to, "%s %s %.16s", part ? "," : " of", parts[part].name, hex);
	return true;
}

/* Returns a text that is another one for whatever may have another result: the hashes first, since
 * a message may have to cut it short. NULL without memory. */
static char *describe_inputs(const struct inputs *in, const char *command)
{
	struct barista_memory_stream m;
	bool ok = barista_memory_stream_open(&m) != NULL;
	char *text;

	if (ok)
		fprintf(m.f, "barista-dse %s", BARISTA_VERSION);
	for (size_t p = 0; ok && p < sizeof parts / sizeof *parts; p++)
		ok = put_hash(m.f, p, in);
	if (ok)
		fprintf(m.f, ": %s", command);
	text = barista_memory_stream_close(&m);
	if (ok)
		return text;
	free(text);
	return NULL;
}

int cli_sweep_files_prepare(struct cli_sweep_files *s, struct barista_search_options *options,
			    const struct cli_sweep_options *o, const struct barista_model *model,
			    const struct barista_space *space, const char *command,
			    struct barista_err *err)
{
	const struct inputs in = {model, space, options->baseline};

	s->board = model->dev->name;
	options->exhaustive = o->exhaustive;
	options->threads = (int)o->threads;
	options->checkpoint = o->checkpoint;
	options->ranks = cli_ranks();
	if (s->points) {
		options->each = add_points;
		options->each_user = s;
	}
	if (o->checkpoint || options->ranks->size > 1) {
		free(s->inputs);
		s->inputs = describe_inputs(&in, command);
		if (!s->inputs)
			return barista_no_memory(err);
	}
	options->inputs = s->inputs;
	return 0;
}
