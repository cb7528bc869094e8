/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "cli/options.h"

/* These are the options of all commands. Each has a row in cli_option_defs[]. */
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
	OPT_MAX_DSP,
	OPT_MAX_POWER,
	OPT_MAX_BOARDS,
	OPT_GRID,
	OPT_KNOBS, /* stands for the options of all knobs of all families */
	OPT_OBJECTIVE,
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

#define CLI_BIT(option) (1ULL << (option))

/* These options go with a network: -w, and how a file of Caffe or ONNX is imported. */
#define CLI_IMPORT_OPTIONS                                                                    \
	(CLI_BIT(OPT_SOLVER) | CLI_BIT(OPT_INPUT) | CLI_BIT(OPT_BATCH) | CLI_BIT(OPT_PHASE) | \
	 CLI_BIT(OPT_LENIENT))
/* Those that narrow what a board can build. */
#define CLI_LIMIT_OPTIONS (CLI_BIT(OPT_MAX_DSP) | CLI_BIT(OPT_MAX_POWER) | CLI_BIT(OPT_MAX_BOARDS))
#define CLI_NETWORK_OPTIONS (CLI_BIT(OPT_WORKLOAD) | CLI_IMPORT_OPTIONS)

struct cli_command {
	const char *name, *summary, *operands, *example, *details;
	uint64_t options; /* CLI_BIT() of each */
	int min_operands, max_operands;
	int (*run)(const struct cli_args *args, struct barista_err *err);
};

static inline bool cli_has_option(const struct cli_command *cmd, enum cli_option option)
{
	return cmd->options & CLI_BIT(option);
}

#endif
