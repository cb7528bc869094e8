/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "base/err.h"
#include "barista/family.h"
#include "io/table.h"

enum { CLI_MAX_SETS = 32, CLI_MAX_INPUTS = 16 };

/* Every option of every command; one row each in cli_option_defs[]. */
enum cli_option {
	OPT_WORKLOAD,
	OPT_SOLVER,
	OPT_INPUT,
	OPT_BATCH,
	OPT_PHASE,
	OPT_LENIENT,
	OPT_FAMILY,
	OPT_DEVICE,
	OPT_KERNEL,
	OPT_PRECISION,
	OPT_LOWERING,
	OPT_LAYERS,
	OPT_HOST,
	OPT_BASELINE,
	OPT_SET,
	OPT_GRID,
	OPT_KNOBS,
	OPT_TOP,
	OPT_KERNELS,
	OPT_DEADLINE,
	OPT_EXPLAIN,
	OPT_INTERVAL,
	OPT_PARETO,
	OPT_WHAT_IF,
	OPT_EXHAUSTIVE,
	OPT_THREADS,
	OPT_CHECKPOINT,
	OPT_POINTS,
	OPT_OUTPUT,
	OPT_NO_PLOTS,
	OPT_IMAGES,
	OPT_MAX_MACS,
	OPT_SEED,
	OPT_CPU,
	OPT_BURSTS,
	OPT_FORMAT,
	OPT_QUIET,
	OPT_DATA,
	OPT_HELP,
	NOPTIONS
};

/* What goes with a network: -w, and how a file of Caffe or ONNX is imported. */
#define CLI_IMPORT_OPTIONS                                                                \
	(1ULL << OPT_SOLVER | 1ULL << OPT_INPUT | 1ULL << OPT_BATCH | 1ULL << OPT_PHASE | \
	 1ULL << OPT_LENIENT)
#define CLI_NETWORK_OPTIONS (1ULL << OPT_WORKLOAD | CLI_IMPORT_OPTIONS)

struct cli_args {
	const struct barista_family *family;
	const char *workload, *device, *kernel, *precision, *host, *baseline, *output, *checkpoint,
		*points, *cpu, *bursts, *data;
	const char *set[CLI_MAX_SETS];
	size_t nsets;
	const char *input[CLI_MAX_INPUTS];
	struct barista_import_options import; /* its input is the array above */
	const char *knob[BARISTA_MAX_KNOBS];  /* text of --KNOB options of the family, NULL when
						 absent */
	bool whole_batch;
	const char *layers; /* conv or all; NULL: what the family takes */
	bool grid_pow2, exhaustive, explain, interval, what_if, no_plots, quiet, help;
	int64_t top, kernels, images, seed, threads; /* threads 0: all */
	double deadline, max_macs;                   /* NaN: no deadline */
	const char *deadline_text;                   /* as it was given, or NULL */
	const char *pareto_text;                     /* as it was given, or NULL */
	size_t npareto;
	enum barista_metric pareto[BARISTA_NMETRICS];
	enum barista_format format;
	char **rest; /* operands */
	int nrest;
};

struct cli_command {
	const char *name, *summary, *operands, *example, *details;
	uint64_t options; /* 1 << enum cli_option */
	int min_operands, max_operands;
	int (*run)(const struct cli_args *args, struct barista_err *err);
};

extern const struct cli_command *const cli_commands[]; /* NULL-terminated */

struct cli_option_def {
	const char *name;
	char letter;       /* 0: none */
	const char *value; /* what it takes; NULL: a flag */
	const char *help;
};
extern const struct cli_option_def cli_option_defs[]; /* by enum cli_option */

/* What was asked for, or the family's. */
const char *cli_device(const struct cli_args *args);
const char *cli_precision(const struct cli_args *args);

/* Parses argv[1..] of a command. */
int cli_parse(struct cli_args *args, const struct cli_command *cmd, int argc, char **argv,
	      struct barista_err *err);

void cli_print_help(const struct cli_command *cmd, FILE *f);

/* The list of --pareto: keys of metrics. */
int cli_parse_pareto(struct cli_args *args, const char *list, struct barista_err *err);

/* The option of a knob, without dashes: tile-m for tile_m. */
void cli_knob_option(char *buf, size_t size, const struct barista_knob *knob);

#endif
