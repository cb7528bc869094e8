/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of all commands, and --help. */
#include "cli/options.h"

#include "barista/family.h"
#include "families/registry.h"
#include "model/family.h"

const struct cli_option_def cli_option_defs[NOPTIONS] = {
	[OPT_WORKLOAD] =
		{"workload", 'w', "NET",
		 "network: a name or a file, also .prototxt or .onnx (default resnet20-cifar10-b)"},
	[OPT_SOLVER] =
		{"solver", 0, "FILE",
		 "Caffe: the solver that trains the network, for its iter_size and train_state"},
	[OPT_INPUT] =
		{"input", 0, "SIZE",
		 "Caffe, ONNX: CHANNELSxHEIGHTxWIDTH of the input, or NAME=... of one of them"},
	[OPT_BATCH] = {"batch", 0, "N", "images per pass (default the network's)"},
	[OPT_PHASE] = {"phase", 0, "PHASE",
		       "Caffe, ONNX: `train`, or `test`, without gradients (default train)"},
	[OPT_LENIENT] = {"lenient", 0, NULL,
			 "Caffe, ONNX: leave out what is not understood, and say so"},
	[OPT_FAMILY] = {"family", 0, "NAME",
			"architecture: see `list families`, which begins with the default"},
	[OPT_DEVICE] = {"device", 'd', "BOARD",
			"board: a name or a file (default: see `list families`)"},
	[OPT_KERNEL] =
		{"kernel", 'k', "KERNEL",
		 "T_MxT_NxT_K:PRECISION, e.g. 16x16x64:fp32; `list families` has other notations"},
	[OPT_PRECISION] = {"precision", 0, "LIST",
			   "precisions to search: fp32,int8 or all; or per pass, fwd=int8, others "
			   "fp32 (default: see `list families`)"},
	[OPT_LOWERING] = {"lowering", 0, "HOW",
			  "one GEMM per `image` (as Caffe) or per `batch` (default image)"},
	[OPT_LAYERS] =
		{"layers", 0, "WHICH",
		 "`conv` only, as Barista, or `all` (default: what the family was published for)"},
	[OPT_HOST] = {"host", 'H', "FILE",
		      "host file of `calibrate`: its tiling time; for `search` also its CPU as "
		      "baseline"},
	[OPT_BASELINE] = {"baseline", 0, "CPU",
			  "processor to compare with: a name or a file (default the host's, else "
			  "xeon-e5-2686v4)"},
	[OPT_SET] = {"set", 0, "PATH=VALUE",
		     "override a value of the board, e.g. memory.bandwidth=3Gbit/s"},
	[OPT_GRID] = {"grid", 0, "GRID",
		      "`all`: every integer, or `pow2`: powers of two (default all)"},
	[OPT_KNOBS] = {NULL, 0, NULL, NULL},
	[OPT_TOP] = {"top", 0, "N", "kernels to show per layer and overall (default 1)"},
	[OPT_KERNELS] = {"kernels", 0, "K",
			 "also choose the best K kernels together, 1 to 8 (default 1)"},
	[OPT_DEADLINE] = {"deadline", 0, "TIME",
			  "name the smallest board within this time per image, e.g. \"2 ms\""},
	[OPT_EXPLAIN] = {"explain", 0, NULL, "print every formula with its numbers"},
	[OPT_INTERVAL] = {"interval", 0, NULL,
			  "90 % intervals, from how sure the board's facts are"},
	[OPT_PARETO] = {"pareto", 0, "LIST",
			"also the Pareto front of 2 to 8 metrics, e.g. time_s,dsp (`list metrics` "
			"has their keys)"},
	[OPT_WHAT_IF] =
		{"what-if", 0, NULL,
		 "also search with each resource scaled by 0.5 to 2: which one to buy next"},
	[OPT_EXHAUSTIVE] = {"exhaustive", 0, NULL,
			    "evaluate every feasible point, instead of proving most away"},
	[OPT_THREADS] = {"threads", 0, "N",
			 "threads of --exhaustive (default: as many as there are processors)"},
	[OPT_CHECKPOINT] = {"checkpoint", 0, "FILE",
			    "keep the state of --exhaustive in FILE; a run that was cut short goes "
			    "on from there"},
	[OPT_POINTS] = {"points", 0, "FILE",
			"with --exhaustive: write every feasible point to FILE.csv or FILE.sqlite"},
	[OPT_OUTPUT] = {"output", 'o', "PATH", "where to write"},
	[OPT_NO_PLOTS] = {"no-plots", 0, NULL, "do not draw charts"},
	[OPT_IMAGES] = {"images", 0, "N", "sets of data to run per GEMM (default 1)"},
	[OPT_MAX_MACS] = {"max-macs", 0, "N",
			  "skip GEMMs of more multiply-accumulates than this (default 3e8)"},
	[OPT_SEED] = {"seed", 0, "N", "seed of the data and of the random half (default 1)"},
	[OPT_CPU] = {"cpu", 0, "NAME",
		     "CPU file whose power stands in when no energy counter can be read"},
	[OPT_BURSTS] =
		{"bursts", 0, "FILE",
		 "only fit a board's memory to measured pairs, one \"4096 B, 11.2 GB/s\" per line"},
	[OPT_FORMAT] = {"format", 0, "FORMAT", "table, csv or json (default table)"},
	[OPT_QUIET] = {"quiet", 'q', NULL, "no progress and no remarks on stderr"},
	[OPT_DATA] = {"data", 0, "DIR",
		      "folder that holds devices/ and workloads/ (default: the installed one)"},
	[OPT_HELP] = {"help", 'h', NULL, "show this help"},
};

/* tile-m for tile_m. */
void cli_knob_option(char *buf, size_t size, const struct barista_knob *knob)
{
	snprintf(buf, size, "%s", knob->name);
	for (char *p = buf; *p; p++)
		if (*p == '_')
			*p = '-';
}

static void print_option(FILE *f, char letter, const char *name, const char *value,
			 const char *help)
{
	char left[64], dash[8] = "    ";

	if (letter)
		snprintf(dash, sizeof dash, "-%c, ", letter);
	snprintf(left, sizeof left, "%s--%s%s%s", dash, name, value ? " " : "", value ? value : "");
	fprintf(f, "  %-26s %s\n", left, help);
}

static void print_knobs(FILE *f)
{
	for (size_t i = 0; barista_families[i]; i++) {
		const struct barista_family *fam = barista_families[i];

		for (size_t k = 0; k < fam->nknobs; k++) {
			char name[48], help[200];

			if (fam->knob[k].categorical)
				continue;
			cli_knob_option(name, sizeof name, &fam->knob[k]);
			snprintf(help, sizeof help, "%s%s%s%s: one value or LOW:HIGH",
				 i ? "family " : "", i ? fam->name : "", i ? ": " : "",
				 fam->knob[k].help);
			print_option(f, 0, name, "RANGE", help);
		}
	}
}

void cli_print_help(const struct cli_command *cmd, FILE *f)
{
	fprintf(f, "usage: barista-dse %s%s%s [options]\n\n%s\n%s", cmd->name,
		*cmd->operands ? " " : "", cmd->operands, cmd->summary, cmd->details);
	fprintf(f, "\noptions:\n");
	for (int o = 0; o < NOPTIONS; o++) {
		if (!(cmd->options >> o & 1))
			continue;
		if (o == OPT_KNOBS)
			print_knobs(f);
		else
			print_option(f, cli_option_defs[o].letter, cli_option_defs[o].name,
				     cli_option_defs[o].value, cli_option_defs[o].help);
	}
	fprintf(f, "\nexample:\n  %s\n", cmd->example);
}
