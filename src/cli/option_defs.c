/* SPDX-License-Identifier: GPL-3.0-or-later */
/* This is the one table of options. A row says how an option is written, what --help tells of
 * it, and where its value goes. */
#include "cli/option_defs.h"

#include "cli/option_values.h"

#include <stdio.h>

static const char *const grids[] = {"all", "pow2", NULL};
static const char *const layers[] = {"conv", "all", NULL};
static const char *const lowerings[] = {"image", "batch", NULL};
static const char *const phases[] = {"train", "test", NULL};

#define AT(member) offsetof(struct cli_args, member)

const struct cli_option_def cli_option_defs[NOPTIONS] = {
	[OPT_WORKLOAD] =
		{"workload", 'w', "NET",
		 "network: a name or a file, also .prototxt or .onnx (default resnet20-cifar10-b)",
		 AT(problem.workload), cli_parse_text},
	[OPT_SOLVER] =
		{"solver", 0, "FILE",
		 "Caffe: the solver that trains the network, for its iter_size and train_state",
		 AT(problem.import.solver), cli_parse_text},
	[OPT_INPUT] =
		{"input", 0, "SIZE",
		 "Caffe, ONNX: CHANNELSxHEIGHTxWIDTH of the input, or NAME=... of one of them",
		 AT(problem.import.input), cli_parse_list, .hi = 16},
	[OPT_BATCH] = {"batch", 0, "N", "images per pass (default the network's)",
		       AT(problem.import.batch), cli_parse_whole, .lo = 1, .hi = 1 << 24},
	[OPT_PHASE] = {"phase", 0, "PHASE",
		       "Caffe, ONNX: `train`, or `test`, without gradients (default train)",
		       AT(problem.import.phase), cli_parse_word, .word = phases,
		       .first_word = CLI_TRAIN},
	[OPT_LENIENT] = {"lenient", 0, NULL,
			 "Caffe, ONNX: leave out what is not understood, and say so",
			 AT(problem.import.lenient), cli_parse_flag},
	[OPT_FAMILY] = {"family", 0, "NAME",
			"architecture: see `list families`, which begins with the default",
			AT(problem.family), cli_parse_family},
	[OPT_DEVICE] = {"device", 'd', "BOARD",
			"board: a name or a file (default: see `list families`)",
			AT(problem.board.device), cli_parse_text},
	[OPT_KERNEL] =
		{"kernel", 'k', "KERNEL",
		 "T_MxT_NxT_K:PRECISION, e.g. 16x16x64:fp32; `list families` has other notations",
		 AT(kernel), cli_parse_text},
	[OPT_PRECISION] =
		{"precision", 0, "LIST",
		 "precisions to search: fp32,int8 or all; or one per pass: bf16,fwd=int8, "
		 "others fp32 (default: see `list families`)",
		 AT(space.precision), cli_parse_text},
	[OPT_LOWERING] = {"lowering", 0, "HOW",
			  "one GEMM per `image` (as Caffe) or per `batch` (default image)",
			  AT(problem.lowering.gemm), cli_parse_word, .word = lowerings,
			  .first_word = CLI_GEMM_PER_IMAGE},
	[OPT_LAYERS] =
		{"layers", 0, "WHICH",
		 "`conv` only, as Barista, or `all` (default: what the family was published for)",
		 AT(problem.lowering.layers), cli_parse_word, .word = layers,
		 .first_word = BARISTA_LAYERS_CONV},
	[OPT_HOST] = {"host", 'H', "FILE",
		      "host file of `calibrate`: its tiling time; for `search` also its CPU as "
		      "baseline",
		      AT(problem.board.host), cli_parse_text},
	[OPT_BASELINE] = {"baseline", 0, "CPU",
			  "processor to compare with: a name or a file (default the host's, else "
			  "xeon-e5-2686v4)",
			  AT(objective.baseline), cli_parse_text},
	[OPT_SET] = {"set", 0, "PATH=VALUE",
		     "override a value of the board, e.g. memory.bandwidth=3Gbit/s",
		     AT(problem.board.set), cli_parse_list, .hi = 32},
	[OPT_MAX_DSP] =
		{"max-dsp", 0, "SHARE",
		 "designs with at most this share of the DSPs, e.g. 70% (what is above may not "
		 "route)",
		 AT(problem.board.max_dsp), cli_parse_quantity, .dim = BARISTA_DIM_FRACTION},
	[OPT_MAX_POWER] = {"max-power", 0, "POWER", "designs that draw at most this, e.g. \"75 W\"",
			   AT(problem.board.max_power), cli_parse_quantity, .dim = BARISTA_DIM_WATT,
			   .unit = "W"},
	[OPT_MAX_BOARDS] = {"max-boards", 0, "N", "designs of at most so many boards",
			    AT(problem.board.max_boards), cli_parse_quantity,
			    .dim = BARISTA_DIM_COUNT},
	[OPT_GRID] = {"grid", 0, "GRID",
		      "`all`: every integer, or `pow2`: powers of two (default all)",
		      AT(space.grid), cli_parse_word, .word = grids, .first_word = CLI_GRID_ALL},
	[OPT_KNOBS] = {.name = NULL},
	[OPT_OBJECTIVE] = {"objective", 0, "WHAT",
			   "what is best: ppw-mean over the layers, ppw-total, time, energy or edp "
			   "(energy times delay); default ppw-mean",
			   AT(objective.objective), cli_parse_objective},
	[OPT_TOP] = {"top", 0, "N", "kernels to show per layer and overall (default 1)",
		     AT(objective.top), cli_parse_whole, .lo = 1, .hi = 100},
	[OPT_KERNELS] = {"kernels", 0, "K",
			 "also choose the best K kernels together, 1 to 8 (default 1)",
			 AT(objective.kernels), cli_parse_whole, .lo = 1, .hi = 8},
	[OPT_DEADLINE] =
		{"deadline", 0, "TIME",
		 "the best within this time per image, e.g. \"2 ms\", and the smallest board "
		 "that has one",
		 AT(objective.deadline), cli_parse_quantity, .dim = BARISTA_DIM_SECOND,
		 .unit = "ms"},
	[OPT_EXPLAIN] = {"explain", 0, NULL, "print every formula with its numbers", AT(explain),
			 cli_parse_flag},
	[OPT_INTERVAL] = {"interval", 0, NULL,
			  "90 % intervals, from how sure the board's facts are",
			  AT(objective.interval), cli_parse_flag},
	[OPT_PARETO] = {"pareto", 0, "LIST",
			"also the Pareto front of 2 to 8 metrics, e.g. time_s,dsp (`list metrics` "
			"has their keys)",
			AT(objective.pareto), cli_parse_pareto, .lo = 2, .hi = 8},
	[OPT_WHAT_IF] = {"what-if", 0, NULL,
			 "also search with each resource scaled by 0.5 to 2: which one to buy next",
			 AT(objective.what_if), cli_parse_flag},
	[OPT_EXHAUSTIVE] = {"exhaustive", 0, NULL,
			    "evaluate every feasible point, instead of proving most away",
			    AT(sweep.exhaustive), cli_parse_flag},
	[OPT_THREADS] = {"threads", 0, "N",
			 "threads of --exhaustive (default: as many as there are processors)",
			 AT(sweep.threads), cli_parse_whole, .lo = 1, .hi = 1024},
	[OPT_CHECKPOINT] = {"checkpoint", 0, "FILE",
			    "keep the state of --exhaustive in FILE; a run that was cut short goes "
			    "on from there",
			    AT(sweep.checkpoint), cli_parse_path},
	[OPT_POINTS] = {"points", 0, "FILE",
			"with --exhaustive: write every feasible point to FILE.csv or FILE.sqlite",
			AT(sweep.points), cli_parse_path},
	[OPT_OUTPUT] = {"output", 'o', "PATH", "where to write", AT(output.path), cli_parse_path},
	[OPT_NO_PLOTS] = {"no-plots", 0, NULL, "do not draw charts", AT(output.no_plots),
			  cli_parse_flag},
	[OPT_IMAGES] = {"images", 0, "N", "sets of data to run per GEMM (default 1)",
			AT(check.images), cli_parse_whole, .lo = 1, .hi = 1000},
	[OPT_MAX_MACS] = {"max-macs", 0, "N",
			  "skip GEMMs of more multiply-accumulates than this (default 3e8)",
			  AT(check.max_macs), cli_parse_quantity, .dim = BARISTA_DIM_COUNT},
	[OPT_SEED] = {"seed", 0, "N", "seed of the data and of the random half (default 1)",
		      AT(check.seed), cli_parse_whole, .lo = 1, .hi = 1 << 30},
	[OPT_CPU] = {"cpu", 0, "NAME",
		     "CPU file whose power stands in when no energy counter can be read",
		     AT(calibration.cpu), cli_parse_text},
	[OPT_BURSTS] =
		{"bursts", 0, "FILE",
		 "only fit a board's memory to measured pairs, one \"4096 B, 11.2 GB/s\" per line",
		 AT(calibration.bursts), cli_parse_text},
	[OPT_FORMAT] = {"format", 0, "FORMAT", "table, csv or json (default table)",
			AT(output.format), cli_parse_format},
	[OPT_QUIET] = {"quiet", 'q', NULL, "no progress and no remarks on stderr", AT(output.quiet),
		       cli_parse_flag},
	[OPT_DATA] = {"data", 0, "DIR",
		      "folder that holds devices/ and workloads/ (default: the installed one)",
		      AT(problem.data), cli_parse_text},
	[OPT_HELP] = {"help", 'h', NULL, "show this help", AT(help), cli_parse_flag},
};

void cli_knob_option(char *buf, size_t size, const struct barista_knob *knob)
{
	snprintf(buf, size, "%s", knob->name);
	for (char *p = buf; *p; p++)
		if (*p == '_')
			*p = '-';
}
